"""The source of the house, and how it is looked through: for the tests of its manners."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]


def texts(pattern: str, *tops: str) -> dict[str, str]:
    """The files below the folders whose names match, by their path from the root."""
    found = sorted(path for top in tops for path in (ROOT / top).rglob(pattern) if path.is_file())
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in found}


PYTHON = texts("*.py", "bot", "model", "migrations", "tests")
PROGRAM = {name: text for name, text in PYTHON.items() if name.startswith(("bot/", "model/"))}


def complaints(check: Callable[[str], list[str]], sources: dict[str, str]) -> list[str]:
    """What a check finds in all of these."""
    return [f"{name}: {line}" for name, source in sources.items() for line in check(source)]


def imports(source: str) -> Iterator[str]:
    """The modules that a source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def called(call: ast.Call) -> str:
    """The last part of what is called: ``now`` of ``datetime.now()``."""
    return ast.unparse(call.func).rsplit(".", 1)[-1]

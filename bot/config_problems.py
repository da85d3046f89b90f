"""What is wrong with a config file, in words that say line, key and what was expected."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.config_file import Path, Tree

MAX_PROBLEMS = 20
MAX_SHOWN = 60  # characters of what the file says, in a message

_EXPECTED = {
    "bool_parsing": "`true` or `false`",
    "bool_type": "`true` or `false`",
    "dict_type": "`name: value` lines",
    "float_parsing": "a number",
    "float_type": "a number",
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "less_than": "less than {lt}",
    "less_than_equal": "{le} or less",
    "list_type": "a list",
    "literal_error": "{expected}",
    "model_type": "`name: value` lines",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "at least {min_length} characters",
    "string_type": "text",
    "too_long": "at most {max_length} entries",
    "tuple_type": "a list",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a config file.

    Args:
        line: where it stands, from 1.
        column: where it stands in the line, from 1.
        key: the setting, such as ``triage.threshold``; empty where the file as a whole cannot be read.
        message: what is wrong with it and what was expected.
        source: how the file is called.
    """

    line: int
    column: int
    key: str
    message: str
    source: str

    def __str__(self) -> str:
        return f"`{self.source}` line {self.line}: {self.message}"


def find_problems(
    error: ValidationError, model: type[BaseModel], tree: Tree, source: str
) -> tuple[Problem, ...]:
    """Put Pydantic's findings into words, one for each setting, in the order of the file."""
    findings: dict[Path, list[ErrorDetails]] = {}
    for item in error.errors(include_url=False):
        findings.setdefault(_path(item, tree), []).append(item)
    problems = []
    for path, items in list(findings.items())[:MAX_PROBLEMS]:
        unknown = items[0]["type"] == "extra_forbidden"
        line, column = _place(path, tree, at_key=unknown)
        message = _unknown(path, model) if unknown else _wrong(path, items)
        problems.append(Problem(line, column, _key(path), message, source))
    return tuple(sorted(problems, key=lambda problem: (problem.line, problem.column)))


def _path(item: ErrorDetails, tree: Tree) -> Path:
    """Return the setting that a finding is about: Pydantic adds the alternatives that it tried."""
    path = item["loc"]
    while item["type"] not in {"missing", "extra_forbidden"} and len(path) > 1 and path not in tree.values:
        path = path[:-1]
    return path


def _place(path: Path, tree: Tree, *, at_key: bool) -> tuple[int, int]:
    """Return where a setting stands; inside an alias, where the alias stands."""
    if at_key and path in tree.keys:
        return tree.keys[path]
    while path and path not in tree.values:
        path = path[:-1]
    return tree.values.get(path, (1, 1))


def _key(path: Path) -> str:
    return ".".join(_harmless(str(part)) for part in path)


def _harmless(text: str) -> str:
    """Return what may stand between backticks on one line of a comment or a terminal."""
    seen = "".join(char for char in text[:200] if char.isprintable() and char != "`")
    return seen if len(seen) <= MAX_SHOWN else f"{seen[:MAX_SHOWN]}…"


def _unknown(path: Path, model: type[BaseModel]) -> str:
    names = list(_names(path[:-1], model))
    close = difflib.get_close_matches(str(path[-1])[:MAX_SHOWN].lower(), names, n=1)
    if close:
        return f"`{_key(path)}` is not a setting. Did you mean `{_key((*path[:-1], close[0]))}`?"
    known = ", ".join(f"`{name}`" for name in names)
    return f"`{_key(path)}` is not a setting." + (f" There are {known}." if known else "")


def _names(path: Path, model: type[BaseModel]) -> Iterator[str]:
    """Yield the settings that there are at a path."""
    at: Any = model
    for part in path:
        known = at.model_fields.get(part)
        at = known.annotation if known else None
        if not (isinstance(at, type) and issubclass(at, BaseModel)):
            return
    yield from at.model_fields


def _wrong(path: Path, items: list[ErrorDetails]) -> str:
    """Say what a setting must be; where it has alternatives, there is one item for each of them."""
    if items[0]["type"] == "missing":
        return f"`{_key(path)}` is missing."
    expected = [_expected(item) for item in items]
    return f"`{_key(path)}` must be {' or '.join(dict.fromkeys(expected))}, not {_shown(items[0]['input'])}."


def _expected(item: ErrorDetails) -> str:
    context = item.get("ctx", {})
    if item["type"] == "literal_error":
        return str(context["expected"]).replace("'", "`")
    template = _EXPECTED.get(item["type"])
    return template.format(**context) if template else f"different ({item['msg']})"


def _shown(value: object) -> str:
    match value:
        case None | "":
            return "empty"
        case dict():
            return "`name: value` lines"
        case list():
            return "a list"
        case _:
            return f"`{_harmless(str(value))}`"

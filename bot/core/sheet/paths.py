"""What a path tells of a file: whether it is a test, an example, a lock file or made by a machine."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import re2

GLOB = 200  # characters in a shell pattern of the config

_TEST = re2.compile(
    r"(?i)(?:^|/)(?:tests?|specs?|__tests__|e2e|fixtures?|testing|test[_-]?(?:data|files|resources|fixtures)"
    r"|mocks?|__mocks__|snapshots?|__snapshots__|cassettes|golden)/"
    r"|(?:^|/)(?:test_[^/]*|conftest\.py|[^/]*[._-](?:tests?|spec)\.[^/.]+)$"
)
_EXAMPLE = re2.compile(
    r"(?i)(?:^|/)(?:docs?|documentation|examples?|samples?|tutorials?|demos?|templates?)/"
    r"|\.(?:md|mdx|rst|adoc)$|[._-](?:examples?|samples?|templates?|dist)(?:\.[^/]*)?$"
)
_LOCK = re2.compile(
    r"(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|poetry\.lock"
    r"|pdm\.lock|uv\.lock|Pipfile\.lock|conda-lock\.yml|Cargo\.lock|go\.sum|Gemfile\.lock|composer\.lock"
    r"|mix\.lock|pubspec\.lock|flake\.lock|packages\.lock\.json|gradle\.lockfile|[^/]+\.lock)$"
)
_MADE = re2.compile(
    r"(?i)(?:^|/)(?:node_modules|_?vendor|vendored|third[_-]party|dist|build|generated|_generated)/"
    r"|\.(?:min\.(?:js|css|mjs)|map|svg|pb\.go|snap)$|_pb2(?:_grpc)?\.pyi?$|\.bundle\.js$"
)
SCRIPTS = frozenset(("js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte"))
CODE = SCRIPTS.union(
    ("py", "pyi", "pyx", "c", "h", "cc", "cpp", "cxx", "hpp", "hh", "cu", "cuh", "m", "mm", "rs", "go"),
    ("java", "kt", "kts", "scala", "swift", "rb", "php", "pl", "r", "jl", "lua", "sh", "bash", "zsh", "ps1"),
    ("sql", "cs", "fs", "ex", "exs", "erl", "hs", "ml", "clj", "dart", "zig", "nim", "tf", "proto"),
)


def is_code(path: str) -> bool:
    """Whether people write it in a programming language."""
    return suffix_of(path) in CODE and not is_made(path)


def is_test(path: str) -> bool:
    """Whether it is a test, or something that tests read."""
    return _TEST.search(path) is not None


def is_example(path: str) -> bool:
    """Whether it is documentation, an example or a template to be filled in."""
    return _EXAMPLE.search(path) is not None


def is_lock(path: str) -> bool:
    """Whether a package manager wrote it: full of hashes, and read by nobody."""
    return _LOCK.search(path) is not None


def is_made(path: str) -> bool:
    """Whether it was generated, or copied from somewhere else."""
    return is_lock(path) or _MADE.search(path) is not None


def name_of(path: str) -> str:
    """The file's name without its folders."""
    return path.rpartition("/")[2]


def suffix_of(path: str) -> str:
    """The ending in lower case, without its dot; "" without one."""
    return name_of(path).rpartition(".")[2].lower() if "." in name_of(path) else ""


def matching(paths: Iterable[str], globs: Iterable[str]) -> tuple[str, ...]:
    """The paths that one of the shell patterns matches.

    ``*`` and ``?`` stay within a folder, ``**`` does not, ``{a,b}`` is either; a pattern that ends in a slash
    stands for all below it. Patterns run on RE2, in time linear in the path.
    """
    patterns = [_compiled(glob[:GLOB]) for glob in globs]
    return tuple(path for path in paths if any(pattern.fullmatch(path) for pattern in patterns))


@lru_cache(maxsize=512)
def _compiled(glob: str) -> Any:
    glob = glob.removeprefix("./").removeprefix("/")
    if glob.endswith("/"):
        glob += "**"
    depth, at, out = 0, 0, []
    while at < len(glob):
        char = glob[at]
        if glob.startswith("**/", at):
            out.append("(?:.*/)?")
            at += 3
            continue
        if glob.startswith("**", at):
            out.append(".*")
            at += 2
            continue
        if char == "{" and "}" in glob[at:] and not depth:
            depth, piece = 1, "(?:"
        elif char == "}" and depth:
            depth, piece = 0, ")"
        else:
            piece = {"*": "[^/]*", "?": "[^/]"}.get(char) or (
                "|" if depth and char == "," else re2.escape(char)
            )
        out.append(piece)
        at += 1
    return re2.compile("(?s)" + "".join(out))

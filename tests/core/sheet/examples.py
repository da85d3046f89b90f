"""Diffs that the checks' tests share."""

from collections.abc import Callable, Iterable
from typing import Any

from bot.core.diffs import Diff, read_diff
from bot.core.findings import Finding
from bot.core.pulls import ChangedFile


def patch(*lines: str) -> str:
    """A patch of one hunk: each line with its mark, ``+``, ``-`` or a blank."""
    return "\n".join(("@@ -1,1 +1,1 @@", *lines))


def new(path: str, *lines: str, **changes: Any) -> ChangedFile:
    """A new file of these lines."""
    values = {"status": "added", "additions": len(lines), "patch": patch(*(f"+{line}" for line in lines))}
    return ChangedFile(**{"path": path, **values, **changes})


def changed(path: str, *lines: str) -> ChangedFile:
    """A file that has a hunk of these lines, each with its mark."""
    return ChangedFile(path, additions=sum(line.startswith("+") for line in lines), patch=patch(*lines))


def binary(path: str, **changes: Any) -> ChangedFile:
    """A new file of which GitHub shows nothing."""
    return ChangedFile(**{"path": path, "status": "added", **changes})


def diff(*files: ChangedFile) -> Diff:
    return read_diff(files)


def seen(check: Callable[[Diff], Iterable[Finding]], *files: ChangedFile) -> list[tuple[str, str, int]]:
    """The level, path and line of each finding."""
    return [(each.level, each.path, each.line) for each in check(diff(*files))]


def said(check: Callable[[Diff], Iterable[Finding]], *files: ChangedFile) -> list[str]:
    """The message of each finding, as an annotation shows it."""
    return [each.message.plain() for each in check(diff(*files))]

"""The lines that a pull request adds, read from GitHub's patches within bounds.

A patch is unified hunks without a file header, as GitHub's REST API gives them. It is anybody's text: it
may be cut off, malformed, binary or one endless line. Nothing here raises, and the work has an end.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

from bot.core.payload import clean
from bot.core.pulls import ChangedFile

# GitHub itself shows 20,000 lines and 1 MB of one diff at most; these leave room for servers that give more.
FILE_CHARS = 500_000  # characters of one patch
TOTAL_CHARS = 4_000_000  # characters of all patches together
TOTAL_LINES = 40_000  # lines of all patches together

_HEADER = re.compile(r"@@ -\d{1,9}(?:,\d{1,9})? \+(\d{1,9})(?:,\d{1,9})? @@ ?(.*)")
_HEADER_CHARS = 400  # of a header that are looked at


class Line(NamedTuple):
    """A line of a patch.

    Args:
        kind: ``+`` added, ``-`` removed, a blank for context, ``@`` for the line that a hunk's header quotes.
        number: in the new file, from 1; for a removed or quoted line, of the line that follows it there.
        text: without its mark and its end.
    """

    kind: Literal["+", "-", " ", "@"]
    number: int
    text: str


def hunk_lines(patch: str) -> Iterator[Line]:
    """Read a patch line by line; what makes no sense is passed over."""
    number = 0  # no valid header so far
    for raw in patch.split("\n"):
        mark = raw[:1]
        if mark == "@":
            header = _HEADER.match(raw[:_HEADER_CHARS])
            number = int(header[1]) if header else 0
            if header and header[2]:
                yield Line("@", number, header[2].rstrip("\r"))
        elif not number:
            continue
        elif mark == "+":
            yield Line("+", number, raw[1:].rstrip("\r"))
            number += 1
        elif mark == "-":
            yield Line("-", number, raw[1:].rstrip("\r"))
        elif mark in {" ", ""}:
            yield Line(" ", number, raw[1:].rstrip("\r"))
            number += 1


@dataclass(frozen=True)
class FileDiff:
    """What a pull request changes in one file, as far as it was read.

    Args:
        file: the file.
        lines: of its patch, in order.
        is_whole: False where the patch was longer than what was read, or too long for GitHub to send.
    """

    file: ChangedFile
    lines: tuple[Line, ...] = ()
    is_whole: bool = True

    @property
    def path(self) -> str:
        return self.file.path

    @cached_property
    def added(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.kind == "+")

    @cached_property
    def removed(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.kind == "-")

    @cached_property
    def _gone(self) -> frozenset[str]:
        return frozenset(line.text.strip() for line in self.removed)

    def is_new(self, line: Line) -> bool:
        """Whether an added line was not only moved or indented: the file did not have it before."""
        return line.text.strip() not in self._gone

    @cached_property
    def text(self) -> str:
        """The added lines as one text, so that a pattern runs over all of them at once."""
        return "\n".join(line.text for line in self.added)

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for line in self.added:
            starts.append(at)
            at += len(line.text) + 1
        return starts

    def find(self, pattern: Any, most: int = 50) -> Iterator[tuple[Line, Any]]:
        """Yield the added line and the match of each place that a compiled RE2 pattern finds.

        Args:
            pattern: compiled by ``re2``, whose time is linear in the text; ``(?m)`` makes ``^`` and ``$``
                those of a line. It should not match line ends.
            most: the matches after which it stops.
        """
        if not self.text:
            return
        for count, match in enumerate(pattern.finditer(self.text)):
            if count == most:
                return
            yield self.added[bisect_right(self._starts, match.start()) - 1], match

    def start_of(self, line_at: int) -> int:
        """The place in ``text`` at which the line begins that holds the place ``line_at``."""
        return self._starts[bisect_right(self._starts, line_at) - 1]


@dataclass(frozen=True)
class Diff:
    """What a pull request changes, as far as it was read.

    Args:
        files: all of them, in GitHub's order, whether they have lines or not.
        is_complete: False where files or lines are missing: more than the bounds, or than GitHub gives.
    """

    files: tuple[FileDiff, ...] = ()
    is_complete: bool = True

    @property
    def has_lines(self) -> bool:
        return any(file.added for file in self.files)

    def find(self, pattern: Any, most: int) -> Iterator[tuple[FileDiff, Line, Any]]:
        """Yield what ``FileDiff.find`` does over all files: ``most`` matches altogether."""
        for file in self.files:
            for line, match in file.find(pattern, most):
                yield file, line, match
                most -= 1
            if most <= 0:
                return


def read_diff(
    files: Iterable[ChangedFile],
    *,
    is_complete: bool = True,
    file_chars: int = FILE_CHARS,
    total_chars: int = TOTAL_CHARS,
    total_lines: int = TOTAL_LINES,
) -> Diff:
    """Read the patches of a pull request's files, until one of the bounds is reached.

    Args:
        files: as GitHub lists them.
        is_complete: False where GitHub lists only some of them.
        file_chars, total_chars, total_lines: how much is read; see the constants of those names.
    """
    read: list[FileDiff] = []
    for file in files:
        patch = file.patch or ""
        room = min(file_chars, total_chars)
        lines, is_whole = _bounded(patch, room, total_lines) if room and total_lines else ((), not patch)
        is_whole = is_whole and not (file.patch is None and file.additions)
        read.append(FileDiff(file, lines, is_whole))
        total_chars = max(0, total_chars - min(len(patch), room))
        total_lines = max(0, total_lines - len(lines))
        is_complete = is_complete and is_whole
    return Diff(tuple(read), is_complete)


def _bounded(patch: str, chars: int, most: int) -> tuple[tuple[Line, ...], bool]:
    lines: list[Line] = []
    for line in hunk_lines(clean(patch[:chars])):
        if len(lines) == most:
            return tuple(lines), False
        lines.append(line)
    return tuple(lines), len(patch) <= chars

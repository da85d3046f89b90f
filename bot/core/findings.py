"""What stands out in a pull request, each thing on its line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

from bot.core.phrases import Phrase

Level = Literal["notice", "warning", "failure"]
Point = Literal["style", "quality", "function", "coverage", "performance", "security"]

LEVELS: Mapping[Level, int] = {"failure": 0, "warning": 1, "notice": 2}  # the gravest first
PER_CHECK = 50  # findings of one check in one pull request; who reads more?
TITLE = 255  # characters in an annotation's title: GitHub's limit
MESSAGE = 2_000  # characters in an annotation's message; GitHub's limit is 64 KB
_SHOWN = 120  # characters of anybody's text in a message


@dataclass(frozen=True, slots=True)
class Finding:
    """Something for the reviewer to look at.

    Args:
        check: the check that found it, as the config calls it.
        point: of the six, the one it belongs to.
        level: how grave it is.
        path: the file.
        line: in the new file, from 1; 1 where it is about the file as a whole.
        title: a few words of Usher's own.
        message: what was seen, and what to do about it. Never a secret.
    """

    check: str
    point: Point
    level: Level
    path: str
    line: int
    title: str
    message: Phrase = field(hash=False)

    def as_annotation(self) -> dict[str, Any]:
        """What a check run takes as an annotation; see ``SetCheck``."""
        return {
            "path": self.path,
            "line": max(1, self.line),
            "level": self.level,
            "title": self.title[:TITLE],
            "message": self.message.plain()[:MESSAGE],
        }


def shown(text: str, most: int = _SHOWN) -> str:
    """Anybody's text for a message: one line, without controls, cut where it is long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: most * 4]).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by level; within a level, in the order in which they came."""
    return tuple(sorted(findings, key=lambda finding: LEVELS[finding.level]))


def first_of(findings: Iterable[Finding], most: int = PER_CHECK) -> tuple[Finding, ...]:
    """The first findings of a check; the work for the others is not even done."""
    return tuple(islice(findings, most))


def worst(findings: Iterable[Finding]) -> Level | None:
    """The gravest level among the findings; None where there are none."""
    return min((finding.level for finding in findings), key=LEVELS.__getitem__, default=None)

"""What texts that were made to be slow cost, and how that grows with their length.

The tests ask only that each of these ends; here is how soon.
"""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot import config
from bot.core import codeowners, commands, conventional, references, work_in_progress
from model.text import clean
from tests.benchmarks.table import Row
from tests.core import test_commands, test_conventional, test_references, test_work_in_progress

LENGTHS = (16_384, 65_536)  # characters; the second is the longest text that GitHub takes
TURNS = 3
NOISE = 0.002  # seconds; what takes less says nothing about growth
AIM = "0.5 s, ^1.2"
HERE = "octo/engine"

CLEANED = ("e\u0301", "![", "![a](", "![a](b ", "<img ", "\u0345\u0334", "\uff9e\u0334")
CONFIGS = ("- ", "? ", "[", "{a: ", "a: 1\n", "&a ", "\t", "---\n", "%TAG !a! b\n", "triage:\n  x: 1\n")
PATTERNS = ("*a", "**/a/", "/*/**/*a*", "[!", "\\\\")


@dataclass(frozen=True, slots=True)
class Cost:
    """The seconds of computing that a text of each length took."""

    text: str
    seconds: tuple[float, ...]

    @property
    def growth(self) -> float:
        """The power of the length that the cost grows with: 1 is linear, 2 quadratic."""
        short, long = (max(NOISE, each) for each in self.seconds)
        return math.log(long / short) / math.log(LENGTHS[1] / LENGTHS[0])


def bench() -> list[Row]:
    return [row(name, [cost(read, part) for part in parts]) for name, read, parts in READERS]


def row(name: str, costs: list[Cost]) -> Row:
    slowest = max(costs, key=lambda each: each.seconds[-1])
    steepest = max(costs, key=lambda each: each.growth)
    return Row(
        f"hostile text, {name}",
        f"{slowest.seconds[-1]:.3f} s ({slowest.text!r}), ^{steepest.growth:.2f}",
        AIM,
        f"the worst of {len(costs)}, CPU time, {LENGTHS[1]:,} characters; its growth from {LENGTHS[0]:,}",
    )


def cost(read: Callable[[str], object], part: str) -> Cost:
    """Measure a reader on a text that repeats one part."""
    return Cost(part, tuple(_seconds(read, (part * length)[:length]) for length in LENGTHS))


def _seconds(read: Callable[[str], object], text: str) -> float:
    took = []
    for _ in range(TURNS):
        began = time.process_time()
        read(text)
        took.append(time.process_time() - began)
    return min(took)


def _titles(text: str) -> None:
    conventional.parse(text)
    conventional.reverted(text)
    conventional.corrected(text)
    work_in_progress.mark_of(text)


def _owners(text: str) -> None:
    codeowners.parse(f"{text} @a\n").of("a/" * 500 + "c")


READERS: Iterable[tuple[str, Callable[[str], object], Iterable[str]]] = (
    ("commands", commands.parse_commands, test_commands.HOSTILE),
    ("references", lambda text: references.references(text, HERE), test_references.HOSTILE),
    ("titles", _titles, (*test_conventional.HOSTILE, *test_work_in_progress.HOSTILE)),
    ("classifier", lambda text: clean(text, text), CLEANED),
    ("configuration", config.read, CONFIGS),
    ("code owners", _owners, PATTERNS),
)

"""Each thread of a history in a few numbers: whose it is, when it came and went, and how long that took.

What is counted over all of a history is counted from these, once it is known who is who.
"""

from array import array
from collections.abc import Iterator
from datetime import UTC, datetime
from math import isnan, nan
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.core.history import PastThread

_GHOST = -1
_NEVER = 0


class Outline(NamedTuple):
    """A thread as it was at the end of the window.

    Args:
        is_pull: True for a pull request.
        author: the number of the account; None for a ghost.
        created_at: when it was opened.
        opened, closed, merged: the days (proleptic ordinals, in the report's time zone) on which it was;
            0 for what was not.
        took: how many seconds it took to close an issue, or to merge a pull request; None where it was not.
    """

    is_pull: bool
    author: int | None
    created_at: datetime
    opened: int
    closed: int
    merged: int
    took: float | None


class Outlines:
    """The outlines of all threads, 37 bytes each.

    Args:
        zone: where days begin.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._pulls = array("b")
        self._authors = array("q")
        self._created = array("d")
        self._days = array("i"), array("i"), array("i")
        self._took = array("d")

    def add(self, thread: PastThread) -> None:
        end = thread.merged_at if thread.is_pull else thread.closed_at
        self._pulls.append(thread.is_pull)
        self._authors.append(_GHOST if thread.author is None else thread.author)
        self._created.append(thread.created_at.timestamp())
        moments = (thread.created_at, thread.closed_at, thread.merged_at)
        for days, moment in zip(self._days, moments, strict=True):
            days.append(moment.astimezone(self._zone).toordinal() if moment else _NEVER)
        self._took.append((end - thread.created_at).total_seconds() if end else nan)

    def __iter__(self) -> Iterator[Outline]:
        columns = zip(self._pulls, self._authors, self._created, *self._days, self._took, strict=True)
        for is_pull, author, created, opened, closed, merged, took in columns:
            yield Outline(
                bool(is_pull),
                None if author == _GHOST else author,
                datetime.fromtimestamp(created, UTC),
                opened,
                closed,
                merged,
                None if isnan(took) else took,
            )

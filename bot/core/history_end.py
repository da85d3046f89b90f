"""How a thread stands, and since when: as its fields say, and as what was done says where they are silent.

Backups leave out fields that are null, and some leave out more. A thread that is closed has a time when it
was closed all the same: figures that count closed threads and those that count closings have to agree. One
that was taken over from elsewhere may say that it was closed before it was opened: it took no time, then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.history import TimelineEvent
from bot.core.payload import text_at

_ENDINGS, _TURNS = frozenset({"closed", "merged"}), frozenset({"closed", "merged", "reopened"})


@dataclass(frozen=True, slots=True)
class Times:
    """What the fields of a thread say, as far as they say it (UTC)."""

    created_at: datetime
    updated_at: datetime | None
    closed_at: datetime | None
    merged_at: datetime | None


@dataclass(frozen=True, slots=True)
class End:
    """How a thread stands.

    Args:
        is_open: its state.
        closed_at: when it was closed last; None while it is open.
        merged_at: when it was merged; None for what was not.
        merged_by: the number of the account that merged it, as an event says; None where none does.
        changed_at: when it changed last.
    """

    is_open: bool
    closed_at: datetime | None
    merged_at: datetime | None
    merged_by: int | None
    changed_at: datetime


def end_of(data: Mapping[str, Any], times: Times, events: Sequence[TimelineEvent], *, is_pull: bool) -> End:
    """Return how a thread stands.

    Args:
        data: the issue or pull request.
        times: those in it.
        events: what was done on it, the oldest first.
        is_pull: whether it is a pull request.
    """
    turns = [event for event in events if event.kind in _TURNS]
    ending = turns[-1] if turns and turns[-1].kind in _ENDINGS else None
    changed_at = times.updated_at or _last(times, events)
    state = text_at(data, "state").lower()
    if state == "open" or (state not in _ENDINGS and not (times.closed_at or times.merged_at or ending)):
        return End(True, None, None, None, changed_at)
    merging = next((event for event in reversed(turns) if event.kind == "merged"), None)
    merged_at = times.merged_at
    if not merged_at and merging and data.get("merged") is not False:
        merged_at = merging.at
    closed_at = times.closed_at or (ending.at if ending else None) or merged_at or changed_at
    if not merged_at and (data.get("merged") is True or state == "merged"):
        merged_at = closed_at
    return End(
        False,
        max(closed_at, times.created_at),
        max(merged_at, times.created_at) if is_pull and merged_at else None,
        merging.who if merging else None,
        changed_at,
    )


def _last(times: Times, events: Sequence[TimelineEvent]) -> datetime:
    """When something happened last. A commit has its time from its author's clock, whenever it came."""
    done = [event.at for event in events if event.kind != "committed"]
    return max(filter(None, (times.created_at, times.closed_at, times.merged_at, *done[-1:])))

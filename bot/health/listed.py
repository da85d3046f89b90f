"""The threads that are listed behind figures and advice, as they stood at the end of the window."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.core.history import PastThread
from bot.health.figures import Advice, Metric


@dataclass(frozen=True, slots=True)
class Listed:
    """A thread behind a figure or a piece of advice.

    Args:
        opened_at: when it was opened (UTC).
        closed_at: when it was closed; None where it was open still.
        is_merged: whether it was merged.
    """

    opened_at: datetime
    closed_at: datetime | None = None
    is_merged: bool = False


def listed(said: Iterable[Metric | Advice], threads: Iterable[PastThread]) -> dict[int, Listed]:
    """Return what figures and advice list, by number; threads that are not known are left out."""
    numbers = {number for each in said for number in each.items}
    return {
        each.number: Listed(each.created_at, each.closed_at, each.is_merged)
        for each in threads
        if each.number in numbers
    }

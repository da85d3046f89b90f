"""The threads that are listed behind figures, as they stood at the end of the window."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.core.history import PastThread
from bot.health.figures import Metric


@dataclass(frozen=True, slots=True)
class Listed:
    """A thread behind a figure.

    Args:
        opened_at: when it was opened (UTC).
        closed_at: when it was closed; None where it was open still.
        is_merged: whether it was merged.
    """

    opened_at: datetime
    closed_at: datetime | None = None
    is_merged: bool = False


def listed(metrics: Iterable[Metric], threads: Iterable[PastThread]) -> dict[int, Listed]:
    """Return the threads that figures list, by their numbers; those that are not known are left out."""
    numbers = {number for metric in metrics for number in metric.items}
    return {
        each.number: Listed(each.created_at, each.closed_at, each.is_merged)
        for each in threads
        if each.number in numbers
    }

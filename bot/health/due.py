"""When a report that comes by itself is due, and of which week, month or quarter it is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Every = Literal["weekly", "monthly", "quarterly"]
PURPOSE = "report"  # what the report's issue is to ``UpsertIssue``
HOUR = timedelta(hours=6)  # of its day: what happened in the night is known by then
_MONTHS = {"monthly": 1, "quarterly": 3}


@dataclass(frozen=True, slots=True)
class Due:
    """A report that is due.

    Args:
        every: how often one comes.
        until: the day before which it ends, on which it is due.
        days: how many days it looks back.
    """

    every: Every
    until: date
    days: int


def last_due(now: datetime, every: Every, zone: ZoneInfo) -> Due:
    """Return the report that was due last: on Monday, or on the first of the month or quarter, at six.

    Args:
        now: the time, with its zone.
        every: how often one comes.
        zone: where days begin.
    """
    today = (now.astimezone(zone) - HOUR).date()
    if every == "weekly":
        return Due(every, today - timedelta(days=today.weekday()), 7)
    months = _MONTHS[every]
    until = date(today.year, today.month - (today.month - 1) % months, 1)
    since = until.year * 12 + until.month - 1 - months
    return Due(every, until, (until - date(since // 12, since % 12 + 1, 1)).days)

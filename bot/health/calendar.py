"""Windows, weeks, months and working hours, in the time zone of the report."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.health.settings import HealthConfig

WEEKS = 12
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time that holds its first moment and not its last."""

    start: datetime
    until: datetime

    def __contains__(self, moment: datetime | None) -> bool:
        return moment is not None and self.start <= moment < self.until


def days_before(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the same time of day so many days earlier, on the clocks of the zone."""
    return (moment.astimezone(zone) - timedelta(days=days)).astimezone(UTC)


def window_of(until: datetime, days: int, zone: ZoneInfo) -> Window:
    """Return the window of so many days that ends at a moment."""
    return Window(days_before(until, days, zone), until.astimezone(UTC))


def weeks_before(moment: datetime, zone: ZoneInfo) -> list[Window]:
    """Return the twelve spans of seven days before a moment, the oldest first."""
    ends = [days_before(moment, 7 * back, zone) for back in range(WEEKS, -1, -1)]
    return [Window(start, end) for start, end in pairwise(ends)]


def week_name(day: date) -> str:
    """The week of a day, as ISO 8601 counts: ``2026-W07``, from Monday on."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def month_name(day: date) -> str:
    """The month of a day: ``2026-02``."""
    return f"{day:%Y-%m}"


def quarter_name(day: date) -> str:
    """The quarter of a day: ``2026-Q1``."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def weeks(first: date, last: date) -> Iterator[str]:
    """The weeks from the one of a day to the one of another, both included."""
    monday = first - timedelta(days=first.weekday())
    for step in range((last - monday).days // 7 + 1):
        yield week_name(monday + timedelta(weeks=step))


def months(first: date, last: date) -> Iterator[str]:
    """The months from the one of a day to the one of another, both included."""
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield month_name(date(month // 12, month % 12 + 1, 1))


@dataclass(frozen=True, slots=True)
class BusinessTime:
    """The team's working time, read off the clock on its wall.

    So a working day has as many hours as the settings say also on the two days a year when clocks change.
    """

    zone: ZoneInfo
    weekdays: frozenset[int]
    begin: int  # seconds from midnight
    end: int

    @classmethod
    def of(cls, config: HealthConfig) -> "BusinessTime":
        begin, end = config.minutes
        return cls(config.zone, config.weekdays, begin * 60, end * 60)

    @property
    def day(self) -> int:
        """How many seconds a working day has."""
        return self.end - self.begin

    def between(self, start: datetime, end: datetime) -> float:
        """Return how many seconds of working time lie between two moments; 0 where the second is earlier."""
        return max(0.0, self._since_monday_one(end) - self._since_monday_one(start))

    def _since_monday_one(self, moment: datetime) -> float:
        """The working time from the first Monday of the calendar, the first of January of year 1, on."""
        local = moment.astimezone(self.zone)
        whole_weeks, weekday = divmod(local.toordinal() - 1, 7)
        days = whole_weeks * len(self.weekdays) + sum(day < weekday for day in self.weekdays)
        today = 0.0
        if weekday in self.weekdays:
            second = local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6
            today = min(max(second - self.begin, 0.0), self.day)
        return days * self.day + today

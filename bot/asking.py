"""What somebody asks of a report in words: its window, its end and its audience."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from bot.core.errors import ConfigError
from bot.health.figures import AudienceName

MOST_DAYS = 3_650
FIRST_DAY = date(2000, 1, 1)
_WINDOW = re.compile(r"([0-9]{1,4})([dwmy])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LENGTH = {"d": 1.0, "w": 7.0, "m": 365 / 12, "y": 365.0}


def audience_of(name: str | None) -> AudienceName:
    """Return whose threads a report is about: everyone's, where nobody says.

    Raises:
        ConfigError: there is no such audience.
    """
    known: dict[str, AudienceName] = {each: each for each in get_args(AudienceName)}
    found = known.get(name or "everyone")
    if found is None:
        raise ConfigError(f"{name!r} is no audience: expected {', '.join(known)}")
    return found


def window_days(text: str) -> int:
    """Return how many days a window has: ``90d``, ``12w``, ``6m`` (half of 365) or ``1y``.

    Raises:
        ConfigError: it is none, or longer than ten years.
    """
    found = _WINDOW.fullmatch(text)
    days = int(int(found[1]) * _LENGTH[found[2]]) if found else 0
    if not 1 <= days <= MOST_DAYS:
        raise ConfigError(
            f"{text!r} is no window: expected days, weeks, months or years, such as 90d, 12w, 6m or 1y"
        )
    return days


def end_of_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the midnight after a moment."""
    day = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def until_of(text: str | datetime | None, zone: ZoneInfo) -> datetime:
    """Return the end of a window: the beginning of a day in the report's time zone; now where none is named.

    A moment is what it is.

    Raises:
        ConfigError: it is no day, or lies too far back or ahead.
    """
    if isinstance(text, datetime):
        return text
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    if not text:
        return now
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise ConfigError(
            f"{text!r} is no day: expected one such as 2026-06-15; the report ends where that day begins"
        )
    if day < FIRST_DAY:
        raise ConfigError(f"{text} lies too far back: the first day that a report can end at is {FIRST_DAY}")
    until = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    if until > now:
        raise ConfigError(f"{text} lies ahead: leave it out for a report until now")
    return until

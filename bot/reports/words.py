"""Numbers, spans of time and dates as people say them."""

import unicodedata
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.health.calendar import Window
from bot.health.figures import Unit

NOTHING = "\u2013"  # there is nothing to measure
UNTITLED = "(no title)"
#: Of these letters and symbols, and of all controls, marks and spaces, nothing is seen.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_UNSEEN = ("Cc", "Cf", "Cs", "M", "Z")
MINUTE, HOUR, DAY = 60, 3_600, 86_400
MONTH, YEAR = 365.25 / 12 * DAY, 365.25 * DAY
#: Up to how many seconds a unit is used, how long it is, and its name for one and for many.
_UNITS = (
    (90, 1, "s", "s"),
    (90 * MINUTE, MINUTE, "min", "min"),
    (36 * HOUR, HOUR, "h", "h"),
    (60 * DAY, DAY, "day", "days"),
    (2 * YEAR, MONTH, "month", "months"),
    (float("inf"), YEAR, "year", "years"),
)


#: How long something lies back is compared down a list: days for as long as they have two digits.
_AGES = (*_UNITS[:3], (100 * DAY, DAY, "day", "days"), *_UNITS[4:])


def number(value: float) -> str:
    """A number as short as it can be: ``7``, ``2.6``, ``1,204``."""
    rounded = round(value, 1) if abs(value) < 10 else round(value)
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.1f}"


def duration(seconds: float) -> str:
    """A span of time in its largest fitting unit: ``5 h``, ``1.5 days``, ``4 years``."""
    for limit, length, one, many in _UNITS:
        if seconds < limit:
            shown = number(seconds / length)
            return f"{shown} {one if shown == '1' else many}"
    raise AssertionError("the last unit takes everything")


def percent(share: float) -> str:
    """A share: ``71%``. What is not all is never ``100%``, and what is not nothing never ``0%``."""
    whole = round(share * 100)
    if whole == 100 and share < 1:
        whole = 99
    return "under 1%" if whole == 0 and share > 0 else f"{whole}%"


def amount(value: float | None, unit: Unit) -> str:
    """A value in its unit; a dash for none."""
    if value is None:
        return NOTHING
    if unit == "days":
        return duration(value * DAY)
    if unit == "cycles":
        shown = number(value)
        return f"{shown} round" if shown == "1" else f"{shown} rounds"
    if unit == "ratio":
        return f"{value:.2f}"
    return {"seconds": duration, "share": percent}.get(unit, number)(value)


def span(low: float, high: float, unit: Unit) -> str:
    """From the lowest to the highest: ``4 h to 2 days``; one value where both read the same."""
    first, last = amount(low, unit), amount(high, unit)
    if first == last:
        return first
    before, _, name = first.rpartition(" ")
    is_same = name.removesuffix("s") == last.rpartition(" ")[2].removesuffix("s")
    return f"{before} to {last}" if before and is_same else f"{first} to {last}"


def dates(window: Window, zone: ZoneInfo) -> str:
    """The days of a window, the first and the last: ``12 May to 9 August 2026``."""
    first = window.start.astimezone(zone).date()
    last = (window.until - timedelta(microseconds=1)).astimezone(zone).date()
    if first == last:
        return day(last)
    if first.year != last.year:
        return f"{day(first)} to {day(last)}"
    month = "" if first.month == last.month else f" {first:%B}"
    return f"{first.day}{month} to {day(last)}"


def day(moment: date) -> str:
    """A day: ``9 August 2026``."""
    return f"{moment.day} {moment:%B} {moment.year}"


def clock(window: Window, zone: ZoneInfo) -> str:
    """Until what time of its last day a window goes: ``14:05``; "" where it takes the whole day."""
    local = window.until.astimezone(zone)
    return "" if (local.hour, local.minute) == (0, 0) else f"{local:%H:%M}"


def these(days: int) -> str:
    """How a window of so many days is called in the head of a table."""
    return {1: "the day", 7: "the week"}.get(days, f"these {days} days")


def those_before(days: int) -> str:
    """How the window before is called there."""
    return {1: "the day before", 7: "the week before"}.get(days, f"the {days} before")


def until(window: Window, time_zone: str) -> str:
    """The time zone of a report, and until what time of its last day it goes."""
    end = clock(window, ZoneInfo(time_zone))
    return f"{time_zone}, until {end}" if end else time_zone


def bucket(name: str) -> str:
    """A bucket of a series: ``Feb 2026`` for ``2026-02``, ``from 9 Feb 2026`` for the week ``2026-W07``."""
    year, _, part = name.partition("-")
    if part.startswith("W"):
        monday = date.fromisocalendar(int(year), int(part[1:]), 1)
        return f"from {monday.day} {monday:%b} {monday.year}"
    if part.startswith("Q"):
        return f"{part} {year}"
    return f"{date(int(year), int(part), 1):%b %Y}"


def ago(since: datetime, until: datetime) -> str:
    """How long something lies back, in whole units."""
    seconds = (until - since).total_seconds()
    for limit, length, one, many in _AGES:
        if seconds < limit:
            shown = max(1, int(seconds / length))
            return f"{shown} {one if shown == 1 else many}"
    raise AssertionError("the last unit takes everything")


def bar(value: float, most: float, width: int = 12) -> str:
    """A bar of text, as long as the value is beside the largest one; whatever is there shows."""
    if value <= 0 or most <= 0:
        return ""
    halves = max(1, round(2 * width * min(value / most, 1)))
    return "█" * (halves // 2) + "▌" * (halves % 2)


def legible(text: str, instead: str = NOTHING) -> str:
    """What somebody else wrote; something else where nothing of it can be seen."""
    return text if any(map(_is_seen, text)) else instead


def _is_seen(char: str) -> bool:
    return char not in _BLANK and not unicodedata.category(char).startswith(_UNSEEN)

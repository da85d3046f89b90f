"""Numbers, spans of time and dates, as people say them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.health.calendar import Window
from bot.health.figures import Unit
from bot.reports.words import ago, amount, bar, bucket, clock, dates, duration, legible, number, percent, span
from tests.health.examples import at

BERLIN, UNIVERSAL = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0"), (7, "7"), (2.64, "2.6"), (9.96, "10"), (10.6, "11"), (1204, "1,204")]
)
def test_a_number_is_short(value: float, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (89, "89 s"),
        (90, "1.5 min"),
        (2_400, "40 min"),
        (5_400, "1.5 h"),
        (18_000, "5 h"),
        (35 * 3_600, "35 h"),
        (2 * 86_400, "2 days"),
        (40 * 86_400, "40 days"),
        (61 * 86_400, "2 months"),
        (400 * 86_400, "13 months"),
        (4 * 365.25 * 86_400, "4 years"),
    ],
)
def test_a_span_of_time_is_said_in_the_unit_that_people_take(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "0%"), (0.001, "under 1%"), (0.71, "71%"), (0.999, "99%"), (1, "100%")],
)
def test_a_share_is_never_rounded_to_all_or_nothing(share: float, said: str) -> None:
    assert percent(share) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (None, "share", "\u2013"),
        (18_000, "seconds", "5 h"),
        (12, "days", "12 days"),
        (0.5, "share", "50%"),
        (1, "cycles", "1 round"),
        (2.5, "cycles", "2.5 rounds"),
        (0.876, "ratio", "0.88"),
        (1_204, "count", "1,204"),
        (3, "people", "3"),
    ],
)
def test_every_value_has_its_unit(value: float | None, unit: Unit, said: str) -> None:
    assert amount(value, unit) == said


@pytest.mark.parametrize(
    ("low", "high", "unit", "said"),
    [
        (4 * 3_600, 11 * 3_600, "seconds", "4 to 11 h"),
        (3_600, 3 * 86_400, "seconds", "60 min to 3 days"),
        (0.5, 0.71, "share", "50% to 71%"),
        (1, 7, "count", "1 to 7"),
        (3, 3, "count", "3"),
        (1, 2, "cycles", "1 to 2 rounds"),
        (86_400 * 2, 86_400 * 3, "seconds", "2 to 3 days"),
    ],
)
def test_what_is_usual_goes_from_the_lowest_to_the_highest(
    low: float, high: float, unit: Unit, said: str
) -> None:
    assert span(low, high, unit) == said


@pytest.mark.parametrize(
    ("start", "until", "said"),
    [
        ("2026-06-09", "2026-06-16", "9 to 15 June 2026"),
        ("2026-05-12", "2026-08-10", "12 May to 9 August 2026"),
        ("2025-12-20", "2026-01-03", "20 December 2025 to 2 January 2026"),
        ("2026-06-09", "2026-06-10", "9 June 2026"),
    ],
)
def test_a_window_is_named_by_its_first_and_its_last_day(start: str, until: str, said: str) -> None:
    window = Window(at(start), at(until))
    assert (dates(window, UNIVERSAL), clock(window, UNIVERSAL)) == (said, "")


def test_days_are_those_of_the_time_zone() -> None:
    window = Window(at("2026-06-08 22:00"), at("2026-06-15 22:00"))
    assert (dates(window, BERLIN), clock(window, BERLIN)) == ("9 to 15 June 2026", "")
    assert (dates(window, UNIVERSAL), clock(window, UNIVERSAL)) == ("8 to 15 June 2026", "22:00")


def test_buckets_are_named_for_people() -> None:
    assert [bucket(name) for name in ("2026-02", "2026-W07", "2020-W53", "2026-Q1")] == [
        "Feb 2026",
        "from 9 Feb 2026",
        "from 28 Dec 2020",
        "Q1 2026",
    ]


def test_how_long_ago_is_said_in_whole_units() -> None:
    now = datetime(2026, 6, 15, tzinfo=UTC)
    assert [ago(now - timedelta(days=days), now) for days in (0, 1.9, 4.9, 800)] == [
        "1 s",
        "1 day",
        "4 days",
        "2 years",
    ]


def test_how_long_ago_can_be_compared_down_a_list() -> None:
    now = datetime(2026, 6, 15, tzinfo=UTC)
    assert [ago(now - timedelta(days=days), now) for days in (99, 61, 58)] == [
        "99 days",
        "61 days",
        "58 days",
    ]
    assert ago(now - timedelta(days=100), now) == "3 months"


def test_bars_are_as_long_as_what_they_stand_for() -> None:
    assert bar(0, 10) == bar(3, 0) == bar(-1, 5) == ""
    assert bar(10, 10, 4) == "████"
    assert bar(5, 10, 4) == "██"
    assert bar(1, 1_000, 4) == "▌"
    assert bar(99, 10, 4) == "████"


@pytest.mark.parametrize("text", ["a", "?", "日本語", "🎉", "e\u0301", "\u200ba"])
def test_what_can_be_read_stays_as_it_is(text: str) -> None:
    assert legible(text) == text


@pytest.mark.parametrize(
    "text", ["", " \t", "\u200e", "\u200b\u2060", "\ud800", "\x00", "\u0301", "\ufe0f", "\u3164\u2800"]
)
def test_where_nothing_can_be_seen_something_else_stands(text: str) -> None:
    assert legible(text) == "\u2013"
    assert legible(text, "(no title)") == "(no title)"

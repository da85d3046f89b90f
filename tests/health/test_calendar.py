import itertools
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.calendar import (
    BusinessTime,
    Window,
    days_before,
    months,
    quarter_name,
    week_name,
    weeks,
    weeks_before,
    window_of,
)
from bot.health.settings import HealthConfig
from tests.health.examples import DAY, HOUR, at

UTC, BERLIN, AUCKLAND = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
NINE_TO_FIVE = HealthConfig(business_hours="09:00-17:00")


def test_a_window_holds_its_first_moment_and_not_its_last() -> None:
    march = Window(at("2026-03-01"), at("2026-04-01"))
    assert at("2026-03-01") in march
    assert at("2026-04-01") not in march
    assert None not in march


def test_a_day_is_one_on_the_clocks_of_the_zone() -> None:
    # In Berlin the clocks went forward on 29 March 2026: that day had 23 hours.
    midnight = at("2026-03-29 22:00")  # the 30th, 0:00
    assert days_before(midnight, 1, BERLIN) == at("2026-03-28 23:00")
    assert days_before(midnight, 1, UTC) == at("2026-03-28 22:00")


def test_a_window_of_days_begins_at_the_same_time_of_day() -> None:
    assert window_of(at("2026-03-31 22:00"), 31, BERLIN) == Window(
        at("2026-02-28 23:00"), at("2026-03-31 22:00")
    )


def test_the_twelve_weeks_before_a_moment_end_with_it() -> None:
    found = weeks_before(at("2026-04-01"), UTC)
    assert len(found) == 12
    assert found[-1] == Window(at("2026-03-25"), at("2026-04-01"))
    assert all(one.until == other.start for one, other in itertools.pairwise(found))


def test_weeks_are_those_of_iso_8601() -> None:
    assert week_name(date(2027, 1, 3)) == "2026-W53"
    assert week_name(date(2027, 1, 4)) == "2027-W01"
    assert list(weeks(date(2026, 12, 31), date(2027, 1, 4))) == ["2026-W53", "2027-W01"]


def test_months_and_quarters_have_names() -> None:
    assert list(months(date(2025, 11, 30), date(2026, 2, 1))) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert [quarter_name(date(2026, month, 1)) for month in (1, 3, 4, 12)] == [
        "2026-Q1",
        "2026-Q1",
        "2026-Q2",
        "2026-Q4",
    ]


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-06 16:00", "2026-03-06 17:30", 1),  # a Friday, until after work
        ("2026-03-06 16:00", "2026-03-09 10:00", 2),  # over the weekend
        ("2026-03-07 10:00", "2026-03-08 15:00", 0),  # on the weekend
        ("2026-03-06 08:00", "2026-03-06 08:30", 0),  # before work
        ("2026-03-02 09:00", "2026-03-16 09:00", 80),  # two weeks
        ("2026-03-03 12:00", "2026-03-03 12:00", 0),
        ("2026-03-03 12:00", "2026-03-02 12:00", 0),  # backwards
    ],
)
def test_business_time_is_that_of_working_days_and_hours(start: str, end: str, hours: float) -> None:
    assert BusinessTime.of(NINE_TO_FIVE).between(at(start), at(end)) == hours * HOUR


def test_business_time_is_read_off_the_clock_on_the_wall() -> None:
    team = BusinessTime.of(HealthConfig(time_zone="Europe/Berlin", business_hours="09:00-17:00"))
    assert team.between(at("2026-03-27 15:00"), at("2026-03-27 18:00")) == HOUR  # until 17:00 in Berlin
    # After the clocks went forward, nine o'clock is an hour earlier in UTC.
    assert team.between(at("2026-03-30 06:00"), at("2026-03-30 08:00")) == HOUR
    every_day = HealthConfig(time_zone="Europe/Berlin", business_days=("sun", "mon"))
    assert BusinessTime.of(every_day).between(at("2026-03-28 23:00"), at("2026-03-29 22:00")) == DAY


@given(MOMENTS, MOMENTS, MOMENTS)
def test_business_time_adds_up(one: datetime, other: datetime, third: datetime) -> None:
    first, second, last = sorted((one, other, third))
    team = BusinessTime.of(NINE_TO_FIVE)
    parts = team.between(first, second) + team.between(second, last)
    assert parts == pytest.approx(team.between(first, last))
    assert 0 <= team.between(first, last) <= (last - first).total_seconds()


@given(MOMENTS, st.integers(0, 5 * 24 * 20))
def test_business_time_is_what_counting_minutes_finds(start: datetime, quarters: int) -> None:
    start = start.replace(minute=0, second=0, microsecond=0)
    config = HealthConfig(time_zone="Pacific/Auckland", business_hours="08:30-16:45")
    steps = [(start + timedelta(minutes=15 * n)).astimezone(AUCKLAND) for n in range(quarters)]
    counted = sum(step.weekday() < 5 and (8, 30) <= (step.hour, step.minute) < (16, 45) for step in steps)
    end = start + timedelta(minutes=15 * quarters)
    assert BusinessTime.of(config).between(start, end) == counted * 15 * 60

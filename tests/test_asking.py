"""What is asked of a report in words, and what is said where it makes no sense."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.asking import audience_of, end_of_day, until_of, window_days
from bot.core.errors import ConfigError
from tests.reports.examples import UNTIL

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "days"), [("1d", 1), ("90d", 90), ("12w", 84), ("6m", 182), ("1y", 365), ("10y", 3650)]
)
def test_a_window_is_so_many_days(text: str, days: int) -> None:
    assert window_days(text) == days


@pytest.mark.parametrize(
    "text", ["", "0d", "90", "d", "-1d", "1.5w", "11y", "99999d", "90 d", "90D", "x", "٣d"]
)
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(
        ConfigError, match="expected days, weeks, months or years, such as 90d, 12w, 6m or 1y"
    ):
        window_days(text)


def test_a_day_begins_in_the_time_zone_of_the_report() -> None:
    assert until_of("2026-06-15", ZoneInfo("UTC")) == UNTIL
    assert until_of("2026-06-15", ZoneInfo("Asia/Tokyo")) == UNTIL - timedelta(hours=9)
    now = datetime.now(UTC)
    assert timedelta(0) <= now - until_of(None, ZoneInfo("UTC")) < 2 * MINUTE


@pytest.mark.parametrize(
    "text", ["x", "2026-02-30", "20260615", "2026-6-15", "2026-06-15T00:00", "2026-W25-1"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="is no day: expected one such as 2026-06-15"):
        until_of(text, ZoneInfo("UTC"))


@pytest.mark.parametrize(("text", "says"), [("0001-01-01", "too far back"), ("9999-12-31", "lies ahead")])
def test_a_day_that_nobody_can_report_on_is_refused(text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        until_of(text, ZoneInfo("UTC"))


def test_the_end_of_a_day_is_that_of_the_time_zone() -> None:
    assert end_of_day(UNTIL - MINUTE, ZoneInfo("UTC")) == UNTIL
    assert end_of_day(UNTIL, ZoneInfo("America/New_York")) == UNTIL + timedelta(hours=4)


def test_who_names_no_audience_means_everyone() -> None:
    assert (audience_of(None), audience_of(""), audience_of("newcomers")) == (
        "everyone",
        "everyone",
        "newcomers",
    )
    with pytest.raises(ConfigError, match="'all' is no audience: expected everyone, newcomers"):
        audience_of("all")

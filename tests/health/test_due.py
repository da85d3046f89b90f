"""When a report that comes by itself is due."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.due import Due, Every, last_due

ZONE = ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("now", "every", "until", "days"),
    [
        ("2026-06-15T06:00", "weekly", date(2026, 6, 15), 7),
        ("2026-06-15T05:59", "weekly", date(2026, 6, 8), 7),
        ("2026-06-21T23:59", "weekly", date(2026, 6, 15), 7),
        ("2026-03-01T06:00", "monthly", date(2026, 3, 1), 28),
        ("2026-03-01T05:59", "monthly", date(2026, 2, 1), 31),
        ("2026-01-31T12:00", "monthly", date(2026, 1, 1), 31),
        ("2026-06-30T12:00", "quarterly", date(2026, 4, 1), 90),
        ("2026-02-01T12:00", "quarterly", date(2026, 1, 1), 92),
    ],
)
def test_on_the_first_day_at_six(now: str, every: Every, until: date, days: int) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert last_due(at, every, ZONE) == Due(every, until, days)


@pytest.mark.parametrize(("hour", "until"), [(20, date(2026, 6, 8)), (21, date(2026, 6, 15))])
def test_the_day_begins_in_the_time_zone_of_the_section(hour: int, until: date) -> None:
    sunday = datetime(2026, 6, 14, hour, tzinfo=UTC)
    assert last_due(sunday, "weekly", ZoneInfo("Asia/Tokyo")).until == until


@given(
    st.integers(0, 99 * 365 * 24).map(lambda hours: datetime(2001, 1, 1, tzinfo=UTC) + timedelta(hours=hours))
)
def test_one_period_follows_on_the_other(now: datetime) -> None:
    for every in ("weekly", "monthly", "quarterly"):
        due = last_due(now, every, ZONE)
        assert due.until <= now.date()
        before = datetime.combine(due.until, datetime.min.time(), UTC)
        earlier = last_due(before, every, ZONE)  # in the night before six: the one before is the last
        assert (due.until - earlier.until).days == due.days

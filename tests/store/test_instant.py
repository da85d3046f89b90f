from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.store.database import Database
from bot.store.history import Histories
from tests.store.test_history import bare, publish


def test_a_time_of_another_zone_is_kept_in_utc(database: Database) -> None:
    noon = datetime(2026, 6, 15, 12, tzinfo=timezone(timedelta(hours=2)))
    [found] = Histories(database).threads(publish(database, bare(1, created_at=noon)))
    assert (found.created_at, found.created_at.tzinfo) == (noon, UTC)


@pytest.mark.parametrize(("year", "read"), [(1, "1970-01-01"), (1969, "1970-01-01"), (9999, "2999-12-31")])
def test_a_time_that_no_calendar_reckons_with_is_read_as_one_that_it_does(
    database: Database, year: int, read: str
) -> None:
    number = publish(database, bare(1, created_at=datetime(year, 6, 1, tzinfo=UTC)))
    [found] = Histories(database).threads(number)
    assert f"{found.created_at:%Y-%m-%d}" == read

"""How the tables keep points in time."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

# No time that is read is outside of these: near the ends of the calendar, no page could reckon with it.
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)


class Instant(sa.types.TypeDecorator[datetime]):
    """A point in time, UTC in and UTC out: SQLite would otherwise forget the zone.

    One from before 1970 or after 2999 is read as the nearest between these.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Return what is called for each cell: at once, as a report reads tens of thousands of them."""
        return _from_text if dialect.name == "sqlite" else _from_moment


def _from_text(value: str | None) -> datetime | None:
    """What SQLite keeps, which is UTC and does not say so."""
    if value is None:
        return None
    at = datetime.fromisoformat(value + "+00:00")
    return at if _FIRST <= at <= _LAST else _nearest(at)


def _from_moment(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    at = value.astimezone(UTC)
    return at if _FIRST <= at <= _LAST else _nearest(at)


def _nearest(at: datetime) -> datetime:
    return _FIRST if at < _FIRST else _LAST

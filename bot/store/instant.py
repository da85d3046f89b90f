"""How the tables keep points in time."""

from datetime import UTC, datetime

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

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        at = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return min(max(at, _FIRST), _LAST)

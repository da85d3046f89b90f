"""GitHub's limits per installation, shared by all workers: the next write's time, and enforced pauses."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import Database
from bot.store.tables import deliveries, installations

# Without a word from GitHub: a minute, longer each time (its documentation for secondary limits).
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)


class Pace:
    """When an installation may be asked again, and when it may be written to again.

    Args:
        database: where the times are kept, so that every worker keeps them.
        write_spacing: least time between two writes of one installation; zero turns spacing off.
    """

    def __init__(self, database: Database, write_spacing: timedelta) -> None:
        self._engine = database.engine
        self._insert = sqlite.insert if database.is_sqlite else postgresql.insert
        self._spacing = write_spacing
        self._struck: set[int] = set()  # installations with strikes, as far as this process has seen

    def blocked_until(self, installation: int) -> datetime | None:
        """Return the time before which nothing may be sent; None where nothing stands against it."""
        columns = (installations.c.blocked_until, installations.c.strikes)
        query = sa.select(*columns).where(installations.c.id == installation)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if row.strikes:
            self._struck.add(installation)
        return row.blocked_until if row.blocked_until and row.blocked_until > datetime.now(UTC) else None

    def block(self, installation: int, until: datetime | None) -> datetime:
        """Send nothing before ``until``; without a time, a minute, doubled at each repetition.

        Returns:
            the time that now holds: the later of this one and what held before.
        """
        now = datetime.now(UTC)
        with self._engine.begin() as connection:
            self._ensure(connection, installation)
            columns = (installations.c.blocked_until, installations.c.strikes)
            row = connection.execute(
                sa.select(*columns).where(installations.c.id == installation).with_for_update()
            ).one()
            strikes = row.strikes
            if until is None and (row.blocked_until is None or row.blocked_until <= now):
                # Several requests in flight may hit the same limit: that is one strike, not many.
                until = now + min(FIRST_PAUSE * 2**strikes, LONGEST_PAUSE)
                strikes += 1
            latest = max(t for t in (until, row.blocked_until, now) if t is not None)
            connection.execute(
                sa.update(installations)
                .where(installations.c.id == installation)
                .values(blocked_until=latest, strikes=min(strikes, 10))
            )
        return latest

    def forgive(self, installation: int) -> None:
        """Note that GitHub takes writes again: the next pause starts at a minute."""
        if installation not in self._struck:  # as good as always, and then it costs nothing
            return
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(installations)
                .where(installations.c.id == installation, installations.c.strikes > 0)
                .values(strikes=0)
            )
        self._struck.discard(installation)

    def reserve_write(self, installation: int, longest: timedelta) -> timedelta:
        """Take the next free moment for a write, where it comes within ``longest``.

        Returns:
            how long to wait for it. Where that is more than ``longest`` nothing was taken, and it is when to
            come back: behind all those who were put back before.
        """
        if not self._spacing:
            return timedelta(0)
        now = datetime.now(UTC)
        with self._engine.begin() as connection:
            self._ensure(connection, installation)
            row = connection.execute(
                sa.select(installations.c.next_write_at)
                .where(installations.c.id == installation)
                .with_for_update()
            ).one()
            at = max(now, row.next_write_at or now)
            if at - now > longest:
                return at - now + self._spacing * self._put_back(connection, installation)
            connection.execute(
                sa.update(installations)
                .where(installations.c.id == installation)
                .values(next_write_at=at + self._spacing)
            )
        return at - now

    def _put_back(self, connection: sa.Connection, installation: int) -> int:
        return connection.execute(
            sa.select(sa.func.count()).where(
                deliveries.c.state == "deferred", deliveries.c.installation == installation
            )
        ).scalar_one()

    def _ensure(self, connection: sa.Connection, installation: int) -> None:
        # Writes first: on SQLite that takes the write lock before the row is read.
        row = self._insert(installations).values(id=installation, account="")
        connection.execute(row.on_conflict_do_update(index_elements=["id"], set_={"id": installation}))

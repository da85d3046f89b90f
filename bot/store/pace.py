"""GitHub's limits per installation, shared by all workers: when to ask next, and enforced pauses."""

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.tables import deliveries, installations

# Without a word from GitHub: a minute, longer each time (its documentation for secondary limits).
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)


# GitHub's limits for one installation, with room to spare. In any minute, 240 + 500 of 900 points may be
# used, and what processes have in hand; in any hour, 200 + 280 of 500 things may be created.
POINTS_OF_A_READ, POINTS_OF_A_WRITE = 1, 5
SLICE = 20  # points that a process takes in hand at once, so that not every read costs a write here
_MOMENTS = sa.select(
    installations.c.next_write_at, installations.c.points_full_at, installations.c.creations_full_at
).with_for_update()


@dataclass(frozen=True, slots=True)
class Allowance:
    """So much may be used at once, and more as it fills up again, one in ``every``.

    It is kept as the moment at which it is full.
    """

    burst: int
    every: timedelta

    def take(self, count: int, full_at: datetime | None, now: datetime) -> tuple[datetime, timedelta]:
        """Take some. Returns when it is full again, and how long to wait before using what was taken."""
        full = max(full_at or now, now) + count * self.every
        return full, max(full - now - self.burst * self.every, timedelta(0))


POINTS = Allowance(burst=240, every=timedelta(minutes=1) / 500)
CREATIONS = Allowance(burst=200, every=timedelta(hours=1) / 280)


class Pace:
    """When an installation may be asked again, and when it may be written to again.

    Args:
        database: where the times are kept, so that every worker keeps them.
        write_spacing: least time between two writes of one installation; zero turns off all that keeps a
            distance from GitHub's limits, so that only its refusals count.
    """

    def __init__(self, database: Database, write_spacing: timedelta) -> None:
        self._engine = database.engine
        self._insert = database.insert
        self._spacing = write_spacing
        self._struck: set[int] = set()  # installations with strikes, as far as this process has seen
        self._in_hand: Counter[int] = Counter()  # points that this process has taken and not used yet
        self._lock = threading.Lock()

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

    def spare(self, installation: int, until: datetime) -> None:
        """Send nothing before ``until``, although GitHub has not asked for it yet: it is about to."""
        if self._spacing:
            self.block(installation, until)

    def reserve(self, installation: int, *, writes: bool, creates: bool, longest: timedelta) -> timedelta:
        """Take the next free moment for a request, where it comes within ``longest``.

        Args:
            installation: whose limits are kept.
            writes: the request changes something.
            creates: the request makes something new.
            longest: how long the caller is willing to wait.

        Returns:
            how long to wait for it. Where that is more than ``longest`` nothing was taken, and it is when to
            come back: behind all those who were put back before.
        """
        if not self._spacing:
            return timedelta(0)
        points = POINTS_OF_A_WRITE if writes else POINTS_OF_A_READ
        paid = self._pay(installation, points)
        if paid and not writes:
            return timedelta(0)
        with self._engine.begin() as connection:
            self._ensure(connection, installation)
            row = connection.execute(_MOMENTS.where(installations.c.id == installation)).one()
            now, wait, later = datetime.now(UTC), timedelta(0), {}
            paid = paid or self._pay(installation, points)  # another thread may have taken some meanwhile
            if not paid:
                later["points_full_at"], wait = POINTS.take(SLICE, row.points_full_at, now)
            if creates:
                later["creations_full_at"], long = CREATIONS.take(1, row.creations_full_at, now)
                wait = max(wait, long)
            if writes:
                wait = max(wait, (row.next_write_at or now) - now)
                later["next_write_at"] = now + wait + self._spacing
            if wait > longest:
                self._give(installation, points if paid else 0)
                apart = self._spacing if writes else 3 * POINTS.every  # a delivery takes about three reads
                return wait + apart * self._put_back(connection, installation)
            if later:
                mine = sa.update(installations).where(installations.c.id == installation)
                connection.execute(mine.values(**later))
            self._give(installation, 0 if paid else SLICE - points)
        return wait

    def _pay(self, installation: int, points: int) -> bool:
        """Pay from what this process has in hand."""
        with self._lock:
            if self._in_hand[installation] < points:
                return False
            self._in_hand[installation] -= points
        return True

    def _give(self, installation: int, points: int) -> None:
        with self._lock:
            self._in_hand[installation] += points

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

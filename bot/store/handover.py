"""The inbox's other side: which deliveries the relay has to hand to the engine, and in what order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.inbox import NOTE_LIMIT, Delivery
from bot.store.tables import deliveries, installations

RELAY_LOCK = 0x5573_6865_7202
MOST_QUEUED = 500  # handed over and not finished: the engine's own queue stays short, whatever waits here
_COLUMNS = [c for c in deliveries.c if c.name != "digest"]


@dataclass(frozen=True, slots=True)
class Routed:
    """What the relay decided on one delivery.

    Args:
        id: the delivery.
        state: ``queued``, ``ignored``, ``duplicate`` or ``quarantined``.
        values: further columns to set.
    """

    id: int
    state: str
    values: dict[str, Any]


class Handover:
    """One relay at a time takes deliveries in the order of their arrival."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._turn = database.turn
        self._is_sqlite = database.is_sqlite

    @contextmanager
    def transaction(self) -> Iterator["HandoverTransaction"]:
        """Open the transaction in which deliveries are taken and workflows enqueued, together."""
        with self._turn, self._engine.begin() as connection:
            yield HandoverTransaction(connection, locked=not self._is_sqlite)

    def stale(self, older_than: timedelta, limit: int = 500) -> list[Delivery]:
        """Return deliveries that were handed over, yet not finished for that long."""
        before = datetime.now(UTC) - older_than
        query = (
            sa.select(*[c for c in _COLUMNS if c.name != "body"])
            .where(deliveries.c.state == "queued", deliveries.c.changed_at < before)
            .order_by(deliveries.c.id)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return [Delivery(**row) for row in connection.execute(query).mappings()]

    def touch(self, ids: Sequence[int]) -> None:
        """Note that these were looked at, so that the next look comes a while later."""
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(deliveries).where(deliveries.c.id.in_(ids)).values(changed_at=datetime.now(UTC))
            )


class HandoverTransaction:
    """A transaction over the inbox and the engine's queue: a delivery is queued in both or in neither."""

    def __init__(self, connection: sa.Connection, *, locked: bool) -> None:
        self.connection = connection
        self._locked = locked

    def take(self, limit: int) -> list[Delivery]:
        """Return deliveries that are due, the oldest first; [] while another relay is at it.

        No more are taken than the engine has room for.
        """
        if self._locked:
            got = self.connection.execute(sa.text(f"SELECT pg_try_advisory_xact_lock({RELAY_LOCK})"))
            if not got.scalar_one():
                return []
        limit = min(limit, MOST_QUEUED - self._queued())
        if limit <= 0:
            return []
        now = datetime.now(UTC)
        blocked = sa.select(installations.c.id).where(installations.c.blocked_until > now)
        due = sa.or_(
            deliveries.c.state == "received",
            sa.and_(
                deliveries.c.state == "deferred",
                deliveries.c.not_before <= now,
                sa.or_(deliveries.c.installation.is_(None), deliveries.c.installation.not_in(blocked)),
            ),
        )
        query = sa.select(*_COLUMNS).where(due).order_by(deliveries.c.id).limit(limit)
        return [Delivery(**row) for row in self.connection.execute(query).mappings()]

    def _queued(self) -> int:
        count = sa.select(sa.func.count()).select_from(deliveries).where(deliveries.c.state == "queued")
        return self.connection.execute(count).scalar_one()

    def seen_before(self, delivery: Delivery) -> bool:
        """Tell whether the same body arrived earlier under another GUID."""
        this = sa.select(deliveries.c.digest).where(deliveries.c.id == delivery.id).scalar_subquery()
        query = sa.select(
            sa.exists().where(
                deliveries.c.digest == this,
                deliveries.c.id < delivery.id,
                deliveries.c.state.not_in(("quarantined",)),
            )
        )
        return bool(self.connection.execute(query).scalar_one())

    def record(self, routed: Sequence[Routed]) -> None:
        """Write what was decided."""
        now = datetime.now(UTC)
        for item in routed:
            values = {"state": item.state, "changed_at": now, **item.values}
            if values.get("note"):
                values["note"] = str(values["note"])[:NOTE_LIMIT]
            self.connection.execute(sa.update(deliveries).where(deliveries.c.id == item.id).values(**values))

"""The inbox: every delivery is stored here, durably, before it is acknowledged.

States: ``received`` (stored) -> ``queued`` (handed to the engine) -> ``done``; or ``ignored`` (no rule
listens), ``duplicate`` (this body came before), ``quarantined`` (it cannot be read), ``deferred`` (to be
tried again at ``not_before``), ``dead`` (given up; waits for an operator).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.tables import deliveries

UNFINISHED = ("received", "queued", "deferred")
FAILED = ("dead", "quarantined")
STATES = (*UNFINISHED, "done", "ignored", "duplicate", *FAILED)
NOTE_LIMIT = 2_000  # characters of an error kept with a delivery


@dataclass(frozen=True, slots=True)
class Incoming:
    """A delivery as it arrives."""

    guid: str
    event: str
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """A stored delivery. ``body`` is empty where it was not asked for."""

    id: int
    guid: str
    event: str
    action: str | None
    received_at: datetime
    state: str
    installation: int | None
    repository: str | None
    thread: str | None
    attempts: int
    handovers: int
    not_before: datetime | None
    changed_at: datetime | None
    note: str | None
    body: bytes = b""

    @property
    def place(self) -> str:
        """Where it belongs, as people write it: ``owner/name#7``, ``owner/name``, or its line."""
        number = (self.thread or "").rpartition("#")[2]
        if self.repository and number.isdigit():
            return f"{self.repository}#{number}"
        return self.repository or self.thread or ""


_COLUMNS = [c for c in deliveries.c if c.name not in ("body", "digest")]


def digest(body: bytes) -> str:
    """SHA-256 of a body in hex: the signature covers the body alone, so a replay shows here."""
    return hashlib.sha256(body).hexdigest()


class Inbox:
    """Deliveries in and out of the database."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._turn = database.turn
        self._is_sqlite = database.is_sqlite
        self._insert = database.insert(deliveries).on_conflict_do_nothing(index_elements=["guid"])

    def store(self, batch: Sequence[Incoming], *, state: str = "received") -> None:
        """Write a batch in one durable transaction; a GUID that is there already changes nothing."""
        rows = [
            {
                "guid": item.guid,
                "event": item.event,
                "body": item.body,
                "digest": digest(item.body),
                "received_at": item.received_at,
                "state": state,
            }
            for item in batch
        ]
        with self._turn, self._engine.begin() as connection:
            connection.execute(self._insert, rows)

    def get(self, key: int | str, *, body: bool = True) -> Delivery | None:
        """Return one delivery by its number or its GUID."""
        columns = [*_COLUMNS, deliveries.c.body] if body else _COLUMNS
        match = deliveries.c.id == key if isinstance(key, int) else deliveries.c.guid == key
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(*columns).where(match)).mappings().one_or_none()
        return None if row is None else Delivery(**row)

    def known(self, guids: Sequence[str]) -> set[str]:
        """Return those of the GUIDs that are in the inbox."""
        found: set[str] = set()
        with self._engine.connect() as connection:
            for start in range(0, len(guids), 500):
                query = sa.select(deliveries.c.guid).where(deliveries.c.guid.in_(guids[start : start + 500]))
                found.update(connection.execute(query).scalars())
        return found

    def recent(self, *, states: Sequence[str] = (), limit: int = 50, offset: int = 0) -> list[Delivery]:
        """Return deliveries without their bodies, the newest first."""
        query = sa.select(*_COLUMNS).order_by(deliveries.c.id.desc()).limit(limit).offset(offset)
        if states:
            query = query.where(deliveries.c.state.in_(states))
        with self._engine.connect() as connection:
            return [Delivery(**row) for row in connection.execute(query).mappings()]

    def counts(self, repository: str | None = None) -> dict[str, int]:
        """Return how many deliveries, of all or of one repository, are in each state."""
        query = sa.select(deliveries.c.state, sa.func.count()).group_by(deliveries.c.state)
        if repository is not None:
            query = query.where(sa.func.lower(deliveries.c.repository) == repository.lower())
        with self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def finish(self, id_: int, state: str, note: str | None = None) -> None:
        """Set a delivery's state. ``note`` says why, in one line."""
        self._update(id_, state=state, note=note and note[:NOTE_LIMIT], not_before=None)

    def defer(self, id_: int, until: datetime, note: str, *, counts: bool = True) -> None:
        """Put a delivery back until then.

        Args:
            id_: the delivery.
            until: the earliest time (UTC) for the next try.
            note: what went wrong, in one line.
            counts: False where the wait was asked for by GitHub and is no failed attempt.
        """
        attempts = deliveries.c.attempts + 1 if counts else deliveries.c.attempts
        self._update(id_, state="deferred", not_before=until, note=note[:NOTE_LIMIT], attempts=attempts)

    def earlier_on_thread(self, delivery: Delivery) -> Delivery | None:
        """Return the first delivery on the same thread that came before this one and is not finished."""
        if delivery.thread is None:
            return None
        query = (
            sa.select(*_COLUMNS)
            .where(
                deliveries.c.thread == delivery.thread,
                deliveries.c.state.in_(UNFINISHED),
                deliveries.c.id < delivery.id,
            )
            .order_by(deliveries.c.id)
            .limit(1)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else Delivery(**row)

    def retry(self, keys: Sequence[int | str], now: datetime | None = None) -> int:
        """Put dead and quarantined deliveries back in line. Returns how many."""
        ids = [k for k in keys if isinstance(k, int)]
        guids = [k for k in keys if isinstance(k, str)]
        with self._engine.begin() as connection:
            result = connection.execute(
                sa.update(deliveries)
                .where(sa.or_(deliveries.c.id.in_(ids), deliveries.c.guid.in_(guids)))
                .where(deliveries.c.state.in_(FAILED))
                .values(
                    state="received",
                    attempts=0,
                    not_before=None,
                    note=None,
                    changed_at=now or datetime.now(UTC),
                )
            )
        return result.rowcount

    def forget_before(self, when: datetime) -> int:
        """Delete finished deliveries older than ``when``; failed ones stay. Returns how many."""
        with self._engine.begin() as connection:
            result = connection.execute(
                sa.delete(deliveries).where(
                    deliveries.c.received_at < when, deliveries.c.state.in_(("done", "ignored", "duplicate"))
                )
            )
        return result.rowcount

    def _update(self, id_: int, **values: Any) -> None:
        values["changed_at"] = datetime.now(UTC)
        with self._engine.begin() as connection:
            connection.execute(sa.update(deliveries).where(deliveries.c.id == id_).values(**values))

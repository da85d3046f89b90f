"""Which workers live: each holds a lock of PostgreSQL, which lets go of it when the process dies.

SQLite has one process alone, which finds its own work again under a fixed name: nothing to watch there.
"""

import contextlib
import os
import socket
import uuid
import zlib
from datetime import UTC, datetime

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql

from bot.store.database import Database
from bot.store.tables import workers

SOLE = "usher"
LOCKS = 0x5573 << 32  # the upper half of every worker's lock number: "Us"
log = structlog.get_logger(__name__)


class Liveness:
    """This worker's sign of life, and a look at the others'.

    Args:
        database: whose locks are used.
    """

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self.watched = not database.is_sqlite
        unique = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self.name = unique if self.watched else SOLE
        self._held: sa.Connection | None = None

    def announce(self) -> None:
        """Take this worker's lock, on a connection kept for it alone."""
        if not self.watched:
            return
        lock = LOCKS | zlib.crc32(self.name.encode())
        row = postgresql.insert(workers).values(executor=self.name, lock=lock, started_at=datetime.now(UTC))
        self._held = self._engine.connect()
        self._held.execute(sa.select(sa.func.pg_advisory_lock(lock)))
        self._held.execute(row.on_conflict_do_nothing())
        self._held.commit()

    def renew(self) -> None:
        """Take the lock again where its connection broke: before anyone has looked twice."""
        assert self._held is not None
        try:
            self._held.execute(sa.text("SELECT 1"))
            self._held.commit()
        except sa.exc.DBAPIError:
            log.warning("worker.lock_lost", worker=self.name)
            with contextlib.suppress(sa.exc.DBAPIError):
                self._held.close()
            self.announce()

    def leave(self) -> None:
        """Say goodbye."""
        if self._held is None:
            return
        with contextlib.suppress(sa.exc.DBAPIError):
            self._held.execute(sa.delete(workers).where(workers.c.executor == self.name))
            self._held.commit()
            self._held.close()
        self._held = None

    def others(self) -> set[str]:
        """Return the names of all other workers, alive or not."""
        query = sa.select(workers.c.executor).where(workers.c.executor != self.name)
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def dead(self) -> set[str]:
        """Return the workers whose lock is free. Look twice: a connection may break and come back."""
        query = sa.select(workers.c.executor, workers.c.lock).where(workers.c.executor != self.name)
        found = set()
        with self._engine.connect() as connection:
            for executor, lock in connection.execute(query).all():
                if connection.execute(sa.select(sa.func.pg_try_advisory_lock(lock))).scalar_one():
                    connection.execute(sa.select(sa.func.pg_advisory_unlock(lock)))
                    found.add(executor)
        return found

    def bury(self, executor: str) -> None:
        """Forget a dead worker."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(workers).where(workers.c.executor == executor))

"""Marks: named points in time that all processes share, such as how far the delivery log was read."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.tables import marks


def checks_of(repository_id: int) -> str:
    """What the mark is called that says when checks of others were last seen in a repository."""
    return f"checks of {repository_id}"


def release_of(repository_id: int) -> str:
    """What the mark is called that says when a repository's last release was told."""
    return f"release of {repository_id}"


class Marks:
    """Named points in time in and out of the database."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._insert = database.insert

    def get(self, name: str) -> datetime | None:
        """Return a mark; None where it was never set."""
        query = sa.select(marks.c.at).where(marks.c.name == name)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none()

    def set(self, name: str, at: datetime) -> None:
        """Set a mark."""
        row = self._insert(marks).values(name=name, at=at)
        with self._engine.begin() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"at": at}))

    def take_turn(self, name: str, every: timedelta) -> bool:
        """Tell whether it is this process's turn: once in ``every``, for one of all processes."""
        now = datetime.now(UTC)
        row = self._insert(marks).values(name=name, at=now)
        mine = row.on_conflict_do_update(
            index_elements=["name"], set_={"at": now}, where=marks.c.at <= now - every
        )
        with self._engine.begin() as connection:  # of an insert, PostgreSQL's driver does not count the rows
            return connection.execute(mine.returning(marks.c.name)).first() is not None

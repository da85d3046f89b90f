"""The draft of the next release: one writer at a time for each repository, and what was made last.

A writer holds it for a time that is kept in a row, not by a lock of the database: between looking at GitHub
and writing there lie several requests, and no transaction should stay open for so long.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.tables import drafts

HELD = timedelta(minutes=5)  # longer than the few requests of one writer can take


@dataclass(frozen=True, slots=True)
class Made:
    """The draft that Usher made last: its number at GitHub, and when (UTC)."""

    release: int
    at: datetime


class Drafts:
    """Drafts of releases in and out of the database.

    Args:
        database: where they are.
    """

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._turn = database.turn
        self._insert = database.insert

    def take(self, repository_id: int, installation: int, holder: int) -> bool:
        """Become the one who writes a repository's draft.

        Args:
            repository_id: whose draft.
            installation: where the repository belongs.
            holder: the action on whose behalf; after a crash it may go on at once.

        Returns:
            False while another action holds it.
        """
        now = datetime.now(UTC)
        held = {"holder": holder, "held_until": now + HELD}
        row = self._insert(drafts).values(repository_id=repository_id, installation=installation, **held)
        is_free = sa.or_(drafts.c.held_until.is_(None), drafts.c.held_until <= now, drafts.c.holder == holder)
        mine = row.on_conflict_do_update(index_elements=["repository_id"], set_=held, where=is_free)
        with self._turn, self._engine.begin() as connection:
            return connection.execute(mine.returning(drafts.c.repository_id)).first() is not None

    def give(self, repository_id: int, holder: int) -> None:
        """Let others write the draft."""
        mine = sa.update(drafts).where(drafts.c.repository_id == repository_id, drafts.c.holder == holder)
        with self._engine.begin() as connection:
            connection.execute(mine.values(holder=None, held_until=None))

    def made(self, repository_id: int) -> Made | None:
        """Return the draft that was made last; None where none was."""
        query = sa.select(drafts.c.release, drafts.c.made_at).where(
            drafts.c.repository_id == repository_id, drafts.c.release.is_not(None)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Made(*row)

    def keep(self, repository_id: int, release: int) -> None:
        """Keep that a draft was made just now."""
        mine = sa.update(drafts).where(drafts.c.repository_id == repository_id)
        with self._engine.begin() as connection:
            connection.execute(mine.values(release=release, made_at=datetime.now(UTC)))

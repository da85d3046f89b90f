"""Which documents projects have, in and out of the database."""

import sqlalchemy as sa

from bot.core.documents import KINDS, Document, Inventory
from bot.store.database import Database
from bot.store.history_tables import documents
from bot.store.holding import holding

_KIND, *_OTHERS = Document.__slots__
_DOCUMENT = [documents.c[name] for name in (_KIND, *_OTHERS)]


class Documents:
    """The documents of projects whose history is kept.

    Args:
        database: where they are.
    """

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._database = database

    def of(self, history: int) -> Inventory | None:
        """Return what was found the last time; None where nobody has looked yet."""
        query = sa.select(documents.c.looked_at, *_DOCUMENT).where(documents.c.history == history)
        with self._engine.connect() as connection:
            rows = {row.kind: row for row in connection.execute(query)}
        if not rows:
            return None
        looked_at = max(row.looked_at for row in rows.values())
        found = (rows[kind] for kind in KINDS if kind in rows)
        return Inventory(looked_at, tuple(Document(*row[1:]) for row in found if row.path is not None))

    def keep(self, history: int, found: Inventory) -> None:
        """Keep what was found in place of what was kept.

        Raises:
            UsherError: the history was purged meanwhile.
        """
        there = {one.kind: one for one in found.documents}
        rows = [
            {"history": history, "kind": kind, "looked_at": found.looked_at}
            | {name: getattr(there.get(kind), name, None) for name in _OTHERS}
            for kind in KINDS
        ]
        with holding(self._database, history) as connection:
            connection.execute(sa.delete(documents).where(documents.c.history == history))
            connection.execute(sa.insert(documents), rows)

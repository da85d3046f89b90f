"""Writing what belongs to a history, which somebody may purge at any time."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from bot.core.errors import UsherError
from bot.store.database import Database
from bot.store.history_tables import histories


@contextmanager
def holding(database: Database, history: int) -> Iterator[sa.Connection]:
    """Begin a transaction that holds a history's row until its end: what is written is whole, or not there.

    Args:
        history: the number of the history.

    Raises:
        UsherError: the history was purged meanwhile.
    """
    hold = sa.update(histories).where(histories.c.id == history).values(edition=histories.c.edition)
    with database.turn, database.engine.begin() as connection:
        if connection.execute(hold).rowcount != 1:
            raise UsherError("the history was purged meanwhile: nothing was kept")
        yield connection

"""A repository that goes by another name by now: what is known of it goes along.

Its number at GitHub says that it is the same. The old name leads nowhere from then on.
"""

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.history_tables import bot_marks, histories
from bot.store.tables import flows, gates, repositories


def rename_history(database: Database, repository_id: int, full_name: str) -> None:
    """Let a history go by the name that its repository has now; see ``_follow``."""
    with database.turn, database.engine.begin() as connection:
        _follow(connection, histories.c.repository_id == repository_id, repository_id, full_name)


def rename_repository(
    database: Database, repository_id: int, before: str, full_name: str, installation: int
) -> None:
    """Let all that is known of a repository go by its new name.

    Args:
        repository_id: its number at GitHub.
        before: its full name until now.
        full_name: its full name from now on.
        installation: which covers it from now on.
    """
    unknown = sa.and_(histories.c.key == before.lower(), histories.c.repository_id.is_(None))
    old, new = (sa.func.lower(repositories.c.full_name) == name.lower() for name in (before, full_name))
    with database.turn, database.engine.begin() as connection:
        mine = sa.or_(histories.c.repository_id == repository_id, unknown)
        _follow(connection, mine, repository_id, full_name)
        if before.lower() != full_name.lower():
            known = connection.execute(sa.select(repositories.c.full_name).where(new)).first()
            moved = sa.update(repositories).values(full_name=full_name, installation=installation)
            connection.execute(sa.delete(repositories).where(old) if known else moved.where(old))
        for table in (flows, gates):
            named = sa.update(table).where(table.c.repository_id == repository_id)
            connection.execute(named.values(repository=full_name, installation=installation))


def _follow(
    connection: sa.Connection, mine: sa.ColumnElement[bool], repository_id: int, full_name: str
) -> None:
    """Rename the history that is this repository's.

    Where both names have one, that of the present name stays, with what people said of accounts in the other.
    Where the present name's is another repository's, nothing is done: somebody has to say what becomes of it.
    """
    key = full_name.lower()
    old = sa.select(histories.c.id).where(mine, histories.c.key != key)
    old = old.order_by(histories.c.complete_at.is_(None), histories.c.id)
    there = sa.select(histories.c.id, histories.c.repository_id).where(histories.c.key == key)
    for history in connection.execute(old).scalars().all():
        row = connection.execute(there).one_or_none()
        if row is None:
            renamed = {"key": key, "full_name": full_name, "repository_id": repository_id}
            connection.execute(sa.update(histories).where(histories.c.id == history).values(**renamed))
        elif row.repository_id in (None, repository_id):
            _keep_marks(connection, history, row.id)
            connection.execute(sa.delete(histories).where(histories.c.id == history))


def _keep_marks(connection: sa.Connection, old: int, new: int) -> None:
    """Let what people said of accounts in one history hold in another, where nothing is said there."""
    said = sa.select(bot_marks.c.account).where(bot_marks.c.history == new)
    mine = (bot_marks.c.history == old, bot_marks.c.account.not_in(said))
    connection.execute(sa.update(bot_marks).where(*mine).values(history=new))

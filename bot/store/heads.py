"""Where pull requests stand, as GitHub told last: their head, their base, and since when both are there."""

from dataclasses import asdict

import sqlalchemy as sa

from bot.core.heads import Standing, told
from bot.core.pulls import PullRequest
from bot.store.database import Database
from bot.store.inbox import UNFINISHED
from bot.store.tables import deliveries, heads

_COLUMNS = (heads.c.head, heads.c.head_at, heads.c.base, heads.c.base_at, heads.c.at)


class Heads:
    """Heads and bases in and out of the database.

    Args:
        database: where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._database = database

    def of(self, repository_id: int, number: int) -> Standing | None:
        """Return what is known of a pull request."""
        query = sa.select(*_COLUMNS).where(heads.c.repository_id == repository_id, heads.c.number == number)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Standing(*row)

    def told(self, repository_id: int, installation: int, pull: PullRequest) -> None:
        """Keep what GitHub told of a pull request; what is older than what is kept changes nothing."""
        before = self.of(repository_id, pull.number)
        known = told(before, pull)
        if known is None or known == before:
            return
        mine = {"repository_id": repository_id, "number": pull.number, "installation": installation}
        self._database.upsert(heads, {**mine, **asdict(known)}, ["repository_id", "number"])

    def forget(self, repository_id: int, number: int) -> None:
        """Forget a pull request that is gone."""
        mine = heads.c.repository_id == repository_id, heads.c.number == number
        with self._engine.begin() as connection:
            connection.execute(sa.delete(heads).where(*mine))

    def in_line(self, repository_id: int, number: int) -> list[bytes]:
        """Return the bodies of what was announced of a pull request and waits to be worked on, in order."""
        query = sa.select(deliveries.c.body).where(
            deliveries.c.thread == f"{repository_id}#{number}",
            deliveries.c.event == "pull_request",
            deliveries.c.state.in_(UNFINISHED),
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query.order_by(deliveries.c.id)).scalars())

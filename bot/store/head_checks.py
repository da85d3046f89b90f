"""How the checks of approved pull requests stand, in and out of the database."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime

import sqlalchemy as sa

from bot.core.history import ChecksState, HeadChecks
from bot.store.database import Database
from bot.store.history import SEEN
from bot.store.history_tables import head_checks, threads, timeline_events
from bot.store.holding import holding

_SEEN = [head_checks.c[name] for name in HeadChecks.__slots__]


class Checked:
    """The checks of the pull requests of which a report may say that they are approved and green.

    Args:
        database: where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def approved(self, history: int) -> list[int]:
        """Return the open pull requests, drafts apart, that somebody approved once, the newest first."""
        is_approved = sa.exists().where(
            timeline_events.c.thread == threads.c.id,
            timeline_events.c.kind == "reviewed",
            timeline_events.c.detail == "approved",
        )
        query = sa.select(threads.c.number).where(
            threads.c.history == history,
            threads.c.edition == SEEN,
            threads.c.is_pull,
            threads.c.is_open,
            ~threads.c.is_draft,
            is_approved,
        )
        with self._database.engine.connect() as connection:
            return list(connection.execute(query.order_by(threads.c.number.desc())).scalars())

    def keep(self, history: int, found: Mapping[int, ChecksState], at: datetime) -> None:
        """Keep what was seen, in place of all that was kept; what is as it was keeps the time it has been so.

        Args:
            history: the number of the history.
            found: by the number of the pull request.
            at: when it was seen (UTC).

        Raises:
            UsherError: the history was purged meanwhile.
        """
        known, heads = self.of(history), self._heads(history)
        rows = []
        for number, state in found.items():
            before, head = known.get(number), heads.get(number, "")
            is_same = before is not None and (before.state, before.head) == (state, head)
            seen = HeadChecks(state, before.since if before is not None and is_same else at, at, head)
            rows.append({"history": history, "number": number, **asdict(seen)})
        with holding(self._database, history) as connection:
            connection.execute(sa.delete(head_checks).where(head_checks.c.history == history))
            if rows:
                connection.execute(sa.insert(head_checks), rows)

    def look_again(self, history: int, look: Callable[[list[int]], Mapping[int, ChecksState]]) -> None:
        """Look how the checks of what is approved stand, and keep that: no thread changes when they do."""
        self.keep(history, look(self.approved(history)), datetime.now(UTC))

    def of(self, history: int) -> dict[int, HeadChecks]:
        """Return what is known, by the number of the pull request."""
        query = sa.select(head_checks.c.number, *_SEEN).where(head_checks.c.history == history)
        with self._database.engine.connect() as connection:
            return {row[0]: HeadChecks(*row[1:]) for row in connection.execute(query)}

    def _heads(self, history: int) -> dict[int, str]:
        """With which commit each open pull request is known to end."""
        mine = (threads.c.history == history, threads.c.edition == SEEN, threads.c.is_pull, threads.c.is_open)
        query = sa.select(threads.c.number, threads.c.head).where(*mine)
        with self._database.engine.connect() as connection:
            return {row.number: row.head for row in connection.execute(query)}

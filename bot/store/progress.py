"""How far the reading of a history over the API has come, kept beside what was read.

A *walk* reads the threads in the order in which they changed. How far it has come is noted in the
transaction that keeps the threads, so that it goes on behind them whenever it was cut off.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.history_tables import histories
from bot.store.tables import deliveries, installations

# What tells of a change in a thread, of a release, of commits, or of checks that ended.
TELLING = (
    "issues",
    "issue_comment",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "release",
    "check_suite",
    "status",
    "push",
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading of a history has come.

    Args:
        since: only threads that have changed since then are read; None for all.
        reached: of the walk under way: all that changed before this is kept; None where none is under way.
        complete_at: everything that there was then is kept; None where no walk came to its end yet.
        reconciled_at: when a walk last looked back over days, not only at what is news.
    """

    since: datetime | None = None
    reached: datetime | None = None
    complete_at: datetime | None = None
    reconciled_at: datetime | None = None

    def covers(self, since: datetime | None) -> bool:
        """Whether all that has changed since then is kept, or being read."""
        return self.since is None or (since is not None and self.since <= since)

    def as_values(self) -> dict[str, Any]:
        """Return the columns of the history's row that say this."""
        moments = {"since": self.since, "reached": self.reached, "reconciled_at": self.reconciled_at}
        cursors = {name: at and at.isoformat() for name, at in moments.items()}
        return {"cursors": cursors, "complete_at": self.complete_at}


@dataclass(frozen=True, slots=True)
class Claim:
    """What one reading of a history knows. Another one may be under way beside it, or have been.

    Args:
        progress: how far this one has come.
        began_with: ``complete_at`` as it was when this one began.
    """

    progress: Progress
    began_with: datetime | None

    def joined(self, there: Progress | None) -> Progress:
        """Return what both know: a history that is complete stays so, and what was reached is not lost.

        Args:
            there: what is noted by now.
        """
        mine = self.progress
        if there is None:
            return mine
        complete_at, reconciled_at = (
            max((at for at in pair if at is not None), default=None)
            for pair in (
                (there.complete_at, mine.complete_at),
                (there.reconciled_at, mine.reconciled_at),
            )
        )
        if there.since != mine.since:
            return replace(there if there.covers(mine.since) else mine, complete_at=complete_at)
        reached = mine.reached
        if reached is not None and there.complete_at != self.began_with:  # the other one came to the end
            reached = there.reached
        elif reached is not None and there.reached is not None:
            reached = max(reached, there.reached)
        return Progress(mine.since, reached, complete_at, reconciled_at)

    def values(self, connection: sa.Connection, history: int) -> dict[str, Any]:
        """Return the columns of the history's row that say so; its row must be locked."""
        noted = sa.select(histories.c.complete_at, histories.c.cursors).where(histories.c.id == history)
        return self.joined(_progress(connection.execute(noted).one())).as_values()


@dataclass(frozen=True, slots=True)
class Place:
    """A history that was read over the API.

    Args:
        id: its number here.
        full_name: of the repository.
        repository_id: the repository's number at GitHub; None where nobody said.
        installation: which it belongs to; None where the App is not installed there.
        progress: how far the reading has come; None where it was never begun.
        is_walking: whether the reading of its commits is under way.
    """

    id: int
    full_name: str
    repository_id: int | None
    installation: int | None
    progress: Progress | None
    is_walking: bool = False


class Places:
    """Where histories are read over the API, out of the database.

    Args:
        database: where they are.
    """

    def __init__(self, database: Database) -> None:
        self._engine = database.engine

    def find(self, full_name: str) -> Place | None:
        """Return the history of a repository; None where there is none at all."""
        with self._engine.connect() as connection:
            query = _PLACES.where(histories.c.key == full_name.lower())
            row = connection.execute(query).one_or_none()
        return None if row is None else _place(row)

    def complete(self) -> list[Place]:
        """Return those that were read to their end once, the longest ago first; none of a suspended App's."""
        suspended = sa.select(installations.c.id).where(installations.c.suspended)
        query = _PLACES.where(histories.c.complete_at.is_not(None), histories.c.cursors.is_not(None))
        query = query.where(
            sa.or_(histories.c.installation.is_(None), histories.c.installation.not_in(suspended))
        )
        with self._engine.connect() as connection:
            return [_place(row) for row in connection.execute(query.order_by(histories.c.complete_at))]

    def last_delivery(self) -> int:
        """Return the number of the newest delivery; 0 where there is none."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(sa.func.max(deliveries.c.id))).scalar_one() or 0

    def gone(self, after: int, until: datetime) -> list[tuple[str, int]]:
        """Return the issues, by repository and number, of which deliveries told that they are there no more.

        Args:
            after, until: as for ``told``.
        """
        query = sa.select(deliveries.c.repository, deliveries.c.thread)
        query = query.where(
            deliveries.c.id > after,
            deliveries.c.received_at < until,
            deliveries.c.event == "issues",
            deliveries.c.action.in_(("deleted", "transferred")),
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        lines = [(name, (line or "").partition("#")[2]) for name, line in rows if name]
        return [(name, int(number)) for name, number in lines if number.isdigit()]

    def told(self, after: int, until: datetime) -> tuple[int, dict[str, datetime]]:
        """Return when deliveries last told of something that belongs to a history.

        Args:
            after: the number of the last delivery that was looked at.
            until: those that came later are left for the next time, as they may not be routed yet.

        Returns:
            the number of the last one that was looked at now, and the times by repository, in lower case.
        """
        query = sa.select(
            deliveries.c.repository, sa.func.max(deliveries.c.received_at), sa.func.max(deliveries.c.id)
        )
        query = query.where(
            deliveries.c.id > after, deliveries.c.received_at < until, deliveries.c.event.in_(TELLING)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query.group_by(deliveries.c.repository)).all()
        last = max((row[2] for row in rows), default=after)
        return last, {row[0].lower(): row[1] for row in rows if row[0]}


_PLACES = sa.select(
    histories.c.id,
    histories.c.full_name,
    histories.c.repository_id,
    histories.c.installation,
    histories.c.complete_at,
    histories.c.cursors,
    histories.c.branch,
)


def _place(row: Any) -> Place:
    progress = _progress(row)
    is_walking = bool((row.branch or {}).get("walk"))
    return Place(row.id, row.full_name, row.repository_id, row.installation, progress, is_walking)


def _progress(row: Any) -> Progress | None:
    if row.cursors is None:
        return None
    return Progress(
        since=_moment(row.cursors, "since"),
        reached=_moment(row.cursors, "reached"),
        complete_at=row.complete_at,
        reconciled_at=_moment(row.cursors, "reconciled_at"),
    )


def _moment(cursors: Mapping[str, str | None], name: str) -> datetime | None:
    text = cursors.get(name)
    return None if text is None else datetime.fromisoformat(text)

"""The history of a project into the database: all that belongs together becomes visible at once.

What is written goes into an edition that nobody sees, in many short transactions, so that a server on the
same database goes on. Publishing it changes one number in each thread's row, in one transaction. What a
dead import left behind is seen by nobody, and is deleted when the next one begins.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from bot.core.errors import UsherError
from bot.core.history import PastThread, Snapshot, TimelineEvent
from bot.store.database import Database
from bot.store.history import SEEN
from bot.store.history_tables import histories, people, threads, timeline_events
from bot.store.progress import Claim
from bot.store.tables import repositories

_ASIDE, _GONE = -1, -2  # editions of their own: what is kept within one transaction, and what was replaced
_DELETED_AT_ONCE = 500  # threads, with all their events
_PERSON = ["history", "edition", "account", "login", "is_bot", "seen_at"]
_OWN = [name for name in PastThread.__slots__ if name not in {"timeline", "labels"}]


@dataclass(frozen=True, slots=True)
class Published:
    """What became visible.

    Args:
        issues, pulls, events: how many were written.
        outdated: how many of the threads were left out, as a newer state of them was there.
    """

    issues: int
    pulls: int
    events: int
    outdated: int


class _Draft:
    """One edition's rows, within a transaction."""

    def __init__(self, database: Database, connection: sa.Connection, history: int, edition: int) -> None:
        self._insert = database.insert
        self._connection = connection
        self._history, self._edition = history, edition
        self._mine = (threads.c.history == history, threads.c.edition == edition)

    def write(self, snapshots: Sequence[Snapshot]) -> None:
        """Write threads and people; of one that is there already, the later state stays."""
        newest: dict[int, Snapshot] = {}
        for each in sorted(snapshots, key=attrgetter("updated_at")):
            newest[each.thread.number] = each
        there = sa.select(threads.c.number, threads.c.updated_at)
        for number, at in self._connection.execute(there.where(*self._mine, threads.c.number.in_(newest))):
            if at > newest[number].updated_at:
                del newest[number]
        if not newest:
            return
        self._connection.execute(sa.delete(threads).where(*self._mine, threads.c.number.in_(newest)))
        insert = sa.insert(threads).returning(threads.c.id, sort_by_parameter_order=True)
        rows = [_row(self._history, self._edition, each) for each in newest.values()]
        ids = self._connection.execute(insert, rows).scalars().all()
        done = [
            {"thread": id_, "position": n, **{name: getattr(event, name) for name in TimelineEvent.__slots__}}
            for id_, each in zip(ids, newest.values(), strict=True)
            for n, event in enumerate(each.thread.timeline)
        ]
        if done:
            self._connection.execute(sa.insert(timeline_events), done)
        self._write_people(newest.values())

    def publish(self) -> Published:
        """Let these rows replace what is older; what is replaced or outdated stays until it is deleted."""
        here, other = threads.c.history == self._history, threads.alias("other")
        same = (other.c.history == self._history, other.c.number == threads.c.number)
        new = sa.exists().where(*same, other.c.edition == self._edition)
        newer = new.where(other.c.updated_at >= threads.c.updated_at)
        stays = sa.exists().where(*same, other.c.edition == SEEN)
        run = self._connection.execute
        count = sa.select(threads.c.is_pull, sa.func.count()).where(*self._mine)
        written = {bool(is_pull): number for is_pull, number in run(count.group_by(threads.c.is_pull))}
        done = sa.select(sa.func.count()).select_from(timeline_events.join(threads)).where(*self._mine)
        said = run(done).scalar_one()
        run(sa.delete(threads).where(here, threads.c.edition == _GONE, new))
        run(sa.update(threads).where(here, threads.c.edition == SEEN, newer).values(edition=_GONE))
        shown = run(sa.update(threads).where(*self._mine, ~stays).values(edition=SEEN)).rowcount
        self._publish_people()
        issues, pulls = written.get(False, 0), written.get(True, 0)
        return Published(issues, pulls, said, issues + pulls - shown)

    def _write_people(self, snapshots: Iterable[Snapshot]) -> None:
        last = {person.id: (each.updated_at, person) for each in snapshots for person in each.people}
        mine = {"history": self._history, "edition": self._edition}
        values = [
            {**mine, "account": id_, "login": person.login, "is_bot": person.is_bot, "seen_at": at}
            for id_, (at, person) in last.items()
        ]
        if values:
            self._connection.execute(_unless_seen_later(self._insert(people)), values)

    def _publish_people(self) -> None:
        mine = (people.c.history == self._history, people.c.edition == self._edition)
        columns = [sa.literal(SEEN) if name == "edition" else people.c[name] for name in _PERSON]
        insert = self._insert(people).from_select(_PERSON, sa.select(*columns).where(*mine))
        self._connection.execute(_unless_seen_later(insert))
        self._connection.execute(sa.delete(people).where(*mine))


class Editions:
    """Histories into the database.

    Args:
        database: where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, full_name: str) -> "Edition":
        """Begin an edition of a repository's history; one that was begun before and not published is lost."""
        with self.transaction() as connection:
            history = self._history(connection, full_name)
            bump = sa.update(histories).where(histories.c.id == history)
            number = connection.execute(
                bump.values(edition=histories.c.edition + 1).returning(histories.c.edition)
            ).scalar_one()
        self.clear(history, number)
        return Edition(self, self._database, full_name, history, number)

    def keep(
        self,
        full_name: str,
        snapshots: Sequence[Snapshot],
        into: int | None = None,
        claim: Claim | None = None,
        **noted: Any,
    ) -> Published:
        """Keep some threads at once, each in place of an older state; a newer one that is there stays.

        Args:
            full_name: of the repository.
            snapshots: the threads.
            into: the number of its history; None makes one where there is none.
            claim: how far its reading has come; noted in the same transaction.
            **noted: what else is noted of the history in the same transaction, by the columns of its table.

        Raises:
            UsherError: that history was purged meanwhile, or the database refused.
        """
        with self.transaction() as connection:
            history = self._history(connection, full_name)
            if into not in (None, history):
                raise UsherError(f"the history of {full_name} was purged meanwhile")
            draft = _Draft(self._database, connection, history, _ASIDE)
            draft.write(snapshots)
            published = draft.publish()
            replaced = threads.c.edition.in_((_ASIDE, _GONE))
            connection.execute(sa.delete(threads).where(threads.c.history == history, replaced))
            noted |= claim.values(connection, history) if claim is not None else {}
            connection.execute(_named(history, full_name).values(**noted))
        return published

    def forget(self, full_name: str, number: int) -> None:
        """Delete a thread that is gone."""
        mine = sa.select(histories.c.id).where(histories.c.key == full_name.lower()).scalar_subquery()
        gone = sa.delete(threads).where(threads.c.history == mine, threads.c.number == number)
        with self.transaction() as connection:
            connection.execute(gone)

    def _history(self, connection: sa.Connection, full_name: str) -> int:
        """The number of a repository's history, whose row is locked until the transaction ends."""
        row = self._database.insert(histories).values(key=full_name.lower(), full_name=full_name)
        connection.execute(row.on_conflict_do_nothing(index_elements=["key"]))
        lock = sa.update(histories).where(histories.c.key == full_name.lower()).values(key=histories.c.key)
        return int(connection.execute(lock.returning(histories.c.id)).scalar_one())

    def clear(self, history: int, edition: int) -> None:
        """Delete what nobody sees of this edition and those before it, a few threads at a time."""
        hidden = (threads.c.history == history, threads.c.edition != SEEN, threads.c.edition <= edition)
        some = sa.select(threads.c.id).where(*hidden).limit(_DELETED_AT_ONCE)
        deleted = _DELETED_AT_ONCE
        while deleted == _DELETED_AT_ONCE:
            with self.transaction() as connection:
                deleted = connection.execute(sa.delete(threads).where(threads.c.id.in_(some))).rowcount
        mine = (people.c.history == history, people.c.edition != SEEN, people.c.edition <= edition)
        with self.transaction() as connection:
            connection.execute(sa.delete(people).where(*mine))

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """A transaction that takes its turn.

        Raises:
            UsherError: the database refused.
        """
        try:
            with self._database.turn, self._database.engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            reason = str(error.orig).strip().split("\n", 1)[0]
            raise UsherError(f"the database {self._database.shown} refused: {reason}") from error


class Edition:
    """An edition that is being written; ``Editions.begin`` makes it."""

    def __init__(
        self, editions: Editions, database: Database, full_name: str, history: int, number: int
    ) -> None:
        self._editions, self._database = editions, database
        self._full_name = full_name
        self._history, self._number = history, number

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            with suppress(UsherError):  # the database may be what failed
                self._editions.clear(self._history, self._number)

    def add(self, snapshots: Sequence[Snapshot]) -> None:
        """Write some threads; of one that is written twice, the later state stays.

        Raises:
            UsherError: another edition was begun meanwhile, or the database refused.
        """
        with self._draft() as (_connection, draft):
            draft.write(snapshots)

    def publish(self, full_name: str, repository_id: int | None = None) -> Published:
        """Make all of it visible at once.

        Args:
            full_name: of the repository, as it spells it itself.
            repository_id: the repository's number at GitHub; None where it is not known.

        Raises:
            UsherError: the history there is of another repository, another edition was begun meanwhile, or
                the database refused.
        """
        with self._draft() as (connection, draft):
            published = draft.publish()
            found = sa.select(histories.c.repository_id).where(histories.c.id == self._history)
            known = connection.execute(found).scalar_one()
            if None not in (known, repository_id) and known != repository_id:
                raise UsherError(
                    f"the history of {self._full_name} is that of another repository (number {known}; this "
                    f"one is {repository_id}): usher purge {self._full_name} first"
                )
            values = {"repository_id": repository_id or known, "imported_at": datetime.now(UTC)}
            connection.execute(_named(self._history, full_name).values(**values))
        self._editions.clear(self._history, self._number)
        return published

    @contextmanager
    def _draft(self) -> Iterator[tuple[sa.Connection, _Draft]]:
        """A transaction in which nobody else writes into this history."""
        with self._editions.transaction() as connection:
            mine = (histories.c.id == self._history, histories.c.edition == self._number)
            touch = sa.update(histories).where(*mine).values(edition=self._number)
            if connection.execute(touch).rowcount != 1:
                raise UsherError(
                    f"another import of {self._full_name} was begun, or its history was purged: this one ends"
                )
            yield connection, _Draft(self._database, connection, self._history, self._number)


def _unless_seen_later(insert: Any) -> Any:
    new = insert.excluded
    changes = {name: new[name] for name in ("login", "is_bot", "seen_at")}
    return insert.on_conflict_do_update(
        index_elements=["history", "edition", "account"], set_=changes, where=new.seen_at >= people.c.seen_at
    )


def _named(history: int, full_name: str) -> sa.Update:
    """Note how a repository spells its name, and which installation it belongs to."""
    installed = sa.select(repositories.c.installation)
    installed = installed.where(sa.func.lower(repositories.c.full_name) == full_name.lower())
    mine = sa.update(histories).where(histories.c.id == history)
    return mine.values(full_name=full_name, installation=installed.limit(1).scalar_subquery())


def _row(history: int, edition: int, snapshot: Snapshot) -> dict[str, Any]:
    thread = snapshot.thread
    values = {name: getattr(thread, name) for name in _OWN}
    at = {"history": history, "edition": edition, "updated_at": snapshot.updated_at}
    return values | at | {"labels": list(thread.labels)}

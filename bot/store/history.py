"""The history of a project out of the database; ``bot/store/editions.py`` puts it there."""

from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from bot.core.history import PastRelease, PastThread, Person, TimelineEvent
from bot.store.database import Database
from bot.store.history_tables import bot_marks, histories, people, releases, threads, timeline_events
from bot.store.holding import holding

SEEN = 0  # the edition that everybody sees
DASHBOARD = "the dashboard"  # who said it, where all that is known is that they had its key
_AT_ONCE = 500  # rows that a reader holds
_TITLE = 256  # characters; a backup may say anything
_OWN = [threads.c[name] for name in PastThread.__slots__ if name != "timeline"]
_EVENT = [timeline_events.c[name] for name in TimelineEvent.__slots__]


@dataclass(frozen=True, slots=True)
class History:
    """What is known of a repository's history.

    Args:
        id: its number here.
        full_name: of the repository.
        repository_id: the repository's number at GitHub; None where no source said.
        imported_at: when a backup was imported last; None where none was.
        complete_at: when it was read over the API to its end last; None where it never was.
    """

    id: int
    full_name: str
    repository_id: int | None
    imported_at: datetime | None
    complete_at: datetime | None


_HISTORY = [histories.c[name] for name in History.__slots__]
_HAS_SOME = sa.or_(histories.c.imported_at.is_not(None), histories.c.complete_at.is_not(None))


@dataclass(frozen=True, slots=True)
class BotMark:
    """What somebody said of an account by a click.

    Args:
        is_bot: that it is a bot; False: that it is a person's.
        by: who said so, as far as is known.
        at: when.
    """

    is_bot: bool
    by: str
    at: datetime


class Histories:
    """Histories out of the database, and what people say of their accounts into it.

    Args:
        database: where they are.
    """

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._database = database

    def find(self, full_name: str) -> History | None:
        """Return a repository's history; None where nothing of it was published yet."""
        query = sa.select(*_HISTORY).where(histories.c.key == full_name.lower(), _HAS_SOME)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else History(*row)

    def of_owner(self, owner: str) -> list[History]:
        """Return the histories of an owner's repositories that are known, in the order of the alphabet."""
        mine = histories.c.key.startswith(f"{owner.lower()}/", autoescape=True)
        query = sa.select(*_HISTORY).where(mine, _HAS_SOME).order_by(histories.c.key)
        with self._engine.connect() as connection:
            return [History(*row) for row in connection.execute(query)]

    def names(self) -> list[str]:
        """Return the full names of the repositories whose history is known, in the order of the alphabet."""
        query = sa.select(histories.c.full_name).where(_HAS_SOME).order_by(histories.c.key)
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def ends(self) -> dict[History, datetime | None]:
        """Return all histories in the order of the alphabet, and when a thread changed last in each."""
        seen = sa.and_(threads.c.history == histories.c.id, threads.c.edition == SEEN)
        query = sa.select(*_HISTORY, sa.func.max(threads.c.updated_at)).outerjoin(threads, seen)
        query = query.where(_HAS_SOME).group_by(histories.c.id).order_by(histories.c.key)
        with self._engine.connect() as connection:
            return {History(*row[:-1]): row[-1] for row in connection.execute(query)}

    def threads(self, history: int, *, is_pull: bool | None = None) -> Iterator[PastThread]:
        """Yield threads with their events, in order of number, as they stood when the first was asked for.

        Two streams in the same order are merged, so that few rows are held at a time.

        Args:
            history: the number of the history.
            is_pull: True for pull requests alone, False for issues alone.
        """
        which = [threads.c.history == history, threads.c.edition == SEEN]
        if is_pull is not None:
            which.append(threads.c.is_pull == is_pull)
        own = sa.select(threads.c.id, *_OWN).where(*which).order_by(threads.c.number)
        done = sa.select(timeline_events.c.thread, *_EVENT).join(
            threads, timeline_events.c.thread == threads.c.id
        )
        done = done.where(*which).order_by(threads.c.number, timeline_events.c.position)
        with self._engine.connect() as connection:
            self._hold_still(connection)
            rows = connection.execution_options(yield_per=_AT_ONCE).execute(own).mappings()
            groups = groupby(connection.execute(done), key=itemgetter(0))
            ahead: tuple[int | None, Iterable[Any]] = next(groups, (None, ()))
            for row in rows:
                values = dict(row)
                found: tuple[TimelineEvent, ...] = ()
                if values.pop("id") == ahead[0]:
                    found = tuple(TimelineEvent(*each[1:]) for each in ahead[1])
                    ahead = next(groups, (None, ()))
                yield PastThread(**{**values, "labels": tuple(values["labels"])}, timeline=found)

    def people(self, history: int) -> dict[int, Person]:
        """Return those who took part, by the number of their account."""
        query = sa.select(people.c.account, people.c.login, people.c.is_bot)
        query = query.where(people.c.history == history, people.c.edition == SEEN).order_by(people.c.account)
        with self._engine.connect() as connection:
            return {row[0]: Person(*row) for row in connection.execute(query)}

    def logins(self, of: Collection[int], accounts: Container[int]) -> dict[int, str]:
        """Return what accounts were called when they were seen last, by their numbers.

        Args:
            of: the numbers of the histories that are looked at.
            accounts: of whom; who is in none of these histories is left out.
        """
        query = sa.select(people.c.account, people.c.login)
        query = query.where(people.c.history.in_(of), people.c.edition == SEEN)
        query = query.order_by(people.c.seen_at, people.c.history)
        with self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query) if row[0] in accounts}

    def titles(self, history: int, numbers: Collection[int]) -> dict[int, str]:
        """Return the titles of those threads that are known, as long as GitHub lets titles be."""
        which = (threads.c.history == history, threads.c.edition == SEEN, threads.c.number.in_(numbers))
        query = sa.select(threads.c.number, sa.func.substr(threads.c.title, 1, _TITLE)).where(*which)
        with self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def known_until(self, history: int) -> datetime | None:
        """Return when a thread changed last, as far as is known; None where there is no thread."""
        query = sa.select(sa.func.max(threads.c.updated_at).label("at"))
        query = query.where(threads.c.history == history, threads.c.edition == SEEN)
        with self._engine.connect() as connection:
            found: datetime | None = connection.execute(query).scalar_one()
        return found

    def releases(self, history: int) -> list[PastRelease]:
        """Return the releases, the oldest first."""
        columns = [releases.c[name] for name in PastRelease.__slots__]
        query = sa.select(*columns).where(releases.c.history == history)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(releases.c.published_at, releases.c.tag))
            return [PastRelease(*row) for row in rows]

    def keep_releases(self, history: int, found: Iterable[PastRelease]) -> None:
        """Keep these releases in place of those that were kept.

        Raises:
            UsherError: the history was purged meanwhile.
        """
        rows = {
            each.tag: {"history": history, **{name: getattr(each, name) for name in PastRelease.__slots__}}
            for each in found
        }
        with holding(self._database, history) as connection:
            connection.execute(sa.delete(releases).where(releases.c.history == history))
            if rows:
                connection.execute(sa.insert(releases), list(rows.values()))

    def mark(self, history: int, account: int, *, is_bot: bool, by: str) -> None:
        """Keep that a maintainer said of an account that it is a bot, or that it is none.

        Args:
            by: the maintainer's login.

        Raises:
            UsherError: the history was purged meanwhile.
        """
        said = {"is_bot": is_bot, "by": by, "at": datetime.now(UTC)}
        mark = self._database.insert(bot_marks).values(history=history, account=account, **said)
        mark = mark.on_conflict_do_update(index_elements=["history", "account"], set_=said)
        with holding(self._database, history) as connection:
            connection.execute(mark)

    def forget_mark(self, history: int, account: int) -> bool:
        """Forget what a maintainer said of an account. Returns False where nobody said anything."""
        which = (bot_marks.c.history == history, bot_marks.c.account == account)
        with self._database.turn, self._engine.begin() as connection:
            return connection.execute(sa.delete(bot_marks).where(*which)).rowcount > 0

    def marks(self, history: int) -> dict[int, BotMark]:
        """Return what maintainers said of accounts, by the numbers of these, in their order."""
        columns = (bot_marks.c.account, bot_marks.c.is_bot, bot_marks.c.by, bot_marks.c.at)
        query = sa.select(*columns).where(bot_marks.c.history == history).order_by(bot_marks.c.account)
        with self._engine.connect() as connection:
            return {row[0]: BotMark(*row[1:]) for row in connection.execute(query)}

    def marked(self) -> tuple[int, datetime | None]:
        """Return how many accounts somebody said something of, and when last: it changes with each click."""
        query = sa.select(sa.func.count(), sa.func.max(bot_marks.c.at).label("at")).select_from(bot_marks)
        with self._engine.connect() as connection:
            count, at = connection.execute(query).one()
        return count, at

    def _hold_still(self, connection: sa.Connection) -> None:
        """Let all that is read over a connection be of one moment."""
        if self._database.is_sqlite:  # the driver begins no transaction by itself for what only reads
            connection.exec_driver_sql("BEGIN")
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")

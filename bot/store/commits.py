"""The commits of a history: written a page at a time, and seen once the walk over them is complete.

A *walk* goes over the commits of one tip, the newest first. Each commit says which walk met it first, and
which one last: those that no complete walk has met are not seen, and those that a walk over all of them
did not meet are no longer on the branch.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from bot.core.errors import UsherError
from bot.core.history import CommitsBefore, PastCommit
from bot.core.history_commits import ReadCommit
from bot.core.mailmap import Alias, Mailmap
from bot.store.database import Database
from bot.store.history import SEEN
from bot.store.history_tables import aliases, commits, histories, people

_AT_ONCE = 1_000  # rows that a reader holds
_OWN = [commits.c[name] for name in PastCommit.__slots__]


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk that is under way.

    Args:
        number: its number.
        tip: the commit at which it began.
        since: commits that are older are not read; None for all.
        total: how many there are to read.
        cursor: where the next page begins.
        over_rest: of which API the cursor is.
        met: whether it has met the tip of the walk before, so that nothing has left the branch.
        done: how many it has met.
    """

    number: int
    tip: str
    since: str | None
    total: int
    cursor: str | None
    over_rest: bool
    met: bool = False
    done: int = 0


@dataclass(frozen=True, slots=True)
class Branch:
    """What is known of the default branch.

    Args:
        number: of the last walk that is complete; 0 where none is.
        tip: the commit at which that began; None where there was none, "" where the branch had no commits.
        since: commits that are older were not read; None where all were.
        walk: the one under way.
    """

    number: int = 0
    tip: str | None = None
    since: str | None = None
    walk: Walk | None = None

    @classmethod
    def of(cls, said: Mapping[str, Any] | None) -> "Branch":
        """Read what a history's row says."""
        if not said:
            return cls()
        walk = said["walk"]
        return cls(**{**said, "walk": Walk(**walk) if walk else None})

    def covers(self, since: str | None) -> bool:
        """Whether all commits since then are known, or being read."""
        return self.since is None or (since is not None and self.since <= since)


class Commits:
    """Commits into the database and out of it.

    Args:
        database: where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def branch(self, history: int) -> Branch:
        """Return how far the reading of a history's commits has come."""
        query = sa.select(histories.c.branch).where(histories.c.id == history)
        with self._database.engine.connect() as connection:
            return Branch.of(connection.execute(query).scalar_one_or_none())

    def read(self, history: int, since: datetime | None = None) -> Iterator[PastCommit] | None:
        """Return the commits, by whom the mailmap says; None where they were never read to their end.

        They come in no order.

        Args:
            since: those from this moment on; None for all.
        """
        branch = self.branch(history)
        if branch.tip is None:
            return None
        return map(Mailmap(self.aliases(history)).applied, self._read(history, branch.number, since))

    def before(self, history: int, moment: datetime) -> CommitsBefore:
        """Return what is known of the commits before a moment; the database counts them."""
        kind = (commits.c.key, commits.c.name, commits.c.author, commits.c.is_merge)
        seen = (commits.c.history == history, commits.c.first_walk <= self.branch(history).number)
        query = sa.select(*kind, sa.func.count()).where(*seen, commits.c.committed_at < moment)
        mailmap, counts = Mailmap(self.aliases(history)), [0, 0]
        accounts: dict[str, int] = {}
        with self._database.engine.connect() as connection:
            rows = connection.execute(query.group_by(*kind).order_by(commits.c.author))
            for key, name, author, is_merge, count in rows:
                counts[is_merge] += count
                if author is not None:
                    accounts[mailmap.whose(key, name)[0]] = author
        plain, merges = counts
        return CommitsBefore(plain, merges, accounts)

    def aliases(self, history: int) -> list[Alias]:
        """Return the lines of the mailmap."""
        query = sa.select(*(aliases.c[name] for name in Alias.__slots__)).where(aliases.c.history == history)
        with self._database.engine.connect() as connection:
            return [Alias(*row) for row in connection.execute(query)]

    def keep(
        self,
        history: int,
        branch: Branch,
        found: Sequence[ReadCommit],
        mailmap: Sequence[Alias] | None = None,
    ) -> None:
        """Keep a page of commits, and how far the walk has come.

        Args:
            history: to which they belong.
            branch: how far it is with this page.
            found: the commits.
            mailmap: with the first page of a walk, which also takes away what one that was given up has left.

        Raises:
            UsherError: the history was purged meanwhile, or the database refused.
        """
        assert branch.walk is not None
        number = branch.walk.number
        walks = {"history": history, "first_walk": number, "last_walk": number}
        rows = {each.commit.sha: {**walks, **asdict(each.commit)} for each in found}
        mine = commits.c.history == history
        met_in_vain = sa.update(commits).where(mine, commits.c.last_walk > branch.number)
        insert = self._database.insert(commits)
        again = {name: insert.excluded[name] for name in ("last_walk", "author", "key", "name")}
        insert = insert.on_conflict_do_update(index_elements=["history", "sha"], set_=again)
        with self._noting(history, branch) as connection:
            if mailmap is not None:
                connection.execute(sa.delete(commits).where(mine, commits.c.first_walk > branch.number))
                connection.execute(met_in_vain.values(last_walk=branch.number))
                _replace_aliases(connection, history, mailmap)
            if rows:
                connection.execute(insert, list(rows.values()))
            self._keep_people(connection, history, found)

    def give_up(self, history: int) -> None:
        """End the walk that is under way, if there is one; what it has read is deleted when the next begins.

        Raises:
            UsherError: the history was purged meanwhile, or the database refused.
        """
        with self._noting(history, replace(self.branch(history), walk=None)):
            pass

    def finish(self, history: int, branch: Branch, since: datetime | None, *, sweep: bool) -> None:
        """Let everybody see what a walk has read.

        Args:
            branch: what is known from now on.
            since: from when on the walk has met all commits.
            sweep: whether those that it has not met are to be deleted.

        Raises:
            UsherError: the history was purged meanwhile, or the database refused.
        """
        gone = [commits.c.history == history, commits.c.last_walk < branch.number]
        if since is not None:
            gone.append(commits.c.committed_at >= since)
        with self._noting(history, branch) as connection:
            if sweep:
                connection.execute(sa.delete(commits).where(*gone))

    def count(self, history: int, since: datetime | None) -> int:
        """Return how many commits are kept, whether anybody sees them yet or not."""
        query = sa.select(sa.func.count()).select_from(commits).where(commits.c.history == history)
        if since is not None:
            query = query.where(commits.c.committed_at >= since)
        with self._database.engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def _read(self, history: int, number: int, since: datetime | None) -> Iterator[PastCommit]:
        query = sa.select(*_OWN).where(commits.c.history == history, commits.c.first_walk <= number)
        if since is not None:
            query = query.where(commits.c.committed_at >= since)
        with self._database.engine.connect() as connection:
            for row in connection.execution_options(yield_per=_AT_ONCE).execute(query):
                yield PastCommit(*row)

    def _keep_people(self, connection: sa.Connection, history: int, found: Sequence[ReadCommit]) -> None:
        """Keep the names of accounts that no thread has told of."""
        known = {each.person.id: each.person for each in found if each.person}
        of_history = {"history": history, "edition": SEEN, "seen_at": datetime.now(UTC)}
        rows = [
            {**of_history, "account": id_, "login": person.login, "is_bot": person.is_bot}
            for id_, person in known.items()
        ]
        if rows:
            connection.execute(self._database.insert(people).on_conflict_do_nothing(), rows)

    @contextmanager
    def _noting(self, history: int, branch: Branch) -> Iterator[sa.Connection]:
        """A transaction that notes how far the reading has come; it holds the history's row until its end."""
        note = sa.update(histories).where(histories.c.id == history).values(branch=asdict(branch))
        try:
            with self._database.turn, self._database.engine.begin() as connection:
                if connection.execute(note).rowcount != 1:
                    raise UsherError("the history was purged while its commits were read")
                yield connection
        except DBAPIError as error:
            reason = str(error.orig).strip().split("\n", 1)[0]
            raise UsherError(f"the database {self._database.shown} refused: {reason}") from error


def _replace_aliases(connection: sa.Connection, history: int, mailmap: Sequence[Alias]) -> None:
    connection.execute(sa.delete(aliases).where(aliases.c.history == history))
    rows = [{"history": history, **asdict(alias)} for alias in mailmap]
    if rows:
        connection.execute(sa.insert(aliases), rows)

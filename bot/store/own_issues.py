"""Issues that Usher keeps itself, in and out of the database: one for each purpose in a repository.

Pull requests are worked on side by side, and two of them may want the same issue opened. Whoever opens it
first notes that it is about to, in the row that will hold the issue; others come back later.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.tables import own_issues

HELD = timedelta(minutes=5)  # longer than the few requests of one who opens an issue can take
_NONE_YET = 0  # in place of the issue's number; the digest then tells who opens it


@dataclass(frozen=True, slots=True)
class OwnIssue:
    """An issue that Usher opened.

    Args:
        number: of the issue.
        digest: of what it says; "" where that is not certain.
        written_at: when it was new (UTC).
    """

    number: int
    digest: str
    written_at: datetime


class OwnIssues:
    """The issues that Usher opened.

    Args:
        database: where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._turn = database.turn
        self._insert = database.insert

    def of(self, repository_id: int, purpose: str) -> OwnIssue | None:
        """Return the issue that this purpose has in a repository; None before it is opened."""
        query = sa.select(own_issues.c.issue, own_issues.c.digest, own_issues.c.written_at).where(
            *_here(repository_id, purpose), own_issues.c.issue != _NONE_YET
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else OwnIssue(*row)

    def purpose(self, repository_id: int, number: int) -> str | None:
        """Return the purpose of an issue; None where Usher did not open it."""
        query = sa.select(own_issues.c.purpose).where(
            own_issues.c.repository_id == repository_id, own_issues.c.issue == number
        )
        with self._engine.connect() as connection:
            return connection.execute(query.limit(1)).scalar_one_or_none()

    def of_kind(self, repository_id: int, kind: str) -> tuple[int, ...]:
        """Return the numbers of the issues whose purpose begins with a word, such as ``docs-follow-up``."""
        query = sa.select(own_issues.c.issue).where(
            own_issues.c.repository_id == repository_id,
            own_issues.c.purpose.startswith(f"{kind} ", autoescape=True),
            own_issues.c.issue != _NONE_YET,
        )
        with self._engine.connect() as connection:
            return tuple(connection.execute(query.order_by(own_issues.c.issue)).scalars())

    def take(self, repository_id: int, purpose: str, installation: int, holder: int) -> bool:
        """Become the one who opens the issue.

        Args:
            repository_id, purpose: which issue.
            installation: where the repository belongs.
            holder: the action on whose behalf; after a crash it may go on at once.

        Returns:
            False where another action is at it, or it is open already.
        """
        now = datetime.now(UTC)
        held = {"installation": installation, "digest": str(holder), "written_at": now}
        row = self._insert(own_issues).values(
            repository_id=repository_id, purpose=purpose, issue=_NONE_YET, **held
        )
        is_free = sa.or_(own_issues.c.written_at <= now - HELD, own_issues.c.digest == str(holder))
        mine = row.on_conflict_do_update(
            index_elements=["repository_id", "purpose"],
            set_=held,
            where=sa.and_(own_issues.c.issue == _NONE_YET, is_free),
        )
        with self._turn, self._engine.begin() as connection:
            return connection.execute(mine.returning(own_issues.c.issue)).first() is not None

    def give(self, repository_id: int, purpose: str, holder: int) -> None:
        """Let others open the issue."""
        mine = (own_issues.c.issue == _NONE_YET, own_issues.c.digest == str(holder))
        with self._engine.begin() as connection:
            connection.execute(sa.delete(own_issues).where(*_here(repository_id, purpose), *mine))

    def opened(self, repository_id: int, purpose: str, number: int, said: str) -> None:
        """Keep the issue that was opened just now, and what it says."""
        values = {"issue": number, "digest": said, "written_at": datetime.now(UTC)}
        self._set(repository_id, purpose, values)

    def says(self, repository_id: int, purpose: str, said: str) -> None:
        """Keep what an issue says: a digest, or "" where that is not certain."""
        self._set(repository_id, purpose, {"digest": said})

    def _set(self, repository_id: int, purpose: str, values: dict[str, object]) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.update(own_issues).where(*_here(repository_id, purpose)).values(**values))


def _here(repository_id: int, purpose: str) -> tuple[sa.ColumnElement[bool], ...]:
    return own_issues.c.repository_id == repository_id, own_issues.c.purpose == purpose

"""What is known of installations, repositories, people and paused threads."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.purging import purge_installation
from bot.store.renaming import rename_repository
from bot.store.tables import (
    comments,
    contributors,
    corrections,
    flows,
    gates,
    installations,
    own_issues,
    pauses,
    repositories,
)


@dataclass(frozen=True, slots=True)
class RepositoryRecord:
    """A repository that the App is installed on, with its last good configuration."""

    full_name: str
    installation: int
    good_config: str | None
    config_problems: str | None


@dataclass(frozen=True, slots=True)
class KeptComment:
    """A comment that Usher wrote.

    Args:
        id: its number at GitHub.
        written_at: when it was new.
        digest: of what it says; None where that is not certain.
    """

    id: int
    written_at: datetime
    digest: str | None = None


def digest(text: str) -> str:
    """Return 64 hexadecimal digits that stand for a text."""
    return hashlib.sha256(text.encode()).hexdigest()


class Registry:
    """Installations, repositories, people and pauses in and out of the database."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._database = database

    def installed(self, installation: int, account: str, *, suspended: bool = False) -> None:
        """Note that the App is installed on an account (or suspended there)."""
        values = {"id": installation, "account": account, "suspended": suspended}
        self._database.upsert(installations, values, ["id"])

    def is_suspended(self, installation: int) -> bool:
        """Tell whether the account suspended the App."""
        query = sa.select(installations.c.suspended).where(installations.c.id == installation)
        with self._engine.connect() as connection:
            return bool(connection.execute(query).scalar_one_or_none())

    def all_installations(self) -> dict[int, str]:
        """Return each installation's account."""
        query = sa.select(installations.c.id, installations.c.account).order_by(installations.c.account)
        with self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def add_repositories(self, installation: int, names: Sequence[str]) -> None:
        """Note that the App was given these repositories."""
        for name in names:
            values = {"full_name": name, "installation": installation}
            self._database.upsert(repositories, values, ["full_name"])

    def remove_repositories(self, names: Sequence[str]) -> None:
        """Forget these repositories; what happened there stays in the ledger until purged."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(repositories).where(repositories.c.full_name.in_(names)))
            for table in (flows, gates):
                connection.execute(sa.delete(table).where(table.c.repository.in_(names)))

    def rename(self, repository_id: int, before: str, full_name: str, installation: int) -> None:
        """Let all that is known of a repository go by its new name. See ``bot/store/renaming.py``."""
        rename_repository(self._database, repository_id, before, full_name, installation)

    def repositories_of(self, installation: int) -> list[str]:
        """Return the full names of an installation's repositories."""
        query = sa.select(repositories.c.full_name).where(repositories.c.installation == installation)
        with self._engine.connect() as connection:
            return list(connection.execute(query.order_by(repositories.c.full_name)).scalars())

    def repository(self, full_name: str) -> RepositoryRecord | None:
        """Return what is known of a repository."""
        columns = [repositories.c[name] for name in RepositoryRecord.__slots__]
        query = sa.select(*columns).where(sa.func.lower(repositories.c.full_name) == full_name.lower())
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else RepositoryRecord(**row)

    def all_repositories(self) -> list[RepositoryRecord]:
        """Return every repository, by name."""
        columns = [repositories.c[name] for name in RepositoryRecord.__slots__]
        query = sa.select(*columns).order_by(repositories.c.full_name)
        with self._engine.connect() as connection:
            return [RepositoryRecord(**row) for row in connection.execute(query).mappings()]

    def keep_config(
        self, full_name: str, installation: int, *, good: str | None, problems: str | None
    ) -> None:
        """Keep a repository's last good configuration, and what is wrong with the present one."""
        values = {"full_name": full_name, "installation": installation, "config_problems": problems}
        if good is not None:
            values["good_config"] = good
        self._database.upsert(repositories, values, ["full_name"])

    def is_paused(self, repository_id: int, number: int) -> bool:
        """Tell whether a maintainer asked Usher to leave this thread alone."""
        query = sa.select(
            sa.exists().where(pauses.c.repository_id == repository_id, pauses.c.number == number)
        )
        with self._engine.connect() as connection:
            return bool(connection.execute(query).scalar_one())

    def set_paused(self, repository_id: int, number: int, installation: int, *, paused: bool) -> bool:
        """Pause a thread or take it up again. Returns False where it was so already."""
        if paused == self.is_paused(repository_id, number):
            return False
        with self._engine.begin() as connection:
            connection.execute(
                sa.delete(pauses).where(pauses.c.repository_id == repository_id, pauses.c.number == number)
            )
            if paused:
                values = {
                    "repository_id": repository_id,
                    "number": number,
                    "installation": installation,
                    "since": datetime.now(UTC),
                }
                connection.execute(sa.insert(pauses).values(**values))
        return True

    def comment(self, repository_id: int, number: int, purpose: str) -> KeptComment | None:
        """Return the comment that this purpose has on a thread."""
        query = sa.select(comments.c.comment, comments.c.written_at, comments.c.digest).where(
            comments.c.repository_id == repository_id,
            comments.c.number == number,
            comments.c.purpose == purpose,
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else KeptComment(*row)

    def comment_purposes(self, repository_id: int, number: int) -> frozenset[str]:
        """Return the purposes that have a comment on a thread."""
        query = sa.select(comments.c.purpose).where(
            comments.c.repository_id == repository_id, comments.c.number == number
        )
        with self._engine.connect() as connection:
            return frozenset(connection.execute(query).scalars())

    def keep_comment(
        self,
        repository_id: int,
        number: int,
        purpose: str,
        comment: int,
        installation: int,
        *,
        said: str | None = None,
    ) -> None:
        """Keep the comment that this purpose has on a thread; of one that is known, only what it says."""
        known = self.comment(repository_id, number, purpose)
        kept = KeptComment(
            comment, known.written_at if known and known.id == comment else datetime.now(UTC), said
        )
        if kept == known:
            return
        values = {
            "repository_id": repository_id,
            "number": number,
            "purpose": purpose,
            "installation": installation,
            "comment": kept.id,
            "written_at": kept.written_at,
            "digest": kept.digest,
        }
        self._database.upsert(comments, values, ["repository_id", "number", "purpose"])

    def comments_written(self, repository_id: int, number: int, since: datetime) -> tuple[int, int]:
        """Count the comments that stand on a thread, and those written since then in its repository.

        An issue that Usher opened counts as one that was written.
        """
        here = comments.c.repository_id == repository_id
        count = sa.select(sa.func.count()).select_from(comments)
        with self._engine.connect() as connection:
            thread = connection.execute(count.where(here, comments.c.number == number)).scalar_one()
            lately = connection.execute(count.where(here, comments.c.written_at >= since)).scalar_one()
            opened = sa.select(sa.func.count()).where(
                own_issues.c.repository_id == repository_id, own_issues.c.written_at >= since
            )
            return thread, lately + connection.execute(opened).scalar_one()

    def forget_comment(self, repository_id: int, number: int, purpose: str) -> None:
        """Forget a comment that is gone."""
        with self._engine.begin() as connection:
            connection.execute(
                sa.delete(comments).where(
                    comments.c.repository_id == repository_id,
                    comments.c.number == number,
                    comments.c.purpose == purpose,
                )
            )

    def milestones(self, owner: str, account: int) -> dict[str, str]:
        """Return a person's firsts under an owner: ``issue``, ``pull`` or ``merge`` -> the thread."""
        query = sa.select(contributors.c.milestone, contributors.c.thread).where(
            contributors.c.owner == owner.lower(), contributors.c.account == account
        )
        with self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def keep_milestone(
        self, owner: str, account: int, milestone: str, thread: str, installation: int
    ) -> None:
        """Keep a person's first issue, pull request or merge; the earliest one kept stays."""
        values = {
            "owner": owner.lower(),
            "account": account,
            "milestone": milestone,
            "installation": installation,
            "thread": thread,
        }
        insert = self._database.insert(contributors).values(**values).on_conflict_do_nothing()
        with self._engine.begin() as connection:
            connection.execute(insert)

    def keep_correction(self, **values: Any) -> None:
        """Keep what a person corrected, once per action of the ledger."""
        insert = (
            self._database.insert(corrections).values(**values, at=datetime.now(UTC)).on_conflict_do_nothing()
        )
        with self._engine.begin() as connection:
            connection.execute(insert)

    def purge(self, installation: int) -> bool:
        """Delete everything that is known of an installation: it was removed, or its owner asked.

        Returns:
            False where nothing was known of it.
        """
        return purge_installation(self._database, installation)

"""A database that is locked, read-only, full or gone: 503, never a false 202, and it recovers by itself."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.web import app as web_app
from bot.web.app import create_app
from bot.web.group_commit import GroupCommit
from tests.conftest import empty_database, migrated
from tests.web.deliver import deliver
from tests.web.site import in_thread, services_on


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up on the database after half a second, so that nobody waits for these tests."""
    monkeypatch.setattr(web_app, "GroupCommit", partial(GroupCommit, patience=0.5))


def check(database: Database, url: str, trouble: Any) -> None:
    """Deliver before, during and after the trouble."""
    assert deliver(url, b'{"when": "before"}').status == 202
    with trouble:
        answer = deliver(url, b'{"when": "during"}')
        assert answer.status == 503
        assert "retry-after" in answer.head.lower()
        assert answer.text.count("\n") == 1
    assert deliver(url, b'{"when": "after"}').status == 202
    assert sum(Inbox(database).counts().values()) >= 2


@contextmanager
def sqlite_site(tmp_path: Path) -> Iterator[tuple[Database, str]]:
    with (
        migrated(f"sqlite:///{tmp_path / 'usher.db'}") as database,
        in_thread(create_app(services_on(database))) as url,
    ):
        yield database, url


@contextmanager
def pragmas(database: Database, during: str, after: str) -> Iterator[None]:
    """Set something on every connection, for a while."""

    def tell(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        connection.execute(during)

    sa.event.listen(database.engine, "checkout", tell)
    yield
    sa.event.remove(database.engine, "checkout", tell)

    def untell(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        connection.execute(after)

    sa.event.listen(database.engine, "checkout", untell)


def test_sqlite_locked_by_another(tmp_path: Path) -> None:
    @contextmanager
    def locked() -> Iterator[None]:
        other = sqlite3.connect(tmp_path / "usher.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()

    with sqlite_site(tmp_path) as (database, url):
        check(database, url, locked())


@pytest.mark.parametrize(
    ("during", "after"),
    [
        ("PRAGMA query_only=1", "PRAGMA query_only=0"),
        ("PRAGMA max_page_count=1", "PRAGMA max_page_count=1000000"),
    ],
    ids=["read-only", "disk full"],
)
def test_sqlite_refuses_to_write(tmp_path: Path, during: str, after: str) -> None:
    with sqlite_site(tmp_path) as (database, url):
        # Fill the pages that are there, so that the next delivery needs a new one.
        assert deliver(url, b"x" * 20_000).status == 202
        check(database, url, pragmas(database, during, after))


class PostgresSite:
    """A PostgreSQL database that an administrator plays tricks on."""

    def __init__(self, admin_url: str, name: str) -> None:
        self.admin_url = admin_url
        self.name = name

    def run(self, *statements: str) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def hang_up(self) -> str:
        return f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.name}'"

    @contextmanager
    def changed(self, during: str, after: str) -> Iterator[None]:
        self.run(f"ALTER DATABASE {self.name} {during}", self.hang_up())
        yield
        self.run(f"ALTER DATABASE {self.name} {after}", self.hang_up())


@pytest.fixture
def postgres_site(
    request: pytest.FixtureRequest, postgres: Any, tmp_path: Path
) -> Iterator[tuple[PostgresSite, Database, str]]:
    with (
        empty_database("postgres", tmp_path, request) as database_url,
        migrated(database_url) as database,
        in_thread(create_app(services_on(database))) as url,
    ):
        name = database.url.database
        assert name is not None
        yield PostgresSite(postgres.get_uri(), name), database, url


def test_postgres_locked_by_another(postgres_site: tuple[PostgresSite, Database, str]) -> None:
    _site, database, url = postgres_site

    @contextmanager
    def locked() -> Iterator[None]:
        with database.engine.begin() as other:
            other.execute(sa.text("LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE"))
            yield

    check(database, url, locked())


def test_postgres_read_only(postgres_site: tuple[PostgresSite, Database, str]) -> None:
    site, database, url = postgres_site
    read_only = "SET default_transaction_read_only"
    check(database, url, site.changed(f"{read_only} = on", f"{read_only} = off"))


def test_postgres_gone(postgres_site: tuple[PostgresSite, Database, str]) -> None:
    site, database, url = postgres_site
    check(database, url, site.changed("ALLOW_CONNECTIONS false", "ALLOW_CONNECTIONS true"))

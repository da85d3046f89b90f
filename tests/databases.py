"""Databases that the tests of a module share, emptied for each test: much quicker than new ones.

They do not wait for the disk, since nothing here pulls the plug; what does has a database of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from bot.store.database import Database
from bot.store.tables import metadata
from tests.conftest import KINDS, empty_database, migrated


@pytest.fixture(scope="module", params=KINDS)
def shared_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """One migrated database of each kind for a module."""
    folder = tmp_path_factory.mktemp("database")
    with empty_database(request.param, folder, request) as url, careless(url) as database:
        yield database


@pytest.fixture
def database(shared_database: Database) -> Database:
    """The module's database, without a row; each test that asks for it runs on both kinds."""
    return emptied(shared_database)


@pytest.fixture(scope="module")
def shared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One migrated SQLite database for a module, where the kind makes no difference."""
    with careless(f"sqlite:///{tmp_path_factory.mktemp('database') / 'usher.db'}") as database:
        yield database


@pytest.fixture
def sqlite_database(shared_sqlite: Database) -> Database:
    """The module's SQLite database, without a row."""
    return emptied(shared_sqlite)


only_postgres = pytest.mark.parametrize("shared_database", ["postgres"], indirect=True)


def emptied(database: Database) -> Database:
    """Delete every row."""
    with database.engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    return database


@contextmanager
def careless(url: str) -> Iterator[Database]:
    """Open and migrate a database that does not wait for the disk."""
    with migrated(url) as database:
        database.engine.dispose()
        sa.event.listen(database.engine, "connect", _hurry if database.is_sqlite else _hurry_postgres)
        yield database


def _hurry(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _hurry_postgres(connection: Any, _record: object) -> None:
    connection.execute("SET synchronous_commit TO off")
    connection.commit()

"""Databases that the tests of a module share, emptied for each test: much quicker than new ones."""

from collections.abc import Iterator

import pytest

from bot.store.database import Database
from bot.store.tables import metadata
from tests.conftest import KINDS, empty_database, migrated


@pytest.fixture(scope="module", params=KINDS)
def shared_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """One migrated database of each kind for a module."""
    folder = tmp_path_factory.mktemp("database")
    with empty_database(request.param, folder, request) as url, migrated(url) as database:
        yield database


@pytest.fixture
def database(shared_database: Database) -> Database:
    """The module's database, without a row; each test that asks for it runs on both kinds."""
    with shared_database.engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    return shared_database


only_postgres = pytest.mark.parametrize("shared_database", ["postgres"], indirect=True)

from collections.abc import Iterator

import pytest

from bot.store.database import Database
from tests.databases import shared_sqlite, sqlite_database
from tests.world import World, living

__all__ = ["shared_sqlite", "sqlite_database"]


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database) as world:
        world.drop_mail()
        yield world

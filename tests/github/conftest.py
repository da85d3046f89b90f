from collections.abc import Iterator

import pytest

from bot.store.database import Database
from tests.world import World, living


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database) as world:
        yield world

from collections.abc import Iterator

import pytest

from bot.store.database import Database
from tests.databases import database, shared_database
from tests.world import World, living

__all__ = ["database", "shared_database"]


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    with living(database) as world:
        world.drop_mail()
        yield world

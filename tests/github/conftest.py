from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.github.client import RepositoryClient
from bot.store.database import Database
from bot.store.pace import Pace
from tests.databases import shared_sqlite, sqlite_database
from tests.github.scripted import Scripted, github_at, scripted
from tests.world import World, living

__all__ = ["shared_sqlite", "sqlite_database"]


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database) as world:
        world.drop_mail()
        yield world


@pytest.fixture
def script() -> Iterator[Scripted]:
    with scripted() as script:
        yield script


@pytest.fixture
def elsewhere() -> Iterator[Scripted]:
    """A host that is not GitHub, and must not be asked for anything."""
    with scripted() as script:
        yield script
        assert script.asked == []


@pytest.fixture
def client(script: Scripted, sqlite_database: Database) -> RepositoryClient:
    """A client of ``octo/engine`` at the scripted server."""
    hub = github_at(script, Pace(sqlite_database, timedelta(0)))
    return hub.repository(1, "octo/engine")

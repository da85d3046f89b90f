"""Fixtures of the web application's tests."""

from collections.abc import Iterator

import pytest

from bot.store.database import Database
from bot.web.app import create_app
from tests.web.site import in_thread, services_on


@pytest.fixture
def url(database: Database) -> Iterator[str]:
    """The URL of a running web application, over each kind of database."""
    with in_thread(create_app(services_on(database))) as where:
        yield where

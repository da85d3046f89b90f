"""What all pages share: whoever may read one may ask for its head alone."""

from collections.abc import Iterator

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from bot.store.database import Database
from bot.web import app as application
from bot.web.manifest import CALLBACK_PATH
from bot.web.services import Services
from tests.databases import shared_sqlite, sqlite_database
from tests.test_rollups import ENGINE, keep
from tests.web.furnish import furnish
from tests.web.site import services_on

__all__ = ["shared_sqlite", "sqlite_database"]


@pytest.fixture
def services(sqlite_database: Database) -> Services:
    found = services_on(sqlite_database)
    furnish(found)
    keep(sqlite_database, "acme/widgets", ENGINE)
    return found


def routes_of(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[APIRoute]:
    """Every route that the application is made of."""
    routers: list[APIRouter] = []
    include = application.FastAPI.include_router

    def noted(self: application.FastAPI, router: APIRouter) -> None:
        routers.append(router)
        include(self, router)

    monkeypatch.setattr(application.FastAPI, "include_router", noted)
    application.create_app(services)
    routes: list[BaseRoute] = [route for router in routers for route in router.routes]
    yield from (route for route in routes if isinstance(route, APIRoute))


def test_what_can_be_read_tells_its_head(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    methods = {route.path: route.methods for route in routes_of(services, monkeypatch)}
    read = {path for path, each in methods.items() if "GET" in each}
    assert {"/", "/r/{owner}", "/deliveries", "/healthz"} <= read
    # Where GitHub sends the browser back to with a code, the code is used.
    assert {path for path in read if "HEAD" not in methods[path]} == {CALLBACK_PATH}


@pytest.mark.parametrize(
    "path", ["/", "/r/acme/report", "/r/acme/report.md", "/r/acme/widgets", "/reports", "/deliveries"]
)
def test_the_head_is_that_of_the_page(client: TestClient, path: str) -> None:
    page, head = client.get(path), client.head(path)
    assert (head.status_code, head.headers["content-type"]) == (200, page.headers["content-type"])

"""The web application: the webhook's plain ASGI endpoint in front, everything else behind it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from bot.web.body import Receive, Send
from bot.web.group_commit import GroupCommit
from bot.web.health import health_routes
from bot.web.ingest import PATH, Ingest
from bot.web.metrics import Meter
from bot.web.services import Services


class Application:
    """Sends each request where it belongs; deliveries pass no framework."""

    def __init__(self, ingest: Ingest, pages: FastAPI) -> None:
        self._ingest = ingest
        self.pages = pages

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "http" and scope["path"] == PATH:
            await self._ingest(scope, receive, send)
        else:
            await self.pages(scope, receive, send)


def create_app(services: Services) -> Application:
    """Build the web application.

    Args:
        services: its parts; ``services.credentials`` may be replaced while it runs.
    """
    meter = Meter(services.inbox.counts, services.ledger.counts)
    commit = GroupCommit(services.inbox.store, services.wake)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        commit.start()
        yield
        await commit.close()

    def secrets() -> tuple[bytes, ...] | None:
        return None if services.credentials is None else services.credentials.secrets()

    pages = FastAPI(title="Usher", openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)
    pages.include_router(health_routes(services, meter))
    return Application(Ingest(secrets, commit, meter), pages)

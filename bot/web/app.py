"""The web application: the webhook's plain ASGI endpoint in front, everything else behind it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from bot.core.errors import SetupError
from bot.reporting import Reports
from bot.settings import Settings, credentials_path, store_private
from bot.web.access import KEY_FILE, Guard, dashboard_key, security_headers
from bot.web.dashboard import dashboard_routes
from bot.web.faults import catch_errors
from bot.web.group_commit import GroupCommit
from bot.web.health import health_routes
from bot.web.ingest import Ingest
from bot.web.manifest import WEBHOOK_PATH
from bot.web.metrics import Meter
from bot.web.pages import Notices, Pages
from bot.web.reports import KEPT, report_routes
from bot.web.rollup import rollup_routes
from bot.web.seal import Seal, new_token
from bot.web.services import Services
from bot.web.setup import Setup, setup_routes
from bot.web.statics import static_routes
from bot.web.words import web_url

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Application:
    """Sends each request where it belongs; deliveries pass no framework.

    Args:
        ingest: takes deliveries.
        pages: serves everything else.
        entrance: how to open the dashboard, in a few words, for whoever starts the server.
        is_set_up: whether there is a GitHub App yet.
        end: gives up what would take longer than a server that ends should wait.
    """

    def __init__(
        self, ingest: Ingest, pages: Guard, *, entrance: str, is_set_up: bool, end: Callable[[], None]
    ) -> None:
        self._ingest = ingest
        self._pages = pages
        self.entrance = entrance
        self.is_set_up = is_set_up
        self.end = end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "http" and scope["path"] == WEBHOOK_PATH:
            await self._ingest(scope, receive, send)
        else:
            await self._pages(scope, receive, send)


@dataclass(frozen=True)
class Vault:
    """The file that setup writes."""

    path: Path
    from_environment: bool

    def keep(self, text: str) -> None:
        """Write the file, for its owner's eyes only."""
        store_private(self.path, text)


def create_app(services: Services) -> Application:
    """Build the web application.

    Args:
        services: its parts; ``services.credentials`` may be replaced while it runs.

    Raises:
        SetupError: the dashboard's key cannot be read or stored.
    """
    settings = services.settings
    assert isinstance(settings, Settings), "the command line passes its own settings"
    meter = Meter(services.inbox.counts, services.ledger.counts)
    commit = GroupCommit(services.inbox.store, services.wake)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        commit.start()
        yield
        await commit.close()

    def secrets() -> tuple[bytes, ...] | None:
        return None if services.credentials is None else services.credentials.secrets()

    key, entrance = _entrance(settings)
    seal = Seal(key or new_token())
    pages = Pages(seal, Notices(services.problems, settings.dry_run))
    vault = Vault(credentials_path(settings), _from_environment(settings))
    app = FastAPI(title="Usher", openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)
    catch_errors(app, pages, debug=settings.debug)
    app.include_router(health_routes(services, meter))
    app.include_router(static_routes())
    reports = Reports(services.database, KEPT)
    app.include_router(rollup_routes(reports, services, pages))
    app.include_router(report_routes(reports, services, pages))
    app.include_router(dashboard_routes(services, pages, reports.histories))
    app.include_router(setup_routes(Setup(services, pages, seal, vault)))
    headers = security_headers(web_url(settings.github_api_url))
    return Application(
        Ingest(secrets, commit, meter),
        Guard(app, pages, seal, key, headers),
        entrance=entrance,
        is_set_up=services.credentials is not None,
        end=reports.end,
    )


def _from_environment(settings: Settings) -> bool:
    return any((settings.app_id, settings.private_key, settings.private_key_file, settings.webhook_secret))


def _entrance(settings: Settings) -> tuple[str | None, str]:
    """Return the dashboard's key, or None where it stands open, and how to get in."""
    if settings.dashboard_open and settings.host in LOOPBACK:
        return None, "open to everyone on this machine"
    given = settings.dashboard_key.get_secret_value() if settings.dashboard_key else None
    path = credentials_path(settings).with_name(KEY_FILE).resolve()
    try:
        key = dashboard_key(given, path, store_private)
    except OSError as error:
        raise SetupError(f"the dashboard's key {path} cannot be used: {error.strerror}") from error
    return key, "its key is USHER_DASHBOARD_KEY" if given else f"its key is in {path}"

"""``usher serve`` and ``usher worker``: the server, and further hands for it."""

import signal
import threading
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.core.errors import SetupError

if TYPE_CHECKING:
    from bot.cli.wiring import Store
    from bot.engine import Engine
    from bot.settings import AppCredentials, Settings
    from bot.web.services import Services
    from model.predict import Classifier


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(serve)
    app.command()(worker)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on [USHER_HOST].")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on [USHER_PORT].")] = None,
    web_only: Annotated[
        bool, typer.Option("--web-only", help="Store deliveries and show pages; workers do the rest.")
    ] = False,
    dry_run: Annotated[
        bool | None, typer.Option("--dry-run", help="Plan and record, touch nothing.", show_default=False)
    ] = None,
) -> None:
    """Run the server: webhook, dashboard and, unless --web-only, the worker."""
    from bot.cli import wiring
    from bot.settings import credentials
    from bot.store.database import Database
    from bot.web.app import create_app
    from bot.web.server import listen
    from bot.web.server import serve as serve_app

    settings = wiring.settings(host=host, port=port, dry_run=dry_run)
    identity = credentials(settings)
    reader = wiring.classifier(settings.model)
    probe = Database(settings.database_url)
    probe.check()
    if web_only and probe.is_sqlite:
        raise SetupError("--web-only needs PostgreSQL: with SQLite one process does everything")
    with probe.sole_process():
        probe.close()
        opened = wiring.open_store(settings)
        listener = listen(settings.host, settings.port)
        wiring.announce(settings, reader)
        server = _Server(settings, opened, reader, with_engine=not web_only)
        services = server.services(identity)
        try:
            serve_app(create_app(services), listener)
        finally:
            server.stop()
            opened.database.close()


def worker() -> None:
    """Work on deliveries beside a server (PostgreSQL only)."""
    from bot.cli import wiring

    settings = wiring.settings()
    identity = wiring.needed_credentials(settings)
    opened = wiring.open_store(settings)
    if opened.database.is_sqlite:
        raise SetupError("usher worker needs PostgreSQL: with SQLite `usher serve` does everything")
    reader = wiring.classifier(settings.model)
    wiring.announce(settings, reader)
    engine = wiring.engine(settings, opened, wiring.processor(settings, opened, identity, reader))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    engine.start()
    typer.echo("usher worker: ready", err=True)
    stop.wait()
    engine.stop()
    opened.database.close()


class _Server:
    """The engine beside the web application, started as soon as the App is set up."""

    def __init__(
        self, settings: "Settings", opened: "Store", reader: "Classifier", *, with_engine: bool
    ) -> None:
        self._settings = settings
        self._opened = opened
        self._reader = reader
        self._with_engine = with_engine
        self._engine: Engine | None = None
        self._undo: Any = None
        self._lock = threading.Lock()

    def services(self, identity: "AppCredentials | None") -> "Services":
        from bot.web.services import Services

        opened = self._opened
        services = Services(
            settings=self._settings,
            database=opened.database,
            inbox=opened.inbox,
            ledger=opened.ledger,
            registry=opened.registry,
            credentials=identity,
            wake=self._wake,
            engine_ready=self._ready,
        )
        services.reconfigure = lambda: self._reconfigure(services)
        services.undo = self._undo_action
        if identity is not None:
            self._start(identity)
        return services

    def stop(self) -> None:
        if self._engine is not None:
            self._engine.stop()

    def _start(self, identity: "AppCredentials") -> None:
        from bot.cli import wiring

        with self._lock:
            processor = wiring.processor(self._settings, self._opened, identity, self._reader)
            self._undo = processor.executor.undo
            if self._engine is not None:
                self._engine.stop()
                self._engine = None
            if self._with_engine:
                self._engine = wiring.engine(self._settings, self._opened, processor)
                self._engine.start()

    def _reconfigure(self, services: "Services") -> None:
        from bot.settings import credentials

        identity = credentials(self._settings)
        if identity is not None:
            self._start(identity)
            services.credentials = identity

    def _wake(self) -> None:
        if self._engine is not None:
            self._engine.wake()

    def _ready(self) -> bool:
        return not self._with_engine or (self._engine is not None and self._engine.ready)

    def _undo_action(self, action: int) -> str:
        if self._undo is None:
            raise SetupError("no GitHub App is set up yet")
        said: str = self._undo(action)
        return said

"""What the web application is handed: the command line wires it, and nothing here reads settings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.store.ledger import Ledger
from bot.store.registry import Registry


class Settings(Protocol):
    """The operator's settings that pages need."""

    @property
    def github_api_url(self) -> str: ...
    @property
    def public_url(self) -> str | None: ...
    @property
    def dry_run(self) -> bool: ...


class Credentials(Protocol):
    """The App's identity, as far as the web needs it."""

    @property
    def app_id(self) -> str: ...
    @property
    def slug(self) -> str | None: ...
    @property
    def html_url(self) -> str | None: ...
    def secrets(self) -> tuple[bytes, ...]: ...


def _nothing() -> None:
    """Do nothing: there is no engine beside the web application."""


def _no_undo(action: int) -> str:
    return f"This server cannot undo. On a machine with a worker, run: usher undo {action}"


@dataclass(slots=True)
class Services:
    """The application's parts.

    Args:
        settings: the operator's settings.
        database: open and migrated.
        inbox: deliveries.
        ledger: plans and actions.
        registry: installations and repositories.
        credentials: the App's identity; None until setup is done. ``reconfigure`` replaces it.
        wake: tells the engine, in this process or another, that deliveries were stored.
        undo: reverts one action of the ledger and says in one line what became of it; raises
            ``UsherError`` where it cannot.
        engine_ready: whether the engine runs; True where this process is the web alone.
        reconfigure: reads the credentials again, and sets ``credentials``.
        problems: one line each, shown to the operator on every page.
    """

    settings: Settings
    database: Database
    inbox: Inbox
    ledger: Ledger
    registry: Registry
    credentials: Credentials | None = None
    wake: Callable[[], None] = _nothing
    undo: Callable[[int], str] = _no_undo
    engine_ready: Callable[[], bool] = lambda: True
    reconfigure: Callable[[], None] = _nothing
    problems: list[str] = field(default_factory=list)

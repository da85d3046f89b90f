"""The sandbox itself: it answers requests, installs Apps, and lets people act. No sockets here."""

from collections.abc import Iterable

from bot.sandbox.deliveries import Delivery
from bot.sandbox.installing import (
    announce_installed,
    change_repositories,
    suspend,
    uninstall,
    unsuspend,
)
from bot.sandbox.person import Person
from bot.sandbox.serving import serve
from bot.sandbox.shapes.people import ping_json
from bot.sandbox.state import State
from bot.sandbox.things import App, Installation, Json
from bot.sandbox.users import User
from bot.sandbox.web import Answer, Request


class Sandbox(State):
    """A GitHub of one's own; ``bot/sandbox/__init__.py`` shows how it is used."""

    def handle(self, request: Request) -> Answer:
        return serve(self, request)

    def install(
        self,
        app: App,
        account: str,
        repositories: Iterable[str] | None = None,
        *,
        installation_id: int | None = None,
        sender: str | None = None,
    ) -> Installation:
        """Install an App on an account: on the named repositories, or on all. Sends the webhook."""
        with self.lock:
            owner = self.store.ensure_user(account)
            chosen = None if repositories is None else {self.repo(name).id for name in repositories}
            number, now = installation_id or self.store.next_id(), self.clock.now()
            made = Installation(number, app, owner, chosen, dict(app.permissions), list(app.events), now, now)
            self.store.installations[number] = made
            announce_installed(self, made, self._sender(made, sender))
            return made

    def choose_repositories(self, installation: Installation, repositories: Iterable[str] | None) -> None:
        """Change what an installation covers; None is everything the account has."""
        with self.lock:
            chosen = None if repositories is None else {self.repo(name).id for name in repositories}
            change_repositories(self, installation, installation.account, chosen)

    def uninstall(self, installation: Installation, sender: str | None = None) -> None:
        with self.lock:
            uninstall(self, installation, self._sender(installation, sender))

    def suspend(self, installation: Installation, sender: str | None = None) -> None:
        with self.lock:
            suspend(self, installation, self._sender(installation, sender))

    def unsuspend(self, installation: Installation, sender: str | None = None) -> None:
        with self.lock:
            unsuspend(self, installation, self._sender(installation, sender))

    def _sender(self, installation: Installation, login: str | None) -> User:
        return installation.account if login is None else self.store.ensure_user(login)

    # Acting

    def as_user(self, login: str) -> Person:
        """A person who acts through the same handlers as the REST API, untouched by faults."""
        return Person(self, self.add_user(login))

    def deliver(
        self,
        event: str,
        payload: Json | bytes,
        *,
        guid: str | None = None,
        app: App | None = None,
        installation: Installation | None = None,
    ) -> Delivery | None:
        """Send any delivery, bytes as they are, to an App (by default the only one)."""
        with self.lock:
            target = app or next(iter(self.store.apps.values()))
            return self.hooks.send(target, event, payload, guid=guid, installation=installation)

    def ping(self, app: App) -> None:
        """What GitHub sends when a webhook is set up."""
        with self.lock:
            self.hooks.send(app, "ping", ping_json(self.urls, app))

    def wait_idle(self, timeout: float = 10.0) -> bool:
        """Wait until every webhook has been answered or given up."""
        return self.hooks.sender.wait_idle(timeout)

    def close(self) -> None:
        self.hooks.sender.stop()

"""What a sandbox holds: accounts, repositories and Apps, its clock and its switches. No sockets here."""

import re
import secrets
import threading
from collections.abc import Iterable, Mapping

from bot.sandbox.audit import Write
from bot.sandbox.auth import load_key, new_key
from bot.sandbox.branches import Protection
from bot.sandbox.clock import Clock
from bot.sandbox.faults import Faults
from bot.sandbox.hooks import Hooks
from bot.sandbox.limits import Limits, Violation
from bot.sandbox.shapes.urls import Urls
from bot.sandbox.staleness import Staleness
from bot.sandbox.store import DEFAULT_LABELS, Store
from bot.sandbox.things import App, Repository, Role
from bot.sandbox.users import User

DEFAULT_PERMISSIONS = {
    "metadata": "read",
    "contents": "write",
    "issues": "write",
    "merge_queues": "read",
    "pull_requests": "write",
    "checks": "write",
    "statuses": "read",
}
DEFAULT_EVENTS = (
    "issues",
    "issue_comment",
    "pull_request",
    "pull_request_review",
    "check_run",
    "check_suite",
    "status",
    "push",
    "label",
    "release",
    "repository",
    "merge_group",
)


class State:
    """Everything that requests read and change; ``Sandbox`` answers them."""

    def __init__(self, base_url: str = "http://127.0.0.1") -> None:
        self.lock = threading.RLock()
        self.clock = Clock()
        self.store = Store(self.clock)
        self.faults = Faults()
        self.limits = Limits(self.clock, self.faults)
        self.urls = Urls(base_url)
        self.staleness = Staleness(self.clock, self.faults, self.urls.api)
        self.hooks = Hooks(self.store, self.clock, self.faults, self.urls)
        self.writes: list[Write] = []
        self.operator = "operator"  # who registers Apps on the pages, which ask nobody to sign in

    @property
    def violations(self) -> list[Violation]:
        """Requests sent before the time that their sender had been told to wait for."""
        return self.limits.violations

    def set_base_url(self, url: str) -> None:
        """Where the sandbox is served; answers carry it in their addresses."""
        self.urls = self.hooks.urls = Urls(url)
        self.staleness.api = self.urls.api

    def writes_by(self, actor: str, match: str = "") -> list[Write]:
        """What an actor changed; `match` is searched in `POST /repos/o/r/issues/1/labels`."""
        return [
            one
            for one in self.writes
            if one.actor == actor and one.changed and re.search(match, f"{one.method} {one.path}")
        ]

    # Furnishing

    def add_user(self, login: str, *, name: str | None = None, email: str | None = None) -> User:
        with self.lock:
            user = self.store.ensure_user(login)
            user.name, user.email = name or user.name, email or user.email
            return user

    def add_organization(self, login: str, members: Iterable[str] = ()) -> User:
        with self.lock:
            owner = self.store.ensure_user(login)
            owner.type = "Organization"
            owner.members.update({member.lower(): self.store.ensure_user(member) for member in members})
            return owner

    def add_repo(
        self,
        full_name: str,
        *,
        private: bool = False,
        description: str | None = None,
        default_branch: str = "main",
        labels: Iterable[Mapping[str, str | None]] | None = None,
        files: Mapping[str, str | bytes] | None = None,
        collaborators: Mapping[str, Role] | None = None,
    ) -> Repository:
        """A repository with one commit; without `labels` it gets those that GitHub gives to a new one."""
        owner_login, _, name = full_name.partition("/")
        tree = {
            path: data.encode() if isinstance(data, str) else data for path, data in (files or {}).items()
        }
        with self.lock:
            owner = self.store.ensure_user(owner_login)
            repo = self.store.add_repository(owner, name, tree, default_branch)
            repo.private, repo.description = private, description
            if labels is None:
                labels = [{"name": n, "color": c, "description": d} for n, (c, d) in DEFAULT_LABELS.items()]
            for label in labels:
                color, text = label.get("color") or "ededed", label.get("description")
                self.store.add_label(repo, str(label["name"]), color, text)
            for login, role in (collaborators or {}).items():
                self.set_role(full_name, login, role)
            return repo

    def repo(self, full_name: str) -> Repository:
        found = self.store.repository(full_name)
        if found is None:
            raise KeyError(f"the sandbox has no repository {full_name}")
        return found

    def set_role(self, full_name: str, login: str, role: Role, *, association: str | None = None) -> None:
        """Give or take a permission; `association` is what GitHub would show beside the person's comments."""
        with self.lock:
            repo, key = self.repo(full_name), self.store.ensure_user(login).login.lower()
            repo.collaborators[key] = role
            if association is not None:
                repo.associations[key] = association

    def protect(
        self,
        full_name: str,
        branch: str | None = None,
        *,
        checks: Iterable[str] = (),
        approvals: int = 0,
        up_to_date: bool = False,
        merge_queue: bool = False,
    ) -> None:
        """Say anew what a branch (by default the main one) asks for before something is merged into it."""
        with self.lock:
            repo, number = self.repo(full_name), self.store.next_id()
            rules = Protection(number, tuple(checks), approvals, up_to_date, merge_queue)
            repo.protections[branch or repo.default_branch] = rules

    def set_merge_methods(self, full_name: str, *methods: str) -> None:
        """Allow these of `merge`, `squash` and `rebase` alone."""
        with self.lock:
            self.repo(full_name).merge_methods = methods

    def add_app(
        self,
        slug: str,
        *,
        app_id: int | None = None,
        owner: str = "sandbox",
        name: str | None = None,
        private_key: str | None = None,
        permissions: Mapping[str, str] | None = None,
        events: Iterable[str] = DEFAULT_EVENTS,
        webhook_url: str | None = None,
        webhook_secret: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
    ) -> App:
        """Register an App. Without `private_key` a new one is made, which takes a moment."""
        key = private_key or new_key()
        with self.lock:
            number = app_id or self.store.next_id()
            app = App(
                number,
                slug,
                name or slug,
                self.store.ensure_user(owner),
                self.store.ensure_user(f"{slug}[bot]"),
                self.clock.now(),
                client_id or f"Iv23sandbox{number}",
                client_secret or secrets.token_hex(20),
                key,
                load_key(key).public_key(),
                dict(DEFAULT_PERMISSIONS if permissions is None else permissions),
                list(events),
                hook_id=self.store.next_id(),
                webhook_url=webhook_url,
                webhook_secret=webhook_secret,
            )
            self.store.apps[app.id] = app
            return app

"""The stage: a sandbox furnished as the script says, and the real server set up on it as a person would."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.demo.browser import Browser
from bot.demo.entries import Entry
from bot.demo.moments import Again, OnThread
from bot.demo.script import Place
from bot.demo.server import Server
from bot.sandbox import Sandbox, SandboxServer
from bot.sandbox.deliveries import Delivery

COLOURS = {"bug": "d73a4a", "feature": "a2eeef", "question": "d876e3", "documentation": "0075ca"}


@dataclass
class Trace:
    """What an entry left behind, for others to speak of.

    Args:
        repo: full name.
        number: of the thread; None where the entry is about a repository.
        comment: its id, where the entry wrote one.
        sent: the deliveries that GitHub sent because of it.
    """

    repo: str
    number: int | None = None
    comment: int | None = None
    sent: list[Delivery] = field(default_factory=list)

    @property
    def thread(self) -> tuple[str, int] | None:
        return None if self.number is None else (self.repo, self.number)


@dataclass
class Stage:
    """Everything that entries act on."""

    place: Place
    sandbox: Sandbox
    sandbox_url: str
    server: Server
    traces: dict[str, Trace] = field(default_factory=dict)

    @property
    def bot_login(self) -> str:
        """The login under which Usher writes."""
        return next(iter(self.sandbox.store.apps.values())).bot.login

    def trace_of(self, entry: Entry) -> Trace | None:
        """Return what the entry that this one speaks of left behind; None where it speaks of none."""
        if isinstance(entry, OnThread):
            return self.traces[entry.thread]
        return self.traces[entry.of] if isinstance(entry, Again) else None

    def full_name(self, repo: str) -> str:
        return f"{self.place.organisation}/{repo}"


@contextmanager
def open_stage(place: Place, port: int) -> Iterator[Stage]:
    """Build the stage in a temporary folder; whatever happens, nothing of it is left behind."""
    sandbox = furnished(place)
    with tempfile.TemporaryDirectory(prefix="usher-demo-") as folder, SandboxServer(sandbox) as github:
        server = Server(Path(folder), github.api_url, port)
        try:
            yield Stage(place, sandbox, github.url, server)
        finally:
            server.stop()


def furnished(place: Place) -> Sandbox:
    """Return a sandbox with the script's people and repositories."""
    sandbox = Sandbox()
    for login in place.people:
        sandbox.add_user(login)
    members = [login for login, part in place.people.items() if part == "maintainer"]
    sandbox.add_organization(place.organisation, members)
    for name, repo in place.repositories.items():
        colours = {label: COLOURS[type_] for type_, label in repo.types.items()}
        sandbox.add_repo(
            f"{place.organisation}/{name}",
            description=repo.description,
            labels=[{"name": label, "color": colours.get(label)} for label in repo.labels],
            files=repo.files,
            collaborators=repo.roles,
        )
    return sandbox


def set_up(stage: Stage) -> Trace:
    """Register the App and install it on the organisation, page by page, as its maintainer would.

    Raises:
        BotError: a page is missing, or reports a failure.
    """
    organisation, browser = stage.place.organisation, Browser()
    try:
        form = browser.open(f"{stage.server.url}/setup")
        wanted = {"name": stage.place.app, "organization": organisation, "public_url": stage.server.url}
        at_github = browser.send(browser.send(form, wanted), {})
        done = browser.send(at_github, {})
        stage.server.wait_for("/readyz")
        before = len(stage.sandbox.hooks.log)
        browser.send(
            browser.follow(done, "/installations/new"), {"account": organisation, "all": organisation}
        )
    finally:
        browser.close()
    sent = [one for one in list(stage.sandbox.hooks.log.values())[before:] if one.event == "installation"]
    return Trace(organisation, sent=sent)

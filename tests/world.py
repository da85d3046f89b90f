"""A small world for tests: a local GitHub, Usher installed on it, and Usher's parts over a real database.

    with living(database) as world:
        number = world.open_issue("It crashes")
        world.run()
        assert world.labels(number) == ["bug"]

What GitHub would send waits in ``world.mail`` until it is taken in. ``world.run()`` does what the engine
does, one thing after the other and without the engine: deliveries are stored, routed and worked on until
nothing is due. ``world.let_pass(60)`` lets time pass, here and at GitHub, without waiting for it.
"""

import atexit
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx
import sqlalchemy as sa

import bot.github.client as client_module
from bot.apply import Executor
from bot.config import SOURCE
from bot.core.actions import Action
from bot.follow import Follower
from bot.gather import ConfigSource, Gatherer
from bot.gather.reports import ReportGatherer
from bot.github.client import Credentials, GitHub, RepositoryClient
from bot.github.transport import Transport
from bot.process import Processor
from bot.reporting import Reports
from bot.reports.markdown import GITHUB
from bot.sandbox import Sandbox, SandboxServer
from bot.sandbox.audit import Write
from bot.sandbox.auth import new_key
from bot.sandbox.deliveries import Delivery as Sent
from bot.sandbox.things import App, Comment, Installation, Issue
from bot.store.database import Database
from bot.store.flows import Flows
from bot.store.handover import Handover, HandoverTransaction, Routed
from bot.store.inbox import Delivery, Inbox, Incoming
from bot.store.instant import Instant
from bot.store.ledger import Ledger, Plan, PlanHeader, Planned
from bot.store.pace import Pace
from bot.store.registry import Registry
from bot.store.tables import metadata
from model.predict import Classifier
from tests.openapi import Witness

OWNER, REPO = "octo", "octo/engine"
BOT = "usher[bot]"
ACT = "mode: act\n"
SURE = "mode: act\ntriage: {threshold: 0}\nwelcome: {enabled: false}\n"  # every issue gets a type
PEOPLE = {"maya": "admin", "wes": "write", "tri": "triage", "rea": "read"}
SECRET = b"signs the markers"
INSTANT = timedelta(milliseconds=1)  # looks need not wait for others that come meanwhile
ROUNDS = 100  # of work in one run; more means that it would never end

# Slow to make, so all tests share one of each.
private_key = cache(new_key)
classifier = cache(Classifier.load)
client_module._signer = cache(client_module._signer)


class Stage:
    """A server and a connection to it, on which one world after the other appears."""

    def __init__(self) -> None:
        self.server = SandboxServer(Sandbox()).start()
        self.witness = Witness()
        self.died: Callable[[str], None] | None = None
        hooks: dict[str, list[Callable[..., Any]]] = {"request": [self._sent], "response": [self._answered]}
        self.transport = Transport(self.server.api_url, hooks)

    def show(self, sandbox: Sandbox) -> Witness:
        """Let a world appear. Returns who watches it."""
        self.server.show(sandbox)
        self.witness, self.died = Witness(), None
        return self.witness

    def _sent(self, request: httpx.Request) -> None:
        self.witness.sent(request)
        if self.died is not None:
            self.died("request")

    def _answered(self, response: httpx.Response) -> None:
        self.witness.answered(response)
        if self.died is not None:
            self.died("response")


@cache
def stage() -> Stage:
    made = Stage()
    atexit.register(made.server.stop)
    return made


@dataclass
class Mailbox:
    """Stands where the sandbox has its sender: keeps deliveries until the test takes them in."""

    waiting: list[Sent] = field(default_factory=list)

    def send(self, _lane: str, delivery: Sent, *, delay: float = 0) -> None:
        del delay
        self.waiting.append(delivery)

    def empty(self) -> list[Sent]:
        taken, self.waiting = self.waiting, []
        return taken

    def stop(self) -> None:
        """Nothing runs that could be stopped."""


@dataclass
class World:
    """GitHub, Usher and the people; see the module."""

    sandbox: Sandbox
    app: App
    installation: Installation
    mail: Mailbox
    database: Database
    witness: Witness
    github: GitHub
    processor: Processor
    pace: Pace

    def __post_init__(self) -> None:
        self.inbox, self.ledger = self.processor.inbox, self.processor.ledger
        self.registry, self.executor = self.processor.registry, self.processor.executor
        self.configs, self.gatherer = self.processor.configs, self.processor.gatherer
        self.handover = Handover(self.database)
        self.client: RepositoryClient = self.github.repository(self.installation.id, REPO)
        self._guids = itertools.count(1)

    # What people do

    def open_issue(
        self, title: str = "It crashes", body: str = "", *, by: str = "nia", labels: Sequence[str] = ()
    ) -> int:
        return int(self.sandbox.as_user(by).open_issue(REPO, title, body, list(labels))["number"])

    def open_pull(self, title: str = "Mend it", *, by: str = "nia", **more: Any) -> int:
        return int(self.sandbox.as_user(by).open_pull(REPO, title, **more)["number"])

    def comment(self, number: int, text: str, *, by: str = "maya") -> int:
        return int(self.sandbox.as_user(by).comment(REPO, number, text)["id"])

    def push_config(self, text: str, *, repo: str = REPO) -> None:
        self.sandbox.as_user("maya").push(repo, {SOURCE: text})

    # What Usher does

    def receive(self, sent: Sequence[Sent] | None = None) -> list[int]:
        """Store deliveries, all that wait or those given, in this order. Returns their numbers."""
        now = datetime.now(UTC)
        taken = self.mail.empty() if sent is None else sent
        for one in taken:
            self.inbox.store([Incoming(one.guid, one.event, one.body, now)])
        found = [self.inbox.get(one.guid, body=False) for one in taken]
        return [one.id for one in found if one is not None]

    def deliver(self, event: str, body: bytes, *, guid: str | None = None) -> int:
        """Store one delivery of any kind. Returns its number."""
        guid = guid or f"guid-{next(self._guids)}"
        self.inbox.store([Incoming(guid, event, body, datetime.now(UTC))])
        found = self.inbox.get(guid, body=False)
        assert found is not None
        return found.id

    def route(self) -> list[Routed]:
        """Route what is due, as the engine's relay does. Returns what was decided."""
        with self.handover.transaction() as transaction:
            routed = [self._routed(transaction, delivery) for delivery in transaction.take(200)]
            transaction.record(routed)
        return routed

    def run(self) -> None:
        """Take in what GitHub sent and work until nothing is due, Usher's own echoes included."""
        for _round in range(ROUNDS):
            self.receive()
            routed = self.route()
            for item in routed:
                if item.state == "queued":
                    self.processor.run(item.id)
            if not routed and not self.mail.waiting:
                return
        raise AssertionError("the work never ends")

    def drop_mail(self) -> None:
        """Lose what waits, such as the announcement of the installation."""
        self.mail.empty()

    def let_pass(self, seconds: float) -> None:
        """Let time pass: at GitHub by its clock, here by moving all that is remembered into the past."""
        self.sandbox.clock.advance(seconds)
        with self.database.engine.begin() as connection:
            for table in metadata.sorted_tables:
                if table.name == "heads":
                    continue  # it has GitHub's own times, and that clock has moved by itself
                _age(connection, table, timedelta(seconds=seconds))

    def save(self, number: int, *actions: Action, rule: str = "triage", **header: Any) -> Plan:
        """Save a plan that a rule might have made."""
        said = {
            "delivery": None,
            "guid": f"plan-{next(self._guids)}",
            "installation": self.installation.id,
            "repository_id": self.repository_id,
            "repository": REPO,
            "number": number,
            "event": "IssueOpened",
            "title": "It crashes",
            "actor": "nia",
        }
        return self.ledger.save(
            PlanHeader(**{**said, **header}), [Planned(rule, a, acts=True) for a in actions]
        )

    def apply(self, plan: Plan) -> list[str]:
        """Apply what is open in a plan, as it stands in the ledger. Returns the actions' statuses."""
        saved = self.ledger.get(plan.id)
        assert saved is not None
        self.executor.apply(saved, self.configs.named(REPO, self.installation.id))
        return self.statuses(plan)

    def do(self, number: int, *actions: Action, **header: Any) -> Plan:
        """Save a plan, apply it, and return it as it stands then."""
        plan = self.save(number, *actions, **header)
        self.apply(plan)
        return self.fresh(plan)

    # What there is

    @property
    def repository_id(self) -> int:
        return self.sandbox.repo(REPO).id

    def issue(self, number: int) -> Issue:
        return self.sandbox.repo(REPO).issues[number]

    def labels(self, number: int) -> list[str]:
        return [label.name for label in self.issue(number).labels]

    def said(self, number: int) -> list[Comment]:
        """The comments that Usher has on a thread."""
        return [comment for comment in self.issue(number).comments if comment.user.login == BOT]

    def writes(self, match: str = "") -> list[Write]:
        """What Usher changed at GitHub; ``match`` is searched in ``POST /repos/o/r/issues/1/labels``."""
        return self.sandbox.writes_by(BOT, match)

    def requests(self, match: str = "") -> list[str]:
        """What was sent to GitHub."""
        return [line for line in self.witness.requests if match in line]

    def deliveries(self, state: str = "") -> list[Delivery]:
        """The inbox, the oldest first."""
        found = self.inbox.recent(states=[state] if state else (), limit=1000)
        return found[::-1]

    def plans(self, number: int) -> list[Plan]:
        """The plans on a thread, the oldest first."""
        return self.ledger.of_thread(REPO, number)[::-1]

    def fresh(self, plan: Plan) -> Plan:
        found = self.ledger.get(plan.id)
        assert found is not None
        return found

    def statuses(self, plan: Plan) -> list[str]:
        return [step.status for step in self.fresh(plan).steps]

    def _routed(self, transaction: HandoverTransaction, delivery: Delivery) -> Routed:
        seen = delivery.handovers == 0 and transaction.seen_before(delivery)
        return self.processor.route(delivery, seen_before=seen)


@contextmanager
def living(
    database: Database,
    *,
    config: str | None = ACT,
    dry_run: bool = False,
    spacing: float = 0.0,
    settle: float = 0.0,
    **app: Any,
) -> Iterator[World]:
    """Build a world over a migrated database, and see at its end that GitHub's description was kept to.

    Args:
        database: of either kind.
        config: the text of ``.github/usher.yml``; None for no file.
        dry_run: as the setting.
        spacing: seconds between two writes.
        settle: seconds until GitHub shows what it accepted.
        **app: what ``Sandbox.add_app`` takes, such as ``permissions``.
    """
    sandbox, mail = Sandbox(), Mailbox()
    sandbox.hooks.sender = mail  # type: ignore[assignment]
    sandbox.add_organization(OWNER)
    files = {"README.md": "# Engine\n"} | ({} if config is None else {SOURCE: config})
    sandbox.add_repo(REPO, files=files, collaborators=PEOPLE)  # type: ignore[arg-type]
    said = {"webhook_url": "http://127.0.0.1:9/", "private_key": private_key(), **app}
    registered = sandbox.add_app("usher", **said)
    witness = stage().show(sandbox)
    installation = sandbox.install(registered, OWNER)
    pace = Pace(database, timedelta(seconds=spacing))
    identity = Credentials(str(registered.id), private_key())
    github = GitHub(stage().server.api_url, identity, pace, stage().transport)
    registry, ledger, flows = Registry(database), Ledger(database), Flows(database, slot=INSTANT)
    reports = ReportGatherer(Reports(database), GITHUB, "https://usher.example")
    processor = Processor(
        github=github,
        inbox=Inbox(database),
        ledger=ledger,
        registry=registry,
        configs=ConfigSource(github, registry),
        gatherer=Gatherer(github, registry, ledger, flows, classifier(), reports=reports),
        executor=Executor(github, ledger, registry, flows, SECRET, timedelta(seconds=settle)),
        follower=Follower(flows),
        dry_run=dry_run,
    )
    yield World(sandbox, registered, installation, mail, database, witness, github, processor, pace)
    assert witness.problems == []  # GitHub's own description does not allow such a request


def _age(connection: sa.Connection, table: sa.Table, by: timedelta) -> None:
    """Make every moment of a table lie further back."""
    keys = list(table.primary_key.columns)
    moments = [column for column in table.columns if isinstance(column.type, Instant)]
    if not moments:
        return
    for row in connection.execute(sa.select(*keys, *moments)).mappings().all():
        older = {column.name: row[column.name] - by for column in moments if row[column.name] is not None}
        if older:
            same = [key == row[key.name] for key in keys]
            connection.execute(sa.update(table).where(*same).values(**older))

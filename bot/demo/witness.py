"""What really happened: the threads as the sandbox's REST API shows them, and Usher's inbox and ledger."""

import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.parse import LOOK, RELEASE_LOOK
from bot.demo.stage import Stage, Trace
from bot.sandbox.deliveries import Delivery
from bot.store.database import Database
from bot.store.inbox import UNFINISHED, Inbox
from bot.store.ledger import Ledger, Plan, Step

SETTLE_SECONDS = 60.0  # no delivery takes that long; one that does is reported as it stands
POLL_SECONDS = 0.02
RECENT = 20  # deliveries among which the looks after one entry are
OWN = frozenset({LOOK, RELEASE_LOOK, "pull_request", "release"})  # of what Usher sets off itself
ABSENT = "absent"
_MARKER = re.compile(r"<!-- usher:([a-z-]+):[0-9a-f]{64} -->\s*\Z")


@dataclass(frozen=True)
class Thread:
    """A thread at one moment: its labels, and Usher's comments by their ids."""

    labels: frozenset[str] = frozenset()
    comments: Mapping[int, str] = field(default_factory=dict)

    def purposes(self) -> Counter[str]:
        """How many comments Usher has here for each purpose."""
        found = (_MARKER.search(text) for text in self.comments.values())
        return Counter(match[1] if match else "without a marker" for match in found)

    def said(self) -> str:
        return "\n".join(self.comments.values())


@dataclass(frozen=True)
class Outcome:
    """What came of one entry.

    Args:
        trace: what the entry left behind.
        before, after: its thread.
        plans: what Usher planned because of it, and had not planned before.
        states: of its deliveries in the inbox; ``absent`` for one that is not there.
        notes: what the inbox says about them.
    """

    trace: Trace
    before: Thread
    after: Thread
    plans: Sequence[Plan] = ()
    states: Sequence[str] = ()
    notes: Sequence[str] = ()

    @property
    def steps(self) -> list[Step]:
        return [step for plan in self.plans for step in plan.steps]

    @property
    def answers(self) -> list[int]:
        return [delivery.status_code for delivery in self.trace.sent]


class Witness:
    """Looks, and touches nothing."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._database = Database(stage.server.database_url, pool_size=1)
        self.inbox = Inbox(self._database)
        self.ledger = Ledger(self._database)
        self._seen: set[int] = set()

    def close(self) -> None:
        self._database.close()

    def thread(self, where: tuple[str, int] | None) -> Thread:
        """Look at a thread; one that does not exist has no labels and no comments."""
        if where is None:
            return Thread()
        repo, number = where
        reader = self._stage.sandbox.as_user(next(iter(self._stage.place.people)))
        issue = reader.request("GET", f"/repos/{repo}/issues/{number}")
        comments = reader.request("GET", f"/repos/{repo}/issues/{number}/comments")
        usher = self._stage.bot_login
        return Thread(
            frozenset(label["name"] for label in issue["labels"]),
            {one["id"]: one["body"] for one in comments if one["user"]["login"] == usher},
        )

    def outcome(self, trace: Trace, before: Thread) -> Outcome:
        """Wait until everything that an entry set off has come to its end, and tell what it was."""
        self._stage.sandbox.wait_idle(SETTLE_SECONDS)
        guids = list(dict.fromkeys(delivery.guid for delivery in trace.sent))
        self._wait_for([delivery.guid for delivery in trace.sent if _arrived(delivery)])
        rows = [self.inbox.get(guid, body=False) for guid in guids]
        told = [row.id for row in rows if row is not None]
        plans = [self.ledger.of_delivery(id_) for id_ in dict.fromkeys((*told, *self._looks()))]
        fresh = [plan for plan in plans if plan is not None and plan.id not in self._seen]
        self._seen.update(plan.id for plan in fresh)
        return Outcome(
            trace,
            before,
            self.thread(trace.thread),
            fresh,
            [ABSENT if row is None else row.state for row in rows],
            [row.note for row in rows if row is not None and row.note],
        )

    def wait_until_quiet(self) -> None:
        """Wait until the inbox holds nothing unfinished."""
        until = time.monotonic() + SETTLE_SECONDS
        self._stage.sandbox.wait_idle(SETTLE_SECONDS)
        while any(self.inbox.counts().get(state) for state in UNFINISHED) and time.monotonic() < until:
            time.sleep(POLL_SECONDS)

    def _looks(self) -> list[int]:
        """Wait for the looks that Usher asked itself for, and its merges. Returns their deliveries."""
        until = time.monotonic() + SETTLE_SECONDS
        before: list[int] | None = None
        while time.monotonic() < until:
            own = [row for row in self.inbox.recent(limit=RECENT) if row.event in OWN]
            found = sorted(row.id for row in own)
            if any(row.state in UNFINISHED for row in own):
                time.sleep(POLL_SECONDS)
            elif found == before:
                return found
            else:  # what was done may have set off more
                before = found
                self._stage.sandbox.wait_idle(SETTLE_SECONDS)
        return []

    def _wait_for(self, guids: Sequence[str]) -> None:
        until = time.monotonic() + SETTLE_SECONDS
        for guid in guids:
            while time.monotonic() < until:
                row = self.inbox.get(guid, body=False)
                if row is not None and row.state not in UNFINISHED:
                    break
                time.sleep(POLL_SECONDS)


def _arrived(delivery: Delivery) -> bool:
    return 200 <= delivery.status_code < 300

"""One action of a plan while it is being done, what it takes, and how it ended."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.config import Config
from bot.core.actions import UpsertComment
from bot.core.facts import CurrentThread
from bot.github import reads
from bot.github.client import RepositoryClient
from bot.store.flows import Flows
from bot.store.ledger import Ledger, Plan, Step
from bot.store.registry import Registry


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an action ended.

    Args:
        status: one of the ledger.
        detail: what is worth noting about it.
        answer: what is to be said about it to who asked for it.
    """

    status: str
    detail: str | None = None
    answer: UpsertComment | None = None


DONE = Outcome("done")
CLOCKS = timedelta(seconds=30)  # how far GitHub's clock and ours may be apart
DELETED = "a person deleted the comment, so it stays away"


@dataclass(frozen=True, slots=True)
class Tools:
    """What handlers take beside GitHub.

    Args:
        ledger: where each action's state is kept.
        registry: where comments, pauses and corrections are kept.
        flows: where what belongs to pull requests is kept.
        secret: signs the hidden markers, so that nobody can forge one.
        settle: how long GitHub may need to show what it has accepted.
    """

    ledger: Ledger
    registry: Registry
    flows: Flows
    secret: bytes = field(repr=False)
    settle: timedelta


@dataclass(slots=True)
class Job:
    """One action of a plan in the making.

    Args:
        thread: as it was looked at just now; None where it was not.
        resumed: True where it was started before.
        again: True where its plan was taken up before, so that others may have said something since.
    """

    plan: Plan
    step: Step
    client: RepositoryClient
    config: Config
    thread: CurrentThread | None = None
    resumed: bool = False
    again: bool = False

    def now(self) -> CurrentThread:
        """The thread as GitHub has it; asked once per plan."""
        if self.thread is None:
            self.thread = reads.thread(self.client, self.plan.number)
        return self.thread

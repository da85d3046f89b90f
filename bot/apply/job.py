"""One action of a plan while it is being done, and how it ended."""

from dataclasses import dataclass

from bot.config import Config
from bot.core.facts import CurrentThread
from bot.github import reads
from bot.github.client import RepositoryClient
from bot.store.ledger import Plan, Step


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an action ended: a status of the ledger, and what is worth saying about it."""

    status: str
    detail: str | None = None


DONE = Outcome("done")
DELETED = "a person deleted the comment, so it stays away"


@dataclass(slots=True)
class Job:
    """One action of a plan in the making."""

    plan: Plan
    step: Step
    client: RepositoryClient
    config: Config
    thread: CurrentThread | None = None
    resumed: bool = False

    def now(self) -> CurrentThread:
        """The thread as GitHub has it; asked once per plan."""
        if self.thread is None:
            self.thread = reads.thread(self.client, self.plan.number)
        return self.thread

"""An event together with what is needed to learn more about it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import cast

from bot.config import Config
from bot.core.events import ThreadEvent
from bot.core.facts import Fact
from bot.core.pulls import PullRequest
from bot.gather.pulls import PullGatherer
from bot.github.client import RepositoryClient


@dataclass
class Situation:
    """An event together with what is needed to learn more about it."""

    event: ThreadEvent
    received_at: datetime
    config: Config
    client: RepositoryClient
    pulls: PullGatherer
    known: dict[type[Fact], Fact] = field(default_factory=dict)

    @property
    def pull(self) -> PullRequest:
        """The pull request, asked for once."""
        if PullRequest not in self.known:
            self.known[PullRequest] = self.pulls.pull(self)
        return cast("PullRequest", self.known[PullRequest])

    @cached_property
    def age(self) -> timedelta:
        return datetime.now(UTC) - self.received_at

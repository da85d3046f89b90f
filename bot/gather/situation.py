"""An event together with what is needed to learn more about it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import cast

from bot.config import Config
from bot.core.errors import BotError, Gone, RetryLater
from bot.core.events import ThreadEvent
from bot.core.facts import Fact
from bot.core.pulls import PullRequest
from bot.github.answers import NOT_YET
from bot.github.client import RepositoryClient

FRESH = timedelta(minutes=2)  # what was announced this lately has happened just now


@dataclass
class Situation:
    """An event together with what is needed to learn more about it."""

    event: ThreadEvent
    received_at: datetime
    config: Config
    client: RepositoryClient
    ask_pull: Callable[["Situation"], PullRequest]
    known: dict[type[Fact], Fact] = field(default_factory=dict)

    @property
    def pull(self) -> PullRequest:
        """The pull request, asked for once."""
        if PullRequest not in self.known:
            self.known[PullRequest] = self.ask_pull(self)
        return cast("PullRequest", self.known[PullRequest])

    @property
    def is_fresh(self) -> bool:
        """Whether what the delivery announced has happened just now."""
        return self.age < FRESH

    def not_found(self) -> BotError:
        """What it means that GitHub does not find the thread: not yet, or no longer."""
        key = self.event.thread.key
        return (
            RetryLater(f"{key} is not visible yet")
            if self.age < NOT_YET
            else Gone(f"{key} is no longer there")
        )

    @cached_property
    def age(self) -> timedelta:
        return datetime.now(UTC) - self.received_at

"""The append-only record of accepted writes, by which tests count what a bot really did."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.clock import stamp
from bot.sandbox.things import Json


@dataclass(frozen=True)
class Write:
    """One accepted write to a repository. `changed` is False where nothing was altered by it."""

    time: datetime
    actor: str
    app: str | None  # the slug, where an App's installation wrote
    method: str
    path: str  # of GraphQL with the mutation, e.g. `/graphql enqueuePullRequest`
    operation: str  # the route or the mutation, e.g. `POST /repos/{owner}/{repo}/issues/{number}/comments`
    body: Any
    changed: bool

    def as_json(self) -> Json:
        return asdict(self) | {"time": stamp(self.time)}

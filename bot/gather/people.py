"""What a person did here before: read from their threads, in the order in which they happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.core.events import PullRequestMerged, PullRequestOpened, ThreadEvent
from bot.core.facts import AuthorHistory

MILESTONES = ("issue", "pull", "merge")
_COUNTED = {"issue": "issues", "pull": "pulls", "merge": "merged"}


@dataclass(frozen=True, slots=True, order=True)
class Contribution:
    """An issue, a pull request or a merge of a person; they sort by time.

    Args:
        at: when it happened, as GitHub writes times.
        repository: its full name.
        number: the thread's number.
        milestone: ``issue``, ``pull`` or ``merge``.
    """

    at: str
    repository: str
    number: int
    milestone: str

    @property
    def key(self) -> str:
        return f"{self.repository}#{self.number}"


def contributions(repository: str, items: Iterable[dict[str, Any]]) -> list[Contribution]:
    """Read what GitHub lists as a person's issues in a repository (pull requests are among them)."""
    found = []
    for item in items:
        number, pull = int(item["number"]), item.get("pull_request")
        milestone = "pull" if pull else "issue"
        found.append(Contribution(item["created_at"], repository, number, milestone))
        if pull and pull.get("merged_at"):
            found.append(Contribution(pull["merged_at"], repository, number, "merge"))
    return found


def before(found: Iterable[Contribution], key: str, milestone: str) -> list[Contribution]:
    """Return what came before a thread's milestone, the earliest first.

    GitHub's lists may lag behind its webhooks: where the thread itself is not listed yet, everything else
    that is listed came before it.
    """
    ordered = sorted(found)
    for place, each in enumerate(ordered):
        if each.key == key and each.milestone == milestone:
            return ordered[:place]
    return [each for each in ordered if each.key != key]


def counted(found: Iterable[Contribution]) -> AuthorHistory:
    """Count contributions by kind."""
    kinds = [each.milestone for each in found]
    return AuthorHistory(**{name: kinds.count(milestone) for milestone, name in _COUNTED.items()})


def at_least_one(milestone: str) -> AuthorHistory:
    """What is known without asking once an earlier milestone of this kind is on record."""
    return AuthorHistory(**{name: int(kind == milestone) for kind, name in _COUNTED.items()})


def milestone_of(event: ThreadEvent) -> str:
    """Return which milestone of its author's an event may be."""
    if isinstance(event, PullRequestMerged):
        return "merge"
    return "pull" if isinstance(event, PullRequestOpened) else "issue"

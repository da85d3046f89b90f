"""The history of a project as rows: threads with what was done on them, people, releases, and commits.

``bot/core/history_json.py`` reads them from GitHub's JSON, ``bot/store/history.py`` keeps them, and the
metrics of ``bot/health`` are functions of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

EventKind = Literal[
    "commented",  # on the thread; the detail is why it is hidden, such as ``abuse``
    "reviewed",  # a review was handed in; the detail is its state in lower case
    "review_commented",  # on a line of the change; the detail as for "commented"
    "committed",  # a commit that the pull request has; who is not known to GitHub's timeline
    "force_pushed",
    "closed",
    "reopened",
    "merged",
    "ready_for_review",
    "converted_to_draft",
    "labeled",  # the detail is the label
    "unlabeled",
    "assigned",  # the detail is the login
    "unassigned",
    "review_requested",  # the detail is the login or the team
    "review_request_removed",
    "renamed",  # the detail is the title before
    "milestoned",
    "demilestoned",
    "locked",
    "unlocked",
    "marked_as_duplicate",
    "transferred",
]

PUSHES: frozenset[EventKind] = frozenset({"committed", "force_pushed"})
ANSWERS: frozenset[EventKind] = frozenset({"commented", "reviewed", "review_commented"})

#: How the checks of a pull request's head stand: "none" where it has none, and "conflicting" where that is
#: of no use, since it conflicts with the branch that it goes into.
ChecksState = Literal["green", "red", "pending", "none", "conflicting"]


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """Something that somebody did on a thread.

    Args:
        at: when (UTC).
        kind: what.
        who: the number of the account; None for a deleted ("ghost") account, and where GitHub names nobody.
        association: theirs to the repository, such as ``MEMBER``; "" where GitHub does not say.
        detail: what the kind says.
        text: a digest of what they wrote, the same for texts that differ in names and numbers only; "" where
            they wrote nothing.
        by_app: True where an App acted in their name.
        disliked: how many thumbs down it had when it was read; 0 where it had as many up, and where nobody
            counted.
        of_commit: the hash of the commit that a review is of; "" where that is not known.
    """

    at: datetime
    kind: EventKind
    who: int | None
    association: str = ""
    detail: str = ""
    text: str = ""
    by_app: bool = False
    disliked: int = 0
    of_commit: str = ""


@dataclass(frozen=True, slots=True)
class PastThread:
    """An issue or a pull request with its whole history.

    Args:
        number: its number.
        is_pull: True for a pull request.
        title: as it is now.
        author: the number of the account; None for a ghost.
        association: the author's.
        created_at: when it was opened (UTC).
        is_open, is_draft, is_locked: its state now.
        closed_at: when it was closed last; None while it is open.
        merged_at: when it was merged; None for what was not.
        merged_by: the number of the account that merged it; None where nobody did, or a ghost.
        labels: the names of its labels now.
        disliked: how many thumbs down its first text had, as for a event.
        head: the hash of the last commit of a pull request; "" where it is not known.
        has_conflicts: whether it is known to conflict with the branch that it goes into.
        timeline: what was done, the oldest first.
    """

    number: int
    is_pull: bool
    title: str
    author: int | None
    created_at: datetime
    association: str = ""
    is_open: bool = True
    is_draft: bool = False
    is_locked: bool = False
    closed_at: datetime | None = None
    merged_at: datetime | None = None
    merged_by: int | None = None
    labels: tuple[str, ...] = ()
    disliked: int = 0
    head: str = ""
    has_conflicts: bool = False
    timeline: tuple[TimelineEvent, ...] = ()

    @property
    def is_merged(self) -> bool:
        return self.merged_at is not None

    @property
    def ready_at(self) -> datetime | None:
        """When it could be looked at first: a pull request that was opened as a draft, when it left that.

        None for a draft that never was ready.
        """
        if not self.is_pull:
            return self.created_at
        for event in self.timeline:
            if event.kind == "converted_to_draft":
                return self.created_at
            if event.kind == "ready_for_review":
                return event.at
        return None if self.is_draft else self.created_at

    def of(self, *kinds: EventKind) -> Iterator[TimelineEvent]:
        """The events of these kinds, the oldest first."""
        return (event for event in self.timeline if event.kind in kinds)


@dataclass(frozen=True, slots=True)
class Person:
    """An account that took part.

    Args:
        id: its number.
        login: its name as it was seen last.
        is_bot: True for Apps and accounts of type Bot. Never guessed from the name.
    """

    id: int
    login: str
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class HeadChecks:
    """How the checks of a pull request's head stand.

    Args:
        state: what they say together.
        since: when they were seen so first (UTC); what they said before is not known.
        seen_at: when they were seen so last (UTC); what they said after is not known.
        head: the hash of the commit that they are of; "" where it is not known.
    """

    state: ChecksState
    since: datetime
    seen_at: datetime
    head: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A thread as GitHub had it at some time.

    Args:
        thread: its history until then.
        people: those who did something on it, under the names that they had then.
        updated_at: when GitHub saw it change last (UTC): of two snapshots the later one holds.
        flaws: what was left out since it says no time that can be right, each in words.
        undated: how many commits were left out for that: their time is of a clock that may have been wrong.
    """

    thread: PastThread
    people: tuple[Person, ...]
    updated_at: datetime
    flaws: tuple[str, ...] = ()
    undated: int = 0


@dataclass(frozen=True, slots=True)
class PastRelease:
    """A release that was published, or a tag where a project makes no releases.

    Args:
        tag: its tag.
        published_at: when (UTC).
        is_prerelease: as its author marked it.
    """

    tag: str
    published_at: datetime
    is_prerelease: bool = False


@dataclass(frozen=True, slots=True)
class PastCommit:
    """A commit that the default branch has. No e-mail address is in it.

    Args:
        sha: its name.
        committed_at: when it was made as it is (UTC): an amended or rebased one, when that was done.
        authored_at: when its change was written (UTC).
        author: the number of the author's account; None where no account has the address.
        key: what stands for the author's address, the same for the same address in one repository.
        name: the author's, as the commit says it.
        is_merge: whether it has more than one parent.
    """

    sha: str
    committed_at: datetime
    authored_at: datetime
    author: int | None
    key: str
    name: str
    is_merge: bool = False


@dataclass(frozen=True, slots=True)
class CommitsBefore:
    """What is known of the commits before a moment, all together.

    Args:
        plain: how many there are, merges left out.
        merges: how many of those.
        accounts: the numbers of the accounts that addresses belong to, by the keys of these.
    """

    plain: int = 0
    merges: int = 0
    accounts: Mapping[str, int] = field(default_factory=dict)

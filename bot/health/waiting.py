"""What needs a person now as values: which threads, since when, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

NeedKind = Literal[
    "first_timers_waiting",
    "prs_waiting_for_maintainers",
    "issues_unanswered",
    "answered_only_by_outsiders",
    "approved_unmerged",
    "heated",
]
OpenedBy = Literal["outsider", "maintainer", "bot"]
ChecksSaid = Literal["green", "none", "unknown", ""]
SignId = Literal[
    "locked_as_too_heated", "hidden_as_abuse", "reopened_against", "disliked_opening", "disliked_comment"
]


@dataclass(frozen=True, slots=True)
class Sign:
    """Why a thread is taken to be heated.

    Args:
        id: the sign.
        n: how many of what it counts.
        at: when it was there first (UTC), as far as GitHub says.
    """

    id: SignId
    n: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """A thread that needs somebody.

    Args:
        number: the thread's.
        since: since when (UTC); of a pull request that waits for a maintainer, since its author acted last,
            but never before ``turn_since``.
        is_pull: whether it is a pull request.
        opened_by: who opened it; None where that makes no difference.
        turn_since: of a pull request that waits for a maintainer, since when (UTC) it is the maintainers'
            turn, however often its author acted since; None for all others.
        checks: of an approved one, how its checks stand; "" for all others.
        signs: of a heated one, all of its signs.
        is_new: whether it was not listed a week earlier.
    """

    number: int
    since: datetime
    is_pull: bool
    opened_by: OpenedBy | None = None
    turn_since: datetime | None = None
    checks: ChecksSaid = ""
    signs: tuple[Sign, ...] = ()
    is_new: bool = False

    @property
    def listed_since(self) -> datetime:
        """Since when it has stood there: what an author adds later makes it no news."""
        return self.turn_since or self.since


@dataclass(frozen=True, slots=True)
class Group:
    """Those of one kind of thing that needs a person that belong together.

    Args:
        opened_by: who opened them; None where all of the kind are one group.
        count: how many they are.
        new: how many of them came onto the list in the last week, for the first time or once more.
        over_a_year: how many of them wait for a year or more.
        recent: those that wait for less, the longest wait first; of very many, the first ones.
        old: those that wait for a year or more, as well.
    """

    opened_by: OpenedBy | None
    count: int
    new: int
    over_a_year: int
    recent: tuple[Item, ...]
    old: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """One kind of thing that needs a person now.

    Args:
        kind: which.
        groups: those that there are, in the order in which they are shown.
        numbers: those of all the threads.
    """

    kind: NeedKind
    groups: tuple[Group, ...]
    numbers: frozenset[int]

    @property
    def count(self) -> int:
        """How many threads it is."""
        return sum(group.count for group in self.groups)

    @property
    def items(self) -> tuple[Item, ...]:
        """The threads, by group, the longest wait first; of very many, as many as are kept."""
        return tuple(item for group in self.groups for item in (*group.old, *group.recent))

"""The contribution flow: what a pull request has, what it still needs, and who is to act next.

One pure function, from the items that the rules report to the state that people read. It answers the same
for a live pull request as for a stored one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.core.facts import Fact
from bot.core.phrases import Phrase
from bot.core.pull_context import Skips
from bot.core.pulls import PullRequest

CHECK_NAME = "usher / contribution flow"

#: The items that may be waived: what `/skip` calls each, and what the checklist does.
WAIVABLE: Mapping[str, str] = {
    "title": "Title",
    "dco": "Sign-off",
    "merge-commits": "No merge commits",
    "signed": "Signatures",
    "issue": "Linked issue",
    "size": "Size",
    "review": "Review",
    "security": "Security",
    "performance": "Performance evidence",
    "tests": "Tests",
    "checks": "Checks",
    "coverage": "Coverage",
    "docs": "Docs",
    "verification": "After the merge",
}

#: Items that a later push may open anew although they were waived: who waived them had not seen it.
OF_THE_HEAD = frozenset({"security"})

Who = Literal["author", "maintainers", "checks"]


class Stage(StrEnum):
    """Where a pull request is, in the order of the flow."""

    OPENED = "opened"
    REVIEW = "review"
    TESTS = "tests"
    DOCS = "docs"
    MERGE = "merge"
    VERIFICATION = "post-merge verification"
    RELEASE = "release"
    DONE = "done"
    CLOSED = "closed"


#: From each stage to the one that follows it, in order.
ORDER: tuple[Stage, ...] = (
    Stage.OPENED,
    Stage.REVIEW,
    Stage.TESTS,
    Stage.DOCS,
    Stage.MERGE,
    Stage.VERIFICATION,
    Stage.RELEASE,
    Stage.DONE,
)
BEFORE_MERGE = ORDER[:5]


class Status(StrEnum):
    """How an item of the checklist stands."""

    DONE = "done"
    MISSING = "missing"  # somebody has to do something
    WAITING = "waiting"  # nobody has to, it comes by itself or by a reviewer
    SKIPPED = "skipped"  # a maintainer waived it
    NOT_APPLICABLE = "not applicable"


OPEN = frozenset({Status.MISSING, Status.WAITING})
_MARKS: Mapping[Status, str] = {
    Status.DONE: "✅",
    Status.MISSING: "❌",
    Status.WAITING: "⏳",
    Status.SKIPPED: "⏭️",
    Status.NOT_APPLICABLE: "\N{HEAVY MINUS SIGN}",
}
_OPTIONAL = "⚪"  # of what is not there, and holds nothing up


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist, reported by a rule.

    Args:
        key: what ``/skip`` calls it, such as ``tests``; one word.
        title: what the checklist calls it, such as ``Linked issue``.
        stage: the stage that it belongs to.
        status: how it stands.
        text: done: what was seen. Missing: what, and how to get it. Not applicable: why.
        who: who is to act while it is open.
        needed: False for an item that is shown and holds up nothing.
        once_waived: what follows where it is waived, in our own words; "" for nothing.
        until: when it has to be looked at again, as time alone changes it (UTC); None where it does not.
    """

    key: str
    title: str
    stage: Stage
    status: Status
    text: Phrase
    who: Who = "author"
    needed: bool = True
    once_waived: str = ""
    until: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


def is_open_mark(mark: str) -> bool:
    """Whether the sign before an item says that it is open."""
    return mark == _OPTIONAL or mark in {_MARKS[status] for status in OPEN}


def mark_of(item: Item) -> str:
    """The sign that a checklist shows before an item."""
    return _OPTIONAL if item.is_open and not item.needed else _MARKS[item.status]


@dataclass(frozen=True, slots=True)
class FlowItems(Fact):
    """The items that the rules reported for this event, in the order of the rules."""

    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """Where a pull request is.

    Args:
        stage: the first stage with something needed that is open.
        items: all of them, in the order of the stages.
        conclusion: of the check run: "success" when it may be merged; "failure" while somebody has to do
            something; "" (in progress) while it waits.
    """

    stage: Stage
    items: tuple[Item, ...]
    conclusion: Literal["success", "failure", "neutral", ""]

    @property
    def counted(self) -> tuple[Item, ...]:
        """The items that apply, and so are counted."""
        return tuple(item for item in self.items if item.status != Status.NOT_APPLICABLE)

    @property
    def done(self) -> int:
        return sum(not item.is_open for item in self.counted)

    @property
    def next(self) -> tuple[Item, ...]:
        """What is needed now: all open items of the author, who need not wait, then those of the stage."""
        if self.stage == Stage.CLOSED:
            return ()
        is_early = self.stage in BEFORE_MERGE
        needed = [
            item
            for item in self.items
            if item.is_open and item.needed and (item.stage in BEFORE_MERGE) is is_early
        ]
        own = [item for item in needed if item.who == "author"]
        return (*own, *(item for item in needed if item.stage == self.stage and item not in own))


def flow(pull: PullRequest, items: Sequence[Item], skips: Skips = Skips()) -> Flow:  # noqa: B008 - immutable
    """Say where a pull request is.

    Args:
        pull: the pull request.
        items: what the rules reported; of two with one key, the first counts.
        skips: the items that maintainers waived.
    """
    known: dict[str, Item] = {}
    for item in items:
        known.setdefault(item.key, _waived(item, skips, pull.head_sha))
    ordered = tuple(sorted(known.values(), key=lambda item: ORDER.index(item.stage)))
    needed = [item for item in ordered if item.is_open and item.needed]
    if not pull.is_open and not pull.is_merged:
        return Flow(Stage.CLOSED, ordered, "neutral")
    if pull.is_merged:
        late = [item for item in needed if item.stage not in BEFORE_MERGE]
        return Flow(late[0].stage if late else Stage.DONE, ordered, "success")
    early = [item for item in needed if item.stage in BEFORE_MERGE[:-1]]
    stage = early[0].stage if early else Stage.MERGE
    if pull.is_draft:
        return Flow(stage, ordered, "")  # nobody merges it, and what is missing may still come
    if any(item.status == Status.MISSING for item in early):
        return Flow(stage, ordered, "failure")
    return Flow(stage, ordered, "" if early else "success")


def transitions() -> Mapping[Stage, tuple[Stage, ...]]:
    """Every step from one stage to another that can happen, for the manual's diagram.

    Before the merge each stage can follow each: a push, a review or an edit may open an item of any of
    them. From each it can be merged, by people who may pass over the check, and what comes after the merge
    is left out where no rule follows it. A check that fails late takes up the verification again.
    """
    late = (Stage.VERIFICATION, Stage.RELEASE, Stage.DONE)
    early = {
        stage: (*(other for other in BEFORE_MERGE if other != stage), *late, Stage.CLOSED)
        for stage in BEFORE_MERGE
    }
    return {
        **early,
        Stage.VERIFICATION: (Stage.RELEASE, Stage.DONE),
        Stage.RELEASE: (Stage.VERIFICATION, Stage.DONE),
        Stage.DONE: (Stage.VERIFICATION,),
        Stage.CLOSED: BEFORE_MERGE,
    }


def _waived(item: Item, skips: Skips, head: str) -> Item:
    skip = skips.of(item.key)
    if skip is None or not item.is_open or (item.key in OF_THE_HEAD and skip.sha != head):
        return item
    follows = f"; {item.once_waived}" if item.once_waived else ""
    text = Phrase("waived by {by}: {reason}" + follows, {"by": skip.by, "reason": skip.reason})
    return replace(item, status=Status.SKIPPED, text=text)

"""The head and the base of a pull request: since when they are there, and who has looked at them.

A word such as `/merge` is about what its writer saw. Deliveries may come late, twice, in another order or
never, so what counts is GitHub's own time: that of the comment, and that by which head and base were there.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.core.pull_context import Words
from bot.core.pulls import PullRequest

UPDATED = "merge update"  # Usher updated the branch; the detail has the heads before, which people looked at

#: Commands about the commits that are there: who gives one has looked at them.
OF_WHAT_IS_THERE = frozenset({"approve", "lgtm", "merge", "skip"})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a pull request stood when GitHub told of it last. All times are GitHub's own (UTC).

    Args:
        head, base: the commit and the branch.
        head_at, base_at: when each was there at the latest, as far as is known.
        at: of what was told last.
    """

    head: str
    head_at: datetime
    base: str
    base_at: datetime
    at: datetime


def told(known: Standing | None, pull: PullRequest) -> Standing | None:
    """Take up what GitHub told of a pull request, in a delivery or as an answer.

    Whatever it tells was so when the pull request changed last, since a push and a new base are changes, too.

    Args:
        known: what was known before; None for nothing.
        pull: as it was told. What is older than what is known, changes nothing.
    """
    at = pull.updated_at
    if at is None or not pull.head_sha or (known is not None and at < known.at):
        return known
    if known is None:
        return Standing(pull.head_sha, at, pull.base, at, at)
    if pull.head_sha != known.head:
        known = replace(known, head=pull.head_sha, head_at=at)
    if pull.base != known.base:
        known = replace(known, base=pull.base, base_at=at)
    return replace(known, at=at)


def was_there(known: Standing | None, pull: PullRequest, at: datetime) -> Literal["yes", "no", "unknown"]:
    """Tell whether who wrote at a time can have seen the present head and base.

    Args:
        known: what is known of them.
        pull: as it is now.
        at: when they wrote, by GitHub's clock, in whole seconds.
    """
    if known is None or (known.head, known.base) != (pull.head_sha, pull.base):
        return "unknown"
    latest = max(known.head_at, known.base_at)
    # Strangers can aim at the second in which a maintainer writes; who may push here need not.
    is_seen = latest < at if pull.is_fork else latest <= at
    return "yes" if is_seen else "no"


def looked_at(words: Words, head: str) -> frozenset[str]:
    """The heads whose lookers have seen what is there: this one, and those that Usher itself updated."""
    heads = {head}
    for word in words.of(UPDATED):
        if word.sha == head:
            heads |= set(word.detail.split())
    return frozenset(heads)

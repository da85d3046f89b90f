"""Whose turn it is on a thread: the author's, or that of those who look after the project."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.history import ANSWERS, PUSHES, Deed, DeedKind, PastThread
from bot.health.people import People

REVIEWS: frozenset[DeedKind] = frozenset({"reviewed", "review_commented"})
#: What an author does to move a thread on.
MOVES: frozenset[DeedKind] = ANSWERS | {"force_pushed", "ready_for_review", "reopened", "review_requested"}


def is_review(deed: Deed, thread: PastThread, people: People) -> bool:
    """Return whether a deed is a review by a person who is not the author."""
    return deed.kind in REVIEWS and people.is_answer(deed, thread)


def _is_authors(deed: Deed, thread: PastThread) -> bool:
    """Whether the author moved the thread on by it. Commits name nobody; they count as the author's."""
    return deed.kind == "committed" or (deed.who == thread.author and deed.kind in MOVES and not deed.by_app)


def author_acted_at(thread: PastThread) -> datetime:
    """Return when the author did something last; at least, when it was ready to be looked at."""
    acts = (deed.at for deed in thread.deeds if _is_authors(deed, thread))
    return max((thread.ready_at or thread.created_at, *acts))


def is_left_by_author(thread: PastThread, end: datetime, silence: timedelta, people: People) -> bool:
    """Return whether the author let an answer stand for so long.

    Args:
        end: when it was closed, or until when is looked.
        silence: for how long at least.
    """
    acted_at = author_acted_at(thread)
    answers = (deed.at for deed in thread.deeds if people.is_answer(deed, thread) and deed.at > acted_at)
    asked_at = min(answers, default=None)
    return asked_at is not None and end - asked_at >= silence


@dataclass(frozen=True, slots=True)
class Rounds:
    """How a review went: the rounds, and for how many seconds it was whose turn."""

    cycles: int
    with_author: float
    with_reviewers: float


def rounds(thread: PastThread, end: datetime, people: People) -> Rounds:
    """Return how the review of a pull request went, from when it was ready until a moment.

    It is the reviewers' turn at first. What they write, an approval apart, makes it the author's turn; what
    the author pushes or writes makes it theirs again, as leaving draft does.
    """
    since = thread.ready_at or end
    is_theirs, is_new, cycles = True, True, 0
    took = {True: 0.0, False: 0.0}
    for deed in sorted(thread.deeds, key=lambda deed: deed.at):
        if not since <= deed.at <= end:
            continue
        turn = _turn(deed, thread, people)
        if is_review(deed, thread, people):
            cycles, is_new = cycles + is_new, False
        elif turn:
            is_new = True
        if turn is not None and turn != is_theirs:
            took[is_theirs] += (deed.at - since).total_seconds()
            is_theirs, since = turn, deed.at
    took[is_theirs] += (end - since).total_seconds()
    return Rounds(cycles, took[False], took[True])


def _turn(deed: Deed, thread: PastThread, people: People) -> bool | None:
    """Whose turn it is after a deed: True for the reviewers', False for the author's, None for no change."""
    if deed.kind == "converted_to_draft":
        return False
    if deed.kind == "ready_for_review":
        return True
    if people.is_answer(deed, thread):
        return deed.detail == "approved"
    return True if _is_authors(deed, thread) else None


def is_of_head(review: Deed, pull: PastThread) -> bool:
    """Return whether a review is of what the pull request holds: by the commits where both are known.

    Else by what was pushed later. Of a commit only its own date is known, which may be long before the push.
    """
    if review.of_commit and pull.head:
        return review.of_commit == pull.head
    return not any(deed.at > review.at for deed in pull.of(*PUSHES))


def approvals(thread: PastThread, people: People) -> dict[int | None, Deed]:
    """Return each person's latest verdict on a pull request: approved, or changes requested."""
    verdicts: dict[int | None, Deed] = {}
    for deed in thread.of("reviewed"):
        if not people.is_answer(deed, thread):
            continue
        if deed.detail in {"approved", "changes_requested"}:
            verdicts[deed.who] = deed
        elif deed.detail == "dismissed":
            verdicts.pop(deed.who, None)
    return verdicts

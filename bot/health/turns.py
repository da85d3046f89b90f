"""Whose turn it is on a thread: the author's, or that of those who look after the project."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.history import ANSWERS, PUSHES, EventKind, PastThread, TimelineEvent
from bot.health.people import People

REVIEWS: frozenset[EventKind] = frozenset({"reviewed", "review_commented"})
#: What an author does to move a thread on.
MOVES: frozenset[EventKind] = ANSWERS | {"force_pushed", "ready_for_review", "reopened", "review_requested"}


def is_review(event: TimelineEvent, thread: PastThread, people: People) -> bool:
    """Return whether a event is a review by a person who is not the author."""
    return event.kind in REVIEWS and people.is_answer(event, thread)


def _is_authors(event: TimelineEvent, thread: PastThread) -> bool:
    """Whether the author moved the thread on by it. Commits name nobody; they count as the author's."""
    return event.kind == "committed" or (
        event.who == thread.author and event.kind in MOVES and not event.by_app
    )


def _acts(thread: PastThread) -> Iterator[datetime]:
    """When it was ready to be looked at, and when the author moved it on."""
    yield thread.ready_at or thread.created_at
    yield from (event.at for event in thread.timeline if _is_authors(event, thread))


def author_acted_at(thread: PastThread) -> datetime:
    """Return when the author did something last; at least, when it was ready to be looked at."""
    return max(_acts(thread))


def turn_since(thread: PastThread, answered_at: datetime | None) -> datetime:
    """Return since when it is the maintainers' turn on what waits for them, however often the author acted.

    That is what the author did first after their last word; without one, that it was ready. Never before it
    left draft or was reopened last.

    Args:
        answered_at: when a maintainer wrote on it last; None where none did.
    """
    begun = [event.at for event in thread.of("ready_for_review", "reopened")]
    begun.append(thread.ready_at or thread.created_at)
    if answered_at is not None:
        begun.append(min((act for act in _acts(thread) if act >= answered_at), default=answered_at))
    return max(begun)


def is_left_by_author(thread: PastThread, end: datetime, silence: timedelta, people: People) -> bool:
    """Return whether the author let an answer stand for so long.

    Args:
        end: when it was closed, or until when is looked.
        silence: for how long at least.
    """
    acted_at = author_acted_at(thread)
    answers = (
        event.at for event in thread.timeline if people.is_answer(event, thread) and event.at > acted_at
    )
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

    It is the reviewers' turn at first. What they write makes it the author's turn, but an approval makes it
    theirs, as what the author pushes or writes does. Whatever is done to a draft, it is its author's.
    """
    since = thread.ready_at or end
    is_theirs, is_new, is_draft, cycles = True, True, False, 0
    took = {True: 0.0, False: 0.0}
    for event in sorted(thread.timeline, key=lambda event: event.at):
        if not since <= event.at <= end:
            continue
        turn = _turn(event, thread, people)
        if is_review(event, thread, people):
            cycles, is_new = cycles + is_new, False
        elif turn:
            is_new = True
        is_draft = event.kind == "converted_to_draft" or (is_draft and event.kind != "ready_for_review")
        turn = False if is_draft else turn
        if turn is not None and turn != is_theirs:
            took[is_theirs] += (event.at - since).total_seconds()
            is_theirs, since = turn, event.at
    took[is_theirs] += (end - since).total_seconds()
    return Rounds(cycles, took[False], took[True])


def _turn(event: TimelineEvent, thread: PastThread, people: People) -> bool | None:
    """Whose turn it is after a event: True for the reviewers', False for the author's, None for no change."""
    if event.kind == "ready_for_review":
        return True
    if people.is_answer(event, thread):
        return event.detail == "approved"
    return True if _is_authors(event, thread) else None


def is_of_head(review: TimelineEvent, pull: PastThread) -> bool:
    """Return whether a review is of what the pull request holds: by the commits where both are known.

    Else by what was pushed later. Of a commit only its own date is known, which may be long before the push.
    """
    if review.of_commit and pull.head:
        return review.of_commit == pull.head
    return not any(event.at > review.at for event in pull.of(*PUSHES))


def approvals(thread: PastThread, people: People) -> dict[int | None, TimelineEvent]:
    """Return each person's latest verdict on a pull request: approved, or changes requested.

    Who approves what it holds once more only says so again: the first time counts.
    """
    verdicts: dict[int | None, TimelineEvent] = {}
    for event in thread.of("reviewed"):
        if not people.is_answer(event, thread):
            continue
        said = verdicts.get(event.who)
        if event.detail == "dismissed":
            verdicts.pop(event.who, None)
        elif event.detail == "changes_requested":
            verdicts[event.who] = event
        elif event.detail == "approved":
            is_again = said is not None and said.detail == "approved" and is_of_head(said, thread)
            verdicts[event.who] = said if said and is_again else event
    return verdicts

"""Which threads a moderator should see: by what people did there, never by what a program reads into words.

Each sign is rare, and says by itself why a thread is listed. Many comments in a short time are none: they
are how hard problems are solved. Nor is a classifier's opinion of somebody's tone.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.core.history import ANSWERS, PastThread, TimelineEvent
from bot.health.calendar import days_before
from bot.health.people import People
from bot.health.period import Period
from bot.health.waiting import Item, Sign

TOO_HEATED, ABUSE = "too heated", "abuse"  # GitHub's own reasons, to lock a thread and to hide a comment
DISLIKED = 5  # thumbs down on one text
REOPENED = 2  # times that people opened again what somebody else had closed
LATELY = 30  # days before the end of the window, in which a sign must have shown itself


def heated(period: Period) -> Iterator[Item]:
    """Find the threads on which a moderator may have something to do at the end of a period.

    What is locked or closed is over, unless somebody wrote there since.
    """
    start = days_before(period.window.until, LATELY, period.gathered.zone)
    for thread in period.threads:
        signs = tuple(signs_of(thread, period.people, start))
        if signs and not _is_over(thread, period.people):
            latest = max(sign.at for sign in signs)
            yield Item(thread.number, latest, thread.is_pull, signs=signs)


def _is_over(thread: PastThread, people: People) -> bool:
    locked_at = max((event.at for event in thread.of("locked")), default=None) if thread.is_locked else None
    ends = [at for at in (locked_at, thread.closed_at) if at is not None]
    if not ends:
        return thread.is_locked
    words = (event.at for event in thread.of(*ANSWERS) if not people.is_bot(event.who) and not event.by_app)
    return max(words, default=thread.created_at) <= max(ends)


def signs_of(thread: PastThread, people: People, since: datetime) -> Iterator[Sign]:
    """Return the signs that a thread has shown since a moment, over or not; what is older counts for none."""
    locks = [event.at for event in _since(since, thread.of("locked")) if event.detail == TOO_HEATED]
    if locks:
        yield Sign("locked_as_too_heated", len(locks), locks[-1])
    remarks = _since(since, thread.of("commented", "review_commented"))
    hidden = [event.at for event in remarks if event.detail == ABUSE]
    if hidden:
        yield Sign("hidden_as_abuse", len(hidden), hidden[-1])
    reopened = [at for at in _reopened(thread, people) if at >= since]
    if len(reopened) >= REOPENED:
        yield Sign("reopened_against", len(reopened), reopened[-1])
    if thread.disliked >= DISLIKED and thread.created_at >= since:
        yield Sign("disliked_opening", thread.disliked, thread.created_at)
    disliked = [event for event in _since(since, thread.of(*ANSWERS)) if event.disliked >= DISLIKED]
    if disliked:
        yield Sign("disliked_comment", max(event.disliked for event in disliked), disliked[-1].at)


def _since(moment: datetime, events: Iterable[TimelineEvent]) -> Iterator[TimelineEvent]:
    return (event for event in events if event.at >= moment)


def _reopened(thread: PastThread, people: People) -> Iterator[datetime]:
    """When a person opened again what another person had closed."""
    closed_by = None
    for event in thread.of("closed", "reopened"):
        is_persons = event.who is not None and not event.by_app and not people.is_bot(event.who)
        if event.kind == "closed":
            closed_by = event.who if is_persons else None
        else:
            if is_persons and closed_by not in (None, event.who):
                yield event.at
            closed_by = None

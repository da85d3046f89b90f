"""A thread as it was at a moment: what happened later is taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.history import PUSHES, PastThread, TimelineEvent


def as_of(thread: PastThread, until: datetime) -> PastThread | None:
    """Return a thread as it was just before a moment; None where it was not there yet.

    Whether it was closed follows from what was done before; for all else, the first later event that
    changed it tells how it was. The names of labels, which accounts are gone, what is hidden and who disliked
    what are as they were when it was read, and whether it conflicts, unless something was pushed since.
    """
    if thread.created_at >= until:
        return None
    later = [event for event in thread.timeline if event.at >= until]
    if not later and not _is_after(thread.closed_at, until) and not _is_after(thread.merged_at, until):
        return thread
    events = tuple(event for event in thread.timeline if event.at < until)
    is_merged = thread.merged_at is not None and thread.merged_at < until
    was_pushed = any(event.kind in PUSHES for event in later)
    closed_at = _closed_at(thread, events, until)
    return replace(
        thread,
        title=next((event.detail for event in later if event.kind == "renamed"), thread.title),
        is_open=closed_at is None,
        is_draft=_flag(thread.is_draft, later, on="converted_to_draft", off="ready_for_review"),
        is_locked=_flag(thread.is_locked, later, on="locked", off="unlocked"),
        closed_at=closed_at,
        merged_at=thread.merged_at if is_merged else None,
        merged_by=thread.merged_by if is_merged else None,
        labels=_labels(thread.labels, later),
        head="" if was_pushed else thread.head,
        has_conflicts=thread.has_conflicts and not was_pushed,
        timeline=events,
    )


def _is_after(moment: datetime | None, until: datetime) -> bool:
    return moment is not None and moment >= until


def _closed_at(thread: PastThread, events: Iterable[TimelineEvent], until: datetime) -> datetime | None:
    """When it was closed last, if it was closed just before the moment.

    A close of what is closed only gives another reason, and changes no date.
    """
    if thread.closed_at is not None and thread.closed_at < until:
        return thread.closed_at
    closed_at = None
    for event in events:
        if event.kind == "reopened":
            closed_at = None
        elif event.kind in {"closed", "merged"}:
            closed_at = closed_at or max(event.at, thread.created_at)
    return closed_at


def _flag(now: bool, later: Iterable[TimelineEvent], *, on: str, off: str) -> bool:
    """A state that one kind of event begins and another ends, before the later ones."""
    return next((event.kind == off for event in later if event.kind in {on, off}), now)


def _labels(now: tuple[str, ...], later: Sequence[TimelineEvent]) -> tuple[str, ...]:
    labels = dict.fromkeys(now)
    for event in reversed(later):
        if event.kind == "labeled":
            labels.pop(event.detail, None)
        elif event.kind == "unlabeled":
            labels[event.detail] = None
    return tuple(labels)

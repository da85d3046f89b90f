"""Where a pull request is that was put into a merge queue: asked for only where it was."""

from typing import TYPE_CHECKING

from bot.core.events import PullRequestUpdated
from bot.core.merging import QUEUED, QueuePlace
from bot.github import merge_reads
from bot.github.answers import Forbidden, Missing, Refused
from bot.store.flows import Flows

if TYPE_CHECKING:
    from bot.gather.situation import Situation

OF_THE_QUEUE = frozenset({"enqueued", "dequeued"})


def queue_place(flows: Flows, situation: "Situation") -> QueuePlace:
    """Ask whether a pull request is in the merge queue, where it was seen there or is announced to be."""
    event, pull = situation.event, situation.pull
    if not pull.is_open or not pull.head_sha:
        return QueuePlace()
    words = flows.words.of(event.repository.id, pull.number)
    was_in = any(word.word == QUEUED and word.sha == pull.head_sha for word in words)
    if not was_in and not (isinstance(event, PullRequestUpdated) and event.what in OF_THE_QUEUE):
        return QueuePlace()
    try:
        found = merge_reads.landing(situation.client, pull.number, pull.base)
    except (Forbidden, Refused, Missing):
        return QueuePlace("queued" if was_in else "")  # so it was, and nobody says otherwise
    if found.is_queued:
        return QueuePlace("queued")
    return QueuePlace("out" if was_in else "")

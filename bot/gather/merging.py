"""What stands between a pull request and its merge: asked for only where it has come that far."""

from bot.core.branch_rules import BranchRules
from bot.core.events import PullRequestUpdated
from bot.core.flow import CHECK_NAME, FlowItems, Stage, flow
from bot.core.merging import QUEUED, QueuePlace, is_blocked
from bot.core.pull_context import Skips, Words
from bot.core.pulls import Checks
from bot.gather.situation import Situation
from bot.github import merge_reads
from bot.github.answers import Forbidden, Missing, Refused
from bot.github.rule_reads import RuleReader
from bot.store.flows import Flows

OF_THE_QUEUE = frozenset({"enqueued", "dequeued"})


def queue_place(flows: Flows, situation: Situation) -> QueuePlace:
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
        known = found.group and flows.run(event.repository.id, found.group, CHECK_NAME)
        return QueuePlace("queued", "" if known else found.group)
    return QueuePlace("out" if was_in else "")


def branch_rules(flows: Flows, reader: RuleReader, situation: Situation, found: Checks) -> BranchRules:
    """Ask what GitHub still wants, where it blocks the merge of what Usher has nothing against.

    Args:
        flows: what was waived.
        reader: asks about the rules of branches.
        situation: the pull request's.
        found: the checks of its head.
    """
    pull, items = situation.pull, situation.known.get(FlowItems, FlowItems())
    words = Words(flows.words.of(situation.event.repository.id, pull.number))
    if not pull.is_open or not is_blocked(pull, words) or not isinstance(items, FlowItems):
        return BranchRules()
    skips = Skips(flows.skips(situation.event.repository.id, pull.number))
    if flow(pull, items.items, skips).stage != Stage.MERGE:
        return BranchRules()
    wanted = reader.wanted(situation.client, pull.base)
    passed = {check.name for check in found.checks if check.is_done and not check.has_failed}
    waiting = (name for name in wanted.checks if name not in passed and name != CHECK_NAME)
    return BranchRules(wanted.approvals, tuple(waiting))

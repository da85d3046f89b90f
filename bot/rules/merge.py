"""Merge: a pull request that somebody asked for is merged once everything is there.

It stands after ``contribution_flow``, whose check may be one that GitHub requires: that is written first.
"""

from datetime import timedelta

from bot.core.actions import Action
from bot.core.events import MergeGroupFormed, PullEvent, PullRequestUpdated
from bot.core.facts import Facts, Now
from bot.core.flow import FlowItems, flow
from bot.core.merging import (
    ASKED,
    DEQUEUED,
    GITHUB,
    QUEUED,
    REFUSED,
    MergeConfig,
    QueuePlace,
    Wish,
    commit_texts,
    obstacle,
    queue_of,
    refused,
    said_at,
    seen_of,
    wish_of,
)
from bot.core.pull_actions import ForgetWord, MergePull, RecordWord, UpdateBranch
from bot.core.pull_context import Skips, Words
from bot.core.pulls import PullRequest, Reviews
from bot.core.rule import rule

_VISIBLE = timedelta(minutes=1)  # after which GitHub shows that something is in its queue


@rule(
    on=PullEvent,
    needs=(PullRequest, FlowItems, Skips, Words, Reviews, QueuePlace, Now),
    config=MergeConfig,
    section="merge",
)
def merge(event: PullEvent, config: MergeConfig, facts: Facts) -> list[Action]:
    """Merge a pull request that a maintainer asked for, when its flow is green and GitHub lets it."""
    pull = facts[PullRequest]
    if isinstance(event, MergeGroupFormed):
        return []
    if instead := _outlived(event, facts):
        return instead
    if not pull.is_open or not pull.head_sha:
        return []
    return _news_of_the_queue(event, facts) or _decided(config, facts)


def _decided(config: MergeConfig, facts: Facts) -> list[Action]:
    pull = facts[PullRequest]
    wish = wish_of(pull, facts[Words], facts[Reviews], config)
    if wish is None:
        return _forgotten(REFUSED, facts, "nobody asks for it as it is any more")
    seen = seen_of(pull, wish, facts[Reviews])
    if not _is_ready(config, facts) or refused(pull, facts[Words], seen):
        return []
    reason = f"everything is there, and {wish.by or f'the label {config.label}'} asked for it"
    if pull.merge_state == "behind":
        why = f"behind {pull.base}; {reason}"
        update = UpdateBranch(sha=pull.head_sha, base=pull.base, seen=seen, reason=why)
        return [update] if config.update_branch else []
    return [_merging(wish, seen, config, facts, reason)]


def _merging(wish: Wish, seen: str, config: MergeConfig, facts: Facts, reason: str) -> MergePull:
    pull = facts[PullRequest]
    title, message = commit_texts(pull, facts[Reviews], facts[Words], config)
    return MergePull(
        sha=pull.head_sha,
        method=wish.method,
        title=title,
        message=message,
        delete_branch=config.delete_branch,
        label="" if wish.by else config.label,
        vouchers=wish.vouchers,
        seen=seen,
        at=wish.at.isoformat() if wish.at else "",
        reason=reason,
    )


def _is_ready(config: MergeConfig, facts: Facts) -> bool:
    """Whether nothing stands in the way that Usher can see: not here, nor in the checklist."""
    pull = facts[PullRequest]
    if queue_of(pull, facts[Words], facts[QueuePlace]) or obstacle(pull, config):
        return False
    return flow(pull, facts[FlowItems].items, facts[Skips]).conclusion == "success"


def _outlived(event: PullEvent, facts: Facts) -> list[Action]:
    """Forget who asked for the merge of what was closed since: who opens it again need not want that."""
    pull = facts[PullRequest]
    is_between = isinstance(event, PullRequestUpdated) and event.what in {"closed", "reopened"}
    if pull.is_merged or (pull.is_open and not is_between):
        return []
    return _forgotten(ASKED, facts, "it was closed, so whoever wants it merged asks again")


def _forgotten(word: str, facts: Facts, reason: str) -> list[Action]:
    return [ForgetWord(word=word, reason=reason)] if facts[Words].of(word) else []


def _news_of_the_queue(event: PullEvent, facts: Facts) -> list[Action]:
    """Note that a person put it into the merge queue, or that it is there no more."""
    pull, state = facts[PullRequest], facts[QueuePlace].state
    what = event.what if isinstance(event, PullRequestUpdated) else ""
    noted = [word for word in facts[Words].of(QUEUED) if word.sha == pull.head_sha]
    if state == "queued" and not noted:
        reason = f"{event.actor.login} put it into the merge queue"
        return [RecordWord(word=QUEUED, by=event.actor.login, sha=pull.head_sha, reason=reason)]
    if state != "out" or not noted:
        return []
    if what != "dequeued" and facts[Now].at - said_at(noted[-1]) < _VISIBLE:
        return []
    reason = "it is no longer in the merge queue, and not merged"
    return [
        ForgetWord(word=QUEUED, reason=reason),
        RecordWord(word=DEQUEUED, by=GITHUB, sha=pull.head_sha, reason=reason),
    ]

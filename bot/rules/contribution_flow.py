"""The contribution flow: one checklist comment and one check run that say where a pull request is."""

from dataclasses import replace
from typing import Any

from pydantic import Field

from bot.core.actions import SetCheck, UpsertComment
from bot.core.events import MergeGroupFormed, PullEvent
from bot.core.facts import Facts
from bot.core.flow import CHECK_NAME, Flow, FlowItems, Item, Stage, Status, flow, mark_of
from bot.core.merging import QueuePlace
from bot.core.pull_context import Skips
from bot.core.pulls import PullRequest
from bot.core.rule import Said, Section, rule

_ENDS = {
    Stage.CLOSED: "Closed without merging",
    Stage.RELEASE: "Merged, thank you",
    Stage.DONE: "Merged, thank you",
}
_WHO = {"author": "you", "maintainers": "maintainers", "checks": "by itself"}


class FlowConfig(Section):
    """The checklist on pull requests and the check `usher / contribution flow`."""

    comment: bool = Field(
        default=True, description="Keep one checklist comment on each pull request up to date."
    )
    check: bool = Field(
        default=True,
        description="Keep the check run `usher / contribution flow` up to date; it can be a required check.",
    )
    bots: bool = Field(
        default=False, description="`true` writes the checklist on pull requests of bots, too; the check is."
    )


@rule(on=PullEvent, needs=(PullRequest, FlowItems, Skips, QueuePlace), config=FlowConfig, section="flow")
def contribution_flow(event: PullEvent, config: FlowConfig, facts: Facts) -> Said:
    """Say on a pull request, in a comment and a check run, what it has and what comes next."""
    pull, items = facts[PullRequest], facts[FlowItems].items
    if pull.is_open and not items:
        return []
    found = flow(pull, items, facts[Skips])
    if isinstance(event, MergeGroupFormed):
        return [found, _of_group(pull, found, event.sha)] if config.check else [found]
    said: list[UpsertComment | SetCheck | Flow] = [found]
    if config.comment and (config.bots or not pull.author.is_bot):
        said.append(
            UpsertComment(
                purpose="checklist",
                template="checklist",
                context=_context(pull, found),
                edits_only=not pull.is_open,
                reason=_reason(pull, found),
            )
        )
    if config.check and pull.head_sha:
        said.append(_check(pull, found, pull.head_sha, found.conclusion))
    if config.check and facts[QueuePlace].unchecked:
        said.append(_of_group(pull, found, facts[QueuePlace].unchecked))
    return said


def of_unknown(event: MergeGroupFormed) -> SetCheck:
    """The check of what a merge queue made of a pull request that GitHub does not find."""
    said = f"pull request #{event.thread.number} is not to be found"
    check = _check(PullRequest(event.thread.number), Flow(Stage.OPENED, (), "failure"), event.sha, "failure")
    return replace(check, title=said, reason=said, context={**check.context, "headline": said})


def _of_group(pull: PullRequest, found: Flow, sha: str) -> SetCheck:
    """The check of the commit that a merge queue made. Nobody comes back to it, so nothing may wait there."""
    conclusion = "success" if found.conclusion == "success" else "failure"
    return replace(_check(pull, found, sha, conclusion), edits_only=False)


def _check(pull: PullRequest, found: Flow, sha: str, conclusion: str) -> SetCheck:
    return SetCheck(
        name=CHECK_NAME,
        sha=sha,
        conclusion=conclusion,
        title=_reason(pull, found),
        template="contribution-flow",
        context=_context(pull, found),
        edits_only=not pull.is_open,
        reason=_reason(pull, found),
    )


def _reason(pull: PullRequest, found: Flow) -> str:
    if found.stage == Stage.DONE:
        return "merged; nothing is left to do"
    if found.stage == Stage.CLOSED:
        return "closed without merging"
    if pull.is_draft:
        return "a draft so far; next: finish it, then mark it as ready"
    waits = ", ".join(item.title for item in found.next[:3])
    counted = f": {found.done} of {len(found.counted)} done" if found.counted else ""
    return f"at {found.stage}{counted}; next: {waits}" if waits else f"at {found.stage}{counted}"


def _context(pull: PullRequest, found: Flow) -> dict[str, Any]:
    return {
        "headline": _headline(pull, found),
        "done": found.done,
        "total": 0 if pull.is_merged else len(found.counted),
        "rows": tuple(_row(item) for item in found.items),
        "is_draft": pull.is_open and pull.is_draft,
        "next": tuple(
            {"title": item.title.lower(), "who": _WHO[item.who], "by": item.who}
            for item in found.next
            if (not pull.is_merged or item.status == Status.MISSING) and not pull.is_draft
        ),
    }


def _headline(pull: PullRequest, found: Flow) -> str:
    if found.stage in _ENDS:
        return "Merged and released, thank you" if _is_released(found) else _ENDS[found.stage]
    if pull.is_merged:
        return f"Merged, thank you. This is at: {found.stage}"
    if pull.is_draft:
        return f"Thanks, a draft so far. This is at: {found.stage}"
    if found.stage == Stage.MERGE and not any(item.status == Status.MISSING for item in found.next):
        return "Thanks, everything is there. This is at: merge"
    return f"Thanks, this is at: {found.stage}"


def _is_released(found: Flow) -> bool:
    return any(item.stage == Stage.RELEASE and item.status == Status.DONE for item in found.items)


def _row(item: Item) -> dict[str, Any]:
    return {
        "mark": mark_of(item),
        "title": item.title,
        "text": item.text.as_json(),
        "optional": item.is_open and not item.needed,
    }

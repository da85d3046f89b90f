"""Merge: whether anybody asked for it, and what stands in its way."""

from bot.core.branch_rules import BranchRules
from bot.core.events import PullEvent
from bot.core.facts import Facts
from bot.core.flow import FlowItems, Item, Stage, Status, Who
from bot.core.merging import (
    ASKED,
    MergeConfig,
    QueuePlace,
    Wish,
    is_labelled,
    obstacle,
    queue_of,
    refused,
    said_at,
    seen_of,
    wish_of,
)
from bot.core.phrases import Phrase
from bot.core.pull_context import Words
from bot.core.pulls import PullRequest, Reviews
from bot.core.rule import rule

Said = tuple[Status, Phrase, Who]


@rule(
    on=PullEvent,
    needs=(PullRequest, FlowItems, Words, Reviews, QueuePlace, BranchRules),
    config=MergeConfig,
    section="merge",
)
def merge_readiness(_event: PullEvent, config: MergeConfig, facts: Facts) -> list[Item]:
    """Say who asked for the merge of a pull request, and what stands in its way."""
    pull = facts[PullRequest]
    if pull.is_merged:
        return [_item(Status.DONE, _merged(pull, facts[Words]))]
    if not pull.is_open:
        return []
    wish = wish_of(pull, facts[Words], facts[Reviews], config)
    if wish is None and not facts[FlowItems].items:
        return []  # where no rule asks for anything, there is no list to add to
    return [_item(*_standing(pull, wish, config, facts))]


def _merged(pull: PullRequest, words: Words) -> Phrase:
    """Say who merged it; where Usher or the merge queue did, also whose wish that was."""
    asked = max(words.of(ASKED), key=said_at, default=None)
    if not pull.merged_by:
        return Phrase("merged")
    if not pull.merged_by.endswith("[bot]") or asked is None:
        return Phrase("merged by {who}", {"who": pull.merged_by})
    return Phrase("merged by {who}, asked for by {by}", {"who": pull.merged_by, "by": asked.by})


def _item(status: Status, text: Phrase, who: Who = "maintainers") -> Item:
    return Item("merge", "Merge", Stage.MERGE, status, text, who)


def _standing(pull: PullRequest, wish: Wish | None, config: MergeConfig, facts: Facts) -> Said:
    queue = queue_of(pull, facts[Words], facts[QueuePlace])
    if queue == "queued":
        return Status.WAITING, Phrase("in the merge queue"), "checks"
    if found := obstacle(pull, config):
        status, what, who = found
        return status, _asked_for(wish, config, what) if wish else what, who
    if queue == "out":
        text = "taken out of the merge queue: see its checks for why, then say `/merge` again"
        return Status.WAITING, Phrase(text), "maintainers"
    return _wanted(pull, wish, config, facts) if wish else _unasked(pull, config, facts)


def _asked_for(wish: Wish, config: MergeConfig, text: Phrase) -> Phrase:
    """What stands in the way, behind who asked for it all the same: their word was taken."""
    asked = "asked for by {who}; " if wish.by else "asked for by the label {who}; "
    return Phrase(asked + text.text, {**text.values, "who": wish.by or config.label})


def _unasked(pull: PullRequest, config: MergeConfig, facts: Facts) -> Said:
    """What to say where nobody asked for it, or nobody whose word holds for what is there now."""
    if earlier := facts[Words].of(ASKED):
        text = "asked for by {who} for an earlier state: say `/merge` again"
        return Status.WAITING, Phrase(text, {"who": earlier[-1].by}), "maintainers"
    if is_labelled(pull, config):
        text = (
            "the label {label} asks for it; the last commit needs the approval of a maintainer first, "
            "as its author has no write rights. Or say `/merge`"
        )
        return Status.WAITING, Phrase(text, {"label": config.label}), "maintainers"
    if wanted := facts[BranchRules].wanted(facts[Reviews]):
        return wanted
    if pull.is_automerge:
        return Status.WAITING, Phrase("GitHub merges it once its own requirements are met"), "checks"
    by_word = "" if config.mode == "observe" else ", or says `/merge`"
    return Status.WAITING, Phrase(f"a maintainer merges it{by_word}"), "maintainers"


def _wanted(pull: PullRequest, wish: Wish, config: MergeConfig, facts: Facts) -> Said:
    """What to say where somebody asked for it."""
    asked = "asked for by {who}" if wish.by else "asked for by the label {who}"
    said = refused(pull, facts[Words], seen_of(pull, wish, facts[Reviews]))
    values = {"who": wish.by or config.label, "base": pull.base, "said": said}
    if wanted := facts[BranchRules].wanted(facts[Reviews]):
        status, text, whose = wanted
        return status, Phrase(f"{asked}; {text.text}", {**values, **text.values}), whose
    if said:
        return Status.WAITING, Phrase(asked + "; not merged: {said}", values), "maintainers"
    if pull.merge_state == "behind":
        if config.update_branch:
            return (
                Status.WAITING,
                Phrase(asked + "; behind `{base}`, so it is updated first", values),
                "checks",
            )
        return Status.MISSING, Phrase(asked + "; behind `{base}`: update the branch", values), "author"
    return Status.WAITING, Phrase(asked + "; merged once everything is there", values), "checks"

"""Undoing: for each kind of action, how what it did is taken back, or why there is nothing to take back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.apply.issues import undo_issue
from bot.apply.releases import undo_draft
from bot.apply.threads import undo_assign, undo_retitle, undo_set_draft
from bot.apply.words import say_again, unsay
from bot.core.actions import (
    Abstain,
    AddLabels,
    DraftRelease,
    RecordSkip,
    RememberCorrection,
    RemoveLabels,
    RequestReviewers,
    RevertPlan,
    SetCheck,
    SetPause,
    UpsertComment,
)
from bot.core.pull_actions import (
    Assign,
    FollowRelease,
    ForgetWord,
    MergePull,
    PublishRelease,
    RecordWord,
    Retitle,
    SetDraft,
    UpdateBranch,
    UpsertIssue,
)
from bot.github import reads, writes
from bot.github.client import RepositoryClient
from bot.store.flows import Flows
from bot.store.ledger import Ledger, Plan, Step
from bot.store.registry import Registry


@dataclass(frozen=True, slots=True)
class Undoing:
    """An action that is being taken back, and what it takes."""

    client: RepositoryClient
    registry: Registry
    flows: Flows
    plan: Plan
    step: Step


def undo_step(ledger: Ledger, this: Undoing) -> str:
    """Take back one action that was done, and note it. Returns what was done, in one line.

    Raises:
        RetryLater: GitHub asked for patience, or could not be reached.
    """
    said = UNDO[this.step.kind](this)
    ledger.finish(this.step.id, "undone", said)
    return said


def _add(this: Undoing) -> str:
    before = {label.casefold() for label in (this.step.before or {}).get("labels", ())}
    added = [label for label in this.step.args["labels"] if label.casefold() not in before]
    going = _still_ours(this, added)
    gone = [label for label in going if writes.remove_label(this.client, this.plan.number, label)]
    return f"took off {', '.join(gone)}" if gone else "the label was off already, or is a person's now"


def _remove(this: Undoing) -> str:
    back = _still_ours(this, (this.step.before or {}).get("labels", ()))
    if back:
        writes.add_labels(this.client, this.plan.number, tuple(back))
    return f"put back {', '.join(back)}" if back else "there was nothing to put back"


def _still_ours(this: Undoing, labels: Sequence[str]) -> list[str]:
    """Those of the labels that nobody but Usher has changed since."""
    events = reads.label_events(this.client, this.plan.number)
    last = {event.label.casefold(): event.by for event in events}
    return [label for label in labels if last.get(label.casefold()) == this.client.bot_login]


def _comment(this: Undoing) -> str:
    plan, before, purpose = this.plan, this.step.before or {}, this.step.args["purpose"]
    if before.get("comment") and "body" not in before:
        return "left the comment: it says how things stand, and is written anew at the next look"
    comment = this.registry.comment(plan.repository_id, plan.number, purpose)
    if this.step.args.get("answers") and comment and comment.written_at > this.step.changed_at:
        return "left the comment: it answers somebody else by now"
    if before.get("comment"):
        writes.edit_comment(this.client, before["comment"], before["body"])
        this.registry.keep_comment(
            plan.repository_id, plan.number, purpose, before["comment"], plan.installation
        )
        return "put the comment back as it was"
    if comment is not None:
        writes.delete_comment(this.client, comment.id)
        this.registry.forget_comment(plan.repository_id, plan.number, purpose)
    return "deleted the comment"


def _pause(this: Undoing) -> str:
    plan, paused = this.plan, not this.step.args["paused"]
    this.registry.set_paused(plan.repository_id, plan.number, plan.installation, paused=paused)
    return "paused again" if paused else "resumed"


def _reviewers(this: Undoing) -> str:
    asked = this.step.before or {}
    logins, teams = tuple(asked.get("logins", ())), tuple(asked.get("teams", ()))
    if logins or teams:
        writes.withdraw_reviewers(this.client, this.plan.number, logins, teams)
    return f"no longer asks {', '.join(logins + teams)}" if logins or teams else "nobody had been asked"


def _skip(this: Undoing) -> str:
    item = this.step.args["item"]
    known = this.flows.forget_skip(this.plan.repository_id, this.plan.number, item)
    return f"{item} is needed again" if known else f"{item} was needed again already"


def _word(this: Undoing) -> str:
    action, plan = this.step.action(), this.plan
    assert isinstance(action, RecordWord)
    return unsay(this.flows.words, plan.repository_id, plan.number, action)


def _forgotten(this: Undoing) -> str:
    plan, before = this.plan, (this.step.before or {}).get("words", [])
    return say_again(this.flows.words, plan.repository_id, plan.number, plan.installation, before)


def _draft(this: Undoing) -> str:
    action = this.step.action()
    assert isinstance(action, DraftRelease)
    return undo_draft(this.client, this.step.before, action)


def _issue(this: Undoing) -> str:
    where, args = this.plan.repository_id, this.step.args
    return undo_issue(
        this.client,
        this.flows.own_issues,
        where,
        args["purpose"],
        this.step.before or {},
        is_pinned=args.get("is_pinned", False),
    )


def _title(this: Undoing) -> str:
    action = this.step.action()
    assert isinstance(action, Retitle)
    return undo_retitle(this.client, this.plan.number, this.step.before or {}, action)


def _assigned(this: Undoing) -> str:
    action = this.step.action()
    assert isinstance(action, Assign)
    return undo_assign(this.client, this.plan.number, this.step.before or {}, action)


def _draft_state(this: Undoing) -> str:
    action = this.step.action()
    assert isinstance(action, SetDraft)
    return undo_set_draft(this.client, this.plan.number, action)


def _merged(_this: Undoing) -> str:
    return "a merge is not taken back by Usher: revert it with a pull request"


def _updated(_this: Undoing) -> str:
    return "the base stays merged into the branch: a person may push what was there before"


def _published(_this: Undoing) -> str:
    return "a release that is out is not taken back by Usher: whoever wants to deletes it, and its tag"


def _followed(this: Undoing) -> str:
    gone = this.step.args["is_open"] and this.flows.gates.forget(this.plan.repository_id)
    return "the release is followed no longer" if gone else "the release was not followed any more"


def _check(_this: Undoing) -> str:
    return "left the check run: it says how things stand, and is written anew at the next look"


def _undone(_this: Undoing) -> str:
    return "an undo is not taken back: whoever wants it otherwise does it anew"


def _nothing(_this: Undoing) -> str:
    return "that had changed nothing on the thread"


UNDO: Mapping[str, Callable[[Undoing], str]] = {
    AddLabels.kind: _add,
    RemoveLabels.kind: _remove,
    UpsertComment.kind: _comment,
    SetPause.kind: _pause,
    RequestReviewers.kind: _reviewers,
    RecordSkip.kind: _skip,
    DraftRelease.kind: _draft,
    RecordWord.kind: _word,
    ForgetWord.kind: _forgotten,
    Retitle.kind: _title,
    Assign.kind: _assigned,
    SetDraft.kind: _draft_state,
    UpsertIssue.kind: _issue,
    PublishRelease.kind: _published,
    FollowRelease.kind: _followed,
    MergePull.kind: _merged,
    UpdateBranch.kind: _updated,
    SetCheck.kind: _check,
    # An undo is not undone: whoever wants the label back puts it back, and that is then their word.
    RevertPlan.kind: _undone,
    RememberCorrection.kind: _nothing,
    Abstain.kind: _nothing,
}

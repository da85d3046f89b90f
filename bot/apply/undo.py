"""Undoing: for each kind of action, how what it did is taken back, or why there is nothing to take back."""

from collections.abc import Callable, Mapping, Sequence

from bot.core.actions import (
    Abstain,
    AddLabels,
    RememberCorrection,
    RemoveLabels,
    RevertPlan,
    SetPause,
    UpsertComment,
)
from bot.github import reads, writes
from bot.github.client import GitHub, RepositoryClient
from bot.store.ledger import Ledger, Plan, Step
from bot.store.registry import Registry


def undo_step(github: GitHub, ledger: Ledger, registry: Registry, plan: Plan, step: Step) -> str:
    """Take back one action that was done, and note it. Returns what was done, in one line.

    Raises:
        RetryLater: GitHub asked for patience, or could not be reached.
    """
    client = github.repository(plan.installation, plan.repository)
    said = UNDO[step.kind](client, registry, plan, step)
    ledger.finish(step.id, "undone", said)
    return said


def _add(client: RepositoryClient, _registry: Registry, plan: Plan, step: Step) -> str:
    before = {label.casefold() for label in (step.before or {}).get("labels", ())}
    added = [label for label in step.args["labels"] if label.casefold() not in before]
    going = _still_ours(client, plan, added)
    gone = [label for label in going if writes.remove_label(client, plan.number, label)]
    return f"took off {', '.join(gone)}" if gone else "the label was off already, or is a person's now"


def _remove(client: RepositoryClient, _registry: Registry, plan: Plan, step: Step) -> str:
    back = _still_ours(client, plan, (step.before or {}).get("labels", ()))
    if back:
        writes.add_labels(client, plan.number, tuple(back))
    return f"put back {', '.join(back)}" if back else "there was nothing to put back"


def _still_ours(client: RepositoryClient, plan: Plan, labels: Sequence[str]) -> list[str]:
    """Those of the labels that nobody but Usher has changed since."""
    last = {event.label.casefold(): event.by for event in reads.label_events(client, plan.number)}
    return [label for label in labels if last.get(label.casefold()) == client.bot_login]


def _comment(client: RepositoryClient, registry: Registry, plan: Plan, step: Step) -> str:
    before = step.before or {}
    if before.get("comment"):
        writes.edit_comment(client, plan.number, before["comment"], before["body"])
        return "put the comment back as it was"
    purpose = step.args["purpose"]
    comment = registry.comment(plan.repository_id, plan.number, purpose)
    if comment is not None:
        writes.delete_comment(client, comment.id)
        registry.forget_comment(plan.repository_id, plan.number, purpose)
    return "deleted the comment"


def _pause(_client: RepositoryClient, registry: Registry, plan: Plan, step: Step) -> str:
    paused = not step.args["paused"]
    registry.set_paused(plan.repository_id, plan.number, plan.installation, paused=paused)
    return "paused again" if paused else "resumed"


def _nothing(_client: RepositoryClient, _registry: Registry, _plan: Plan, step: Step) -> str:
    return f"{step.kind} changed nothing on the thread"


UNDO: Mapping[str, Callable[[RepositoryClient, Registry, Plan, Step], str]] = {
    AddLabels.kind: _add,
    RemoveLabels.kind: _remove,
    UpsertComment.kind: _comment,
    SetPause.kind: _pause,
    # An undo is not undone: whoever wants the label back puts it back, and that is then their word.
    RevertPlan.kind: _nothing,
    RememberCorrection.kind: _nothing,
    Abstain.kind: _nothing,
}

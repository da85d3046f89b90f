"""`/label` and `/remove-label`: people with triage rights change labels by a comment."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from bot.core.actions import Abstain, Action, AddLabels, RemoveLabels, UpsertComment
from bot.core.catalogue import refusal
from bot.core.commands import label_names
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, CurrentThread, Facts, Level, Permission, RepositoryLabels
from bot.core.limits import LABEL_NAME, LABELS_PER_THREAD
from bot.core.rule import rule
from bot.core.sections import CommandsConfig


@rule(
    on=CommandGiven,
    needs=(Permission, CommandComment, RepositoryLabels, CurrentThread),
    config=CommandsConfig,
    section="commands",
)
def label_command(event: CommandGiven, config: CommandsConfig, facts: Facts) -> list[Action]:
    """Put labels on a thread, or take them off, when a maintainer says so in a comment."""
    if event.name not in {"label", "remove-label"}:
        return []
    if instead := refusal(event, facts, Level.TRIAGE):
        return instead
    present = facts[CurrentThread].labels
    known = RepositoryLabels((*present, *facts[RepositoryLabels].names))
    names = _named(event, known)
    if not names:
        return [_reply(event, "label-usage", {})]
    if event.name == "remove-label":
        gone = tuple(name for name in names if name in present)
        change: Action = RemoveLabels(labels=gone, asked_by_human=True, reason=_asked(event))
        return _outcome(event, change, known, unknown=[name for name in names if not known.find(name)])
    usable = [name for name in names if known.find(name) or (config.create_labels and len(name) <= LABEL_NAME)]
    new = [name for name in usable if name not in present]
    room = max(0, LABELS_PER_THREAD - len(present))
    change = AddLabels(labels=tuple(new[:room]), reason=_asked(event))
    unknown = [name for name in names if name not in usable]
    return _outcome(event, change, known, unknown=unknown, over=new[room:])


def _outcome(
    event: CommandGiven,
    change: AddLabels | RemoveLabels,
    known: RepositoryLabels,
    *,
    unknown: list[str],
    over: list[str],
) -> list[Action]:
    """The change, and a reply where a part of it cannot be done."""
    actions: list[Action] = [change] if change.labels else []
    if unknown or over:
        nearest = tuple({"name": name, "nearest": _nearest(name, known.names)} for name in unknown)
        actions.append(_reply(event, "label-problems", {"unknown": nearest, "over": tuple(over)}))
    return actions or [Abstain(about=f"/{event.name}", reason=f"{_asked(event)}; nothing to change")]


def _named(event: CommandGiven, known: RepositoryLabels) -> list[str]:
    """The labels that the command names, each once (labels ignore case), as the repository spells them."""
    names = label_names(event.text, lambda name: known.find(name) is not None)
    return list({name.casefold(): known.find(name) or name for name in names}.values())


def _nearest(name: str, existing: Iterable[str]) -> str:
    """The existing label that looks most like ``name``, or an empty string."""
    spelled = {label.casefold(): label for label in existing}
    return next((spelled[near] for near in get_close_matches(name.casefold()[:LABEL_NAME], spelled, n=1)), "")


def _reply(event: CommandGiven, template: str, context: dict[str, Any]) -> Action:
    return UpsertComment(
        purpose="reply",
        template=template,
        context={"command": f"/{event.name}", **context},
        reason=_asked(event),
    )


def _asked(event: CommandGiven) -> str:
    return f"{event.actor.login} asked for it with /{event.name}"

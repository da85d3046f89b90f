"""`/label` and `/remove-label`: people with triage rights change labels by a comment."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from bot.core.actions import Abstain, Action, AddLabels, RemoveLabels, UpsertComment
from bot.core.catalogue import refusal
from bot.core.commands import label_names
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, CurrentThread, Facts, Permission, RepositoryLabels
from bot.core.limits import LABEL_NAME, LABELS_PER_THREAD
from bot.core.rule import rule
from bot.core.sections import CommandsConfig

_SHOWN = 10  # names of each kind in one reply


@rule(
    on=CommandGiven,
    needs=(Permission, CommandComment, RepositoryLabels, CurrentThread),
    config=CommandsConfig,
    section="commands",
    ignores_pause=True,  # a pause is for what Usher does by itself; a person's word still counts
)
def label_command(event: CommandGiven, config: CommandsConfig, facts: Facts) -> list[Action]:
    """Put labels on a thread, or take them off, when a maintainer says so in a comment."""
    if event.name not in {"label", "remove-label"}:
        return []
    if instead := refusal(event, facts):
        return instead
    present = facts[CurrentThread].labels
    known = RepositoryLabels((*present, *facts[RepositoryLabels].names))
    names, over = _named(event, known)
    if not names:
        return [_reply(event, "label-usage", {})]
    change: AddLabels | RemoveLabels
    if event.name == "label":
        usable = [name for name in names if known.find(name) or (config.create_labels and _fits(name))]
        new = [name for name in usable if name not in present]
        room = max(0, LABELS_PER_THREAD - len(present))
        change, over = AddLabels(labels=tuple(new[:room]), reason=_asked(event)), new[room:] + over
    else:
        usable = [name for name in names if known.find(name)]
        going = tuple(name for name in usable if name in present)
        change = RemoveLabels(labels=going, asked_by_human=True, reason=_asked(event))
    problems = _problems(event, [name for name in names if name not in usable], over, known)
    actions = [change, *problems] if change.labels else problems
    return actions or [Abstain(about=f"/{event.name}", reason=f"{_asked(event)}; nothing to change")]


def _named(event: CommandGiven, known: RepositoryLabels) -> tuple[list[str], list[str]]:
    """The labels that the command names, as the repository spells them; and those beyond any room."""
    asked = label_names(event.text, lambda name: known.find(name) is not None)
    names = {name.casefold(): known.find(name) or name for name in asked[:LABELS_PER_THREAD]}
    return list(names.values()), asked[LABELS_PER_THREAD:]


def _problems(
    event: CommandGiven, unknown: list[str], over: list[str], known: RepositoryLabels
) -> list[Action]:
    """The reply that names what could not be done, if anything."""
    if not (unknown or over):
        return []
    shown = tuple(
        {"name": name, "too_long": not _fits(name), "nearest": _nearest(name, known.names)}
        for name in unknown[:_SHOWN]
    )
    more = len(unknown[_SHOWN:]) + len(over[_SHOWN:])
    context = {"unknown": shown, "over": tuple(over[:_SHOWN]), "more": more}
    return [_reply(event, "label-problems", context)]


def _fits(name: str) -> bool:
    return len(name) <= LABEL_NAME


def _nearest(name: str, existing: Iterable[str]) -> str:
    """The existing label that looks most like ``name``, or an empty string."""
    spelled = {label.casefold(): label for label in existing}
    return next((spelled[near] for near in get_close_matches(name.casefold()[:LABEL_NAME], spelled, n=1)), "")


def _reply(event: CommandGiven, template: str, context: dict[str, Any]) -> Action:
    return UpsertComment(
        purpose="reply",
        template=template,
        context={"command": event.name, **context},
        reason=_asked(event),
    )


def _asked(event: CommandGiven) -> str:
    return f"{event.actor.login} asked for it with /{event.name}"

"""`/label` and `/remove-label`: people with triage rights change labels by a comment."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

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
    repository, thread = facts[RepositoryLabels], facts[CurrentThread]
    known = RepositoryLabels((*thread.labels, *repository.names))
    asked = label_names(event.text, lambda name: known.find(name) is not None)
    names = _distinct(known.find(name) or name for name in asked)
    if event.name == "remove-label":
        return _take_off(event, names, thread.labels)
    return _put_on(event, names, config, facts)


def _put_on(event: CommandGiven, names: Sequence[str], config: CommandsConfig, facts: Facts) -> list[Action]:
    repository, present = facts[RepositoryLabels], facts[CurrentThread].labels
    too_long = tuple(name for name in names if len(name) > LABEL_NAME)
    usable = [name for name in names if name not in too_long and name not in present]
    missing = [] if config.create_labels else [name for name in usable if not repository.find(name)]
    wanted = [name for name in usable if name not in missing]
    room = max(0, LABELS_PER_THREAD - len(present))
    fitting, over = tuple(wanted[:room]), tuple(wanted[room:])
    actions: list[Action] = []
    if fitting:
        actions.append(AddLabels(labels=fitting, reason=_asked(event)))
    if too_long or missing or over or not names:
        problems = {
            "missing": tuple({"name": name, "nearest": _nearest(name, repository.names)} for name in missing),
            "too_long": too_long,
            "over": over,
        }
        actions.append(_reply(event, problems))
    return actions or [Abstain(about="label", reason=f"{_asked(event)}; already there")]


def _take_off(event: CommandGiven, names: Sequence[str], present: Sequence[str]) -> list[Action]:
    going = tuple(name for name in names if name in present)
    if going:
        return [RemoveLabels(labels=going, asked_by_human=True, reason=_asked(event))]
    return [Abstain(about="label removal", reason=f"{_asked(event)}; no such label is on the thread")]


def _reply(event: CommandGiven, problems: dict[str, tuple[object, ...]]) -> UpsertComment:
    return UpsertComment(
        purpose="reply",
        template="label-problems",
        context={"command": f"/{event.name}", **problems},
        reason=f"{_asked(event)}; not all of it could be done",
    )


def _asked(event: CommandGiven) -> str:
    return f"{event.actor.login} asked for it with /{event.name}"


def _nearest(name: str, existing: Iterable[str]) -> str:
    """The existing label that looks most like ``name``, or an empty string."""
    spelled = {label.casefold(): label for label in existing}
    return next((spelled[near] for near in get_close_matches(name.casefold(), spelled, n=1)), "")


def _distinct(names: Iterable[str]) -> list[str]:
    """The names without repetitions; labels ignore case."""
    return list({name.casefold(): name for name in names}.values())

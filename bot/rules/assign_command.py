"""`/assign` and `/unassign`: whose thread it is."""

import re

from bot.core.actions import Action, UpsertComment
from bot.core.catalogue import refusal
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, Facts, Permission
from bot.core.limits import ASSIGNEES
from bot.core.pull_actions import Assign
from bot.core.rule import rule
from bot.core.sections import CommandsConfig

_LOGIN = re.compile(r"@?([A-Za-z0-9][A-Za-z0-9-]{0,38})")


@rule(
    on=CommandGiven,
    needs=(Permission, CommandComment),
    config=CommandsConfig,
    section="commands",
    ignores_pause=True,
)
def assign_command(event: CommandGiven, _config: CommandsConfig, facts: Facts) -> list[Action]:
    """Assign people to a thread, or take them off, when a maintainer says so."""
    if event.name not in {"assign", "unassign"}:
        return []
    if instead := refusal(event, facts):
        return instead
    reason = f"{event.actor.login} asked for it with /{event.name}"
    words = event.args or (event.actor.login,)
    unfit = tuple(word for word in words if not _LOGIN.fullmatch(word))
    logins = tuple({word.casefold(): word for word in (word.removeprefix("@") for word in words)}.values())
    if unfit or len(logins) > ASSIGNEES:
        context = {"command": event.name, "unfit": unfit[:ASSIGNEES]}
        return [UpsertComment(purpose="reply", template="assign-usage", context=context, reason=reason)]
    return [Assign(logins=logins, assigned=event.name == "assign", reason=reason)]

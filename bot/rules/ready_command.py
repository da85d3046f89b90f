"""`/ready`: a draft becomes ready for review."""

from bot.core.actions import Abstain, Action
from bot.core.catalogue import refusal
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, Facts, Permission
from bot.core.pull_actions import SetDraft
from bot.core.rule import rule
from bot.core.sections import CommandsConfig


@rule(
    on=CommandGiven,
    needs=(Permission, CommandComment),
    config=CommandsConfig,
    section="commands",
    ignores_pause=True,
)
def ready_command(event: CommandGiven, _config: CommandsConfig, facts: Facts) -> list[Action]:
    """Make a draft ready for review when a maintainer or its author says so."""
    if event.name != "ready":
        return []
    if instead := refusal(event, facts):
        return instead
    if not event.thread.is_pull:
        return [Abstain(about="/ready", reason="only pull requests can be drafts")]
    return [SetDraft(draft=False, reason=f"{event.actor.login} asked for it with /ready")]

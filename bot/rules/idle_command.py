"""Commands that nothing listens to just now: who gives one learns why."""

from bot.core.actions import Action, UpsertComment
from bot.core.catalogue import command_named, refusal
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, Facts, Permission, SwitchedOff, ThreadPause
from bot.core.rule import rule
from bot.core.sections import CommandsConfig


@rule(
    on=CommandGiven,
    needs=(Permission, CommandComment, ThreadPause, SwitchedOff),
    config=CommandsConfig,
    section="commands",
    ignores_pause=True,
)
def idle_command(event: CommandGiven, _config: CommandsConfig, facts: Facts) -> list[Action]:
    """Say so where a command does nothing: what it belongs to is switched off, or Usher is paused here."""
    known = command_named(event.name)
    if known is None or (known.for_pulls and not event.thread.is_pull):
        return []
    is_off = known.section in facts[SwitchedOff].sections
    if not is_off and not (known.rests and facts[ThreadPause].is_paused):
        return []
    if instead := refusal(event, facts):
        return instead
    why = f"the section {known.section} is switched off" if is_off else "Usher is paused on this thread"
    return [
        UpsertComment(
            purpose="reply",
            template="idle",
            context={"command": event.name, "section": known.section if is_off else ""},
            reason=f"{event.actor.login} asked for it with /{event.name}; {why}",
        )
    ]

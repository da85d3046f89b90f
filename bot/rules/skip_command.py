"""`/skip <item> <reason>`: a maintainer waives an item of the checklist, and the reason stays on record."""

from bot.core.actions import Abstain, Action, RecordSkip, UpsertComment
from bot.core.catalogue import refusal
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, Facts, Permission
from bot.core.rule import rule
from bot.core.sections import CommandsConfig

_ITEM, _REASON = 40, 300  # characters


@rule(
    on=CommandGiven,
    needs=(Permission, CommandComment),
    config=CommandsConfig,
    section="commands",
    ignores_pause=True,
)
def skip_command(event: CommandGiven, _config: CommandsConfig, facts: Facts) -> list[Action]:
    """Waive an item of a pull request's checklist when a maintainer says so, with a reason."""
    if event.name != "skip":
        return []
    if instead := refusal(event, facts):
        return instead
    if not event.thread.is_pull:
        return [Abstain(about="/skip", reason="only pull requests have a checklist")]
    item, _, why = event.text.strip().partition(" ")
    item, why = item.strip("`'\"").lower(), why.strip()
    reason = f"{event.actor.login} asked for it with /skip"
    if not item or not why or len(item) > _ITEM:
        return [
            UpsertComment(
                purpose="reply", template="skip-usage", context={"item": item[:_ITEM]}, reason=reason
            )
        ]
    return [RecordSkip(item=item, why=why[:_REASON], by=event.actor.login, reason=reason)]

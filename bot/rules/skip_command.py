"""`/skip <item> <reason>`: a maintainer waives an item of the checklist, and the reason stays on record."""

from bot.core.actions import Abstain, Action, RecordSkip, UpsertComment
from bot.core.catalogue import refusal
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, Facts, Permission
from bot.core.flow import WAIVABLE
from bot.core.pulls import PullRequest
from bot.core.rule import rule
from bot.core.sections import CommandsConfig

_ITEM, _REASON = 40, 300  # characters


@rule(
    on=CommandGiven,
    needs=(Permission, CommandComment, PullRequest),
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
    item, why = _read(event.text)
    reason = f"{event.actor.login} asked for it with /skip"
    if not why:
        context = {"item": item, "items": tuple(WAIVABLE)}
        return [UpsertComment(purpose="reply", template="skip-usage", context=context, reason=reason)]
    sha = facts[PullRequest].head_sha
    return [RecordSkip(item=item, why=why[:_REASON], by=event.actor.login, sha=sha, reason=reason)]


def _read(text: str) -> tuple[str, str]:
    """The item and the reason: by the item's key or its title; no reason where one of them is missing.

    What is given in place of an item that is not known comes back as it is, without a reason.
    """
    plain = text.strip().replace("`", "")
    for key, title in WAIVABLE.items():
        for name in (key, title):
            rest = plain[len(name) :]
            if plain.casefold().startswith(name.casefold()) and not rest[:1].isalnum():
                return key, rest.lstrip(" :,-").strip()
    return plain.partition(" ")[0][:_ITEM], ""

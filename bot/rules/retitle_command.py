"""`/retitle`: a thread gets a better title."""

import unicodedata

from bot.core.actions import Action, UpsertComment
from bot.core.catalogue import refusal
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, Facts, Permission
from bot.core.limits import TITLE
from bot.core.pull_actions import Retitle
from bot.core.rule import rule
from bot.core.sections import CommandsConfig

_CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})  # control characters, half characters, ends of lines
_TURNS = frozenset(
    {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
)  # of the direction of text


@rule(
    on=CommandGiven,
    needs=(Permission, CommandComment),
    config=CommandsConfig,
    section="commands",
    ignores_pause=True,
)
def retitle_command(event: CommandGiven, _config: CommandsConfig, facts: Facts) -> list[Action]:
    """Give a thread another title when a maintainer or its author says so."""
    if event.name != "retitle":
        return []
    if instead := refusal(event, facts):
        return instead
    reason, title = f"{event.actor.login} asked for it with /retitle", event.text.strip()
    if problem := _problem(title):
        context = {"problem": problem, "length": len(title)}
        return [UpsertComment(purpose="reply", template="retitle-usage", context=context, reason=reason)]
    return [Retitle(title=title, reason=reason)]


def _problem(title: str) -> str:
    """What keeps a text from being a title; "" where nothing does."""
    if not title:
        return "empty"
    if any(unicodedata.category(c) in _CONTROLS or unicodedata.bidirectional(c) in _TURNS for c in title):
        return "unseen"
    return "long" if len(title) > TITLE else ""

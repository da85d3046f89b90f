"""Hold: a pull request with the label of `/hold` is not merged until that is taken off."""

from bot.core.actions import Action
from bot.core.events import PullEvent
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status
from bot.core.phrases import Phrase
from bot.core.pull_actions import ForgetWord
from bot.core.pull_context import HELD, Word, Words
from bot.core.pulls import PullRequest
from bot.core.rule import rule
from bot.core.sections import CommandsConfig


@rule(on=PullEvent, needs=(PullRequest, Words), config=CommandsConfig, section="commands")
def hold(_event: PullEvent, config: CommandsConfig, facts: Facts) -> list[Item | Action]:
    """Hold a pull request back while it has the label of `/hold`, and say who holds it and what for."""
    pull, words = facts[PullRequest], facts[Words].of(HELD)
    if not pull.is_open:
        return []
    if not pull.has_label(config.hold_label):
        # Whoever puts the label on again, holds it for reasons of their own.
        return [ForgetWord(word=HELD, reason=f"the label {config.hold_label} is off")] if words else []
    text = _by(words[-1]) if words else Phrase("held by the label {label}", {"label": config.hold_label})
    text = Phrase(f"{text.text}; `/hold cancel` lets it go", text.values)
    return [Item("hold", "Hold", Stage.REVIEW, Status.MISSING, text, who="maintainers")]


def _by(word: Word) -> Phrase:
    text = "held by {who}: {reason}" if word.detail else "held by {who}"
    return Phrase(text, {"who": word.by, "reason": word.detail})

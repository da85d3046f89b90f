"""Hold: a pull request with the label of `/hold` is not merged until that is taken off."""

from bot.core.events import PullEvent
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status
from bot.core.phrases import Phrase
from bot.core.pulls import PullRequest
from bot.core.rule import rule
from bot.core.sections import CommandsConfig


@rule(on=PullEvent, needs=(PullRequest,), config=CommandsConfig, section="commands")
def hold(_event: PullEvent, config: CommandsConfig, facts: Facts) -> list[Item]:
    """Hold a pull request back while it has the label of `/hold`."""
    pull = facts[PullRequest]
    if not pull.is_open or not pull.has_label(config.hold_label):
        return []
    text = Phrase("held by the label {label}; `/hold cancel` lets it go", {"label": config.hold_label})
    return [Item("hold", "Hold", Stage.REVIEW, Status.MISSING, text, who="maintainers")]

"""LGTM: the label of `/lgtm` stands for the commits that were looked at; a push takes it off."""

from bot.core.actions import Action, RemoveLabels
from bot.core.events import PullEvent
from bot.core.facts import Facts
from bot.core.heads import looked_at
from bot.core.pull_actions import ForgetWord
from bot.core.pull_context import Words
from bot.core.pulls import PullRequest
from bot.core.rule import rule
from bot.core.sections import CommandsConfig


@rule(on=PullEvent, needs=(PullRequest, Words), config=CommandsConfig, section="commands")
def lgtm(_event: PullEvent, config: CommandsConfig, facts: Facts) -> list[Action]:
    """Take the label of `/lgtm` off when there are commits that nobody who said it has seen."""
    pull, words = facts[PullRequest], facts[Words].of("lgtm")
    seen = looked_at(facts[Words], pull.head_sha)
    stale = [word for word in words if word.sha not in seen]
    if not pull.is_open or not stale:
        return []
    reason = "there were new commits since"
    forgotten = [ForgetWord(word="lgtm", by=word.by, reason=reason) for word in stale]
    if len(stale) < len(words):
        return list(forgotten)
    return [RemoveLabels(labels=(config.lgtm_label,), reason=reason), *forgotten]

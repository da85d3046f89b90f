"""`/merge [method]` and `/merge cancel`: a maintainer asks for the merge of what they looked at."""

from bot.core.actions import Abstain, Action, UpsertComment
from bot.core.catalogue import refusal
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, Facts, Permission
from bot.core.merging import ASKED, DELAYED, DEQUEUED, METHODS, REFUSED, MergeConfig, asking
from bot.core.pull_actions import ForgetWord
from bot.core.pull_context import PushedSince, Words
from bot.core.pulls import PullRequest
from bot.core.rule import rule

_SHOWN = 40  # characters of a method that there is not


@rule(
    on=CommandGiven,
    needs=(Permission, CommandComment, PullRequest, Words, PushedSince),
    config=MergeConfig,
    section="merge",
)
def merge_command(event: CommandGiven, _config: MergeConfig, facts: Facts) -> list[Action]:
    """Keep a maintainer's word that a pull request be merged once it is ready, or their taking it back."""
    if event.name != "merge":
        return []
    if instead := refusal(event, facts):
        return instead
    reason = f"{event.actor.login} asked for it with /merge"
    if not event.thread.is_pull or not facts[PullRequest].is_open:
        return [Abstain(about="/merge", reason=f"{reason}; this is for open pull requests")]
    said = event.text.strip().strip("`").lower()
    if said == "cancel":
        return [ForgetWord(word=ASKED, reason=f"{event.actor.login} took it back with /merge cancel")]
    return _taken(event, said, facts, reason)


def _taken(event: CommandGiven, method: str, facts: Facts, reason: str) -> list[Action]:
    """Keep the word, or say why it cannot be taken."""
    pull = facts[PullRequest]
    if method and method not in METHODS:
        context: dict[str, object] = {"method": method[:_SHOWN], "methods": METHODS}
        return [UpsertComment(purpose="reply", template="merge-usage", context=context, reason=reason)]
    if facts[PushedSince].is_so:
        context = {"login": event.actor.login, "command": event.name}
        return [UpsertComment(purpose="reply", template="review-again", context=context, reason=reason)]
    asked = asking(event.actor.login, pull, method, event.at, reason)
    noes = [word for word in (DEQUEUED, REFUSED, DELAYED) if facts[Words].of(word)]
    return [*(ForgetWord(word=word, reason=reason) for word in noes), asked]

"""`/lgtm` and `/approve`: a review by word, for the commit that was looked at and no later one."""

from bot.core.actions import Abstain, Action, AddLabels, RemoveLabels, UpsertComment
from bot.core.catalogue import refusal
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, Facts, Permission
from bot.core.pull_actions import ForgetWord, RecordWord
from bot.core.pull_context import PushedSince, Words
from bot.core.pulls import PullRequest
from bot.core.rule import rule
from bot.core.sections import CommandsConfig


@rule(
    on=CommandGiven,
    needs=(Permission, CommandComment, PullRequest, Words, PushedSince),
    config=CommandsConfig,
    section="commands",
    ignores_pause=True,
)
def review_command(event: CommandGiven, config: CommandsConfig, facts: Facts) -> list[Action]:
    """Take a maintainer's word that a pull request looks good, or is approved, as it is now."""
    if event.name not in {"lgtm", "approve"}:
        return []
    if instead := refusal(event, facts):
        return instead
    about, reason = f"/{event.name}", f"{event.actor.login} asked for it with /{event.name}"
    if not event.thread.is_pull or not facts[PullRequest].is_open:
        return [Abstain(about=about, reason=f"{reason}; this is for open pull requests")]
    if event.text.strip().lower() == "cancel":
        return _cancelled(event, config, facts, reason)
    return _given(event, config, facts, reason)


def _given(event: CommandGiven, config: CommandsConfig, facts: Facts, reason: str) -> list[Action]:
    """Keep the word, or say why it does not count."""
    pull = facts[PullRequest]
    if event.actor.login.casefold() == pull.author.login.casefold():
        return [_reply(event, "review-own", reason)]
    if facts[PushedSince].is_so:
        return [_reply(event, "review-again", reason)]
    said = RecordWord(
        word=event.name,
        by=event.actor.login,
        sha=pull.head_sha,
        detail=f"{event.association} {event.actor.id or ''}".strip(),
        at=event.at.isoformat() if event.at else "",
        reason=reason,
    )
    if event.name == "approve":
        return [said]
    return [said, AddLabels(labels=(config.lgtm_label,), reason=reason)]


def _cancelled(event: CommandGiven, config: CommandsConfig, facts: Facts, reason: str) -> list[Action]:
    """Take the word back; the label goes with the last of them."""
    taken_back = ForgetWord(word=event.name, by=event.actor.login, reason=reason)
    others = any(word.by != event.actor.login for word in facts[Words].of(event.name))
    if event.name == "approve" or others:
        return [taken_back]
    return [taken_back, RemoveLabels(labels=(config.lgtm_label,), asked_by_human=True, reason=reason)]


def _reply(event: CommandGiven, template: str, reason: str) -> Action:
    return UpsertComment(
        purpose="reply",
        template=template,
        context={"login": event.actor.login, "command": event.name},
        reason=reason,
    )

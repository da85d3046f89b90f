"""`/hold`, `/cc` and `/rescan` on pull requests."""

from bot.core.actions import Abstain, Action, AddLabels, RemoveLabels, RequestReviewers, UpsertComment
from bot.core.catalogue import refusal
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, Facts, Permission
from bot.core.pull_actions import ForgetWord, RecordWord
from bot.core.pull_context import HELD, Strangers
from bot.core.pulls import PullRequest
from bot.core.reviewers import named
from bot.core.rule import rule
from bot.core.sections import CommandsConfig

_NAMES = frozenset({"hold", "cc", "rescan"})
_WHY = 200  # characters of what a hold is for


@rule(
    on=CommandGiven,
    needs=(Permission, CommandComment, PullRequest, Strangers),
    config=CommandsConfig,
    section="commands",
    ignores_pause=True,
)
def pull_command(event: CommandGiven, config: CommandsConfig, facts: Facts) -> list[Action]:
    """Hold a pull request, ask for reviews, or look at it anew, when a maintainer says so."""
    if event.name not in _NAMES:
        return []
    if instead := refusal(event, facts):
        return instead
    about, reason = f"/{event.name}", f"{event.actor.login} asked for it with /{event.name}"
    if not event.thread.is_pull:
        return [Abstain(about=about, reason="this is for pull requests")]
    match event.name:
        case "hold":
            return _hold(event, config.hold_label, facts[PullRequest], reason)
        case "cc":
            return _ask(event, facts, reason)
        case _:
            # Whatever the command, the pull request is looked at again once it has been worked off.
            return [Abstain(about=about, reason=f"{reason}; the pull request is looked at again")]


def _hold(event: CommandGiven, label: str, pull: PullRequest, reason: str) -> list[Action]:
    """Put the label on, and keep who did and what for; or take it off, and forget that."""
    said = event.text.strip()
    if said.lower() == "cancel":
        off = RemoveLabels(labels=(label,), asked_by_human=True, reason=reason)
        return [off, ForgetWord(word=HELD, reason=reason)]
    at = event.at.isoformat() if event.at else ""
    word = RecordWord(
        word=HELD, by=event.actor.login, sha=pull.head_sha, detail=said[:_WHY], at=at, reason=reason
    )
    return [AddLabels(labels=(label,), reason=reason), word]


def _ask(event: CommandGiven, facts: Facts, reason: str) -> list[Action]:
    """Ask those who may review here, and say who may not: GitHub refuses all of them for the sake of one."""
    logins, teams = named(event) if event.args else ((event.actor.login,), ())
    author, strangers = facts[PullRequest].author.login.casefold(), facts[Strangers].logins
    able = tuple(login for login in logins if login.casefold() != author and login not in strangers)
    unfit = tuple(login for login in logins if login in strangers)
    said: list[Action] = []
    if able:
        said.append(RequestReviewers(logins=able, reason=reason))
    if teams:
        said.append(RequestReviewers(teams=teams, reason=reason))
    if unfit:
        context = {"people": unfit, "all": not said}
        said.append(UpsertComment(purpose="reply", template="cc-problems", context=context, reason=reason))
    return said or [Abstain(about="/cc", reason=f"{reason}; it names nobody who could review")]

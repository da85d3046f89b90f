"""`/hold`, `/cc` and `/rescan` on pull requests."""

import re

from bot.core.actions import Abstain, Action, AddLabels, RemoveLabels, RequestReviewers
from bot.core.catalogue import refusal
from bot.core.events import CommandGiven
from bot.core.facts import CommandComment, Facts, Permission
from bot.core.pulls import PullRequest
from bot.core.rule import rule
from bot.core.sections import CommandsConfig

_NAMES = frozenset({"hold", "cc", "rescan"})
_LOGIN = re.compile(r"@?([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))")
_TEAM = re.compile(r"@?([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100})")
_MOST_ASKED = 15  # GitHub's own limit on reviewers of one pull request


@rule(
    on=CommandGiven,
    needs=(Permission, CommandComment, PullRequest),
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
            return [_hold(event, config.hold_label, reason)]
        case "cc":
            return [_ask(event, facts[PullRequest], reason)]
        case _:
            # Whatever the command, the pull request is looked at again once it has been worked off.
            return [Abstain(about=about, reason=f"{reason}; the pull request is looked at again")]


def _hold(event: CommandGiven, label: str, reason: str) -> Action:
    if event.text.strip().lower() == "cancel":
        return RemoveLabels(labels=(label,), asked_by_human=True, reason=reason)
    return AddLabels(labels=(label,), reason=reason)


def _ask(event: CommandGiven, pull: PullRequest, reason: str) -> Action:
    owner, logins, teams = event.repository.owner.casefold(), [], []
    for word in event.args or (event.actor.login,):
        if (team := _TEAM.fullmatch(word)) and team[1].casefold() == owner:
            teams.append(team[2])
        elif (login := _LOGIN.fullmatch(word)) and login[1].casefold() != pull.author.login.casefold():
            logins.append(login[1])
    logins, teams = list(dict.fromkeys(logins))[:_MOST_ASKED], list(dict.fromkeys(teams))[:_MOST_ASKED]
    if not logins and not teams:
        return Abstain(about="/cc", reason=f"{reason}; it names nobody who could review")
    return RequestReviewers(logins=tuple(logins), teams=tuple(teams), reason=reason)

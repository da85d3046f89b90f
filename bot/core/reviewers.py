"""Whom to ask for a review: who owns or knows the files, and has the least to do; and whom people name."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.core.events import CommandGiven
from bot.core.pull_context import ReviewLoad

_LOGIN = re.compile(r"@?([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))")
_TEAM = re.compile(r"@?([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100})")
MOST_ASKED = 15  # GitHub's own limit on reviewers of one pull request


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could review.

    Args:
        login: as CODEOWNERS or GitHub spells it.
        owned: how many of the changed files are theirs by CODEOWNERS.
        touched: commits of the last year to these files.
        reviewed: how many of the last hundred merged pull requests they reviewed.
        waiting: open pull requests that wait for their review.
    """

    login: str
    owned: int = 0
    touched: int = 0
    reviewed: int = 0
    waiting: int = 0

    @property
    def rank(self) -> tuple[bool, int, int, int, int, str]:
        """Smaller is better: code owners first, then the least busy, the most familiar, the alphabet."""
        familiar = (-self.touched, -self.reviewed, -self.owned)
        return (not self.owned, self.waiting, *familiar, self.login.casefold())

    @property
    def why(self) -> str:
        """Why this person, in one line."""
        known = [
            f"owns {_counted(self.owned, 'changed file')}" if self.owned else "",
            f"changed these files {_counted(self.touched, 'time')} in the last year" if self.touched else "",
            f"reviewed {self.reviewed} of the last 100 that were merged" if self.reviewed else "",
            f"has {_counted(self.waiting, 'review')} waiting" if self.waiting else "has no review waiting",
        ]
        return f"{self.login} {', '.join(part for part in known if part)}"


def candidates(owned: Mapping[str, int], load: ReviewLoad, barred: Collection[str]) -> tuple[Candidate, ...]:
    """List who could be asked, the best first.

    Where GitHub does not say who may review, only code owners are asked: asking anybody else might fail.

    Args:
        owned: login -> how many of the changed files are theirs.
        load: who knows the files, and who is busy.
        barred: logins, folded to lower case, who are not to be asked.
    """
    may = _folded(dict.fromkeys(load.may_review, 1))
    own, touched, reviewed, waiting = map(_folded, (owned, load.touched, load.reviewed, load.waiting))
    spelled = {login.casefold(): login for login in (*owned, *load.touched, *load.reviewed, *load.may_review)}
    known = {*own, *touched, *reviewed} if may else set(own)
    able = {name for name in known - set(barred) if not name.endswith("[bot]") and (not may or name in may)}
    counts = (own, touched, reviewed, waiting)
    found = [Candidate(spelled[name], *(count.get(name, 0) for count in counts)) for name in able]
    return tuple(sorted(found, key=lambda candidate: candidate.rank))


def named(event: CommandGiven) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the logins and the teams of the repository's owner that a command names, each once."""
    owner = event.repository.owner.casefold()
    logins, teams = {}, {}
    for word in event.args:
        if (team := _TEAM.fullmatch(word)) and team[1].casefold() == owner:
            teams[team[2].casefold()] = team[2]
        elif login := _LOGIN.fullmatch(word):
            logins[login[1].casefold()] = login[1]
    return tuple(logins.values())[:MOST_ASKED], tuple(teams.values())[:MOST_ASKED]


def _folded(counts: Mapping[str, int]) -> dict[str, int]:
    return {login.casefold(): count for login, count in counts.items()}


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

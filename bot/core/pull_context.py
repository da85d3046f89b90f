"""What bears on a pull request beside itself: the repository's files, its people, and what was decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.facts import Fact

HELD = "hold"  # the word of `/hold`; its detail says what for


@dataclass(frozen=True, slots=True)
class Skip:
    """A maintainer's word that an item of the checklist need not be done.

    Args:
        item: the item's key.
        reason: in the maintainer's words.
        by: their login.
        sha: the head that they looked at.
        covers: of a release's blockers, the numbers of those that were open then.
    """

    item: str
    reason: str
    by: str
    sha: str = ""
    covers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Skips(Fact):
    """The items of the checklist that maintainers waived on this pull request."""

    skips: tuple[Skip, ...] = ()

    def of(self, item: str) -> Skip | None:
        return next((skip for skip in self.skips if skip.item == item), None)


@dataclass(frozen=True, slots=True)
class Word:
    """What a person said about a pull request by command.

    Args:
        word: which one, such as ``merge`` or ``approve``.
        by: their login.
        sha: the head that they looked at.
        detail: what they added, such as the way to merge.
        at: when (UTC).
    """

    word: str
    by: str
    sha: str = ""
    detail: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Words(Fact):
    """What people said about the pull request by command, the oldest first."""

    words: tuple[Word, ...] = ()

    def of(self, word: str) -> tuple[Word, ...]:
        """All who said this."""
        return tuple(each for each in self.words if each.word == word)


@dataclass(frozen=True, slots=True)
class PushedSince(Fact):
    """Whether who gave a command may not have seen the commits that are there, or the base that they go to.

    Args:
        is_so: True where one of them is as new as the comment or newer, or where that is not known.
    """

    is_so: bool = False


@dataclass(frozen=True, slots=True)
class RepositoryFile(Fact):
    """Base of facts that are a file of the repository: CODEOWNERS, for one.

    Args:
        text: the file; None where there is none.
        path: where it was found.
    """

    text: str | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class CodeOwnersFile(RepositoryFile):
    """The CODEOWNERS file of the base branch: the first of ``.github/``, the root and ``docs/``.

    Args:
        is_too_large: True where it has more than 3 MB, of which GitHub reads nothing, and nor does Usher.
    """

    is_too_large: bool = False


@dataclass(frozen=True, slots=True)
class ReviewLoad(Fact):
    """Who could review, and how busy they are.

    Args:
        waiting: login -> open pull requests here that wait for their review.
        touched: login -> commits of the last year to files that this pull request changes.
        reviewed: login -> how many of the last hundred merged pull requests they reviewed.
        may_review: logins with write access, where known; empty where GitHub does not say.
    """

    waiting: Mapping[str, int] = field(default_factory=dict)
    touched: Mapping[str, int] = field(default_factory=dict)
    reviewed: Mapping[str, int] = field(default_factory=dict)
    may_review: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PullTypePrediction(Fact):
    """The classifier's opinion on the type of a change, from the pull request's title and body.

    Args:
        label: a type of Conventional Commits; "" where there is no opinion.
        probability: calibrated, 0 to 1.
        abstained: True where the classifier would rather not say.
    """

    label: str
    probability: float
    abstained: bool = False


@dataclass(frozen=True, slots=True)
class TeamMembers(Fact):
    """Who is in the teams that CODEOWNERS names for the changed files.

    Args:
        members: ``org/team`` -> logins; a team that cannot be looked into is left out.
    """

    members: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReviewRequests(Fact):
    """Who was asked for a review, as the thread's timeline tells it.

    Args:
        asked: login -> since when (UTC) their review is wanted, of those who are asked now.
        withdrawn: logins whose request was taken back, by whomever, and not made again.
    """

    asked: Mapping[str, datetime] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Strangers(Fact):
    """Those whom ``/cc`` names without a role in the repository: nobody can ask them to review.

    Args:
        logins: as they were named.
    """

    logins: frozenset[str] = frozenset()

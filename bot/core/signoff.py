"""Developer Certificate of Origin: whether commits are signed off, judged as GitHub's DCO app judges it.

A ``Signed-off-by`` line must have the name and the e-mail address of the commit's author or committer, in
any case. A later commit may make up for one without: its author's own ("I, NAME <EMAIL>, hereby add my
Signed-off-by to this commit: SHA"), or somebody else's ("On behalf of NAME <EMAIL>, I, ..."). Rules and
wording are those documented at https://github.com/dcoapp/app and https://github.com/cncf/dco2.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.core.pulls import Commit

_MAX_CHARS = 65_536  # of one message that are read
_MAX_LINES = 500  # of one message that name somebody
_PERSON = r"([^<>]*)<([^<>]*)>"
_SIGNOFF = re.compile(rf"signed-off-by:{_PERSON}", re.IGNORECASE)
_HEREBY = rf"I,{_PERSON}, hereby add my signed-off-by to this commit:\s*([0-9a-f]{{40,64}})"
_OWN = re.compile(_HEREBY, re.IGNORECASE)
_ON_BEHALF = re.compile(rf"On behalf of{_PERSON}, {_HEREBY}", re.IGNORECASE)
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+")


class Fault(StrEnum):
    """What is wrong with a commit's sign-off."""

    MISSING = "there is none"
    FOREIGN = "it has another name or e-mail address than the commit's author and committer"
    ADDRESS = "the commit's author has no e-mail address"


@dataclass(frozen=True, slots=True)
class Remedies:
    """Which later commits may make up for a sign-off that is missing.

    Args:
        own: the author's own.
        others: somebody else's on the author's behalf; counts only together with ``own``.
    """

    own: bool = False
    others: bool = False


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody as Git knows them; without case."""

    name: str
    email: str

    @classmethod
    def of(cls, name: str, email: str) -> "_Person":
        return cls(name.strip().casefold(), email.strip().casefold())


def faults(
    judged: Sequence[Commit], commits: Sequence[Commit], remedies: Remedies
) -> list[tuple[Commit, Fault]]:
    """The commits whose sign-off is wrong, and what is wrong with it.

    Args:
        judged: those that must be signed off.
        commits: all of the pull request, among them those that may make up for it.
        remedies: which of those count.
    """
    found = [(commit, fault) for commit in judged if (fault := _own_fault(commit))]
    added = _added(commits, remedies) if found else frozenset()
    return [(commit, fault) for commit, fault in found if (commit.sha, _author(commit)) not in added]


def _own_fault(commit: Commit) -> Fault | None:
    found = [_Person.of(match[1], match[2]) for line in _lines(commit) if (match := _SIGNOFF.fullmatch(line))]
    if not found:
        return Fault.MISSING
    if not _ADDRESS.fullmatch(commit.author_email or commit.committer_email):
        return Fault.ADDRESS
    author, committer = _author(commit), _committer(commit)
    names, emails = {author.name, committer.name}, {author.email, committer.email}
    fits = any(person.name in names and person.email in emails for person in found)
    return None if fits else Fault.FOREIGN


def _added(commits: Sequence[Commit], remedies: Remedies) -> frozenset[tuple[str, _Person]]:
    """The sign-offs that well signed-off commits add to others: which commit, and whose."""
    added: set[tuple[str, _Person]] = set()
    for commit in commits if remedies.own else ():
        if _own_fault(commit) is None:
            added.update(_added_by(commit, remedies))
    return frozenset(added)


def _added_by(commit: Commit, remedies: Remedies) -> Iterator[tuple[str, _Person]]:
    author, committer = _author(commit), _committer(commit)
    for line in _lines(commit):
        own = _OWN.fullmatch(line)
        if own and _Person.of(own[1], own[2]) == author:
            yield own[3].lower(), author
        other = _ON_BEHALF.fullmatch(line) if remedies.others else None
        if other and _Person.of(other[3], other[4]) in {author, committer}:
            yield other[5].lower(), _Person.of(other[1], other[2])


def _lines(commit: Commit) -> list[str]:
    """The lines that name somebody."""
    lines = commit.message[:_MAX_CHARS].split("\n")
    return [line.strip() for line in lines if "<" in line][-_MAX_LINES:]


def _author(commit: Commit) -> _Person:
    return _Person.of(commit.author_name, commit.author_email)


def _committer(commit: Commit) -> _Person:
    return _Person.of(commit.committer_name, commit.committer_email)

"""What there is to know about a repository's releases."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime

from bot.core.actors import GHOST, Actor
from bot.core.facts import Fact


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who took part in a change.

    Args:
        id: the account's number; None where it is not known.
        login: the account's name; "" where only a commit names the person.
        name: as Git has it; shown where there is no login.
        is_bot: True for Apps and accounts of type Bot.
    """

    id: int | None = None
    login: str = ""
    name: str = ""
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class MergedPull:
    """A pull request that was merged since the last release.

    Args:
        number: its number.
        title, body: as they are now, not as they were at the merge.
        author: who opened it; a ghost where the account is gone.
        labels: names of its labels, as they are now.
        merged_at: when (UTC).
        base, head: the names of the branches.
        merge_sha: the commit that the merge, the squash or the end of the rebase made.
        url: its page; "" where it follows from the repository's name.
        coauthors: the other authors of its commits, and those whom ``Co-authored-by`` names
            (``bot/core/release/people.py`` reads these).
        messages: the whole messages of the commits that it brought, the oldest first: the one of a squash,
            all of a rebase; of a merge those that were merged, without the merge's own.
        paths: the files that it changed; read only where ``ReleaseConfig.asks_for_paths``.
    """

    number: int
    title: str
    merged_at: datetime
    body: str = ""
    author: Actor = GHOST
    labels: tuple[str, ...] = ()
    base: str = "main"
    head: str = ""
    merge_sha: str = ""
    url: str = ""
    coauthors: tuple[Person, ...] = ()
    messages: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """A release of the repository, published or a draft.

    Args:
        tag: its tag; of a draft the one that it is going to have, "" without one.
        name: its title.
        body: its notes; only needed of a draft.
        id: GitHub's number for it.
        is_draft: True until it is published.
        is_prerelease: as its author marked it.
        target: the branch or commit that the tag is, or will be, made from.
        published_at: when (UTC); None for a draft.
    """

    tag: str
    name: str = ""
    body: str = ""
    id: int = 0
    is_draft: bool = False
    is_prerelease: bool = False
    target: str = ""
    published_at: datetime | None = None

    @property
    def seal(self) -> str:
        """What it says, in 32 hexadecimal digits: another once somebody has changed any of it."""
        said = (
            self.id,
            self.tag,
            self.name,
            plain(self.body),
            self.is_draft,
            self.is_prerelease,
            self.target,
        )
        return hashlib.blake2b(json.dumps(said).encode(), digest_size=16).hexdigest()


def plain(text: str) -> str:
    """Text as GitHub may give it back: with other line ends, without blanks at the end."""
    return text.replace("\r\n", "\n").strip()


def _in_url(tag: str) -> str:
    """A tag as it stands in a URL; a slash stays."""
    return re.sub(rb"[^A-Za-z0-9._~/-]", lambda found: b"%%%02X" % found[0][0], tag.encode()).decode()


@dataclass(frozen=True, slots=True)
class ReleaseState(Fact):
    """What has been merged since the last release, and the draft of the next one.

    Of a pull request that is not merged nothing is asked, so that an empty state answers for it.

    Args:
        repository: its full name, ``owner/name``.
        default_branch: the name of its default branch.
        server: where people see it, without a slash at the end.
        pulls: all pull requests whose commits are on the branch to be released and not in ``last``, in any
            order. Without a ``last``: all that were ever merged into that branch.
        last: the published release before this one, as ``bot/core/release/previous.py`` chooses it.
        draft: the draft to be kept current, likewise; None without one.
        first_timers: numbers of the accounts that had nothing merged here before ``last``; without a ``last``
            nobody, as it would be everybody.
        released_in: the tag of the first published release that has the pull request of the event; "" while
            none has.
    """

    repository: str = ""
    default_branch: str = "main"
    server: str = "https://github.com"
    pulls: tuple[MergedPull, ...] = ()
    last: Release | None = None
    draft: Release | None = None
    first_timers: frozenset[int] = frozenset()
    released_in: str = ""

    def page_of(self, tag: str) -> str:
        """Where people see the published release of this tag, as a URL."""
        return f"{self.server}/{self.repository}/releases/tag/{_in_url(tag)}"

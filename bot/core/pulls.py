"""What there is to know about a pull request. Each class is one question to GitHub, or to a stored history.

``bot/core/pull_json.py`` reads them from GitHub's own JSON, whether it came with a webhook, as an answer or
from a backup.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Literal

from bot.core.actors import GHOST, Actor
from bot.core.facts import Fact

ReviewState = Literal["approved", "changes_requested", "commented", "dismissed", "pending"]
FileStatus = Literal["added", "removed", "modified", "renamed", "copied", "changed", "unchanged"]
FAILED = frozenset(
    {"failure", "timed_out", "cancelled", "action_required", "startup_failure", "stale", "error"}
)
CHECKS_BEGIN = timedelta(minutes=10)  # so long checks that are to come may take to report for the first time


@dataclass(frozen=True, slots=True)
class PullRequest(Fact):
    """A pull request as GitHub has it now.

    Args:
        number: its number.
        title, body: as its author wrote them.
        author: who opened it; a ghost where the account is gone.
        association: the author's, such as ``MEMBER`` or ``FIRST_TIME_CONTRIBUTOR``.
        is_draft, is_open, is_merged: its state.
        is_locked: True when only collaborators may comment.
        base, head: the names of the branches.
        base_sha, head_sha: the commits they stood at.
        head_repository: the full name of the repository it comes from; "" where that was deleted.
        is_fork: True where that is another repository, or was deleted.
        labels: names of the labels.
        requested_reviewers: logins that were asked and have not answered yet.
        requested_teams: slugs of teams, likewise.
        assignees: logins.
        milestone: its title; "" without one.
        mergeable: False where it conflicts with its base; None while GitHub does not know.
        merge_state: GitHub's ``mergeable_state``, such as ``clean``, ``blocked``, ``behind`` or ``dirty``.
        additions, deletions: changed lines.
        changed_files, commits: how many.
        created_at, updated_at, merged_at: times (UTC).
        merge_sha: the commit that the merge made; "" before.
        merged_by: the login of who merged it; "" before.
        is_automerge: True where GitHub is to merge it by itself.
    """

    number: int
    title: str = ""
    body: str = ""
    author: Actor = GHOST
    association: str = "NONE"
    is_draft: bool = False
    is_open: bool = True
    is_merged: bool = False
    is_locked: bool = False
    base: str = "main"
    head: str = ""
    base_sha: str = ""
    head_sha: str = ""
    head_repository: str = ""
    is_fork: bool = False
    labels: tuple[str, ...] = ()
    requested_reviewers: tuple[str, ...] = ()
    requested_teams: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    milestone: str = ""
    mergeable: bool | None = None
    merge_state: str = ""
    additions: int = 0
    deletions: int = 0
    changed_files: int = 0
    commits: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None
    merged_at: datetime | None = None
    merge_sha: str = ""
    merged_by: str = ""
    is_automerge: bool = False

    def has_label(self, name: str) -> bool:
        """Whether it has a label of this name; labels ignore case."""
        return name.casefold() in {label.casefold() for label in self.labels}


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that a pull request changes.

    Args:
        path: where it is now.
        status: what happened to it.
        additions, deletions: lines.
        previous: where it was, if it was renamed or copied; "" otherwise.
        patch: the hunks as unified diff without file header; None where GitHub sends none: a binary file, or
            one that is too large.
        sha: of the blob.
    """

    path: str
    status: FileStatus = "modified"
    additions: int = 0
    deletions: int = 0
    previous: str = ""
    patch: str | None = None
    sha: str = ""


@dataclass(frozen=True, slots=True)
class ChangedFiles(Fact):
    """The files that a pull request changes.

    Args:
        files: in GitHub's order; 3,000 at most, which is GitHub's own limit.
        is_complete: False where there are more.
    """

    files: tuple[ChangedFile, ...] = ()
    is_complete: bool = True

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(file.path for file in self.files)

    def matching(self, *patterns: str) -> tuple[str, ...]:
        """The paths that one of the shell patterns matches; ``*`` matches slashes, too."""
        return tuple(path for path in self.paths if any(fnmatchcase(path, pattern) for pattern in patterns))


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of a pull request.

    Args:
        sha: its name.
        message: the whole message.
        author_name, author_email: as Git has them.
        author: the account; a ghost where GitHub knows none for the address.
        committer_name, committer_email, committer_login: as Git has them, and the account's; "" for none.
        parents: how many commits it follows; two or more make it a merge.
        is_verified: True where GitHub could check its signature.
    """

    sha: str
    message: str = ""
    author_name: str = ""
    author_email: str = ""
    author: Actor = GHOST
    committer_name: str = ""
    committer_email: str = ""
    committer_login: str = ""
    parents: int = 1
    is_verified: bool = False

    @property
    def subject(self) -> str:
        """The first line of its message."""
        return self.message.strip().partition("\n")[0].strip()

    @property
    def is_merge(self) -> bool:
        return self.parents > 1


@dataclass(frozen=True, slots=True)
class Commits(Fact):
    """The commits of a pull request, the oldest first; 250 at most, which is GitHub's own limit."""

    commits: tuple[Commit, ...] = ()
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class Review:
    """A review that was handed in.

    Args:
        author: who wrote it.
        state: what it came to.
        association: the reviewer's, such as ``MEMBER``.
        sha: the commit that was looked at; "" where it is gone.
        at: when (UTC).
    """

    author: Actor
    state: ReviewState
    association: str = "NONE"
    sha: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reviews(Fact):
    """The reviews of a pull request, the oldest first.

    Args:
        reviews: as they were handed in.
        is_complete: False where there are more than are read.
    """

    reviews: tuple[Review, ...] = ()
    is_complete: bool = True

    def latest(self) -> Mapping[str, Review]:
        """Each reviewer's word as it stands, by login: comments do not change an earlier verdict.

        That is how GitHub counts: a later verdict replaces an earlier one, a dismissed one no longer counts.
        """
        standing: dict[str, Review] = {}
        for review in self.reviews:
            if review.state != "commented" or review.author.login not in standing:
                standing[review.author.login] = review
        return {login: review for login, review in standing.items() if review.state != "pending"}


@dataclass(frozen=True, slots=True)
class Check:
    """A check run, or a commit status, of one commit.

    Args:
        name: the run's name, or the status's context.
        conclusion: ``success``, ``failure``, ``neutral``, ``skipped``, ...; "" while it is under way.
        app: the slug of the App that made it; "" for a status.
        url: where its details are.
        description: a status's own line, such as ``87.5% (+0.2%)``.
    """

    name: str
    conclusion: str = ""
    app: str = ""
    url: str = ""
    description: str = ""

    @property
    def is_done(self) -> bool:
        return bool(self.conclusion)

    @property
    def has_failed(self) -> bool:
        return self.conclusion in FAILED


@dataclass(frozen=True, slots=True)
class Checks(Fact):
    """The checks of a pull request's head commit, without Usher's own; the latest of each name.

    Args:
        checks: in GitHub's order.
        sha: the commit.
        is_complete: False where there are more than are read.
    """

    checks: tuple[Check, ...] = ()
    sha: str = ""
    is_complete: bool = True

    @property
    def failed(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.has_failed)

    @property
    def under_way(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.is_done)


@dataclass(frozen=True, slots=True)
class ChecksExpected(Fact):
    """Whether the commit whose checks count is to be checked at all.

    Args:
        is_so: True where checks of others were seen in this repository lately.
        since: when that commit was there at the latest (UTC); None where that is not known.
    """

    is_so: bool = False
    since: datetime | None = None

    @property
    def until(self) -> datetime | None:
        """Until when checks may take to report for the first time (UTC); None where none are waited for."""
        return self.since + CHECKS_BEGIN if self.is_so and self.since is not None else None


@dataclass(frozen=True, slots=True)
class ParentChecks(Fact):
    """The checks of the commit before the one that the merge made; none unless a check of that has failed.

    Args:
        checks: without Usher's own; the latest of each name.
        sha: the commit; "" where it was not asked for, or is not known.
    """

    checks: tuple[Check, ...] = ()
    sha: str = ""

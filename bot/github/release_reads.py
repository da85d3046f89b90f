"""What Usher asks GitHub about releases, and about what was merged since. Each function is one question."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.core.payload import items_at, mapping_at, number_at, text_at, texts_at
from bot.core.pull_json import commit_from, moment_at, pull_from
from bot.core.pulls import Commit, PullRequest
from bot.core.release.state import Release
from bot.github.answers import Forbidden, Missing, Refused
from bot.github.client import PER_PAGE, RepositoryClient
from bot.github.kept import KeptAnswers

PAGES = 10  # of any list: 1,000 releases, commits and pull requests
_CONTAINED = frozenset({"behind", "identical"})


@dataclass(frozen=True, slots=True)
class Placed:
    """A commit, and the names of those that it was made on top of."""

    commit: Commit
    parents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """The commits that a branch has and a tag has not.

    Args:
        commits: by their names, the oldest first.
        parted_at: when the newest commit was made that both have; None where GitHub does not say.
        is_complete: False where there are more.
    """

    commits: Mapping[str, Placed]
    parted_at: datetime | None = None
    is_complete: bool = True

    def brought_by(self, sha: str) -> tuple[Commit, ...]:
        """The commits that a merge brought, the oldest first, without its own; of another commit itself."""
        made = self.commits.get(sha)
        if made is None:
            return ()
        if len(made.parents) < 2:
            return (made.commit,)
        theirs = self._behind(made.parents[1:]) - self._behind(made.parents[:1])
        return tuple(each.commit for name, each in self.commits.items() if name in theirs)

    def _behind(self, tips: Sequence[str]) -> set[str]:
        found: set[str] = set()
        waiting = list(tips)
        while waiting:
            name = waiting.pop()
            if name in self.commits and name not in found:
                found.add(name)
                waiting += self.commits[name].parents
        return found


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed pull request and its page."""

    pull: PullRequest
    url: str


class ReleaseReader(KeptAnswers):
    """Asks about releases, and keeps the answers for the next time."""

    def releases(self, client: RepositoryClient) -> list[Release]:
        """Return the releases; the drafts among them only where Usher may write."""
        found: list[Release] = []
        for page in range(1, PAGES + 1):
            items = self._get(client, f"/releases?per_page={PER_PAGE}&page={page}", _releases)
            found += items
            if len(items) < PER_PAGE:
                break
        return found

    def since(self, client: RepositoryClient, tag: str, branch: str) -> Since | None:
        """Return what a branch has and a tag has not; None where GitHub cannot compare them."""
        path = f"/compare/{quote(tag, safe='')}...{quote(branch, safe='')}"
        commits: dict[str, Placed] = {}
        parted_at, total = None, 0
        for page in range(1, PAGES + 1):
            try:
                part = self._get(client, f"{path}?per_page={PER_PAGE}&page={page}", _compared)
            except (Missing, Forbidden, Refused):
                return None
            parted_at, total = part.parted_at, part.total
            commits.update(part.commits)
            if len(commits) >= total or not part.commits:
                break
        return Since(commits, parted_at, is_complete=len(commits) >= total)

    def merged(self, client: RepositoryClient, base: str, since: datetime | None) -> Iterator[Closed]:
        """Return the pull requests that were merged into a branch, the last changed first.

        Args:
            client: the repository.
            base: the branch; "" for any.
            since: those not changed since then are left out, and not read.
        """
        wanted = f"&base={quote(base, safe='')}" if base else ""
        path = f"/pulls?state=closed&sort=updated&direction=desc{wanted}"
        for page in range(1, PAGES + 1):
            items: list[Closed] = self._get(client, f"{path}&per_page={PER_PAGE}&page={page}", _closed)
            for item in items:
                if since and item.pull.updated_at and item.pull.updated_at < since:
                    return
                if item.pull.is_merged:
                    yield item
            if len(items) < PER_PAGE:
                return

    def has(self, client: RepositoryClient, tag: str, sha: str) -> bool:
        """Whether a commit is in what a tag names."""
        path = f"/compare/{quote(tag, safe='')}...{quote(sha, safe='')}?per_page=1"
        try:
            status = self._get(client, path, lambda data: text_at(data, "status"))
        except (Missing, Forbidden, Refused):
            return False
        return status in _CONTAINED


def release(client: RepositoryClient, id_: int) -> Release | None:
    """Return a release as it is now; None where it is gone."""
    try:
        return release_from(client.get(f"/releases/{id_}")[0])
    except Missing:
        return None


def release_from(data: Mapping[str, Any]) -> Release:
    """A release as GitHub describes it; one that is published without its notes, which nobody asks for."""
    is_draft = data.get("draft") is True
    return Release(
        tag=text_at(data, "tag_name"),
        name=text_at(data, "name"),
        body=text_at(data, "body") if is_draft else "",
        id=number_at(data, "id") or 0,
        is_draft=is_draft,
        is_prerelease=data.get("prerelease") is True,
        target=text_at(data, "target_commitish"),
        published_at=None if is_draft else moment_at(data, "published_at"),
    )


@dataclass(frozen=True, slots=True)
class _Compared:
    """A page of a comparison, without its files, which are most of it."""

    commits: Mapping[str, Placed]
    parted_at: datetime | None
    total: int


def _compared(data: Mapping[str, Any]) -> _Compared:
    listed = [(commit_from(item), items_at(item, "parents")) for item in items_at(data, "commits")]
    parted = mapping_at(mapping_at(mapping_at(data, "merge_base_commit"), "commit"), "committer")
    return _Compared(
        {commit.sha: Placed(commit, texts_at(parents, "sha")) for commit, parents in listed},
        moment_at(parted, "date"),
        number_at(data, "total_commits") or 0,
    )


def _releases(items: list[dict[str, Any]]) -> list[Release]:
    return [release_from(item) for item in items]


def _closed(items: list[dict[str, Any]]) -> list[Closed]:
    return [Closed(pull_from(item), text_at(item, "html_url")) for item in items]

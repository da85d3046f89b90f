"""What Usher asks GitHub about a release that is to go out. Each function is one question."""

from typing import Any
from urllib.parse import quote

from bot.core.payload import items_at, mapping_at, number_at, text_at, texts_at
from bot.core.pull_json import file_from
from bot.core.pulls import ChangedFiles
from bot.github.answers import Forbidden, Missing, Refused
from bot.github.client import RepositoryClient, segment
from bot.github.kept import KeptAnswers

MOST_FILES = 300  # that GitHub compares
ISSUE_PAGES = 3


class GateReader(KeptAnswers):
    """Asks about the commit to be released and what blocks it, and keeps the answers for the next time."""

    def commit(self, client: RepositoryClient, ref: str) -> str:
        """Return the commit that a ref names, such as ``heads/main`` or ``tags/v1.2.0``; "" without one."""
        try:
            found: str = self._get(client, f"/git/ref/{quote(ref, safe='')}", _named)
            if found.startswith("tag "):  # one with a message of its own names the commit
                found = self._get(client, f"/git/tags/{segment(found.removeprefix('tag '))}", _named)
        except (Missing, Refused):  # a repository without commits refuses to answer
            return ""
        return found.removeprefix("commit ")

    def changed(self, client: RepositoryClient, tag: str, sha: str) -> ChangedFiles:
        """Return the files that changed from a tag to a commit, as far as GitHub lists them."""
        path = f"/compare/{quote(tag, safe='')}...{segment(sha)}?per_page=1"
        try:
            files: tuple[Any, ...] = self._get(client, path, lambda data: tuple(items_at(data, "files")))
        except (Missing, Forbidden, Refused):
            return ChangedFiles(is_complete=False)
        return ChangedFiles(tuple(map(file_from, files)), is_complete=len(files) < MOST_FILES)

    def root_files(self, client: RepositoryClient, sha: str) -> tuple[str, ...]:
        """Return the names of files and folders in the root of a commit."""
        return tuple(self._get(client, f"/git/trees/{segment(sha)}", _names))

    def in_milestones(self, client: RepositoryClient, titles: frozenset[str]) -> list[int]:
        """Return the open issues and pull requests in the open milestones of these titles, in lower case."""
        listed = self._pages(client, "/milestones?state=open", ISSUE_PAGES)
        meant = [number_at(each, "number") for each in listed if text_at(each, "title").lower() in titles]
        return [issue for each in meant if each for issue in self._open(client, f"&milestone={each}")]

    def labelled(self, client: RepositoryClient, label: str) -> list[int]:
        """Return the open issues and pull requests with a label."""
        return self._open(client, f"&labels={quote(label, safe='')}")

    def opened_by(self, client: RepositoryClient, login: str) -> list[int]:
        """Return the open issues and pull requests of a person, or an App."""
        return self._open(client, f"&creator={quote(login, safe='')}")

    def _open(self, client: RepositoryClient, wanted: str) -> list[int]:
        listed = self._pages(client, f"/issues?state=open{wanted}", ISSUE_PAGES)
        return [number for each in listed if (number := number_at(each, "number"))]


def _named(data: dict[str, Any]) -> str:
    """The kind of thing that a ref or a tag names, and its name."""
    named = mapping_at(data, "object")
    return f"{text_at(named, 'type')} {text_at(named, 'sha')}"


def _names(data: dict[str, Any]) -> tuple[str, ...]:
    return texts_at(items_at(data, "tree"), "path")

"""What Usher asks GitHub about a pull request. Each function is one question.

Answers are kept with their ETags: asking again costs nothing of the rate limit while nothing has changed.
"""

import base64
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from bot.core.payload import clean, items_at, mapping_at, number_at, text_at, texts_at
from bot.core.pull_json import (
    check_from_run,
    check_from_status,
    commit_from,
    file_from,
    latest_checks,
    pull_from,
    review_from,
)
from bot.core.pulls import ChangedFiles, Checks, Commits, PullRequest, Reviews
from bot.github.answers import Forbidden, Missing, Refused
from bot.github.client import PER_PAGE, RepositoryClient, segment
from bot.github.kept import KeptAnswers
from bot.github.reads import TooLarge

FILE_PAGES, COMMIT_PAGES = 30, 3  # GitHub's own limits: 3,000 files, 250 commits
REVIEW_PAGES = 30
TEAM_PAGES = 5
CHECK_PAGES = EVENT_PAGES = 10
# One question in place of a hundred.
REVIEWERS = """\
query ($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    pullRequests(states: [MERGED], first: 100, orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes { author { login } reviews(first: 20) { nodes { author { __typename login } } } }
    }
  }
}
"""


class PullReader(KeptAnswers):
    """Asks about pull requests, and keeps the answers for the next time."""

    def pull(self, client: RepositoryClient, number: int) -> PullRequest:
        """Return a pull request as it is now."""
        return pull_from(self._get(client, f"/pulls/{number}"))

    def files(self, client: RepositoryClient, pull: PullRequest) -> ChangedFiles:
        """Return the files that it changes; they cannot change while its two ends do not."""
        found = list(self._fixed(client, f"/pulls/{pull.number}/files", pull, FILE_PAGES))
        return ChangedFiles(tuple(map(file_from, found)), is_complete=len(found) < FILE_PAGES * PER_PAGE)

    def commits(self, client: RepositoryClient, pull: PullRequest) -> Commits:
        """Return its commits; they cannot change while its two ends do not."""
        found = list(self._fixed(client, f"/pulls/{pull.number}/commits", pull, COMMIT_PAGES))
        return Commits(tuple(map(commit_from, found)), is_complete=len(found) >= pull.commits)

    def reviews(self, client: RepositoryClient, number: int) -> Reviews:
        """Return its reviews, the oldest first."""
        items = list(self._pages(client, f"/pulls/{number}/reviews", REVIEW_PAGES))
        found = tuple(review for review in map(review_from, items) if review is not None)
        return Reviews(found, is_complete=len(items) < REVIEW_PAGES * PER_PAGE)

    def checks(self, client: RepositoryClient, sha: str, own_app: str, *, statuses: bool = True) -> Checks:
        """Return the checks of a commit, without those of the App ``own_app``.

        Where GitHub, or a server like it, has none of them to offer, there are none.

        Args:
            client: of the repository.
            sha: the commit.
            own_app: the slug of an App whose checks do not count.
            statuses: False leaves out commit statuses, which cost a request of their own.
        """
        runs = [check_from_run(run) for run in self._runs(client, sha)]
        statuses_ = self._statuses(client, sha) if statuses else ()
        reported = [check_from_status(status) for status in statuses_]
        others = (check for check in (*runs, *reported) if check.app != own_app)
        most = CHECK_PAGES * PER_PAGE
        return Checks(latest_checks(others), sha, is_complete=len(runs) < most and len(reported) < most)

    def parent(self, client: RepositoryClient, sha: str) -> str:
        """Return the commit before another one, its first parent; "" where there is none, or none is told."""
        try:
            # Not the commit itself, with which GitHub sends all that it changed.
            listed = self._get(client, f"/commits?sha={segment(sha)}&per_page=1")
        except (Missing, Forbidden, Refused):
            return ""
        parents = [parent for commit in listed[:1] for parent in items_at(commit, "parents")]
        return text_at(parents[0], "sha") if parents else ""

    def events(self, client: RepositoryClient, number: int) -> Iterator[dict[str, Any]]:
        """Return what happened on it, the oldest first."""
        return self._pages(client, f"/issues/{number}/events", EVENT_PAGES)

    def open_pulls(self, client: RepositoryClient) -> list[PullRequest]:
        """Return the newest hundred pull requests that are open."""
        return [pull_from(item) for item in self._get(client, f"/pulls?state=open&per_page={PER_PAGE}")]

    def authors(self, client: RepositoryClient, path: str, since: str) -> list[str]:
        """Return who wrote the last hundred commits to a file since a day (``2025-06-09``)."""
        query = f"/commits?path={quote(path, safe='')}&since={since}T00:00:00Z&per_page={PER_PAGE}"
        commits = map(commit_from, self._get(client, query))
        return [
            each.author.login for each in commits if each.author.id is not None and not each.author.is_bot
        ]

    def writers(self, client: RepositoryClient) -> frozenset[str]:
        """Return the people who may push, and so review; nobody where GitHub does not say."""
        try:
            people = self._get(client, f"/collaborators?permission=push&per_page={PER_PAGE}")
        except (Missing, Forbidden, Refused):
            return frozenset()
        able = (person for person in people if mapping_at(person, "permissions").get("push") is True)
        return frozenset(texts_at(able, "login"))

    def has_role(self, client: RepositoryClient, login: str) -> bool:
        """Return whether a person has a role in the repository; True where GitHub does not say."""
        try:
            client.get(f"/collaborators/{segment(login)}")
        except Missing:
            return False
        except (Forbidden, Refused):
            return True
        return True

    def team(self, client: RepositoryClient, organization: str, slug: str) -> frozenset[str]:
        """Return the logins of a team's members.

        Raises:
            Missing: there is no such team that Usher may see.
            Forbidden, Refused: Usher may not look into teams here.
            TooLarge: it has more members than are read.
        """
        found: list[str] = []
        path = f"/orgs/{segment(organization)}/teams/{segment(slug)}/members?per_page={PER_PAGE}"
        for page in range(1, TEAM_PAGES + 1):
            with client.for_members.asking() as repository:
                _headers, items = repository.requester.requestJsonAndCheck("GET", f"{path}&page={page}")
            found += texts_at(items or (), "login")
            if len(items or ()) < PER_PAGE:
                return frozenset(found)
        raise TooLarge(f"the team {organization}/{slug} has more than {len(found)} members")

    def reviewers(self, client: RepositoryClient) -> Counter[str]:
        """Return how many of the last hundred merged pull requests each person reviewed, not the author."""
        owner, _, name = client.full_name.partition("/")
        try:
            data = client.graphql(REVIEWERS, {"owner": owner, "name": name})
        except (Missing, Forbidden, Refused):
            return Counter()
        pulls = items_at(mapping_at(mapping_at(data, "repository"), "pullRequests"), "nodes")
        return Counter(login for pull in pulls for login in _reviewers_of(pull))

    def text(self, client: RepositoryClient, path: str, ref: str, most: int) -> str:
        """Return a text file of a branch.

        Args:
            client: of the repository.
            path: of the file.
            ref: the branch.
            most: bytes that it may have.

        Raises:
            Missing: there is no such file, or it is none.
            TooLarge: it has more bytes.
        """
        data = self._get(client, f"/contents/{quote(path)}?ref={quote(ref, safe='')}")
        if isinstance(data, dict) and (size := number_at(data, "size") or 0) > most:
            raise TooLarge(f"{path} has {size} bytes")
        try:
            if data.get("encoding") == "none":  # so GitHub lists files of over 1 MB
                data, _etag = client.get(f"/git/blobs/{segment(data['sha'])}")
            return clean(base64.b64decode(data["content"] or "").decode(errors="replace"))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Missing(f"{path} is not a file") from error

    def _runs(self, client: RepositoryClient, sha: str) -> Iterator[dict[str, Any]]:
        path = f"/commits/{segment(sha)}/check-runs"
        try:
            yield from self._pages(client, path, CHECK_PAGES, key="check_runs")
        except (Missing, Forbidden, Refused):
            return

    def _statuses(self, client: RepositoryClient, sha: str) -> Iterator[dict[str, Any]]:
        path = f"/commits/{segment(sha)}/status"
        try:
            yield from self._pages(client, path, CHECK_PAGES, key="statuses")
        except (Missing, Forbidden, Refused):
            return

    def _fixed(
        self, client: RepositoryClient, path: str, pull: PullRequest, most: int
    ) -> Iterator[dict[str, Any]]:
        """Read a list that belongs to a pull request's two ends, once for each pair of them."""
        for page in range(1, most + 1):
            key = (client.full_name, f"{path}?{pull.base_sha}...{pull.head_sha}&{page}")
            kept = self._known(key)
            items = kept[1] if kept else client.get(f"{path}?per_page={PER_PAGE}&page={page}")[0]
            self._keep(key, (None, items))
            yield from items or ()
            if len(items or ()) < PER_PAGE:
                return


def _reviewers_of(pull: object) -> set[str]:
    """The people who reviewed a pull request, as GraphQL tells of it."""
    author = text_at(mapping_at(pull, "author"), "login")
    reviews = items_at(mapping_at(pull, "reviews"), "nodes")
    people = [mapping_at(review, "author") for review in reviews]
    found = {text_at(person, "login") for person in people if text_at(person, "__typename") == "User"}
    return found - {author, ""}

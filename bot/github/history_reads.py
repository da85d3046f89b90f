"""What Usher asks GitHub about the past: which threads changed, and the releases.

Threads are listed over REST, in the order in which they changed: so a reading can be taken up again at any
moment in time. What happened on them is asked for in ``bot/github/thread_reads.py``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.core.documents import Inventory
from bot.core.errors import RetryLater
from bot.core.history import ChecksState, PastRelease
from bot.core.payload import mapping_at, number_at, text_at
from bot.core.pull_json import moment_at
from bot.github import check_reads
from bot.github.answers import Forbidden, nearly_used_up
from bot.github.client import PER_PAGE, GitHub, RepositoryClient, segment
from bot.github.document_reads import DocumentReader
from bot.github.graphql import Told

LEFT_TO_OTHERS = 0.2  # of an hour's requests: the bot itself has work to do meanwhile
TAGS, MOST_TAGS = "/git/matching-refs/tags", 100
Json = Mapping[str, Any]


@dataclass(slots=True)
class Cost:
    """What was asked for so far.

    Args:
        calls: requests of both kinds.
        graphql: those among them to GraphQL.
        points: what GitHub counted for these.
    """

    calls: int = 0
    graphql: int = 0
    points: int = 0


class HistoryReader:
    """Asks about one repository's past.

    Args:
        client: the repository.
        with_graphql: False asks over REST alone. It becomes so by itself where GitHub refuses GraphQL.
    """

    def __init__(self, client: RepositoryClient, *, with_graphql: bool = True) -> None:
        self.with_graphql = with_graphql
        self.cost = Cost()
        self._client = client
        self._rest_until: datetime | None = None

    @property
    def full_name(self) -> str:
        """The repository's full name, as it was asked for."""
        return self._client.full_name

    @property
    def installation(self) -> int:
        """The number of the installation that covers the repository."""
        return self._client.installation

    def repository(self) -> tuple[int, str]:
        """Return the repository's number and its full name, as GitHub spells it."""
        data, _headers = self.get("")
        number, full_name = number_at(data, "id"), text_at(data, "full_name")
        if number is None or not full_name:
            raise RetryLater("GitHub's answer about the repository cannot be read: it has no id or no name")
        return number, full_name

    def count(self, since: datetime | None) -> int:
        """Return how many threads have changed since then."""
        data, headers = self._list(_threads(since, per_page=1))
        return last_page(headers) or len(data)

    def listed(self, since: datetime | None, page: int = 1) -> list[dict[str, Any]]:
        """Return a page of the threads that have changed since then, the longest unchanged first."""
        return self._list(_threads(since, per_page=PER_PAGE, page=page))[0]

    def releases(self, known: Sequence[PastRelease] = ()) -> list[PastRelease]:
        """Return the releases, or the tags where the project makes no releases.

        Args:
            known: those that need not be asked for again.
        """
        found = [
            PastRelease(text_at(item, "tag_name"), at, item.get("prerelease") is True)
            for item in self._pages("/releases")
            if item.get("draft") is not True and (at := moment_at(item, "published_at"))
        ]
        return found or self._tags({each.tag: each for each in known})

    def documents(self, known: Inventory | None = None) -> Inventory:
        """Return which documents the repository has. See ``DocumentReader.read``."""
        ask = self.graphql if self.with_graphql else None
        return DocumentReader(self._client.full_name, lambda path: self._asked(path)[0], ask).read(known)

    def checks(self, numbers: Sequence[int]) -> dict[int, ChecksState]:
        """Return how the checks of pull requests' heads stand; without Usher's own, and those not known."""
        if not numbers or not self.with_graphql:
            return {}

        def ask(document: str, variables: dict[str, Any]) -> dict[str, Any]:
            return self.graphql(document, variables, all_or_nothing=True)

        own_app = self._client.bot_login.removesuffix("[bot]")
        return check_reads.states(self._client.full_name, numbers, own_app, ask)

    def check_pace(self) -> None:
        """See that enough of the hour's requests is left to others.

        Raises:
            RetryLater: too few are, until the hour ends.
        """
        until, self._rest_until = self._rest_until, None
        if until is not None:
            raise RetryLater(
                "most of this hour's requests are used up; the rest is for the bot itself", until
            )

    def _tags(self, known: Mapping[str, PastRelease]) -> list[PastRelease]:
        """The tags; of those whose time is not known yet, some at a time."""
        refs = {text_at(ref, "ref").removeprefix("refs/tags/"): ref for ref in self._list(TAGS)[0]}
        found = [known[name] for name in refs if name in known]
        for name in [name for name in refs if name not in known][-MOST_TAGS:]:
            at = self._made_at(mapping_at(refs[name], "object"))
            found += [PastRelease(name, at)] if at else []
        return found

    def _made_at(self, tagged: Json) -> datetime | None:
        """When a tag was made that says so itself, or else its commit."""
        kind, key = ("tags", "tagger") if text_at(tagged, "type") == "tag" else ("commits", "committer")
        made = self.get(f"/git/{kind}/{segment(text_at(tagged, 'sha'))}")[0]
        return moment_at(mapping_at(made, key), "date")

    def page(self, path: str, number: int) -> list[Any]:
        """GET a page of a list below the repository.

        Raises:
            RetryLater: what came is no list.
        """
        return self._list(f"{path}?per_page={PER_PAGE}&page={number}")[0]

    def _list(self, path: str) -> tuple[list[Any], Mapping[str, str]]:
        items, headers = self.get(path)
        if not isinstance(items, list):
            raise RetryLater(f"GitHub's answer to GET {path.partition('?')[0]} cannot be read: it is no list")
        return items, headers

    def _pages(self, path: str) -> Iterator[Any]:
        for number in count(1):
            items = self.page(path, number)
            yield from items
            if len(items) < PER_PAGE:
                return

    def get(self, path: str) -> tuple[Any, Mapping[str, str]]:
        """GET a path below the repository. Returns the data and the headers."""
        return self._asked(f"/repos/{self._client.full_name}{path}")

    def _asked(self, path: str) -> tuple[Any, Mapping[str, str]]:
        with self._client.asking() as repository:
            self.cost.calls += 1
            headers, data = repository.requester.requestJsonAndCheck("GET", path)
        self._note(headers)
        return data, headers

    def graphql(
        self, document: str, variables: dict[str, Any], *, all_or_nothing: bool = False
    ) -> dict[str, Any]:
        """Ask over GraphQL. Returns the ``data``; see ``RepositoryClient.told``."""
        return self.told(document, variables, all_or_nothing=all_or_nothing).data

    def told(self, document: str, variables: dict[str, Any], *, all_or_nothing: bool = False) -> Told:
        """Ask over GraphQL; see ``RepositoryClient.told``."""
        self.cost.calls += 1
        self.cost.graphql += 1
        told = self._client.told(document, variables, all_or_nothing=all_or_nothing)
        limit = mapping_at(told.data, "rateLimit")
        self.cost.points += number_at(limit, "cost") or 0
        if resets_at := moment_at(limit, "resetAt"):
            said = {"limit": limit.get("limit"), "remaining": limit.get("remaining")}
            said["reset"] = int(resets_at.timestamp())
            self._note({f"x-ratelimit-{name}": str(value) for name, value in said.items()})
        return told

    def _note(self, headers: Mapping[str, str]) -> None:
        until = nearly_used_up(headers, LEFT_TO_OTHERS)
        self._rest_until = until or self._rest_until


def installation_of(github: GitHub, full_name: str) -> int:
    """Return the number of the installation that covers a repository.

    Raises:
        Missing: there is no such repository, or the App is not installed on it: GitHub does not say which.
        Forbidden: its owner has suspended the App.
    """
    data = github.app_request("GET", f"/repos/{full_name}/installation")[1]
    if text_at(data, "suspended_at"):
        raise Forbidden(f"the App is suspended for {full_name.partition('/')[0]}")
    return number_at(data, "id") or 0


def last_page(headers: Mapping[str, str]) -> int | None:
    """Return the number of a list's last page; None where an answer is the whole list."""
    for part in headers.get("link", "").split(","):
        url, _, rel = part.partition(";")
        if 'rel="last"' in rel:
            return int(parse_qs(urlsplit(url.strip(" <>")).query).get("page", ["0"])[0])
    return None


def _threads(since: datetime | None, **sizes: int) -> str:
    asked: dict[str, Any] = {"state": "all", "sort": "updated", "direction": "asc"}
    if since is not None:
        asked["since"] = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"/issues?{urlencode(asked | sizes)}"

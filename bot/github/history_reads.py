"""What Usher asks GitHub about the past: which threads changed, what happened on them, and the releases.

Threads are listed over REST, in the order in which they changed: so a reading can be taken up again at any
moment in time. What happened on them is asked for over GraphQL, for many at once, and over REST, one by one,
where GitHub offers no GraphQL.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import structlog

from bot.core.documents import Inventory
from bot.core.errors import Gone, Malformed, RetryLater
from bot.core.history import ChecksState, PastRelease, Snapshot
from bot.core.history_graphql import comments_from, events_from
from bot.core.history_json import snapshot_from
from bot.core.payload import items_at, mapping_at, number_at, text_at
from bot.core.pull_json import moment_at
from bot.github import check_reads
from bot.github.answers import Forbidden, Missing, NotInstalled, Refused, nearly_used_up
from bot.github.client import PER_PAGE, GitHub, RepositoryClient, segment
from bot.github.document_reads import DocumentReader
from bot.github.history_documents import LATE_THREADS, REST_OF_A_THREAD, THREADS

# The inner pages; few threads have more. Those of what happened cost no more for being large.
ITEMS, REVIEW_THREADS, COMMENTS = 100, 20, 10
LATELY = timedelta(days=30)  # no report asks what people thought of what was said longer ago
LEFT_TO_OTHERS = 0.2  # of an hour's requests: the bot itself has work to do meanwhile
TAGS, MOST_TAGS = "/git/matching-refs/tags", 100
Json = Mapping[str, Any]
log = structlog.get_logger(__name__)


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
        return number_at(data, "id") or 0, text_at(data, "full_name")

    def count(self, since: datetime | None) -> int:
        """Return how many threads have changed since then."""
        data, headers = self.get(_threads(since, per_page=1))
        return last_page(headers) or len(data)

    def listed(self, since: datetime | None, page: int = 1) -> list[dict[str, Any]]:
        """Return a page of the threads that have changed since then, the longest unchanged first."""
        return list(self.get(_threads(since, per_page=PER_PAGE, page=page))[0])

    def snapshots(self, threads: Sequence[Json]) -> list[Snapshot]:
        """Return what happened on threads, without those that are gone by now.

        Args:
            threads: as they are listed; at most a hundred.

        Raises:
            RetryLater: GitHub asks for patience, or this was too much for it.
        """
        if self.with_graphql:
            try:
                return self._over_graphql(threads)
            except NotInstalled:
                raise
            except (Missing, Forbidden, Refused) as error:
                log.warning("history.without_graphql", reason=str(error))
                self.with_graphql = False
        return self.over_rest(threads)

    def over_rest(self, threads: Sequence[Json]) -> list[Snapshot]:
        """Return the same, asked for one by one."""
        found = []
        for thread in threads:
            number, is_pull = number_at(thread, "number"), bool(mapping_at(thread, "pull_request"))
            try:
                events = list(self._pages(f"/issues/{number}/timeline"))
                comments = list(self._pages(f"/pulls/{number}/comments")) if is_pull else []
            except NotInstalled:
                raise
            except (Missing, Gone):
                continue
            found += _snapshot(thread, events, comments)
        return found

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

    def _over_graphql(self, threads: Sequence[Json]) -> list[Snapshot]:
        sizes = {"items": ITEMS, "threads": REVIEW_THREADS, "comments": COMMENTS}
        document = LATE_THREADS if any(map(_is_late, threads)) else THREADS
        data = self.graphql(document, {"ids": [text_at(one, "node_id") for one in threads], **sizes})
        found = []
        for thread, node in zip(threads, items_at(data, "nodes"), strict=False):
            try:
                if isinstance(node, Mapping):  # else it is gone
                    found += _snapshot(
                        thread, events_from(self._timeline(thread, node)), self._lines(thread, node)
                    )
            except (Missing, Gone):
                continue
        return found

    def _timeline(self, thread: Json, node: Json) -> Iterator[Any]:
        """What happened on a thread, on as many pages as that takes."""
        while True:
            items = mapping_at(node, "timelineItems")
            yield from items_at(items, "nodes")
            info = mapping_at(items, "pageInfo")
            if info.get("hasNextPage") is not True:
                return
            asked = {"id": text_at(thread, "node_id"), "after": text_at(info, "endCursor")}
            node = mapping_at(self.graphql(REST_OF_A_THREAD, asked), "node")

    def _lines(self, thread: Json, node: Json) -> list[Any]:
        """The comments on a pull request's lines; where they do not fit, a list says it with fewer calls."""
        threads = mapping_at(node, "reviewThreads")
        inner = [mapping_at(one, "comments") for one in items_at(threads, "nodes")]
        if any(mapping_at(page, "pageInfo").get("hasNextPage") is True for page in (threads, *inner)):
            return list(self._pages(f"/pulls/{number_at(thread, 'number')}/comments"))
        return comments_from(items_at(threads, "nodes"))

    def _tags(self, known: Mapping[str, PastRelease]) -> list[PastRelease]:
        """The tags; of those whose time is not known yet, some at a time."""
        refs = {text_at(ref, "ref").removeprefix("refs/tags/"): ref for ref in self.get(TAGS)[0]}
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

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        page, items = 0, [None] * PER_PAGE
        while len(items) == PER_PAGE:
            page += 1
            items, _headers = self.get(f"{path}?per_page={PER_PAGE}&page={page}")
            yield from items

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
        """Ask over GraphQL; see ``RepositoryClient.graphql``."""
        self.cost.calls += 1
        self.cost.graphql += 1
        data = self._client.graphql(document, variables, all_or_nothing=all_or_nothing)
        limit = mapping_at(data, "rateLimit")
        self.cost.points += number_at(limit, "cost") or 0
        if resets_at := moment_at(limit, "resetAt"):
            said = {"limit": limit.get("limit"), "remaining": limit.get("remaining")}
            said["reset"] = int(resets_at.timestamp())
            self._note({f"x-ratelimit-{name}": str(value) for name, value in said.items()})
        return data

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


def _is_late(thread: Json) -> bool:
    """Whether a thread changed lately."""
    at = moment_at(thread, "updated_at")
    return at is not None and at > datetime.now(UTC) - LATELY


def _snapshot(thread: Json, events: Sequence[Any], comments: Sequence[Any]) -> list[Snapshot]:
    """The history of a thread; nothing where GitHub tells too little of it."""
    try:
        return [snapshot_from(thread, events, comments, is_pull=False)]
    except Malformed as error:
        log.warning("history.thread_left_out", thread=thread.get("number"), reason=str(error))
        return []

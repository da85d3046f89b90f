"""What happened on threads, as GitHub tells it: of many at once over GraphQL, or one by one over REST.

GraphQL may leave something out of an answer and say null in its place. Only where it says, too, that it does
not have the thread, the thread is gone. Anything else is a hole: that thread is asked for again, then over
REST. So no thread is kept without what happened on it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import structlog

from bot.core.errors import Gone, Malformed, RetryLater
from bot.core.history import Snapshot
from bot.core.history_graphql import comments_from, events_from
from bot.core.history_json import snapshot_from
from bot.core.payload import items_at, mapping_at, number_at, text_at
from bot.core.pull_json import moment_at
from bot.github.answers import Forbidden, Missing, NotInstalled, Refused
from bot.github.client import PER_PAGE
from bot.github.graphql import Path, Told
from bot.github.history_documents import LATE_THREADS, REST_OF_A_THREAD, THREADS
from bot.github.history_reads import HistoryReader
from bot.github.patience import Patience, at_once

# The inner pages; few threads have more. Those of what happened cost no more for being large.
ITEMS, REVIEW_THREADS, COMMENTS = 100, 20, 10
LATELY = timedelta(days=30)  # no report asks what people thought of what was said longer ago
FEW = 10  # threads with holes that are asked for over REST; of more, a smaller portion is asked for
TRIES_OF_A_PAGE = 3  # over GraphQL, then the thread is asked for over REST
DETAILS = frozenset({"assignee", "requestedReviewer"})  # such as a team, for which an App needs more rights
Json = Mapping[str, Any]
log = structlog.get_logger(__name__)


class ThreadReader:
    """Asks what happened on a repository's threads.

    Args:
        reader: asks about the repository's past.
        patiently: asks again for a page of a long thread, so that the others need not be read anew.
    """

    def __init__(self, reader: HistoryReader, patiently: Patience = at_once) -> None:
        self._reader, self._patiently = reader, patiently

    def snapshots(self, threads: Sequence[Json]) -> list[Snapshot]:
        """Return what happened on threads, without those that are gone by now.

        Args:
            threads: as they are listed; at most a hundred.

        Raises:
            RetryLater: GitHub asks for patience, or this was too much for it.
        """
        if not self._reader.with_graphql:
            return self.over_rest(threads)
        try:
            found, holes = self._over_graphql(threads)
            again, holes = self._over_graphql(holes) if holes else ([], [])
        except NotInstalled:
            raise
        except (Missing, Forbidden, Refused) as error:
            log.warning("history.without_graphql", reason=str(error))
            self._reader.with_graphql = False
            return self.over_rest(threads)
        if len(holes) > FEW:
            raise RetryLater(f"GitHub's answers left out what happened on {len(holes)} threads")
        return found + again + self.over_rest(holes)

    def over_rest(self, threads: Sequence[Json]) -> list[Snapshot]:
        """Return the same, asked for one by one."""
        found = []
        for thread in threads:
            number, is_pull = number_at(thread, "number"), _is_pull(thread)
            try:
                events = self._list(f"/issues/{number}/timeline")
                comments = self._list(f"/pulls/{number}/comments") if is_pull else []
            except NotInstalled:
                raise
            except (Missing, Gone):
                continue
            found += _snapshot(thread, events, comments)
        return found

    def _over_graphql(self, threads: Sequence[Json]) -> tuple[list[Snapshot], list[Json]]:
        """What happened on threads, and those about which the answer has a hole."""
        sizes = {"items": ITEMS, "threads": REVIEW_THREADS, "comments": COMMENTS}
        document = LATE_THREADS if any(map(_is_late, threads)) else THREADS
        told = self._reader.told(document, {"ids": [text_at(one, "node_id") for one in threads], **sizes})
        nodes = items_at(told.data, "nodes")
        if len(nodes) != len(threads):  # nobody knows which is whose
            return [], list(threads)
        found: list[Snapshot] = []
        holes: list[Json] = []
        for index, (thread, node) in enumerate(zip(threads, nodes, strict=True)):
            place: Path = ("nodes", index)
            if node is None and place in told.gone:
                continue
            try:
                _check_whole(told, place)
                listed = {**thread, "head": {"sha": text_at(node, "headRefOid")}}
                found += _snapshot(listed, self._events(thread, node), self._lines(thread, node))
            except _HoleError:
                holes.append(thread)
            except (Missing, Gone):
                continue
        return found, holes

    def _events(self, thread: Json, node: object) -> list[dict[str, Any]]:
        """What happened on a thread, on as many pages as that takes."""
        page = _Page(node, "timelineItems")
        nodes = page.nodes
        while page.has_more:
            page = self._page_after(thread, page.end)
            nodes += page.nodes
        return events_from(nodes)

    def _page_after(self, thread: Json, end: str) -> "_Page":
        tries = count(1)

        def ask() -> Told:
            tried = next(tries)
            try:
                return self._reader.told(REST_OF_A_THREAD, {"id": text_at(thread, "node_id"), "after": end})
            except RetryLater as error:
                if error.until is None and tried >= TRIES_OF_A_PAGE:
                    raise _HoleError from error
                raise
            except Missing as error:
                raise _HoleError from error

        told = self._patiently(ask)
        if ("node",) in told.gone:
            raise Missing("GitHub no longer has this thread")
        _check_whole(told, ("node",))
        page = _Page(told.data.get("node"), "timelineItems")
        if page.has_more and page.end == end:
            raise _HoleError
        return page

    def _lines(self, thread: Json, node: object) -> list[Any]:
        """The comments on a pull request's lines; where they do not fit, a list says it with fewer calls."""
        if not _is_pull(thread):
            return []
        threads = _Page(node, "reviewThreads")
        if threads.has_more or any(_Page(one, "comments").has_more for one in threads.nodes):
            return self._list(f"/pulls/{number_at(thread, 'number')}/comments")
        return comments_from(threads.nodes)

    def _list(self, path: str) -> list[Any]:
        items: list[Any] = []
        for number in count(1):
            page = self._patiently(lambda number=number: self._reader.page(path, number))  # type: ignore[misc]
            items += page
            if len(page) < PER_PAGE:
                break
        return items


class _HoleError(Exception):
    """An answer lacks something that it should hold."""


class _Page:
    """A page of a list in an answer.

    Raises:
        _HoleError: a part of it is not there.
    """

    def __init__(self, node: object, key: str) -> None:
        page = mapping_at(node, key)
        info = mapping_at(page, "pageInfo")
        nodes, self.has_more, self.end = (
            page.get("nodes"),
            info.get("hasNextPage"),
            text_at(info, "endCursor"),
        )
        if not isinstance(nodes, list) or not all(isinstance(one, Mapping) for one in nodes):
            raise _HoleError
        if not isinstance(self.has_more, bool) or (self.has_more and not self.end):
            raise _HoleError
        self.nodes = nodes


def _check_whole(told: Told, place: Path) -> None:
    """Raises _HoleError where more than a detail is missing below a place."""
    inside = (gap for gap in told.gone | told.hidden if gap[: len(place)] == place)
    if any(gap[-1] not in DETAILS for gap in inside):
        raise _HoleError


def _is_pull(thread: Json) -> bool:
    return bool(mapping_at(thread, "pull_request"))


def _is_late(thread: Json) -> bool:
    """Whether a thread changed lately."""
    at = moment_at(thread, "updated_at")
    return at is not None and at > datetime.now(UTC) - LATELY


def _snapshot(thread: Json, events: Sequence[Any], comments: Sequence[Any]) -> list[Snapshot]:
    """The history of a thread; nothing where GitHub tells too little of it."""
    number = thread.get("number")
    try:  # GitHub knows better what time it is than the clock here
        snapshot = snapshot_from(thread, events, comments, is_pull=False)
    except Malformed as error:
        log.warning("history.thread_left_out", thread=number, reason=str(error))
        return []
    if snapshot.flaws:
        log.warning("history.events_left_out", thread=number, reason=snapshot.flaws[0])
    return [snapshot]

"""What is asked of GitHub about threads, answer by answer: nothing that an answer lacks is taken as truth."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from bot.core.errors import RetryLater
from bot.github.client import RepositoryClient
from bot.github.history_reads import HistoryReader
from bot.github.patience import Answer as Found
from bot.github.thread_reads import ThreadReader
from tests.github.scripted import Answer, Scripted
from tests.github.test_history_reads import AT, ISSUE, REPO, answer, tell

CLOSED = {"__typename": "ClosedEvent", "id": "E_1", "createdAt": AT, "actor": None}
PULL = {**ISSUE, "node_id": "PR_7", "pull_request": {"url": "x"}}
TIMELINE = f"{REPO}/issues/7/timeline?page=1&per_page=100"


@pytest.fixture
def reader(client: RepositoryClient) -> HistoryReader:
    return HistoryReader(client)


@pytest.fixture
def threads(reader: HistoryReader) -> ThreadReader:
    return ThreadReader(reader)


def page(*nodes: object, more: bool = False, end: str = "c") -> dict[str, Any]:
    return {"nodes": list(nodes), "pageInfo": {"hasNextPage": more, "endCursor": end if more else None}}


def kinds(threads: ThreadReader, *asked: dict[str, Any]) -> list[list[str]]:
    return [[event.kind for event in found.thread.timeline] for found in threads.snapshots(list(asked))]


def test_what_did_not_fit_is_asked_for_apart(
    reader: HistoryReader, threads: ThreadReader, script: Scripted
) -> None:
    rest = {"data": {"node": {"timelineItems": page({**CLOSED, "id": "E_2"})}, "rateLimit": {"cost": 1}}}
    first = answer({"timelineItems": page(CLOSED, more=True)})
    tell(script, "POST", "/graphql", first, Answer(200, rest))
    [found] = threads.snapshots([ISSUE])
    assert len(found.thread.timeline) == 2
    cost = reader.cost
    assert (cost.calls, cost.graphql, cost.points) == (2, 2, 3)


def test_what_is_gone_is_left_out(threads: ThreadReader, script: Scripted) -> None:
    gone = {"type": "NOT_FOUND", "message": "no", "path": ["nodes", 0]}
    tell(script, "POST", "/graphql", answer(None, {"timelineItems": page()}, errors=[gone]))
    found = threads.snapshots([ISSUE, {**ISSUE, "number": 8}])
    assert [each.thread.number for each in found] == [8]


def test_a_detail_that_the_app_may_not_see_is_left_out(
    reader: HistoryReader, threads: ThreadReader, script: Scripted
) -> None:
    asked = {**CLOSED, "__typename": "ReviewRequestedEvent", "requestedReviewer": None}
    path = ["nodes", 0, "timelineItems", "nodes", 0, "requestedReviewer"]
    hidden = {"type": "FORBIDDEN", "message": "Resource not accessible by integration", "path": path}
    tell(script, "POST", "/graphql", answer({"timelineItems": page(asked)}, errors=[hidden]))
    [found] = threads.snapshots([ISSUE])
    assert [(event.kind, event.detail) for event in found.thread.timeline] == [("review_requested", "")]
    assert reader.with_graphql


@pytest.mark.parametrize("kind", ["FORBIDDEN", "UNPROCESSABLE", "NOT_FOUND"])
def test_where_graphql_is_refused_rest_is_asked(
    reader: HistoryReader, threads: ThreadReader, script: Scripted, kind: str
) -> None:
    tell(script, "POST", "/graphql", Answer(200, {"data": None, "errors": [{"type": kind, "message": "no"}]}))
    tell(
        script,
        "GET",
        f"{REPO}/issues/7/timeline?page=1&per_page=100",
        Answer(200, [{"event": "closed", "created_at": AT}]),
    )
    [found] = threads.snapshots([ISSUE])
    assert [event.kind for event in found.thread.timeline] == ["closed"]
    assert not reader.with_graphql


@pytest.mark.parametrize(
    "refusal",
    [
        Answer(502, {"message": "Server Error"}),
        Answer(200, {"data": None, "errors": [{"message": "Something went wrong"}]}),
        Answer(200, {"data": None, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED", "message": "too much"}]}),
    ],
)
def test_what_is_too_much_for_github_is_no_refusal(
    reader: HistoryReader, threads: ThreadReader, script: Scripted, refusal: Answer
) -> None:
    tell(script, "POST", "/graphql", refusal)
    with pytest.raises(RetryLater) as raised:
        threads.snapshots([ISSUE])
    assert raised.value.until is None
    assert reader.with_graphql


def test_what_people_thought_is_asked_only_of_late(threads: ThreadReader, script: Scripted) -> None:
    now = datetime.now(UTC)
    asked = []
    for days in (29, 31):
        tell(script, "POST", "/graphql", answer({"timelineItems": page()}))
        threads.snapshots([{**ISSUE, "updated_at": (now - timedelta(days=days)).isoformat()}])
        asked.append("THUMBS_DOWN" in script.asked[-1].body.decode())
    assert asked == [True, False]


# Holes


WHOLE = {"timelineItems": page(CLOSED)}
LINES: dict[str, Any] = {"nodes": [], "pageInfo": {"hasNextPage": False}}
HOLES = {
    "the thread": None,
    "all of it": {},
    "what happened": {"timelineItems": None},
    "the list": {"timelineItems": {**page(), "nodes": None}},
    "one of the list": {"timelineItems": page(CLOSED, None)},
    "whether there is more": {"timelineItems": {"nodes": [CLOSED], "pageInfo": None}},
    "where it goes on": {"timelineItems": page(CLOSED, more=True, end="")},
}
HOLES_OF_PULLS = {
    "the comments": WHOLE,
    "one of them": {**WHOLE, "reviewThreads": {**LINES, "nodes": [{"comments": page(None)}]}},
    "those of one": {**WHOLE, "reviewThreads": {**LINES, "nodes": [{"comments": None}]}},
    "one's": {**WHOLE, "reviewThreads": {**LINES, "nodes": [None]}},
}


@pytest.mark.parametrize("node", HOLES.values(), ids=HOLES)
def test_a_thread_with_a_hole_is_asked_for_again(
    threads: ThreadReader, script: Scripted, node: object
) -> None:
    other = {**ISSUE, "number": 8}
    tell(script, "POST", "/graphql", answer(node, {"timelineItems": page()}), answer(WHOLE))
    assert kinds(threads, ISSUE, other) == [[], ["closed"]]


@pytest.mark.parametrize("node", HOLES.values(), ids=HOLES)
def test_one_that_keeps_its_hole_is_asked_for_over_rest(
    reader: HistoryReader, threads: ThreadReader, script: Scripted, node: object
) -> None:
    script.tell("POST", "/graphql", answer(node))
    script.tell("GET", TIMELINE, Answer(200, [{"event": "closed", "created_at": AT}]))
    assert kinds(threads, ISSUE) == [["closed"]]
    assert (reader.cost.graphql, reader.cost.calls) == (2, 3)
    assert reader.with_graphql, "the others are none the worse"


@pytest.mark.parametrize("node", HOLES_OF_PULLS.values(), ids=HOLES_OF_PULLS)
def test_comments_on_lines_may_have_holes_as_well(
    threads: ThreadReader, script: Scripted, node: dict[str, Any]
) -> None:
    tell(script, "POST", "/graphql", answer(node), answer({**WHOLE, "reviewThreads": LINES}))
    assert kinds(threads, PULL) == [["closed"]]


@pytest.mark.parametrize("nodes", [None, [], [WHOLE]])
def test_an_answer_of_another_length_is_all_hole(
    threads: ThreadReader, script: Scripted, nodes: object
) -> None:
    whole = answer(WHOLE, WHOLE)
    gone = {"type": "NOT_FOUND", "message": "no", "path": ["nodes", 0]}
    tell(script, "POST", "/graphql", Answer(200, {"data": {"nodes": nodes}, "errors": [gone]}), whole)
    assert kinds(threads, ISSUE, {**ISSUE, "number": 8}) == [["closed"], ["closed"]]


@pytest.mark.parametrize(
    ("node", "path"),
    [
        (None, []),
        ({"timelineItems": None}, ["timelineItems"]),
        ({"timelineItems": page(CLOSED)}, ["timelineItems", "nodes", 0, "actor"]),
    ],
)
def test_what_the_app_may_not_see_is_a_hole(
    reader: HistoryReader, threads: ThreadReader, script: Scripted, node: object, path: list[str | int]
) -> None:
    hidden = {"type": "FORBIDDEN", "message": "not accessible by integration", "path": ["nodes", 0, *path]}
    script.tell("POST", "/graphql", answer(node, errors=[hidden]))
    script.tell("GET", TIMELINE, Answer(200, []))
    assert kinds(threads, ISSUE) == [[]]
    assert (reader.cost.calls, reader.with_graphql) == (3, True)


def test_of_many_holes_a_smaller_portion_is_asked_for(threads: ThreadReader, script: Scripted) -> None:
    script.tell("POST", "/graphql", answer(*[None] * 11))
    with pytest.raises(RetryLater, match="left out what happened on 11 threads") as raised:
        threads.snapshots([{**ISSUE, "number": number} for number in range(1, 12)])
    assert raised.value.until is None


# Long threads


def patient(ask: Callable[[], Found]) -> Found:
    """Asks again and again."""
    for _ in count():
        try:
            return ask()
        except RetryLater:
            continue
    raise AssertionError


def test_a_page_that_fails_is_asked_for_again_and_no_other(reader: HistoryReader, script: Scripted) -> None:
    first, failed = answer({"timelineItems": page(CLOSED, more=True)}), Answer(502, {"message": "Bad"})
    second = {"timelineItems": page({**CLOSED, "id": "E_2"}, more=True, end="d")}
    third = {"timelineItems": page({**CLOSED, "id": "E_3"})}
    rest = [Answer(200, {"data": {"node": node}}) for node in (second, third)]
    tell(script, "POST", "/graphql", first, failed, rest[0], failed, failed, rest[1])
    assert kinds(ThreadReader(reader, patient), ISSUE) == [["closed"] * 3]


def test_a_page_that_always_fails_is_asked_for_over_rest(reader: HistoryReader, script: Scripted) -> None:
    first, failed = answer({"timelineItems": page(CLOSED, more=True)}), Answer(502, {"message": "Bad"})
    tell(script, "POST", "/graphql", first, *[failed] * 3, first, *[failed] * 3)
    full = [{"event": "closed", "created_at": AT}] * 100
    tell(script, "GET", TIMELINE, failed, Answer(200, full))
    tell(script, "GET", TIMELINE.replace("?page=1", "?page=2"), failed, failed, Answer(200, full[:1]))
    assert kinds(ThreadReader(reader, patient), ISSUE) == [["closed"] * 101]


@pytest.mark.parametrize(
    "node", [None, {}, {"timelineItems": None}, {"timelineItems": page(CLOSED, more=True)}]
)
def test_a_further_page_may_have_holes_as_well(threads: ThreadReader, script: Scripted, node: object) -> None:
    first = answer({"timelineItems": page(CLOSED, more=True)})
    rest = {"timelineItems": page({**CLOSED, "id": "E_2"})}
    told = [Answer(200, {"data": {"node": each}}) for each in (node, rest)]
    tell(script, "POST", "/graphql", first, told[0], first, told[1])
    assert kinds(threads, ISSUE) == [["closed", "closed"]]


def test_a_long_thread_may_go_meanwhile(threads: ThreadReader, script: Scripted) -> None:
    gone = {"type": "NOT_FOUND", "message": "no", "path": ["node"]}
    first = answer({"timelineItems": page(CLOSED, more=True)})
    tell(script, "POST", "/graphql", first, Answer(200, {"data": {"node": None}, "errors": [gone]}))
    assert kinds(threads, ISSUE) == []

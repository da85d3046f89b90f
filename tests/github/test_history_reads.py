"""What is asked of GitHub about the past, answer by answer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.errors import RetryLater
from bot.github.answers import Forbidden, Missing
from bot.github.client import RepositoryClient
from bot.github.history_reads import HistoryReader, installation_of
from tests.github.scripted import Answer, Scripted

AT = "2025-06-09T12:00:00Z"
REPO = "/repos/octo/engine"
ISSUE = {
    "number": 7,
    "node_id": "I_7",
    "title": "It crashes",
    "created_at": AT,
    "updated_at": AT,
    "state": "open",
}
CLOSED = {"__typename": "ClosedEvent", "id": "E_1", "createdAt": AT, "actor": None}


@pytest.fixture
def reader(client: RepositoryClient) -> HistoryReader:
    return HistoryReader(client)


def tell(script: Scripted, verb: str, path: str, *answers: Answer) -> None:
    """Answer so, one time after the other."""
    waiting = iter(answers)
    script.tell(verb, path, lambda _: next(waiting))


def page(*nodes: object, more: bool = False) -> dict[str, Any]:
    return {"nodes": list(nodes), "pageInfo": {"hasNextPage": more, "endCursor": "c" if more else None}}


def answer(*threads: object, left: int = 4000, **more: Any) -> Answer:
    limit = {"cost": 2, "limit": 5000, "remaining": left, "resetAt": "2099-01-01T00:00:00Z"}
    return Answer(200, {"data": {"nodes": list(threads), "rateLimit": limit}, **more})


def test_the_longest_unchanged_come_first(reader: HistoryReader, script: Scripted) -> None:
    query = "direction=asc&page=2&per_page=100&since=2025-06-09T12%3A00%3A00Z&sort=updated&state=all"
    tell(script, "GET", f"{REPO}/issues?{query}", Answer(200, [ISSUE]))
    assert reader.listed(datetime(2025, 6, 9, 12, tzinfo=UTC), 2) == [ISSUE]


def test_the_last_page_tells_how_many_there_are(reader: HistoryReader, script: Scripted) -> None:
    link = f'<{script.url}{REPO}/issues?page=2>; rel="next", <{script.url}{REPO}/issues?page=812>; rel="last"'
    path = f"{REPO}/issues?direction=asc&per_page=1&sort=updated&state=all"
    tell(script, "GET", path, Answer(200, [ISSUE], {"link": link}), Answer(200, [ISSUE]))
    assert [reader.count(None), reader.count(None)] == [812, 1]


def test_what_did_not_fit_is_asked_for_apart(reader: HistoryReader, script: Scripted) -> None:
    rest = {"data": {"node": {"timelineItems": page({**CLOSED, "id": "E_2"})}, "rateLimit": {"cost": 1}}}
    first = answer({"timelineItems": page(CLOSED, more=True)})
    tell(script, "POST", "/graphql", first, Answer(200, rest))
    [found] = reader.snapshots([ISSUE])
    assert len(found.thread.deeds) == 2
    assert (reader.cost.calls, reader.cost.graphql, reader.cost.points) == (2, 2, 3)


def test_what_is_gone_is_left_out(reader: HistoryReader, script: Scripted) -> None:
    gone = {"type": "NOT_FOUND", "message": "no", "path": ["nodes", 0]}
    tell(script, "POST", "/graphql", answer(None, {"timelineItems": page()}, errors=[gone]))
    found = reader.snapshots([ISSUE, {**ISSUE, "number": 8}])
    assert [each.thread.number for each in found] == [8]


def test_a_detail_that_the_app_may_not_see_is_left_out(reader: HistoryReader, script: Scripted) -> None:
    asked = {**CLOSED, "__typename": "ReviewRequestedEvent", "requestedReviewer": None}
    path = ["nodes", 0, "timelineItems", "nodes", 0, "requestedReviewer"]
    hidden = {"type": "FORBIDDEN", "message": "Resource not accessible by integration", "path": path}
    tell(script, "POST", "/graphql", answer({"timelineItems": page(asked)}, errors=[hidden]))
    [found] = reader.snapshots([ISSUE])
    assert [(deed.kind, deed.detail) for deed in found.thread.deeds] == [("review_requested", "")]
    assert reader.with_graphql


@pytest.mark.parametrize("kind", ["FORBIDDEN", "UNPROCESSABLE", "NOT_FOUND"])
def test_where_graphql_is_refused_rest_is_asked(reader: HistoryReader, script: Scripted, kind: str) -> None:
    tell(script, "POST", "/graphql", Answer(200, {"data": None, "errors": [{"type": kind, "message": "no"}]}))
    tell(
        script,
        "GET",
        f"{REPO}/issues/7/timeline?page=1&per_page=100",
        Answer(200, [{"event": "closed", "created_at": AT}]),
    )
    [found] = reader.snapshots([ISSUE])
    assert [deed.kind for deed in found.thread.deeds] == ["closed"]
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
    reader: HistoryReader, script: Scripted, refusal: Answer
) -> None:
    tell(script, "POST", "/graphql", refusal)
    with pytest.raises(RetryLater) as raised:
        reader.snapshots([ISSUE])
    assert raised.value.until is None
    assert reader.with_graphql


def test_what_people_thought_is_asked_only_of_late(reader: HistoryReader, script: Scripted) -> None:
    now = datetime.now(UTC)
    asked = []
    for days in (29, 31):
        tell(script, "POST", "/graphql", answer({"timelineItems": page()}))
        reader.snapshots([{**ISSUE, "updated_at": (now - timedelta(days=days)).isoformat()}])
        asked.append("THUMBS_DOWN" in script.asked[-1].body.decode())
    assert asked == [True, False]


def test_a_fifth_of_the_hour_is_left_to_others(reader: HistoryReader, script: Scripted) -> None:
    tell(script, "POST", "/graphql", answer(left=1001), answer(left=1000))
    reader.snapshots([])
    reader.check_pace()
    reader.snapshots([])
    with pytest.raises(RetryLater, match="the rest is for the bot itself") as raised:
        reader.check_pace()
    assert raised.value.until is not None
    reader.check_pace()  # after the wait


def test_tags_stand_in_for_releases(reader: HistoryReader, script: Scripted) -> None:
    refs = [
        {"ref": "refs/tags/v1", "object": {"type": "tag", "sha": "1" * 40}},
        {"ref": "refs/tags/v2", "object": {"type": "commit", "sha": "2" * 40}},
    ]
    tell(script, "GET", f"{REPO}/releases?page=1&per_page=100", Answer(200, []))
    tell(script, "GET", f"{REPO}/git/matching-refs/tags", Answer(200, refs))
    tell(script, "GET", f"{REPO}/git/tags/{'1' * 40}", Answer(200, {"tagger": {"date": AT}}))
    tell(script, "GET", f"{REPO}/git/commits/{'2' * 40}", Answer(200, {"committer": {"date": AT}}))
    found = reader.releases()
    assert [(each.tag, each.published_at) for each in found] == [
        ("v1", datetime(2025, 6, 9, 12, tzinfo=UTC)),
        ("v2", datetime(2025, 6, 9, 12, tzinfo=UTC)),
    ]


def test_a_suspended_installation_is_told(client: RepositoryClient, script: Scripted) -> None:
    path = f"{REPO}/installation"
    tell(
        script,
        "GET",
        path,
        Answer(200, {"id": 5}),
        Answer(200, {"id": 5, "suspended_at": AT}),
        Answer(404, {}),
    )
    hub = client._hub
    assert installation_of(hub, "octo/engine") == 5
    with pytest.raises(Forbidden, match="suspended for octo"):
        installation_of(hub, "octo/engine")
    with pytest.raises(Missing):
        installation_of(hub, "octo/engine")

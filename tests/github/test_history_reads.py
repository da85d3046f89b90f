"""What is asked of GitHub about the past, answer by answer."""

from datetime import UTC, datetime
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


@pytest.fixture
def reader(client: RepositoryClient) -> HistoryReader:
    return HistoryReader(client)


def tell(script: Scripted, verb: str, path: str, *answers: Answer) -> None:
    """Answer so, one time after the other."""
    waiting = iter(answers)
    script.tell(verb, path, lambda _: next(waiting))


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


def test_a_fifth_of_the_hour_is_left_to_others(reader: HistoryReader, script: Scripted) -> None:
    tell(script, "POST", "/graphql", answer(left=1001), answer(left=1000))
    reader.graphql("query { rateLimit { remaining } }", {})
    reader.check_pace()
    reader.graphql("query { rateLimit { remaining } }", {})
    with pytest.raises(RetryLater, match="the rest is for the bot itself") as raised:
        reader.check_pace()
    assert raised.value.until is not None
    reader.check_pace()  # after the wait


@pytest.mark.parametrize("body", [{}, {"message": "Server Error"}, "none", 7])
def test_what_is_no_list_does_not_end_one(reader: HistoryReader, script: Scripted, body: object) -> None:
    script.tell(
        "GET",
        f"{REPO}/issues?direction=asc&page=1&per_page=100&sort=updated&state=all",
        Answer(200, body),
    )
    with pytest.raises(RetryLater, match="GET /issues cannot be read: it is no list"):
        reader.listed(None)


def test_a_repository_without_a_number_is_none(reader: HistoryReader, script: Scripted) -> None:
    tell(script, "GET", REPO, Answer(200, {"full_name": "octo/engine"}))
    with pytest.raises(RetryLater, match="no id or no name"):
        reader.repository()


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

"""The checks of many heads at once."""

import pytest

from bot.github.client import RepositoryClient
from bot.github.history_reads import HistoryReader
from tests.github.scripted import Answer, Scripted
from tests.github.test_history_reads import AT, tell
from tests.github.test_thread_reads import page


@pytest.fixture
def asker(client: RepositoryClient, script: Scripted) -> HistoryReader:
    """One that GitHub tells who it is."""
    script.tell("GET", "/app", Answer(200, {"slug": "usher"}))
    return HistoryReader(client)


def checked(**pulls: object) -> Answer:
    return Answer(200, {"data": {"repository": pulls, "rateLimit": {"cost": 1}}})


def test_the_checks_of_heads_are_asked_for_fifty_at_a_time(asker: HistoryReader, script: Scripted) -> None:
    done = {"__typename": "StatusContext", "context": "ci", "state": "SUCCESS", "createdAt": AT}
    green, many = {"contexts": page(done)}, {"contexts": page(done, more=True)}
    first = checked(
        p1={"statusCheckRollup": green, "mergeable": "MERGEABLE"},
        p2={"statusCheckRollup": None, "mergeable": "UNKNOWN"},
        p3={"statusCheckRollup": many},
        p100={"statusCheckRollup": green, "mergeable": "CONFLICTING"},
    )
    tell(script, "POST", "/graphql", first, checked(p51={"statusCheckRollup": green}))
    found = asker.checks([1, 2, 3, *range(100, 147), 51])
    assert {number: found.get(number) for number in (1, 2, 3, 51, 100)} == {
        1: "green",
        2: "none",
        3: None,
        51: "green",
        100: "conflicting",
    }
    assert asker.cost.graphql == 2


@pytest.mark.parametrize("kind", ["FORBIDDEN", "NOT_FOUND"])
def test_checks_that_may_not_be_seen_are_not_known(asker: HistoryReader, script: Scripted, kind: str) -> None:
    error = {"type": kind, "message": "no", "path": ["repository", "p7", "statusCheckRollup"]}
    data = {"repository": {"p7": {"statusCheckRollup": None}}}
    tell(script, "POST", "/graphql", Answer(200, {"data": data, "errors": [error]}))
    assert asker.checks([7]) == {}
    assert asker.with_graphql, "all else may be asked for"


def test_without_graphql_nothing_is_known_of_checks(client: RepositoryClient) -> None:
    assert HistoryReader(client, with_graphql=False).checks([7]) == {}

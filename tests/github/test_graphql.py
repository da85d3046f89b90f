"""GraphQL goes through the same door as REST, and its refusals come out as Usher's own errors."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.errors import RetryLater
from bot.github.answers import Forbidden, Missing, Refused
from bot.github.client import Credentials, GitHub, RepositoryClient
from bot.github.graphql import Told, counts_as, told_by
from bot.store.database import Database
from bot.store.pace import Pace
from tests.github.scripted import TOKEN, Answer, Scripted
from tests.world import private_key

QUERY = 'query($owner: String!) { repository(owner: $owner, name: "x") { id } }'
MUTATION = 'mutation { dequeuePullRequest(input: {id: "x"}) { clientMutationId } }'


def _refusal(kind: str | None, message: str = "no") -> Answer:
    error = {"message": message, "path": ["repository"]} | ({"type": kind} if kind else {})
    return Answer(200, {"data": {"repository": None}, "errors": [error]})


def test_a_query_returns_its_data(client: RepositoryClient, script: Scripted) -> None:
    script.tell("POST", "/graphql", Answer(200, {"data": {"repository": {"id": "R_1"}}}))
    assert client.graphql(QUERY, {"owner": "octo"}) == {"repository": {"id": "R_1"}}
    assert json.loads(script.asked[-1].body) == {"query": QUERY, "variables": {"owner": "octo"}}
    assert script.asked[-1].headers["authorization"].endswith(TOKEN["token"])


@pytest.mark.parametrize(
    ("base", "address"),
    [("", "/graphql"), ("/api/v3", "/api/graphql"), ("/api/v3/", "/api/graphql")],
)
def test_its_address_belongs_to_that_of_rest(
    script: Scripted, sqlite_database: Database, base: str, address: str
) -> None:
    path = f"{base.rstrip('/')}/app/installations/1/access_tokens"
    script.tell("POST", path, Answer(201, TOKEN))
    script.tell("POST", address, Answer(200, {"data": {"repository": None}}))
    pace = Pace(sqlite_database, timedelta(0))
    hub = GitHub(script.url + base, Credentials("1", private_key()), pace)
    hub.repository(1, "octo/engine").graphql(QUERY, {})
    assert script.lines()[-1] == f"POST {address}"


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("NOT_FOUND", Missing),
        ("FORBIDDEN", Forbidden),
        ("INSUFFICIENT_SCOPES", Forbidden),
        ("UNPROCESSABLE", Refused),
        (None, Refused),
    ],
)
def test_errors_of_an_answer_are_told_apart(
    client: RepositoryClient, script: Scripted, kind: str | None, error: type[Exception]
) -> None:
    script.tell("POST", "/graphql", _refusal(kind, "Something is not as it should be"))
    with pytest.raises(error, match="Something is not as it should be"):
        client.graphql(QUERY, {})


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (None, "Something went wrong while executing your query. This may be the result of a timeout"),
        (None, "We couldn't respond to your request in time."),
        ("RESOURCE_LIMITS_EXCEEDED", "Resource limits for this query exceeded."),
    ],
)
def test_what_was_too_much_for_github_is_asked_again(
    client: RepositoryClient, script: Scripted, kind: str | None, message: str
) -> None:
    script.tell("POST", "/graphql", _refusal(kind, message))
    with pytest.raises(RetryLater, match=message[:20]) as raised:
        client.graphql(QUERY, {})
    assert raised.value.until is None


def test_who_says_so_gets_null_for_what_is_not_there(client: RepositoryClient, script: Scripted) -> None:
    script.tell("POST", "/graphql", _refusal("NOT_FOUND"))
    told = client.told(QUERY, {}, all_or_nothing=False)
    assert told == Told({"repository": None}, gone=frozenset({("repository",)}))
    script.tell("POST", "/graphql", _refusal("FORBIDDEN"))
    with pytest.raises(Forbidden):
        client.told(QUERY, {}, all_or_nothing=False)


def test_where_the_gaps_are_is_told() -> None:
    errors = [
        {"type": "NOT_FOUND", "path": ["nodes", 0], "message": "no"},
        {"type": "FORBIDDEN", "path": ["nodes", 1], "message": "no"},
        {"type": "FORBIDDEN", "path": ["nodes", 2, "timelineItems"], "message": "no"},
    ]
    data = {"nodes": [None, None, {"timelineItems": None}]}
    told = told_by({"data": data, "errors": errors}, {}, all_or_nothing=False)
    assert told.gone == {("nodes", 0)}
    assert told.hidden == {("nodes", 1), ("nodes", 2, "timelineItems")}


@pytest.mark.parametrize(
    "body",
    [
        *({}, [], "x", None, 7, {"message": "Server Error"}, {"data": None}, {"data": []}, {"errors": []}),
        *({"errors": ["x"]}, {"errors": "boom"}, {"data": {}, "errors": {"message": "no"}}),
    ],
)
@pytest.mark.parametrize("all_or_nothing", [True, False])
def test_what_is_no_answer_of_graphql_is_asked_for_again(body: object, *, all_or_nothing: bool) -> None:
    with pytest.raises(RetryLater, match="GitHub's answer cannot be read") as raised:
        told_by(body, {}, all_or_nothing=all_or_nothing)
    assert raised.value.until is None


def test_errors_of_any_shape_are_told(client: RepositoryClient, script: Scripted) -> None:
    strange = {"type": 7, "path": "x", "message": None}
    script.tell("POST", "/graphql", Answer(200, {"data": {"repository": None}, "errors": [strange]}))
    with pytest.raises(Refused, match="no reason was given"):
        client.told(QUERY, {}, all_or_nothing=False)


def test_a_used_up_limit_is_waited_for(client: RepositoryClient, script: Scripted) -> None:
    reset = int(time.time()) + 600
    answer = _refusal("RATE_LIMITED", "API rate limit exceeded")
    answer.headers.update({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(reset)})
    script.tell("POST", "/graphql", answer)
    with pytest.raises(RetryLater, match="API rate limit exceeded") as raised:
        client.graphql(QUERY, {})
    assert raised.value.until is not None
    assert abs(raised.value.until - datetime.fromtimestamp(reset, UTC)) < timedelta(seconds=5)
    with pytest.raises(RetryLater, match="to wait"):
        client.get("/labels")


def test_a_retry_after_is_kept(client: RepositoryClient, script: Scripted) -> None:
    script.tell("POST", "/graphql", Answer(403, {"message": "secondary rate limit"}, {"retry-after": "90"}))
    with pytest.raises(RetryLater):
        client.graphql(QUERY, {})
    sent = len(script.asked)
    with pytest.raises(RetryLater, match="to wait"):
        client.graphql(QUERY, {})
    assert len(script.asked) == sent


def test_a_token_that_github_no_longer_takes_is_thrown_away(
    client: RepositoryClient, script: Scripted
) -> None:
    script.tell("POST", "/graphql", Answer(401, {"message": "Bad credentials"}))
    with pytest.raises(RetryLater, match="no longer takes the token"):
        client.graphql(QUERY, {})
    script.tell("POST", "/graphql", Answer(200, {"data": {}}))
    client.graphql(QUERY, {})
    assert len([line for line in script.lines() if "access_tokens" in line]) == 2


def test_it_goes_with_the_token_of_the_client(client: RepositoryClient, script: Scripted) -> None:
    script.tell("POST", "/graphql", Answer(200, {"data": {}}))
    client.graphql(QUERY, {})
    client.for_contents.graphql(MUTATION, {})
    asked = [json.loads(one.body) for one in script.asked if "access_tokens" in one.path]
    assert [one["permissions"]["contents"] for one in asked] == ["read", "write"]


class _Noting(Pace):
    """Notes as what each request was counted."""

    def reserve(self, installation: int, *, writes: bool, creates: bool, longest: timedelta) -> timedelta:
        self.noted = (writes, creates)
        return timedelta(0)


def test_a_query_reads_and_a_mutation_writes_but_neither_creates(
    script: Scripted, sqlite_database: Database
) -> None:
    pace = _Noting(sqlite_database, timedelta(seconds=1))
    script.tell("POST", "/app/installations/1/access_tokens", Answer(201, TOKEN))
    script.tell("POST", "/graphql", Answer(200, {"data": {}}))
    client = GitHub(script.url, Credentials("1", private_key()), pace).repository(1, "octo/engine")
    client.graphql(QUERY, {})
    assert pace.noted == (False, False)
    client.graphql(MUTATION, {})
    assert pace.noted == (True, False)


def test_documents_are_told_apart_by_their_first_word() -> None:
    assert counts_as("\n  mutation($id: ID!) { x }") == "PATCH"
    assert counts_as("query mutation { x }") == "GET"
    assert counts_as("{ viewer { login } }") == "GET"

"""The App at GitHub: who it is, and which token it holds."""

import json
from datetime import timedelta

import pytest

from bot.core.errors import Gone, RetryLater, SetupError
from bot.github import reads, writes
from bot.github.answers import Forbidden, Missing, NotInstalled, Overtaken, Refused
from bot.github.client import PERMISSIONS, Credentials, GitHub, RepositoryClient
from bot.sandbox.auth import new_key
from bot.store.database import Database
from bot.store.pace import Pace
from tests.github.scripted import Answer, Scripted
from tests.world import OWNER, REPO, World, living, private_key

TOKENS = "access_tokens"


def test_a_token_reaches_one_repository_and_what_the_rules_need(world: World) -> None:
    world.sandbox.add_repo("octo/vault", private=True)
    reads.labels(world.client)
    [token] = world.sandbox.store.tokens.values()
    assert token.repositories == {world.repository_id}
    assert token.permissions == {**PERMISSIONS, "contents": "read"}


def test_a_token_of_one_repository_does_not_open_another(world: World) -> None:
    world.sandbox.add_repo("octo/vault", private=True)
    with world.client.asking() as repository, pytest.raises(Exception, match="404"):
        repository.requester.requestJsonAndCheck("GET", "/repos/octo/vault/labels")


def test_a_token_is_asked_for_once_for_each_repository(world: World) -> None:
    world.sandbox.add_repo("octo/other")
    other = world.github.repository(world.installation.id, "octo/other")
    for _ in range(3):
        reads.labels(world.client)
        reads.labels(other)
    assert len(world.requests(TOKENS)) == 2


def test_a_token_is_renewed_before_its_hour_is_over(world: World) -> None:
    world.sandbox.clock.advance(-3600 + 200)  # so that it is good for 200 seconds more
    reads.labels(world.client)
    world.sandbox.clock.advance(3600 - 200)
    reads.labels(world.client)
    reads.labels(world.client)
    assert len(world.requests(TOKENS)) == 2


def test_a_token_that_github_no_longer_takes_is_thrown_away(world: World) -> None:
    reads.labels(world.client)
    world.sandbox.faults.add("revoke_tokens", match="GET .*/labels", times=1)
    with pytest.raises(RetryLater, match="no longer takes the token"):
        reads.labels(world.client)
    assert "bug" in reads.labels(world.client)
    assert len(world.requests(TOKENS)) == 2


def test_the_tokens_of_an_installation_can_be_forgotten(world: World) -> None:
    reads.labels(world.client)
    world.github.forget(world.installation.id + 1)
    reads.labels(world.client)
    assert len(world.requests(TOKENS)) == 1
    world.github.forget(world.installation.id)
    reads.labels(world.client)
    assert len(world.requests(TOKENS)) == 2


def test_where_the_owner_granted_less_usher_takes_what_there_is(sqlite_database: Database) -> None:
    granted = {"metadata": "read", "issues": "read"}
    with living(sqlite_database, permissions=granted) as world:
        assert "bug" in reads.labels(world.client)
        [token] = world.sandbox.store.tokens.values()
        assert token.permissions == granted
        assert token.repositories == {world.repository_id}
        with pytest.raises(Forbidden, match="not accessible by integration"):
            writes.add_labels(world.client, world.open_issue(), ("bug",))


def test_where_less_was_granted_a_token_still_may_no_more_than_it_should(sqlite_database: Database) -> None:
    granted = {"metadata": "read", "issues": "write", "contents": "write", "administration": "write"}
    with living(sqlite_database, permissions=granted) as world:
        reads.labels(world.client)
        [token] = world.sandbox.store.tokens.values()
        assert token.permissions == {"metadata": "read", "issues": "write", "contents": "read"}


def test_a_token_for_members_may_nothing_else_and_is_refused_where_that_was_not_granted(
    client: RepositoryClient, script: Scripted, sqlite_database: Database
) -> None:
    script.tell("GET", "/repos/octo/engine/labels", Answer(200, []))
    client.for_members.get("/labels")
    (asked,) = [json.loads(one.body) for one in script.asked if one.verb == "POST"]
    assert asked["permissions"] == {"members": "read", "metadata": "read"}
    with living(sqlite_database) as world:
        with pytest.raises(Refused, match="not granted"):
            world.client.for_members.get("/labels")
        assert "bug" in reads.labels(world.client)


def test_an_installation_that_is_no_more_is_told_from_a_missing_page(world: World) -> None:
    with pytest.raises(NotInstalled, match="no installation 999"):
        reads.labels(world.github.repository(999, REPO))
    with pytest.raises(Missing) as missing:
        world.client.get("/issues/999")
    assert not isinstance(missing.value, NotInstalled)


def test_a_repository_that_was_not_given_to_the_app_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="not accessible to the parent installation"):
        reads.labels(world.github.repository(world.installation.id, f"{OWNER}/nothing"))


def test_the_app_knows_its_own_login_and_asks_for_it_once(world: World) -> None:
    assert world.github.bot_login == world.client.bot_login == "usher[bot]"
    assert world.requests("GET /app") == ["GET /app"]


def test_the_app_asks_for_itself_by_its_own_key(world: World) -> None:
    _headers, installed = world.github.app_request("GET", "/app/installations")
    assert [one["account"]["login"] for one in installed] == [OWNER]
    assert world.requests(TOKENS) == []


@pytest.mark.parametrize(
    ("app_id", "key"),
    [
        ("1", "no key at all"),
        ("1", ""),
        ("1", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"),
        ("one", None),
        ("", None),
    ],
)
def test_credentials_that_are_none_are_refused_in_one_line(
    world: World, app_id: str, key: str | None
) -> None:
    with pytest.raises(SetupError, match="private key or id cannot be used") as refused:
        GitHub(
            "https://api.example.test", Credentials(app_id, private_key() if key is None else key), world.pace
        )
    assert "\n" not in str(refused.value)
    assert not key or key not in str(refused.value)


def test_another_apps_key_is_not_accepted_by_github(world: World) -> None:
    stranger = GitHub(
        world.github.api_url, Credentials(str(world.app.id), new_key()), Pace(world.database, timedelta(0))
    )
    with pytest.raises(RetryLater, match="401"):
        reads.labels(stranger.repository(world.installation.id, REPO))
    stranger.close()


def test_neither_key_nor_token_shows_in_a_representation(world: World) -> None:
    reads.labels(world.client)
    [token] = world.sandbox.store.tokens
    shown = [repr(Credentials("1", private_key())), repr(world.processor), repr(world.client)]
    shown += [repr(each) for each in world.github._tokens.values()]
    for text in shown:
        assert "PRIVATE KEY" not in text
        assert token not in text


# Reading


def test_a_list_is_read_to_its_last_page(world: World) -> None:
    for number in range(250):
        world.sandbox.store.add_label(world.sandbox.repo(REPO), f"label {number}", "ededed")
    names = reads.labels(world.client)
    assert len(names) == len(set(names)) == 250 + len(world.sandbox.repo(REPO).labels) - 250
    assert [line for line in world.requests("labels") if "page=4" in line] == []


def test_a_list_whose_last_page_is_full_ends_there(world: World) -> None:
    repo = world.sandbox.repo(REPO)
    for number in range(200 - len(repo.labels)):
        world.sandbox.store.add_label(repo, f"label {number}", "ededed")
    assert len(reads.labels(world.client)) == 200


def test_a_list_without_end_is_cut_off(client: RepositoryClient, script: Scripted) -> None:
    items = [{"name": str(number)} for number in range(100)]
    for page in range(1, 10):
        path = f"/repos/octo/engine/labels?page={page}&per_page=100"
        script.tell("GET", path, Answer(200, items))
    assert len(list(client.pages("/labels", most=3))) == 300


def test_what_has_not_changed_is_not_sent_again(world: World) -> None:
    data, tag = world.client.get("/labels")
    assert data
    assert tag
    assert world.client.get("/labels", tag) == (None, tag)
    world.sandbox.store.add_label(world.sandbox.repo(REPO), "new", "ededed")
    again, other = world.client.get("/labels", tag)
    assert [label["name"] for label in again][-1] == "new"
    assert other != tag


# What GitHub's answers mean


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Refused),
        (403, Forbidden),
        (404, Missing),
        (409, Overtaken),
        (422, Refused),
        (408, RetryLater),
        (500, RetryLater),
        (502, RetryLater),
        (503, RetryLater),
    ],
)
def test_each_status_has_its_meaning(
    client: RepositoryClient, script: Scripted, status: int, kind: type[Exception]
) -> None:
    script.tell("GET", "/repos/octo/engine/labels", Answer(status, {"message": "Because"}))
    with pytest.raises(kind, match="Because") as raised:
        client.get("/labels")
    assert type(raised.value) is kind


@pytest.mark.parametrize("status", [410, 451])
def test_what_was_taken_away_is_gone(client: RepositoryClient, script: Scripted, status: int) -> None:
    script.tell("GET", "/repos/octo/engine/labels", Answer(status, {"message": "Because"}))
    with pytest.raises(Gone, match="Because"):
        client.get("/labels")


@pytest.mark.parametrize(
    "body", [b"<html><body>Bad gateway</body></html>", b"", b"[1]", b'"text"', b'{"mess', b"\xff\xfe"]
)
def test_an_error_with_any_body_is_an_error(client: RepositoryClient, script: Scripted, body: bytes) -> None:
    script.tell("GET", "/repos/octo/engine/labels", Answer(502, body))
    with pytest.raises(RetryLater, match="502"):
        client.get("/labels")


def test_reasons_of_a_refusal_are_told(client: RepositoryClient, script: Scripted) -> None:
    said = {"message": "Validation Failed", "errors": [{"field": "labels", "code": "too many"}]}
    script.tell("GET", "/repos/octo/engine/labels", Answer(422, said))
    with pytest.raises(Refused, match=r"Validation Failed .*too many"):
        client.get("/labels")


def test_a_server_that_cannot_be_reached_is_tried_later(script: Scripted, sqlite_database: Database) -> None:
    hub = GitHub("http://127.0.0.1:1", Credentials("1", private_key()), Pace(sqlite_database, timedelta(0)))
    with pytest.raises(RetryLater, match="cannot be reached: ConnectError") as raised:
        reads.labels(hub.repository(1, REPO))
    assert raised.value.until is None
    hub.close()


def test_an_answer_that_breaks_off_is_tried_later(client: RepositoryClient, script: Scripted) -> None:
    script.tell(
        "GET",
        "/repos/octo/engine/labels",
        Answer(200, b"[", {"content-length": "100", "connection": "close"}),
    )
    with pytest.raises(RetryLater, match="cannot be reached"):
        client.get("/labels")


def test_only_a_token_for_contents_may_write_them(client: RepositoryClient, script: Scripted) -> None:
    script.tell("GET", "/repos/octo/engine/labels", Answer(200, []))
    client.get("/labels")
    client.for_contents.get("/labels")
    client.get("/labels")
    asked = [json.loads(one.body)["permissions"]["contents"] for one in script.asked if one.verb == "POST"]
    assert asked == ["read", "write"]

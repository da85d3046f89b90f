"""Requests go to the configured host alone: nothing is sent to any other, and no token above all."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from bot.core.errors import BotError, RetryLater
from bot.github.client import RepositoryClient
from bot.github.transport import MOST_REDIRECTS, Transport, before_request
from tests.github.scripted import Answer, Asked, Scripted

HEADERS = {"Authorization": "token ghs_secret"}


@pytest.fixture
def transport(script: Scripted) -> Iterator[Transport]:
    transport = Transport(script.url)
    yield transport
    transport.close()


def get(transport: Transport, url: str) -> httpx.Response:
    return transport.send("GET", url, None, HEADERS)


def test_requests_go_to_the_configured_host(transport: Transport, script: Scripted) -> None:
    script.tell("POST", "/x?a=b", Answer(201, {"id": 1}))
    answer = transport.send("POST", f"{script.url}/x?a=b", '{"c": 1}', HEADERS)
    assert (answer.status_code, answer.json()) == (201, {"id": 1})
    [asked] = script.asked
    assert (asked.verb, asked.path, asked.body) == ("POST", "/x?a=b", b'{"c": 1}')
    assert asked.headers["authorization"] == "token ghs_secret"


def test_no_other_host_is_asked(transport: Transport, script: Scripted, elsewhere: Scripted) -> None:
    with pytest.raises(BotError, match=r"refused a request to 127\.0\.0\.1"):
        get(transport, f"{elsewhere.url}/x")
    assert script.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:{port}/x",
        "https://127.0.0.1:{port}/x",
        "http://127.0.0.1/x",
        "http://127.0.0.1:{port}@example.invalid/x",
        "http://example.invalid:{port}/x",
        "http://[::1]:{port}/x",
        "//example.invalid/x",
        "/x",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_only_looks_like_it_is_refused(
    transport: Transport, script: Scripted, url: str
) -> None:
    with pytest.raises(BotError, match="refused a request"):
        get(transport, url.format(port=urlsplit(script.url).port))
    assert script.asked == []


@pytest.mark.parametrize("verb", ["GET", "POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_on_the_same_host_is_followed_as_the_request_was(
    transport: Transport, script: Scripted, verb: str, status: int
) -> None:
    script.tell(verb, "/old?page=2", Answer(status, {}, {"location": "/new?page=2"}))
    script.tell(verb, "/new?page=2", Answer(200, {"id": 1}))
    body = None if verb == "GET" else '{"a": 1}'
    assert transport.send(verb, f"{script.url}/old?page=2", body, HEADERS).json() == {"id": 1}
    assert script.lines() == [f"{verb} /old?page=2", f"{verb} /new?page=2"]
    assert {asked.body for asked in script.asked} == {(body or "").encode()}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_another_host_is_not_followed(
    transport: Transport, script: Scripted, elsewhere: Scripted, status: int
) -> None:
    script.tell("GET", "/x", Answer(status, {}, {"location": f"{elsewhere.url}/x"}))
    with pytest.raises(BotError, match="refused a request"):
        get(transport, f"{script.url}/x")
    assert script.lines() == ["GET /x"]


def test_redirects_in_circles_end(transport: Transport, script: Scripted) -> None:
    script.tell("GET", "/a", Answer(302, {}, {"location": "/b"}))
    script.tell("GET", "/b", Answer(302, {}, {"location": "/a"}))
    with pytest.raises(BotError, match="redirected in circles"):
        get(transport, f"{script.url}/a")
    assert len(script.asked) == 1 + MOST_REDIRECTS


def test_a_redirect_to_nowhere_is_no_answer(transport: Transport, script: Scripted) -> None:
    script.tell("POST", "/x", Answer(307, {"message": "Moved"}))
    with pytest.raises(BotError, match="to nowhere"):
        transport.send("POST", f"{script.url}/x", "{}", HEADERS)


def test_not_modified_is_an_answer(transport: Transport, script: Scripted) -> None:
    script.tell("GET", "/x", Answer(304, None, {"etag": '"1"'}))
    assert get(transport, f"{script.url}/x").status_code == 304


def test_each_request_is_announced_and_can_be_stopped(transport: Transport, script: Scripted) -> None:
    script.tell("GET", "/a", Answer(302, {}, {"location": "/b"}))
    announced: list[str] = []

    def stop_at_the_second(verb: str) -> None:
        announced.append(verb)
        if len(announced) == 2:
            raise RetryLater("wait")

    mark = before_request.set(stop_at_the_second)
    with pytest.raises(RetryLater):
        get(transport, f"{script.url}/a")
    before_request.reset(mark)
    assert announced == ["GET", "GET"]
    assert script.lines() == ["GET /a"]


# The library above it follows what answers say; the transport has the last word.


def test_a_link_to_another_host_is_not_followed(
    client: RepositoryClient, script: Scripted, elsewhere: Scripted
) -> None:
    link = {"link": f'<{elsewhere.url}/repos/octo/engine/labels?page=2>; rel="next"'}
    script.tell("GET", "/repos/octo/engine/labels?per_page=100", Answer(200, [{"name": "bug"}], link))
    refused = pytest.raises((BotError, AssertionError))  # the library's own check may be quicker
    with refused, client.asking() as repository:
        list(repository.get_labels())
    assert script.lines()[-1] == "GET /repos/octo/engine/labels?per_page=100"


def test_a_link_is_not_followed_at_all_where_usher_reads_a_list(
    client: RepositoryClient, script: Scripted, elsewhere: Scripted
) -> None:
    link = {"link": f'<{elsewhere.url}/labels?page=2>; rel="next"'}
    items = [{"name": str(number)} for number in range(100)]
    script.tell("GET", "/repos/octo/engine/labels?page=1&per_page=100", Answer(200, items, link))
    script.tell("GET", "/repos/octo/engine/labels?page=2&per_page=100", Answer(200, [{"name": "last"}]))
    assert [item["name"] for item in client.pages("/labels")][-1] == "last"


@pytest.mark.parametrize(
    "host", [lambda elsewhere: elsewhere.url, lambda _elsewhere: "http://169.254.169.254"]
)
def test_an_address_in_a_body_is_not_written_to(
    client: RepositoryClient, script: Scripted, elsewhere: Scripted, host: Callable[[Scripted], str]
) -> None:
    said = {"number": 7, "url": f"{host(elsewhere)}/repos/octo/engine/issues/7"}
    script.tell("GET", "/repos/octo/engine/issues/7", Answer(200, said))
    refused = pytest.raises((BotError, AssertionError))
    with refused, client.asking() as repository:
        issue = repository.get_issue(7)
        issue.update()
        issue.create_comment("hello")
    assert [line for line in script.lines() if "comments" in line] == []


def test_a_token_is_sent_with_every_request_and_the_apps_own_key_never(
    client: RepositoryClient, script: Scripted
) -> None:
    script.tell("GET", "/repos/octo/engine/labels", Answer(200, []))
    client.get("/labels")
    asked: list[Asked] = script.asked
    assert asked[0].headers["authorization"].startswith("Bearer eyJ")
    assert asked[1].headers["authorization"] == "token ghs_" + "a" * 36
    assert not any(b"PRIVATE" in one.body for one in asked)

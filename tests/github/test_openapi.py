"""Every request in these tests is held against GitHub's own description: here, that this would notice."""

import httpx
import pytest

from bot.github import reads, writes
from tests.openapi import Description, description
from tests.shared import shared
from tests.world import REPO, World

API = "https://api.github.com"


@pytest.fixture
def known() -> Description:
    shared("github/openapi_bot_subset.json.gz")
    found = description()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("GET", "/repos/o/r/issues/1/comments?per_page=100&page=2", None),
        ("GET", "/repos/o/r/contents/.github/usher.yml", None),
        ("GET", "/repos/o/r/issues/comments/5", None),
        ("POST", "/repos/o/r/issues/1/labels", {"labels": ["bug"]}),
        ("DELETE", "/repos/o/r/issues/1/labels/kind%2Fbug", None),
        (
            "POST",
            "/app/installations/1/access_tokens",
            {"repositories": ["r"], "permissions": {"issues": "write"}},
        ),
        ("PATCH", "/repos/o/r/issues/1", {"state": "closed", "milestone": None}),
    ],
)
def test_good_requests_pass(known: Description, verb: str, path: str, body: object) -> None:
    request = httpx.Request(verb, API + path, json=body) if body else httpx.Request(verb, API + path)
    assert known.of_request(request) == []


@pytest.mark.parametrize(
    ("verb", "path", "body", "problem"),
    [
        ("GET", "/repos/o/r/labelz", None, "no such operation"),
        ("PUT", "/repos/o/r/issues/1", {}, "no such operation"),
        ("GET", "/repos/o/r/issues/one", None, "issue_number"),
        ("GET", "/repos/o/r/labels?per_page=many", None, "per_page"),
        ("GET", "/repos/o/r/labels?perpage=1", None, "perpage is not a parameter"),
        ("GET", "/repos/o/r/issues?state=ajar", None, "state"),
        ("POST", "/repos/o/r/issues/1/labels", {"labels": [1]}, "labels"),
        ("POST", "/repos/o/r/issues/1/labels", {"label": ["bug"]}, "label is not a key"),
        ("POST", "/repos/o/r/issues/1/comments", {"text": "hi"}, "body"),
        ("POST", "/repos/o/r/issues/1/comments", None, "a body is required"),
        ("PATCH", "/repos/o/r/issues/1", {"state": "shut"}, "state"),
        ("POST", "/app/installations/1/access_tokens", {"permissions": {"issues": "all"}}, "issues"),
    ],
)
def test_bad_requests_are_noticed(
    known: Description, verb: str, path: str, body: object, problem: str
) -> None:
    request = httpx.Request(verb, API + path, json=body) if body else httpx.Request(verb, API + path)
    found = known.of_request(request)
    assert found
    assert problem in " ".join(found)


def test_what_the_client_sends_is_seen_and_fits(known: Description, world: World) -> None:
    number = world.open_issue()
    comment = writes.create_comment(world.client, number, "hello")
    writes.edit_comment(world.client, comment, "goodbye")
    writes.delete_comment(world.client, comment)
    writes.add_labels(world.client, number, ("bug",))
    writes.remove_label(world.client, number, "bug")
    reads.labels(world.client)
    reads.thread(world.client, number)
    reads.label_events(world.client, number)
    reads.permission(world.client, "maya")
    reads.threads_by(world.client, "maya")
    reads.file_text(world.client, "README.md")
    assert f"POST /repos/{REPO}/issues/{number}/comments" in world.requests()
    assert world.witness.problems == []


def test_a_bad_request_of_the_client_is_noted(known: Description, world: World) -> None:
    with world.client.asking() as repository:
        number = world.open_issue()
        repository.requester.requestJson("PATCH", f"/repos/{REPO}/issues/{number}", input={"state": "shut"})
    assert len(world.witness.problems) == 1
    world.witness.problems.clear()

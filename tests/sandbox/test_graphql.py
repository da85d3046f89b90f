"""The GraphQL API: what can be asked and changed there, and how it refuses."""

from typing import Any

import httpx
import pytest

from tests.sandbox.world import REPO, Client, World

REPOSITORY = """
query($owner: String!, $name: String!, $number: Int!) {
  rateLimit { cost remaining resetAt }
  repository(owner: $owner, name: $name) {
    mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed autoMergeAllowed
    mergeQueue(branch: "main") { id url entries(first: 5) { totalCount nodes { position state } } }
    pullRequest(number: $number) {
      id number isInMergeQueue isDraft mergeable mergeStateStatus headRefOid
      mergeQueueEntry { position state pullRequest { number } }
      closingIssuesReferences(first: 5) { totalCount nodes { number state repository { nameWithOwner } } }
    }
  }
}
"""
READY = """
mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft } } }
"""
DRAFT = """
mutation($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id}) { pullRequest { isDraft } } }
"""
ENQUEUE = """
mutation($id: ID!, $head: GitObjectID) {
  enqueuePullRequest(input: {pullRequestId: $id, expectedHeadOid: $head, clientMutationId: "c"}) {
    clientMutationId
    mergeQueueEntry { id position state }
  }
}
"""
DEQUEUE = "mutation($id: ID!) { dequeuePullRequest(input: {id: $id}) { mergeQueueEntry { position } } }"


def ask(client: httpx.Client, document: str, **variables: Any) -> Any:
    answer = client.post("/graphql", json={"query": document, "variables": variables})
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(client: httpx.Client, document: str, **variables: Any) -> tuple[str, str]:
    """The type and the message of the one error."""
    [error] = ask(client, document, **variables)["errors"]
    return error["type"], error["message"]


@pytest.fixture
def bot(merger: Client) -> Client:
    """Most of what is changed takes the permission to write contents, too."""
    return merger


@pytest.fixture
def number(world: World) -> int:
    lee = world.sandbox.as_user("lee")
    world.sandbox.as_user("maya").open_issue("octo/engine", "It crashes")
    body = "Fixes #1, closes octo/vault#1 and #99"
    return int(lee.open_pull("octo/engine", "feat: count", body, {"a.txt": "1"})["number"])


@pytest.fixture
def node(bot: Client, number: int) -> str:
    return str(bot.read(f"{REPO}/pulls/{number}")["node_id"])


def _whole(client: httpx.Client, number: int, name: str = "engine") -> Any:
    return ask(client, REPOSITORY, owner="octo", name=name, number=number)["data"]


def test_a_pull_request_and_its_repository_can_be_asked_for(
    world: World, bot: Client, number: int, node: str
) -> None:
    world.sandbox.as_user("maya").open_issue("octo/vault", "Secret")
    got = _whole(bot, number)
    pull = got["repository"].pop("pullRequest")
    assert got["repository"] == {
        "mergeCommitAllowed": True,
        "squashMergeAllowed": True,
        "rebaseMergeAllowed": True,
        "autoMergeAllowed": False,
        "mergeQueue": None,
    }
    assert got["rateLimit"]["cost"] == 1
    assert pull.pop("headRefOid") == bot.read(f"{REPO}/pulls/{number}")["head"]["sha"]
    linked = [
        (one["number"], one["repository"]["nameWithOwner"])
        for one in pull.pop("closingIssuesReferences")["nodes"]
    ]
    assert linked == [(1, "octo/engine"), (1, "octo/vault")]
    assert pull == {
        "id": node,
        "number": number,
        "isInMergeQueue": False,
        "isDraft": False,
        "mergeable": "MERGEABLE",
        "mergeStateStatus": "CLEAN",
        "mergeQueueEntry": None,
    }


def test_issues_that_the_asker_may_not_see_are_left_out(world: World, lee: Client, number: int) -> None:
    world.sandbox.as_user("maya").open_issue("octo/vault", "Secret")
    [only] = _whole(lee, number)["repository"]["pullRequest"]["closingIssuesReferences"]["nodes"]
    assert only == {"number": 1, "state": "OPEN", "repository": {"nameWithOwner": "octo/engine"}}


def test_it_answers_beside_the_prefix_of_the_rest_api_too(world: World) -> None:
    maya = world.person("maya")
    for address in ("/graphql", "/api/graphql"):
        answer = maya.post(address, json={"query": "{ rateLimit { limit } }"})
        assert answer.json() == {"data": {"rateLimit": {"limit": 5000}}}
        assert answer.headers["x-ratelimit-resource"] == "graphql"


def test_what_is_not_there_is_not_found(world: World, bot: Client, lee: Client, number: int) -> None:
    missing = {"owner": "octo", "name": "engine", "number": 1}
    assert refused(bot, REPOSITORY, **missing) == (
        "NOT_FOUND",
        "Could not resolve to a PullRequest with the number of 1.",
    )
    hidden = "Could not resolve to a Repository with the name 'octo/vault'."
    assert refused(lee, REPOSITORY, owner="octo", name="vault", number=1) == ("NOT_FOUND", hidden)
    unknown = "Could not resolve to a node with the global id of 'x'."
    assert refused(bot, READY, id="x") == ("NOT_FOUND", unknown)


def test_who_sends_nothing_or_claptrap_hears_of_it(world: World, bot: Client) -> None:
    assert bot.post("/graphql", json={}).status_code == 400
    assert world.client(None).post("/graphql", json={"query": "{ x }"}).status_code == 401
    errors = ask(bot, "{ claptrap }")["errors"]
    assert errors[0]["message"] == "Cannot query field 'claptrap' on type 'Query'."
    assert "data" not in ask(bot, "{ claptrap }")


def test_a_connection_wants_to_know_how_much(bot: Client, number: int) -> None:
    document = (
        f'{{ repository(owner: "octo", name: "engine") {{ pullRequest(number: {number}) {{ '
        "closingIssuesReferences { totalCount } } } }"
    )
    kind, message = refused(bot, document)
    assert (kind, message.startswith("You must provide")) == ("UNPROCESSABLE", True)


def test_drafts_become_ready_and_back(world: World, bot: Client, number: int, node: str) -> None:
    world.settle().received.clear()
    for document, draft, action in ((DRAFT, True, "converted_to_draft"), (READY, False, "ready_for_review")):
        got = ask(bot, document, id=node)["data"]
        assert next(iter(got.values()))["pullRequest"]["isDraft"] is draft
        assert bot.read(f"{REPO}/pulls/{number}")["draft"] is draft
        assert world.settle().names()[-1] == f"pull_request.{action}"
    ask(bot, READY, id=node)
    assert len(world.receiver.received) == 2, "what is so already is announced to nobody"
    assert [one["event"] for one in bot.read(f"{REPO}/issues/{number}/events")] == [
        "convert_to_draft",
        "ready_for_review",
    ]


def test_mutations_are_in_the_audit_log_under_their_names(world: World, bot: Client, node: str) -> None:
    ask(bot, DRAFT, id=node)
    ask(bot, DRAFT, id=node)
    [write] = world.sandbox.writes_by("usher[bot]", "POST /graphql convertPullRequestToDraft")
    assert write.operation == "mutation convertPullRequestToDraft"
    assert write.body["variables"] == {"id": node}
    _whole(bot, 2)
    assert len([one for one in world.sandbox.writes if one.actor == "usher[bot]"]) == 2


def test_permissions_count_as_in_rest(world: World, lee: Client, number: int, node: str) -> None:
    reader = world.bot(permissions={"pull_requests": "read"})
    assert _whole(reader, number)["repository"]["pullRequest"]["id"] == node
    for document in (DRAFT, ENQUEUE):
        assert refused(reader, document, id=node) == ("FORBIDDEN", "Resource not accessible by integration")
    blind = world.bot(permissions={"issues": "write"})
    kind, _message = refused(blind, REPOSITORY, owner="octo", name="engine", number=number)
    assert kind == "FORBIDDEN"
    assert refused(world.person("tri"), DRAFT, id=node)[0] == "FORBIDDEN"
    assert "errors" not in ask(lee, DRAFT, id=node), "the author may"


def test_what_is_changed_takes_both_permissions(world: World, number: int, node: str) -> None:
    world.sandbox.protect("octo/engine", merge_queue=True, checks=["ci"])
    without_contents = world.bot(permissions={"pull_requests": "write", "contents": "read"})
    for document in (ENQUEUE, DEQUEUE, DRAFT, READY):
        assert refused(without_contents, document, id=node)[0] == "FORBIDDEN"


def test_queries_count_as_reads_and_mutations_as_writes(world: World, bot: Client, node: str) -> None:
    limits = world.sandbox.limits
    account = limits._account(f"installation:{world.installation.id}")
    spent = [cost for _moment, cost in account.points]
    made = len(account.creations)
    _whole(bot, 2)
    ask(bot, DRAFT, id=node)
    assert [cost for _moment, cost in account.points][len(spent) :] == [1, 5]
    assert len(account.creations) == made


def test_a_used_up_hour_is_told_with_status_200(world: World, bot: Client) -> None:
    world.sandbox.faults.add("exhausted", match="POST /graphql", seconds=30)
    answer = bot.post("/graphql", json={"query": "{ rateLimit { cost } }"})
    assert (answer.status_code, answer.json()["errors"][0]["type"]) == (200, "RATE_LIMITED")
    assert answer.headers["x-ratelimit-remaining"] == "0"


def test_faults_are_aimed_at_one_mutation(world: World, bot: Client, number: int, node: str) -> None:
    world.sandbox.faults.add("bad_gateway", match="POST /graphql convertPullRequestToDraft", after=True)
    _whole(bot, number)
    answer = bot.post("/graphql", json={"query": DRAFT, "variables": {"id": node}})
    assert answer.status_code == 502
    assert bot.read(f"{REPO}/pulls/{number}")["draft"], "it was accepted all the same"


def test_reads_may_be_stale(world: World, bot: Client, number: int, node: str) -> None:
    world.sandbox.faults.add("stale_reads", match="POST /graphql", seconds=60)
    ask(bot, DRAFT, id=node)
    assert not _whole(bot, number)["repository"]["pullRequest"]["isDraft"]
    world.sandbox.clock.advance(61)
    assert _whole(bot, number)["repository"]["pullRequest"]["isDraft"]


def test_its_library_is_loaded_by_the_first_request_alone() -> None:
    import subprocess
    import sys

    code = "import sys, bot.sandbox; bot.sandbox.Sandbox(); print('graphql' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_of_a_closed_pull_request_nothing_is_worked_out(world: World, bot: Client, number: int) -> None:
    world.sandbox.as_user("lee").close("octo/engine", number)
    pull = _whole(bot, number)["repository"]["pullRequest"]
    assert (pull["mergeable"], pull["mergeStateStatus"]) == ("UNKNOWN", "UNKNOWN")


PIN = "mutation($id: ID!) { pinIssue(input: {issueId: $id}) { issue { number isPinned } } }"
UNPIN = "mutation($id: ID!) { unpinIssue(input: {issueId: $id}) { issue { isPinned } } }"


def test_three_issues_of_a_repository_can_be_pinned(world: World, bot: Client) -> None:
    maya = world.sandbox.as_user("maya")
    nodes = [maya.open_issue("octo/engine", f"Issue {n}")["node_id"] for n in range(4)]
    for node in nodes[:3]:
        assert ask(bot, PIN, id=node)["data"]["pinIssue"]["issue"]["isPinned"]
    assert refused(bot, PIN, id=nodes[3]) == (
        "UNPROCESSABLE",
        "Maximum 3 pinned issues per repository",
    )
    assert not ask(bot, UNPIN, id=nodes[0])["data"]["unpinIssue"]["issue"]["isPinned"]
    assert ask(bot, PIN, id=nodes[3])["data"]["pinIssue"]["issue"]["isPinned"]
    assert refused(bot, PIN, id="I_sandbox0")[0] == "NOT_FOUND"


OBJECTS = """
query($owner: String!, $name: String!, $at: String!, $path: String!) {
  repository(owner: $owner, name: $name) {
    object(expression: $at) {
      __typename oid
      ... on Tree { entries { name path type oid } }
      ... on Blob { text byteSize }
      ... on Commit { history(first: 2, path: $path) { totalCount nodes { oid committedDate } } }
    }
  }
}
"""


def _object(client: httpx.Client, at: str, path: str = "") -> Any:
    found = ask(client, OBJECTS, owner="octo", name="engine", at=at, path=path)
    return found["data"]["repository"]["object"]


def test_what_lies_in_a_repository_can_be_asked_for(world: World, bot: Client) -> None:
    maya = world.sandbox.as_user("maya")
    made = [maya.push("octo/engine", {"docs/a/b.md": text, "docs/c.md": "same"}) for text in ("one", "two")]
    last = maya.push("octo/engine", {"picture.png": b"\0\1"})
    listed = {one["name"]: one["sha"] for one in bot.read(f"{REPO}/contents/docs")}
    docs = _object(bot, "HEAD:docs")
    assert docs["__typename"] == "Tree"
    assert [(one["name"], one["path"], one["type"]) for one in docs["entries"]] == [
        ("a", "docs/a", "tree"),
        ("c.md", "docs/c.md", "blob"),
    ]
    assert {one["name"]: one["oid"] for one in docs["entries"]} == listed
    assert docs["entries"][0]["oid"] == _object(bot, "HEAD:docs/a")["oid"]
    assert docs["entries"][0]["oid"] != _object(bot, f"{made[0]}:docs/a")["oid"], "what it holds changed"
    blob = _object(bot, "main:docs/a/b.md")
    assert (blob["text"], blob["byteSize"]) == ("two", 3)
    assert _object(bot, "HEAD:picture.png")["text"] is None, "it is no text"
    assert _object(bot, "HEAD:nothing") is None
    assert _object(bot, "nowhere") is None
    tip = _object(bot, "HEAD", "docs/a")
    assert (tip["__typename"], tip["oid"]) == ("Commit", last)
    assert tip["history"]["totalCount"] == 2
    assert [one["oid"] for one in tip["history"]["nodes"]] == made[::-1]


def test_files_take_the_permission_to_read_contents(world: World) -> None:
    narrow = world.bot(permissions={"issues": "read"})
    error = refused(narrow, OBJECTS, owner="octo", name="engine", at="HEAD:", path="")
    assert error[0] == "FORBIDDEN"

"""What happened on threads, by GraphQL: in pages, for many at once, and only for who may see it."""

from typing import Any

import pytest

from tests.past import Past
from tests.sandbox.test_graphql import ask
from tests.sandbox.world import REPO, Client, World

NODES = """
query($ids: [ID!]!, $first: Int!, $after: String) {
  nodes(ids: $ids) {
    __typename
    id
    ... on Issue {
      timelineItems(first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { __typename ... on Node { id } }
      }
    }
    ... on PullRequest {
      timelineItems(first: $first, after: $after, itemTypes: [PULL_REQUEST_COMMIT, MERGED_EVENT]) {
        nodes { __typename }
      }
      reviewThreads(first: $first) { totalCount nodes { comments(first: 2) { totalCount nodes { body } } } }
    }
  }
}
"""


@pytest.fixture
def past(world: World) -> Past:
    return Past(world.sandbox, "octo/engine")


def nodes_of(client: Client, *ids: str, first: int = 100, after: str | None = None) -> list[Any]:
    found = ask(client, NODES, ids=list(ids), first=first, after=after)
    return list(found["data"]["nodes"])


def id_of(client: Client, number: int) -> str:
    return str(client.read(f"{REPO}/issues/{number}")["node_id"])


def test_a_timeline_is_read_page_by_page(bot: Client, past: Past) -> None:
    past.thread(1, events=7)
    id_, after, seen = id_of(bot, 1), None, []
    while True:
        [node] = nodes_of(bot, id_, first=3, after=after)
        items = node["timelineItems"]
        seen += [item["id"] for item in items["nodes"]]
        after = items["pageInfo"]["endCursor"]
        if not items["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == items["totalCount"] >= 7
    told = bot.read(f"{REPO}/issues/1/timeline", per_page=100)
    assert len(told) == len(seen), "as REST has it"


LAST = """
query($ids: [ID!]!, $last: Int!) {
  nodes(ids: $ids) {
    ... on PullRequest {
      timelineItems(last: $last, itemTypes: [BASE_REF_CHANGED_EVENT]) {
        totalCount pageInfo { hasPreviousPage hasNextPage }
        nodes { ... on BaseRefChangedEvent { actor { login } } }
      }
    }
  }
}
"""


def test_a_timeline_is_read_from_its_end(world: World, bot: Client) -> None:
    maya = world.sandbox.as_user("maya")
    maya.push("octo/engine", {"old.txt": "old"}, branch="stable")
    number = maya.open_pull("octo/engine", "Mend it")["number"]
    for base in ("stable", "main", "stable"):
        maya.request("PATCH", f"{REPO}/pulls/{number}", {"base": base})
    id_ = id_of(bot, number)
    [node] = ask(bot, LAST, ids=[id_], last=2)["data"]["nodes"]
    items = node["timelineItems"]
    assert (items["totalCount"], items["nodes"]) == (3, [{"actor": {"login": "maya"}}] * 2)
    assert items["pageInfo"] == {"hasPreviousPage": True, "hasNextPage": False}
    [node] = ask(bot, LAST, ids=[id_], last=3)["data"]["nodes"]
    assert not node["timelineItems"]["pageInfo"]["hasPreviousPage"]
    [error] = ask(bot, LAST, ids=[id_], last=101)["errors"]
    assert "exceeds the `last` limit of 100" in error["message"]


def test_of_a_pull_request_there_is_more(bot: Client, past: Past) -> None:
    past.thread(3, events=2, lines=9)
    [node] = nodes_of(bot, id_of(bot, 3))
    kinds = {item["__typename"] for item in node["timelineItems"]["nodes"]}
    assert "PullRequestCommit" in kinds <= {"PullRequestCommit", "MergedEvent"}
    threads = node["reviewThreads"]["nodes"]
    assert sum(thread["comments"]["totalCount"] for thread in threads) == 9
    assert all(len(thread["comments"]["nodes"]) <= 2 for thread in threads)


def test_things_that_are_not_there_are_null_with_an_error(bot: Client, past: Past) -> None:
    past.thread(1)
    got = ask(bot, NODES, ids=["x", id_of(bot, 1)], first=1)
    assert [node and node["__typename"] for node in got["data"]["nodes"]] == [None, "Issue"]
    assert [error["type"] for error in got["errors"]] == ["NOT_FOUND"]


def test_what_one_may_not_see_is_not_there(world: World, bot: Client, lee: Client) -> None:
    secret = world.sandbox.as_user("maya").open_issue("octo/vault", "Secret")["node_id"]
    assert nodes_of(bot, secret) != [None]
    assert nodes_of(lee, secret) == [None]


def test_pages_have_a_largest_size(bot: Client, past: Past) -> None:
    past.thread(1)
    [error] = ask(bot, NODES, ids=[id_of(bot, 1)], first=101)["errors"]
    assert "exceeds the `first` limit of 100" in error["message"]


def test_it_may_go_wrong_or_not_be_there(world: World, bot: Client) -> None:
    world.sandbox.faults.add("went_wrong", times=1)
    world.sandbox.faults.add("no_graphql", times=1)
    answer = ask(bot, "{ rateLimit { limit } }")
    assert answer["data"] is None
    assert answer["errors"][0]["message"].startswith("Something went wrong")
    assert bot.post("/graphql", json={"query": "{ rateLimit { limit } }"}).status_code == 404
    assert ask(bot, "{ rateLimit { limit } }")["data"]["rateLimit"]["limit"] == 5000


THOUGHTS = """
query($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Issue {
      timelineItems(first: 9) {
        nodes {
          ... on IssueComment {
            minimizedReason
            all: reactions { totalCount }
            down: reactions(content: THUMBS_DOWN) { totalCount }
            heart: reactions(content: HEART) { totalCount }
          }
        }
      }
    }
  }
}
"""


def test_a_comment_shows_what_people_thought_of_it(world: World, bot: Client) -> None:
    nia = world.sandbox.as_user("nia")
    number = nia.open_issue("octo/engine", "It crashes")["number"]
    id_ = nia.comment("octo/engine", number, "Again")["id"]
    for content in ("-1", "heart", "rocket"):
        nia.request("POST", f"{REPO}/issues/comments/{id_}/reactions", {"content": content})
    world.sandbox.repo("octo/engine").issues[number].comments[0].hidden = "abuse"
    [node] = ask(bot, THOUGHTS, ids=[id_of(bot, number)])["data"]["nodes"]
    [said] = node["timelineItems"]["nodes"]
    assert said["minimizedReason"] == "abuse"
    assert [said[name]["totalCount"] for name in ("all", "down", "heart")] == [3, 1, 1]
    [told] = bot.read(f"{REPO}/issues/{number}/timeline")
    assert (told["minimized"], told["reactions"]["-1"]) == ({"reason": "abuse"}, 1)


CHECKS = """
query {
  repository(owner: "octo", name: "engine") {
    pullRequest(number: %d) {
      statusCheckRollup {
        contexts(first: 9) {
          totalCount
          nodes {
            ... on CheckRun { name status conclusion checkSuite { app { slug } } }
            ... on StatusContext { context state }
          }
        }
      }
    }
  }
}
"""


def test_a_head_shows_its_checks(world: World, bot: Client) -> None:
    pull = world.sandbox.as_user("nia").open_pull("octo/engine", "Mend it")
    sha, asked = pull["head"]["sha"], CHECKS % pull["number"]

    def rollup() -> Any:
        return ask(bot, asked)["data"]["repository"]["pullRequest"]["statusCheckRollup"]

    assert rollup() is None
    for state in ("failure", "success"):
        bot.write("POST", f"{REPO}/statuses/{sha}", state=state, context="ci")
    bot.write("POST", f"{REPO}/check-runs", name="build", head_sha=sha, status="in_progress")
    run, status = rollup()["contexts"]["nodes"]
    assert run.pop("checkSuite")["app"]["slug"]
    assert run == {"name": "build", "status": "IN_PROGRESS", "conclusion": None}
    assert status == {"context": "ci", "state": "SUCCESS"}

"""Commits over GraphQL: what a branch points at, and what lies behind it, as REST lists it."""

from datetime import timedelta
from typing import Any

from bot.sandbox.clock import stamp
from bot.sandbox.git import Author
from tests.sandbox.test_graphql import ask, refused
from tests.sandbox.world import REPO, Client, World

HISTORY = """
query($after: String, $path: String, $since: GitTimestamp, $until: GitTimestamp) {
  repository(owner: "octo", name: "engine") {
    defaultBranchRef {
      name prefix
      target {
        oid
        ... on Commit {
          history(first: 2, after: $after, path: $path, since: $since, until: $until) {
            totalCount pageInfo { hasNextPage endCursor }
            nodes {
              oid message authoredDate committedDate
              parents(first: 2) { totalCount nodes { oid } }
              author { name email user { login } }
              committer { name }
            }
          }
        }
      }
    }
  }
}
"""


def history(client: Client, **asked: Any) -> Any:
    return ask(client, HISTORY, **asked)["data"]["repository"]["defaultBranchRef"]["target"]


def messages(client: Client, **asked: Any) -> list[str]:
    return [node["message"] for node in history(client, **asked)["history"]["nodes"]]


def test_a_branch_is_read_page_by_page_as_rest_lists_it(world: World, bot: Client) -> None:
    for name in ("one", "two", "three"):
        world.sandbox.as_user("wes").push("octo/engine", {"a.txt": name}, name)
    page = history(bot)["history"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (4, True)
    following = history(bot, after=page["pageInfo"]["endCursor"])["history"]
    assert not following["pageInfo"]["hasNextPage"]
    listed = bot.read(REPO + "/commits")
    nodes = [*page["nodes"], *following["nodes"]]
    assert [node["oid"] for node in nodes] == [one["sha"] for one in listed]
    assert history(bot)["oid"] == listed[0]["sha"]
    assert [node["author"]["user"]["login"] for node in nodes[:3]] == ["wes"] * 3
    assert nodes[0]["parents"] == {"totalCount": 1, "nodes": [{"oid": nodes[1]["oid"]}]}
    assert nodes[0]["committedDate"] == listed[0]["commit"]["committer"]["date"]


def test_it_is_narrowed_by_path_and_time(world: World, bot: Client) -> None:
    wes = world.sandbox.as_user("wes")
    wes.push("octo/engine", {"docs/a.md": "a"}, "Docs")
    world.sandbox.clock.advance(1800)
    since = stamp(world.sandbox.clock.now() - timedelta(minutes=1))
    wes.push("octo/engine", {"src/new.py": "a"}, "Source")
    assert messages(bot, path="docs") == ["Docs"]
    assert messages(bot, since=since) == ["Source"]
    assert messages(bot, until=since) == ["Docs", "Initial commit"]


def test_what_was_committed_later_comes_first_wherever_it_was(world: World, bot: Client) -> None:
    repo = world.sandbox.repo("octo/engine")
    start = repo.branches["main"]
    author, moment = Author("Bo", "bo@example.org"), repo.network.commits[start].date

    def commit(minutes: int, *parents: str) -> str:
        at = moment + timedelta(minutes=minutes)
        return repo.network.commit({}, parents, f"Minute {minutes}", author, at).sha

    main, side = commit(2, commit(1, start)), commit(5, start)
    repo.branches["main"] = commit(6, main, side)
    assert [one["commit"]["message"] for one in bot.read(REPO + "/commits")] == [
        "Minute 6",
        "Minute 5",
        "Minute 2",
        "Minute 1",
        "Initial commit",
    ]
    assert history(bot)["history"]["nodes"][0]["author"]["user"] is None


def test_the_accounts_of_apps_are_not_shown(world: World, bot: Client) -> None:
    world.sandbox.as_user("renovate[bot]")
    repo = world.sandbox.repo("octo/engine")
    author = Author("renovate[bot]", "5+renovate[bot]@users.noreply.github.com", "renovate[bot]")
    made = repo.network.commit({}, (repo.branches["main"],), "Up", author, world.sandbox.clock.now())
    repo.branches["main"] = made.sha
    assert history(bot)["history"]["nodes"][0]["author"]["user"] is None
    assert bot.read(REPO + "/commits")[0]["author"]["type"] == "Bot"


def test_without_a_branch_there_is_nothing(world: World, bot: Client) -> None:
    world.sandbox.repo("octo/engine").branches.clear()
    assert ask(bot, HISTORY)["data"]["repository"]["defaultBranchRef"] is None


def test_it_takes_the_permission_to_read_contents(world: World) -> None:
    blind = world.bot(permissions={"issues": "read"})
    assert refused(blind, HISTORY)[0] == "FORBIDDEN"

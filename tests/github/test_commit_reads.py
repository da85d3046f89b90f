"""Pages of commits, the same over both APIs, and the mailmap."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.errors import RetryLater
from bot.github.answers import Missing
from bot.github.commit_reads import CommitPage, CommitReader
from bot.github.graphql import Told
from bot.github.history_reads import HistoryReader
from tests.past import Past
from tests.world import REPO, World


def reader(world: World, *, graphql: bool = True) -> CommitReader:
    return CommitReader(HistoryReader(world.client, with_graphql=graphql))


def walked(commits: CommitReader, **asked: object) -> list[CommitPage]:
    """All pages."""
    page = commits.newest(None)
    found = [page]
    while page.cursor is not None:
        page = commits.older(page.tip, page.cursor, None, over_rest=page.over_rest)
        found.append(page)
    return found


def names(pages: list[CommitPage]) -> list[object]:
    return [one["sha"] for page in pages for one in page.commits]


def test_both_apis_list_the_same(world: World) -> None:
    Past(world.sandbox, REPO).commit(230)
    over_graphql, over_rest = walked(reader(world)), walked(reader(world, graphql=False))
    assert names(over_graphql) == names(over_rest)
    assert over_graphql[0].tip == over_rest[0].tip == world.sandbox.repo(REPO).branches["main"]
    assert over_graphql[0].total == over_rest[0].total == len(names(over_rest)) == 231
    assert [len(page.commits) for page in over_graphql] == [100, 100, 31]
    assert [len(page.commits) for page in over_rest] == [0, 100, 100, 31]


def test_what_is_older_is_left_out(world: World) -> None:
    past = Past(world.sandbox, REPO)
    [first, *rest] = past.commit(9)
    since = past.repo.network.commits[first].date + timedelta(seconds=1)
    for graphql in (True, False):
        page = reader(world, graphql=graphql).newest(since)
        assert (page.total, page.tip) == (len(rest), rest[-1])
        if page.cursor is not None:
            page = reader(world).older(page.tip, page.cursor, since, over_rest=True)
        assert {one["sha"] for one in page.commits} == set(rest)


def test_where_github_offers_no_graphql_rest_is_asked(world: World) -> None:
    world.sandbox.faults.add("no_graphql")
    assert reader(world).newest(None).over_rest


def test_a_tip_that_is_gone_is_missing(world: World) -> None:
    for over_rest, cursor in ((True, "1"), (False, "x")):
        with pytest.raises(Missing):
            reader(world).older("f" * 40, cursor, None, over_rest=over_rest)


def test_the_mailmap_is_that_of_the_tip(world: World) -> None:
    before = world.sandbox.repo(REPO).branches["main"]
    text = "Nia Ü <nia@example.org>\n"
    world.sandbox.as_user("maya").push(REPO, {".mailmap": text}, "Who is who")
    assert reader(world).mailmap(before) == ""
    assert reader(world).mailmap(world.sandbox.repo(REPO).branches["main"]) == text


@pytest.mark.parametrize(
    "target",
    [
        None,
        {"oid": "1" * 40},
        {"oid": "1" * 40, "history": {"nodes": [None], "pageInfo": {"hasNextPage": False}}},
    ],
)
def test_commits_that_are_left_out_are_asked_for_again(world: World, target: object) -> None:
    class Holed(HistoryReader):
        def told(self, document: str, variables: dict[str, Any], *, all_or_nothing: bool = False) -> Told:
            told = super().told(document, variables, all_or_nothing=all_or_nothing)
            return Told({"repository": {**told.data["repository"], "defaultBranchRef": {"target": target}}})

    with pytest.raises(RetryLater, match="left out commits"):
        CommitReader(Holed(world.client)).newest(None)

"""Commits over the API: exactly those of the default branch, whatever becomes of it, and few requests."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from bot.backfill import Backfill, Read
from bot.backfill_commits import TRIES_OF_ONE, CommitBackfill, ReadCommits
from bot.core.errors import RetryLater, UsherError
from bot.core.history import PastCommit
from bot.github.history_reads import HistoryReader
from bot.sandbox.git import Author
from bot.store.commits import Branch, Commits, Walk
from bot.store.database import Database
from bot.store.editions import Editions
from bot.store.history import Histories
from bot.store.history_tables import histories
from bot.store.progress import Places
from bot.store.purging import purge_repository
from bot.store.tables import metadata
from tests.databases import database, shared_database, shared_sqlite, sqlite_database
from tests.past import Past
from tests.test_backfill import Killed, dying_after
from tests.world import REPO, World, living, stage

__all__ = ["database", "shared_database", "shared_sqlite", "sqlite_database"]

BO = Author("Bo", "bo@example.org")  # whom GitHub does not know
BOT = Author("renovate[bot]", "29139614+renovate[bot]@users.noreply.github.com", "renovate[bot]")


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database) as made:
        yield made


def past(world: World) -> Past:
    return Past(world.sandbox, REPO)


def read(
    world: World, since: datetime | None = None, *, graphql: bool = True, most_pages: int | None = None
) -> Read:
    reader = HistoryReader(world.client, with_graphql=graphql)
    return Backfill(world.database, reader).run(since, most_pages=most_pages)


def history_of(world: World) -> int:
    found = Places(world.database).find(REPO)
    assert found is not None
    return found.id


def known(world: World) -> dict[str, PastCommit] | None:
    """The commits as a report sees them."""
    found = Commits(world.database).read(history_of(world))
    return None if found is None else {commit.sha: commit for commit in found}


def shas(world: World) -> set[str]:
    return set(known(world) or ())


def at_github(world: World) -> set[str]:
    repo = world.sandbox.repo(REPO)
    return {commit.sha for commit in repo.network.history(repo.branches["main"])}


# What is read


@pytest.mark.parametrize("graphql", [True, False])
def test_the_commits_of_the_default_branch_are_read(world: World, *, graphql: bool) -> None:
    made = past(world)
    made.commit(230)
    [last] = made.commit(by=BO)
    done = read(world, graphql=graphql)
    assert shas(world) == at_github(world)
    assert done.commits == 232
    assert done.commit_calls == (4 if graphql else 5), "the mailmap is asked for, too"
    commit = (known(world) or {})[last]
    nia = world.sandbox.store.ensure_user("nia").id
    assert (commit.author, commit.name, commit.is_merge) == (None, "Bo", False)
    assert {one.author for one in (known(world) or {}).values()} >= {nia, None}
    assert commit.committed_at == world.sandbox.repo(REPO).network.commits[last].date.replace(microsecond=0)


def test_rest_and_graphql_tell_the_same(world: World) -> None:
    made = past(world)
    made.commit(3)
    first, *_ = made.commit(2, by=BO)
    made.commit(by=BOT)
    [tip] = made.commit(parents=(world.sandbox.repo(REPO).branches["main"], first))
    read(world)
    over_graphql = known(world)
    with world.database.engine.begin() as connection:
        connection.execute(sa.delete(histories))
    read(world, graphql=False)
    over_rest = known(world) or {}
    assert over_rest.keys() == (over_graphql or {}).keys()
    assert over_rest[tip].is_merge
    assert sum(commit.is_merge for commit in over_rest.values()) == 1
    bots = {one.author for one in (over_graphql or {}).values() if one.name == "renovate[bot]"}
    assert bots == {29139614}, "where GraphQL does not know the account, the address does"
    people = Histories(world.database).people(history_of(world))
    assert people[world.sandbox.store.ensure_user("renovate[bot]").id].is_bot


def test_no_address_is_kept(world: World) -> None:
    past(world).commit(by=Author("bo@example.org", "bo@example.org"))
    mailmap = "Bo <bo@example.com> <bo@example.org>\n"
    world.sandbox.as_user("maya").push(REPO, {".mailmap": mailmap}, "Who is who")
    read(world)
    with world.database.engine.connect() as connection:
        kept = {each.name: repr(connection.execute(sa.select(each)).all()) for each in metadata.sorted_tables}
    assert "'bo'" in kept["commits"]
    assert "'Bo'" in kept["aliases"]
    assert "@example" not in "".join(kept.values())


def test_the_mailmap_says_who_is_who_and_holds_for_what_is_known(world: World) -> None:
    made = past(world)
    [old] = made.commit(by=BO)
    [new] = made.commit(by=Author("Bo B.", "bo@example.com"))
    read(world)
    assert len({commit.key for commit in (known(world) or {}).values() if commit.sha in {old, new}}) == 2
    world.sandbox.as_user("maya").push(
        REPO, {".mailmap": "Bo <bo@example.com> <bo@example.org>"}, "Who is who"
    )
    read(world)
    found = known(world) or {}
    assert found[old].key == found[new].key
    assert found[old].name == "Bo"


def test_a_repository_without_commits_has_none(world: World) -> None:
    del world.sandbox.repo(REPO).branches["main"]
    read(world)
    assert known(world) == {}


def test_where_github_does_not_show_them_nothing_is_known(world: World) -> None:
    world.installation.permissions = {
        name: level for name, level in world.installation.permissions.items() if name != "contents"
    }
    Editions(world.database).keep(REPO, (), repository_id=1)
    reading = CommitBackfill(world.database, HistoryReader(world.client), lambda ask: ask())
    assert reading.run(history_of(world), 1) == ReadCommits(True, 0, 2)
    assert known(world) is None
    walk = Walk(1, "f" * 40, None, 9, "x", over_rest=False)
    Commits(world.database).keep(history_of(world), Branch(walk=walk), [])
    assert reading.run(history_of(world), 1).is_complete
    assert not Places(world.database).find(REPO).is_walking  # type: ignore[union-attr]


# Again and again


def test_where_nothing_changed_one_request_says_so(world: World) -> None:
    past(world).commit(250)
    read(world)
    for graphql in (True, False):
        done = read(world, graphql=graphql)
        assert (done.commits, done.commit_calls) == (0, 1)


def test_what_is_new_is_read_and_no_more(world: World) -> None:
    made = past(world)
    made.commit(450)
    read(world)
    made.commit(20)
    done = read(world)
    assert shas(world) == at_github(world)
    assert (done.commits, done.commit_calls) == (100, 2), "one page, and the mailmap"


def test_an_old_branch_that_is_merged_is_read(world: World) -> None:
    made = past(world)
    old, *_ = made.commit(150)
    main = made.commit(150)[-1]
    read(world)
    start = world.sandbox.repo(REPO).network.commits[old].date
    side = made.commit(30, parents=(old,), at=start + timedelta(seconds=30))
    made.commit(parents=(main, side[-1]))
    assert read(world).commits == 332, "down to where the branch began"
    assert shas(world) == at_github(world)
    assert set(side) <= shas(world)


def test_what_a_rewritten_branch_no_longer_has_is_deleted(world: World) -> None:
    made = past(world)
    base = made.commit(120)[-1]
    gone = made.commit(30)
    read(world)
    kept = made.commit(10, parents=(base,), at=datetime(2025, 6, 1, tzinfo=UTC))
    read(world)
    assert shas(world) == at_github(world)
    assert set(kept) <= shas(world)
    assert not set(gone) & shas(world)
    world.sandbox.repo(REPO).branches["main"] = base
    read(world)
    assert shas(world) == at_github(world), "and one that was only set back"


def test_only_commits_since_a_day_are_read(world: World) -> None:
    made = past(world)
    made.commit(50)
    since = datetime(2029, 1, 1, tzinfo=UTC)
    recent = made.commit(5, at=since + timedelta(days=1))
    read(world, since)
    assert shas(world) == set(recent)
    read(world)
    assert shas(world) == at_github(world), "without a day, all of them"


def test_a_walk_is_seen_once_it_is_complete(world: World) -> None:
    made = past(world)
    made.commit(450)
    turns = 0
    while not read(world, most_pages=2).is_complete:
        assert known(world) is None
        assert Places(world.database).find(REPO).is_walking  # type: ignore[union-attr]
        turns += 1
    assert turns > 0
    assert shas(world) == at_github(world)
    before = shas(world)
    made.commit(330)
    assert not read(world, most_pages=1).is_complete
    assert shas(world) == before
    read(world)
    assert shas(world) == at_github(world)


def test_a_branch_that_moves_meanwhile_is_read_to_where_it_is(world: World) -> None:
    made = past(world)
    made.commit(350)
    read(world, most_pages=1)
    made.commit(40)
    read(world)
    assert shas(world) == at_github(world)


@pytest.mark.parametrize("graphql", [True, False])
def test_a_walk_whose_tip_is_gone_is_given_up(world: World, *, graphql: bool) -> None:
    made = past(world)
    base = made.commit(150)[-1]
    gone = made.commit(200)
    read(world, most_pages=1, graphql=graphql)
    made.commit(5, by=BO, parents=(base,))
    for sha in gone:
        del world.sandbox.repo(REPO).network.commits[sha]
    read(world, graphql=graphql)
    assert shas(world) == at_github(world)


def test_a_walk_goes_on_over_the_other_api_from_its_beginning(world: World) -> None:
    past(world).commit(350)
    read(world, most_pages=1)
    read(world, graphql=False)
    assert shas(world) == at_github(world)


@pytest.mark.parametrize("graphql", [True, False])
def test_killed_at_random_it_goes_on_without_loss(database: Database, *, graphql: bool) -> None:
    dice = Random(11)
    with living(database) as world:
        made = past(world)
        made.commit(650)
        for change in range(3):
            deaths = 0
            while True:
                stage().died = dying_after(dice.randrange(6, 22))
                try:
                    read(world, graphql=graphql)
                    break
                except Killed:
                    deaths += 1
                finally:
                    stage().died = None
            assert shas(world) == at_github(world), change
            assert deaths or change
            tip = world.sandbox.repo(REPO).branches["main"]
            base = world.sandbox.repo(REPO).network.commits[tip].parents[0]
            made.commit(150, parents=(base,))  # rewritten each time


def test_a_purge_meanwhile_ends_it(world: World) -> None:
    past(world).commit(350)
    history = Histories(world.database)
    read(world, most_pages=1)
    id_ = history_of(world)
    branch = Commits(world.database).branch(id_)
    purge_repository(world.database, REPO)
    with pytest.raises(UsherError, match="purged"):
        Commits(world.database).keep(id_, branch, [])
    assert history.find(REPO) is None


def test_a_limit_is_told_and_what_was_read_stays(world: World) -> None:
    past(world).commit(350)
    world.sandbox.faults.add("exhausted", match="GET .*mailmap", times=1, seconds=900)
    with pytest.raises(RetryLater):
        read(world)
    world.let_pass(1000)
    read(world)
    assert shas(world) == at_github(world)


def test_what_is_too_much_for_graphql_is_asked_for_over_rest(world: World) -> None:
    past(world).commit(350)
    read(world, most_pages=1)
    world.sandbox.faults.add("bad_gateway", match="POST /graphql.*")
    reader = HistoryReader(world.client)

    def patiently(ask: Callable[[], Any]) -> Any:
        while True:
            with suppress(RetryLater):
                return ask()

    number = world.sandbox.repo(REPO).id
    done = CommitBackfill(world.database, reader, patiently).run(history_of(world), number)
    assert shas(world) == at_github(world)
    assert (done.is_complete, reader.cost.graphql) == (True, TRIES_OF_ONE)

"""Threads are read in the order in which they changed: none is missed, none kept without what happened."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.backfill import Backfill
from bot.backfill_threads import PageSize
from bot.github.graphql import Told
from bot.github.history_reads import HistoryReader
from bot.store.database import Database
from tests.databases import shared_sqlite, sqlite_database
from tests.past import Past
from tests.test_backfill import Watched, at_github, known, plain, read, stored
from tests.world import REPO, World, living

__all__ = ["shared_sqlite", "sqlite_database"]


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database) as made:
        yield made


# Seconds in which much changed


def test_many_threads_may_have_changed_in_one_second(world: World) -> None:
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    for issue in Past(world.sandbox, REPO, busy=1).make(330):
        issue.updated_at = moment if issue.number > 50 else issue.updated_at
    done = read(world)
    assert done.issues + done.pulls == 330
    assert len(known(world)) == 330


def test_a_turn_ends_no_earlier_than_a_second(world: World) -> None:
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    for issue in Past(world.sandbox, REPO, busy=1).make(250):
        issue.updated_at = moment
    found = []
    for _ in range(3):
        done = Backfill(world.database, HistoryReader(world.client)).run(most_pages=1)
        found.append((done.is_complete, len(stored(world))))
    assert found == [(False, 100), (False, 250), (True, 250)]


def test_threads_of_one_second_may_change_while_they_are_read(world: World) -> None:
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    for issue in Past(world.sandbox, REPO, busy=1).make(330):
        issue.updated_at = moment
    watch = Watched()

    def kept(threads: int) -> None:
        watch.portions.append(threads)
        world.comment(len(watch.portions), "One of the first page: all others move up by one")

    watch.kept = kept  # type: ignore[method-assign]
    assert read(world, watch=watch).is_complete
    assert len(watch.portions) > 4
    assert stored(world) == set(range(1, 331))
    world.sandbox.clock.advance(60)
    read(world)
    assert plain(known(world)) == at_github(world)


# Portions


def test_portions_shrink_where_github_is_slow_and_grow_again() -> None:
    size = PageSize()
    sizes = []
    for seconds in (9, 9, 4, 1, 1, 1, 1):
        size.took(seconds)
        sizes.append(size.now)
    assert sizes == [25, 12, 12, 24, 48, 96, 100]
    for _ in range(9):
        size.failed()
    assert size.now == 1


# What an answer lacks


class Holed(HistoryReader):
    """Every answer of GraphQL lacks something, as long as it is asked for that much."""

    def __init__(self, world: World, spoil: Callable[[dict[str, Any]], None], most: int = 0) -> None:
        super().__init__(world.client)
        self._spoil, self._most = spoil, most

    def told(self, document: str, variables: dict[str, Any], *, all_or_nothing: bool = False) -> Told:
        told = super().told(document, variables, all_or_nothing=all_or_nothing)
        if len(told.data.get("nodes", ())) > self._most:
            self._spoil(told.data)
        return told


def without_timelines(data: dict[str, Any]) -> None:
    for node in data["nodes"]:
        node["timelineItems"] = None


SPOILED: dict[str, Callable[[dict[str, Any]], None]] = {
    "no list": lambda data: data.update(nodes=None),
    "a short list": lambda data: data.update(nodes=data["nodes"][:-1]),
    "no thread": lambda data: data.update(nodes=[None for _ in data["nodes"]]),
    "threads without what happened": without_timelines,
    "every second": lambda data: data.update(nodes=[None, *data["nodes"][1:]]),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
@pytest.mark.parametrize("most", [0, 15])
def test_what_an_answer_lacks_is_asked_for_again(
    world: World, spoil: Callable[[dict[str, Any]], None], most: int
) -> None:
    Past(world.sandbox, REPO).make(40)
    reader = Holed(world, spoil, most)
    done = Backfill(world.database, reader, Watched()).run()
    assert done.is_complete
    assert plain(known(world)) == at_github(world)
    assert reader.with_graphql


def test_a_flaky_github_costs_single_pages(world: World) -> None:
    Past(world.sandbox, REPO, busy=3).thread(3, events=900, lines=40)
    world.sandbox.faults.seed(3)
    world.sandbox.faults.add("went_wrong", probability=0.3)
    world.sandbox.faults.add("bad_gateway", match="graphql|timeline|comments", probability=0.1)
    watch = Watched()
    assert read(world, watch=watch).is_complete
    assert plain(known(world)) == at_github(world)
    asked = len(world.requests("/graphql")) + len(world.requests("/timeline"))
    assert asked < 10 + 2 * 10 + len(watch.waits), "the page is asked for again, not the thread"

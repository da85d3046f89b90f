"""What it costs to read a project's history over the API: requests for threads and commits, and time."""

import time
from random import Random

from bot.backfill import Backfill, Read
from bot.github.history_reads import HistoryReader
from bot.store.database import Database
from bot.store.history_tables import histories
from tests.benchmarks.table import Row
from tests.past import Past
from tests.world import REPO, World, living

THREADS = 1_000
# As in a real project: half of the threads have up to six events, one in fifty over sixty; a third of the
# pull requests has comments on lines, some of them many.
COMMITS = 1_500  # for a thousand threads
MIDDLE, SPREAD = 1.8, 1.1
QUIET, MIDDLE_OF_LINES = 0.64, 1.5


def bench(url: str, count: int = THREADS) -> list[Row]:
    """Read a made history over GraphQL, again, and over REST."""
    database = Database(url)
    database.migrate()
    try:
        with living(database) as world:
            world.run()
            _furnish(world, count)
            rows = [*_read(world, "backfill over GraphQL", count, aim="40"), _again(world)]
        with living(database) as world:
            world.run()
            _furnish(world, count)
            with database.engine.begin() as connection:
                connection.execute(histories.delete())
            return [*rows, *_read(world, "backfill over REST", count, aim="1,800", graphql=False)]
    finally:
        database.close()


def _furnish(world: World, count: int) -> None:
    past, dice = Past(world.sandbox, REPO), Random(7)
    past.commit(COMMITS * count // THREADS)
    for number in range(1, count + 1):
        lines = 0 if dice.random() < QUIET else round(dice.lognormvariate(MIDDLE_OF_LINES, SPREAD))
        past.thread(number, events=round(dice.lognormvariate(MIDDLE, SPREAD)), lines=lines)


def _read(world: World, name: str, count: int, *, aim: str, graphql: bool = True) -> list[Row]:
    began = time.perf_counter()
    done = _run(world, graphql=graphql)
    took = time.perf_counter() - began
    how = f"{done.issues:,} issues, {done.pulls:,} pull requests, {done.events:,} events, at the sandbox"
    points = f"; {done.points:,} points at the sandbox's own count" if graphql else ""
    calls = 1000 * (done.calls - done.commit_calls) / count
    of_commits = 1000 * done.commit_calls / done.commits
    return [
        Row(f"{name}: requests for 1,000 threads", f"{calls:,.0f}", aim, how + points),
        Row(
            f"{name}: requests for 1,000 commits",
            f"{of_commits:,.0f}",
            "12",
            f"{done.commits:,} commits, beside those for threads; the mailmap is one",
        ),
        Row(f"{name}: threads", f"{count / took:,.0f} a second", "-", "the sandbox's own time included"),
    ]


def _again(world: World) -> Row:
    done = _run(world)
    return Row("backfill when nothing changed: requests", str(done.calls), "10", "releases looked at")


def _run(world: World, *, graphql: bool = True) -> Read:
    return Backfill(world.database, HistoryReader(world.client, with_graphql=graphql)).run()

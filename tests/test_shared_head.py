"""A commit that is the head of several pull requests: what is worst for any of them stands at its check."""

from collections.abc import Iterator

import pytest

from bot.core.flow import CHECK_NAME
from bot.store.database import Database
from tests.databases import shared_sqlite, sqlite_database
from tests.test_merging import CONFIG, approve, opened, pull, settle
from tests.world import REPO, World, living

__all__ = ["shared_sqlite", "sqlite_database"]


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database, config=CONFIG) as world:
        world.run()
        yield world


def two(world: World) -> tuple[int, int]:
    """A pull request into a side branch, and a younger one with the same head into the default branch."""
    world.sandbox.as_user("maya").push(REPO, {"old.txt": "old"}, branch="side")
    old, repo = opened(world, branch="x", base="side"), world.sandbox.repo(REPO)
    repo.branches["y"] = repo.branches["x"]
    said = {"title": "fix: x", "head": "y", "base": "main"}
    young = world.sandbox.as_user("wes").request("POST", f"/repos/{REPO}/pulls", said)["number"]
    settle(world)
    return old, young


def check(world: World, number: int) -> tuple[str, str]:
    """How the check of the commit stands, and whose it is."""
    runs = world.sandbox.repo(REPO).check_runs.values()
    (run,) = [r for r in runs if r.head_sha == pull(world, number).head_sha and r.name == CHECK_NAME]
    return run.conclusion or run.status, str(run.external_id).rpartition("#")[2]


def test_what_one_has_does_not_let_the_other_in(world: World) -> None:
    old, young = two(world)
    assert check(world, old) == ("in_progress", str(old))
    approve(world, old)
    assert check(world, old) == ("in_progress", str(young))
    approve(world, young)
    assert check(world, old) == ("success", str(old))


def test_the_worst_is_said_whoever_is_older(world: World) -> None:
    old, young = two(world)
    approve(world, young)
    assert check(world, old) == ("in_progress", str(old))
    world.sandbox.as_user("wes").edit(REPO, young, title="WIP")
    settle(world)
    assert check(world, old) == ("failure", str(young))
    world.sandbox.as_user("wes").edit(REPO, young, title="fix: x")
    settle(world)
    assert check(world, old) == ("in_progress", str(old))


@pytest.mark.parametrize("merges", [True, False])
def test_one_that_is_closed_has_no_say(world: World, merges: bool) -> None:
    old, young = two(world)
    approve(world, young)
    assert check(world, young) == ("in_progress", str(old))
    maya = world.sandbox.as_user("maya")
    _ended = maya.merge(REPO, old) if merges else maya.close(REPO, old)
    settle(world)
    assert check(world, young) == ("success", str(young))


def test_nothing_is_written_while_nothing_changes(world: World) -> None:
    two(world)
    written = len(world.writes("check-runs"))
    for _each in range(3):
        world.let_pass(24 * 3600)
        world.processor.follower.sweep()
        settle(world)
    assert len(world.writes("check-runs")) == written

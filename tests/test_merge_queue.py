"""A merge queue waits for Usher's check of the commits that it makes, so that each of them gets one."""

import json
from collections.abc import Iterator

import pytest

from bot.core.flow import CHECK_NAME
from bot.store.database import Database
from tests.databases import shared_sqlite, sqlite_database
from tests.test_merging import CONFIG, approve, is_merged, opened, pull, report, say, settle
from tests.world import REPO, World, living

__all__ = ["shared_sqlite", "sqlite_database"]


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database, config=CONFIG) as world:
        world.sandbox.protect(REPO, checks=[CHECK_NAME, "build"], merge_queue=True)
        world.run()
        yield world


def ready(world: World) -> int:
    number = opened(world)
    report(world, pull(world, number).head_sha, "success")
    approve(world, number)
    return number


def group(world: World) -> str:
    """The commit that the queue made."""
    branches = world.sandbox.repo(REPO).branches.items()
    (found,) = [sha for name, sha in branches if name.startswith("gh-readonly-queue/")]
    return found


def answers(world: World, sha: str) -> list[str | None]:
    runs = world.sandbox.repo(REPO).check_runs.values()
    return [run.conclusion for run in runs if run.head_sha == sha and run.name == CHECK_NAME]


def moved(world: World) -> str:
    """Let the base move, so that the queue makes another commit. Returns it."""
    before = group(world)
    world.sandbox.as_user("maya").push(REPO, {"other.py": "z = 1\n"})
    assert group(world) != before
    return group(world)


def test_that_of_a_paused_thread_is_answered_and_nothing_else_is_said(world: World) -> None:
    number = ready(world)
    say(world, number, "/merge")
    say(world, number, "/usher pause")
    texts = [comment.body for comment in world.said(number)]
    sha = moved(world)
    settle(world)
    assert answers(world, sha) == ["success"]
    assert [comment.body for comment in world.said(number)] == texts
    report(world, sha, "success")
    assert is_merged(world, number)


def test_one_that_was_not_told_of_is_found_by_a_look(world: World) -> None:
    number = ready(world)
    say(world, number, "/merge")
    sha = moved(world)
    world.drop_mail()
    assert answers(world, sha) == []
    world.let_pass(24 * 3600)
    world.processor.follower.sweep()
    settle(world)
    assert answers(world, sha) == ["success"]
    report(world, sha, "success")
    assert is_merged(world, number)


def test_what_was_answered_stays_as_it_is(world: World) -> None:
    number = ready(world)
    say(world, number, "/merge")
    sha, asked = group(world), len(world.writes("check-runs"))
    for _each in range(3):
        world.let_pass(24 * 3600)
        world.processor.follower.sweep()
        settle(world)
    assert answers(world, sha) == ["success"]
    assert len(world.writes("check-runs")) == asked


def test_that_of_a_pull_request_which_nobody_finds_is_refused(world: World) -> None:
    tip = world.sandbox.repo(REPO).branches["main"]
    ref = f"refs/heads/gh-readonly-queue/main/pr-999-{tip}"
    said = {
        "action": "checks_requested",
        "merge_group": {"head_ref": ref, "head_sha": tip},
        "repository": {"id": world.repository_id, "full_name": REPO, "default_branch": "main"},
        "installation": {"id": world.installation.id},
        "sender": {"login": "maya", "id": 5, "type": "User"},
    }
    world.deliver("merge_group", json.dumps(said).encode())
    for _each in range(4):
        world.run()
        world.let_pass(600)
    assert answers(world, tip) == ["failure"]
    (run,) = [each for each in world.sandbox.repo(REPO).check_runs.values() if each.name == CHECK_NAME]
    assert run.title == "pull request #999 is not to be found"

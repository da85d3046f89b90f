"""Where checks are known of, nothing is merged before they have reported on the commits that are there."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.store.database import Database
from bot.store.marks import Marks, checks_of
from bot.store.tables import heads
from tests.databases import shared_sqlite, sqlite_database
from tests.world import REPO, World, living

__all__ = ["shared_sqlite", "sqlite_database"]

CONFIG = """
mode: act
welcome: {enabled: false}
review_sheet: {enabled: false}
docs: {enabled: false}
linked_issue: {enabled: false}
review: {approvals: 0}
"""
FILES = {"src/a.py": "x = 1\n", "tests/test_a.py": "y = 1\n"}


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database, config=CONFIG) as world:
        world.run()
        yield world


def settle(world: World) -> None:
    """Work off what came, and the looks that were put off for an instant."""
    for _round in range(3):
        world.run()
        world.let_pass(1)
    world.run()


def opened(world: World, files: dict[str, str]) -> int:
    name = f"change-{len(world.sandbox.repo(REPO).issues)}"
    number = world.open_pull("fix: start", by="wes", files=files, branch=name)
    settle(world)
    return number


def head(world: World, number: int) -> str:
    pull = world.issue(number).pull
    assert pull is not None
    return pull.head_sha


def report(world: World, sha: str, state: str) -> None:
    said = {"state": state, "context": "ci"}
    world.sandbox.as_user("maya").request("POST", f"/repos/{REPO}/statuses/{sha}", said)
    settle(world)


def ask_for_merge(world: World, number: int) -> None:
    world.comment(number, "/merge")
    settle(world)


def pass_and_sweep(world: World, minutes: float) -> int:
    """Let time pass without a word from GitHub, and look at what is due."""
    world.let_pass(minutes * 60)
    with world.database.engine.begin() as connection:  # GitHub's own times do not age with the rest
        for at in connection.execute(sa.select(heads.c.head_at)).scalars().all():
            connection.execute(sa.update(heads).values(head_at=at - timedelta(minutes=minutes)))
    found = world.processor.follower.sweep()
    settle(world)
    return found


def is_merged(world: World, number: int) -> bool:
    pull = world.issue(number).pull
    return pull is not None and pull.merged_at is not None


def checklist(world: World, number: int) -> str:
    return next(comment.body for comment in world.said(number) if "| Checks |" in comment.body)


def test_what_was_just_pushed_is_not_merged_before_it_is_checked(world: World) -> None:
    number = opened(world, FILES)
    report(world, head(world, number), "success")
    world.sandbox.as_user("wes").push_to_pull(REPO, number, {"src/b.py": "z = 1\n"})
    settle(world)
    ask_for_merge(world, number)
    assert not is_merged(world, number)
    assert "| ⏳ | Checks | not reported yet on this commit |" in checklist(world, number)

    report(world, head(world, number), "pending")
    assert not is_merged(world, number)
    report(world, head(world, number), "success")
    assert is_merged(world, number)


def test_a_new_pull_request_waits_where_another_was_checked(world: World) -> None:
    report(world, head(world, opened(world, FILES)), "success")
    number = opened(world, {"src/c.py": "c = 1\n", "tests/test_c.py": "y = 1\n"})
    ask_for_merge(world, number)
    assert not is_merged(world, number)


def test_the_checks_of_the_base_tell_that_there_are_some(world: World) -> None:
    report(world, world.sandbox.repo(REPO).branches["main"], "success")
    number = opened(world, FILES)
    ask_for_merge(world, number)
    assert not is_merged(world, number)


def test_what_nobody_checks_is_merged_after_a_while(world: World) -> None:
    report(world, world.sandbox.repo(REPO).branches["main"], "success")
    number = opened(world, FILES)
    ask_for_merge(world, number)
    assert pass_and_sweep(world, minutes=5) == 1  # the first look, which changes nothing
    assert not is_merged(world, number)
    assert pass_and_sweep(world, minutes=6) == 1
    assert is_merged(world, number)


def test_where_there_are_no_checks_nothing_is_waited_for(world: World) -> None:
    base = world.sandbox.repo(REPO).branches["main"]
    number = opened(world, FILES)
    assert "no checks run here" in checklist(world, number)
    ask_for_merge(world, number)
    assert is_merged(world, number)
    assert len(world.requests(f"/commits/{base}/")) == 2  # runs and statuses of the base, asked for once


def test_a_repository_that_is_forgotten_leaves_no_mark(world: World) -> None:
    number = opened(world, FILES)
    report(world, head(world, number), "success")
    marks, name = Marks(world.database), checks_of(world.repository_id)
    assert marks.get(name) is not None
    world.registry.purge(world.installation.id)
    assert marks.get(name) is None

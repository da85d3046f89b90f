"""A plan that had to wait is looked at again: what is no longer wanted is not done."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.store.database import Database
from tests.world import World, living

WAIT = 600


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database) as made:
        yield made


@pytest.fixture
def number(world: World) -> int:
    """A thread with ``/label bug`` by a triager, held up by a limit just before its effect."""
    number = world.open_issue("...")  # nothing that the classifier could label
    world.run()
    world.comment(number, "/label bug", by="tri")
    world.sandbox.faults.add("forbidden_with_retry_after", match="POST .*/labels", times=1, seconds=WAIT)
    world.run()
    assert world.labels(number) == []
    return number


def outcome(world: World, number: int) -> tuple[str, str | None]:
    step = world.plans(number)[-1].steps[0]
    return step.status, step.detail


def later(world: World) -> None:
    world.let_pass(WAIT + 5)
    world.run()


def test_what_is_still_wanted_is_done(world: World, number: int) -> None:
    later(world)
    assert world.labels(number) == ["bug"]
    assert outcome(world, number)[0] == "done"


def test_whoever_lost_the_right_meanwhile_is_not_obeyed(world: World, number: int) -> None:
    world.sandbox.set_role("octo/engine", "tri", "read")
    later(world)
    assert world.labels(number) == []
    assert outcome(world, number) == ("skipped", "/label takes triage rights, which are gone meanwhile")


def test_a_comment_that_was_deleted_meanwhile_is_not_obeyed(world: World, number: int) -> None:
    comment = next(each for each in world.issue(number).comments if each.user.login == "tri")
    world.sandbox.as_user("tri").delete_comment("octo/engine", comment.id)
    later(world)
    assert world.labels(number) == []
    assert outcome(world, number) == ("skipped", "the comment was deleted, or no longer says so")


def test_a_dry_run_holds_for_what_was_planned_before_it(world: World, number: int) -> None:
    world.processor = replace(world.processor, dry_run=True)
    later(world)
    assert world.labels(number) == []
    assert outcome(world, number) == ("skipped", "a dry run was asked for meanwhile")


def test_observing_holds_for_what_was_planned_before_it(world: World, number: int) -> None:
    world.push_config("mode: observe\n")
    world.configs.forget("octo/engine")
    later(world)
    assert world.labels(number) == []
    assert outcome(world, number) == ("skipped", "the config no longer lets this rule act")

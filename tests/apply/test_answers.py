"""Answers to commands: new ones below who asked, one at a time, never two to one comment, bounded."""

from dataclasses import replace
from typing import Any

import pytest

from bot.apply.answers import ANSWERS_PER_HOUR
from bot.core.actions import UpsertComment
from bot.core.errors import RetryLater
from bot.store.ledger import Plan
from tests.apply.examples import reply
from tests.world import World

RULE: dict[str, Any] = {"rule": "usher_command", "event": "CommandGiven"}


def to(comment: int, template: str = "paused", **context: Any) -> UpsertComment:
    return replace(reply(template, **context), answers=comment, command="usher pause")


def answered(world: World, number: int, comment: int, template: str = "paused") -> Plan:
    return world.do(number, to(comment, template), **RULE)


def test_a_new_command_gets_a_new_answer_and_the_old_one_goes(world: World) -> None:
    number = world.open_issue()
    answered(world, number, world.comment(number, "/usher pause"))
    asked = world.comment(number, "/usher resume")
    answered(world, number, asked, "resumed")
    [said] = world.said(number)
    assert said.id > asked
    assert "Back at work" in said.body


def test_the_answer_to_the_same_comment_is_edited(world: World) -> None:
    number = world.open_issue()
    asked = world.comment(number, "/usher pause")
    answered(world, number, asked)
    [first] = world.said(number)
    assert answered(world, number, asked).steps[0].status == "unchanged"
    answered(world, number, asked, "resumed")
    assert [said.id for said in world.said(number)] == [first.id]


@pytest.mark.parametrize(
    ("match", "after"),
    [("POST .*/comments", False), ("POST .*/comments", True), ("DELETE .*", False), ("DELETE .*", True)],
)
def test_after_a_crash_there_is_one_answer(world: World, match: str, after: bool) -> None:
    number = world.open_issue()
    answered(world, number, world.comment(number, "/usher pause"))
    asked = world.comment(number, "/usher resume")
    plan = world.save(number, to(asked, "resumed"), **RULE)
    world.sandbox.faults.add("bad_gateway", match=match, times=1, after=after)
    with pytest.raises(RetryLater):
        world.apply(plan)
    assert world.apply(plan) == ["done"]
    [said] = world.said(number)
    assert said.id > asked
    assert len(world.writes("POST .*/comments")) == 2


def test_who_asks_too_often_is_answered_in_place(world: World) -> None:
    number = world.open_issue()
    for _each in range(ANSWERS_PER_HOUR + 3):
        last = world.comment(number, "/usher pause")
        assert answered(world, number, last).steps[0].status == "done"
    assert len(world.writes("POST .*/comments")) == ANSWERS_PER_HOUR
    assert len(world.said(number)) == 1
    world.let_pass(3601)
    world.github.forget(world.installation.id)  # the token's hour is over
    answered(world, number, world.comment(number, "/usher pause"))
    assert len(world.writes("POST .*/comments")) == ANSWERS_PER_HOUR + 1


def test_answers_that_were_replaced_count_for_the_day(world: World) -> None:
    world.push_config("mode: act\nbudget: {comments_per_day: 2}\n")
    one, two = world.open_issue(), world.open_issue()
    for _each in range(3):
        answered(world, one, world.comment(one, "/usher pause"))
    assert len(world.writes("POST .*/comments")) == 2
    plan = answered(world, two, world.comment(two, "/usher pause"))
    assert [(step.status, step.detail) for step in plan.steps] == [
        ("skipped", "the budget for comments is used up (budget in the config)")
    ]


def test_an_answer_that_replaces_one_adds_none_to_the_thread(world: World) -> None:
    world.push_config("mode: act\nbudget: {comments_per_thread: 1}\n")
    number = world.open_issue()
    for _each in range(2):
        answered(world, number, world.comment(number, "/usher pause"))
    assert len(world.writes("POST .*/comments")) == 2
    plan = world.do(number, replace(to(99), purpose="help"), **RULE)
    assert plan.steps[0].status == "skipped"


def test_several_answers_to_one_comment_are_one(world: World) -> None:
    number = world.open_issue()
    asked = world.comment(number, "/skip docs\n/usher pause")
    denied = UpsertComment(
        purpose="denied",
        template="denied",
        context={"login": "sam", "command": "skip", "needed": "write"},
        answers=asked,
        command="skip docs",
        reason="sam may not",
    )
    plan = world.do(number, denied, to(asked), **RULE)
    assert [step.status for step in plan.steps] == ["done", "done"]
    [said] = world.said(number)
    assert said.body.index("**`/skip docs`**") < said.body.index("Sorry, sam: `/skip` takes write rights")
    assert said.body.index("**`/usher pause`**") < said.body.index("Paused: I leave")
    assert said.body.count("<details>") == 1
    assert "Why: sam may not; maya asked." in said.body


def test_an_answer_that_was_followed_by_another_is_not_taken_back(world: World) -> None:
    number = world.open_issue()
    first = answered(world, number, world.comment(number, "/usher pause"))
    answered(world, number, world.comment(number, "/usher resume"), "resumed")
    assert world.executor.undo(first.steps[0].id) == "left the comment: it answers somebody else by now"
    assert len(world.said(number)) == 1


def test_an_answer_that_a_person_deleted_does_not_keep_the_next_away(world: World) -> None:
    number = world.open_issue()
    answered(world, number, world.comment(number, "/usher pause"))
    world.sandbox.as_user("maya").delete_comment("octo/engine", world.said(number)[0].id)
    answered(world, number, world.comment(number, "/usher pause"))
    assert len(world.said(number)) == 1

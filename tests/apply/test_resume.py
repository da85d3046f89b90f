"""The process died in the middle: whatever was done is found, and only what is missing is done.

The three places where it may die: before the write was sent, after GitHub accepted it, and after it was
noted. Each action is then taken up again by ``apply``.
"""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.actions import AddLabels, RevertPlan, SetPause
from bot.core.errors import RetryLater
from bot.github import writes
from bot.store.ledger import Plan
from tests.apply.examples import ASKED_OFF, BUG, BUG_OFF, WELCOME, reply
from tests.world import REPO, World


def died_in(world: World, plan: Plan, before: dict[str, object] | None = None) -> Plan:
    """Leave the plan's last action as a process leaves it that died while it was at work on it."""
    world.ledger.start(plan.steps[-1].id, before)
    return world.fresh(plan)


def accepted_then_died(world: World, plan: Plan, fault: str) -> None:
    """Apply a plan, and lose the answer to a write that GitHub accepted."""
    world.sandbox.faults.add("bad_gateway", match=fault, times=1, after=True)
    with pytest.raises(RetryLater):
        world.apply(plan)
    assert world.fresh(plan).steps[-1].status == "started"


def refused_then_died(world: World, plan: Plan, fault: str) -> None:
    """Apply a plan, and have GitHub fail before it accepted a write."""
    world.sandbox.faults.add("bad_gateway", match=fault, times=1)
    with pytest.raises(RetryLater):
        world.apply(plan)
    assert world.fresh(plan).steps[-1].status == "started"


# Labels


def test_a_label_that_was_accepted_is_not_put_on_again(world: World) -> None:
    number = world.open_issue()
    plan = world.save(number, BUG)
    accepted_then_died(world, plan, "POST .*/labels")
    assert world.apply(plan) == ["done"]
    assert world.labels(number) == ["bug"]
    assert len(world.writes()) == 1


def test_a_label_that_was_not_accepted_is_put_on(world: World) -> None:
    number = world.open_issue(by="maya", labels=["question"])
    plan = world.save(number, BUG)
    refused_then_died(world, plan, "POST .*/labels")
    assert world.apply(plan) == ["done"]
    assert world.labels(number) == ["question", "bug"]
    assert world.fresh(plan).steps[0].before == {"labels": ["question"]}


def test_a_label_that_was_never_sent_is_put_on(world: World) -> None:
    number = world.open_issue()
    plan = died_in(world, world.save(number, BUG), {"labels": []})
    assert world.apply(plan) == ["done"]
    assert world.labels(number) == ["bug"]


def test_a_label_that_a_person_took_off_meanwhile_stays_off(world: World) -> None:
    number = world.open_issue()
    plan = world.save(number, BUG)
    accepted_then_died(world, plan, "POST .*/labels")
    world.sandbox.as_user("maya").remove_label(REPO, number, "bug")
    assert world.apply(plan) == ["skipped"]
    assert world.labels(number) == []
    assert world.fresh(plan).steps[0].detail == "a person took it off meanwhile"


def test_of_several_labels_only_the_missing_ones_are_put_on(world: World) -> None:
    number = world.open_issue()
    plan = died_in(world, world.save(number, AddLabels(labels=("bug", "ui"), reason="sure")), {"labels": []})
    world.sandbox.as_user("maya").add_label(REPO, number, "ui")
    assert world.apply(plan) == ["done"]
    assert sorted(world.labels(number)) == ["bug", "ui"]
    assert [write.body for write in world.writes()] == [{"labels": ["bug"]}]


def test_a_label_of_long_ago_is_no_sign_that_this_write_went_through(world: World) -> None:
    number = world.open_issue()
    world.do(number, BUG)
    world.sandbox.as_user("maya").remove_label(REPO, number, "bug")
    world.let_pass(120)
    plan = died_in(world, world.save(number, BUG, event="CommandGiven"), {"labels": []})
    # GitHub's record of the first labelling is older than the plan by far.
    for event in world.issue(number).events:
        event.created_at -= timedelta(seconds=120)
    assert world.apply(plan) == ["done"]
    assert world.labels(number) == ["bug"]


@pytest.mark.parametrize("action", [BUG_OFF, ASKED_OFF], ids=["own", "asked"])
def test_a_label_that_was_taken_off_is_not_looked_for(world: World, action: AddLabels) -> None:
    number = world.open_issue()
    world.do(number, BUG)
    plan = world.save(number, action)
    accepted_then_died(world, plan, "DELETE")
    assert world.apply(plan) == ["done"]
    assert world.labels(number) == []
    assert len(world.writes("DELETE")) == 1


def test_a_label_that_was_not_taken_off_is(world: World) -> None:
    number = world.open_issue()
    world.do(number, BUG)
    plan = world.save(number, BUG_OFF)
    refused_then_died(world, plan, "DELETE")
    assert world.apply(plan) == ["done"]
    assert world.labels(number) == []
    assert world.fresh(plan).steps[0].before == {"labels": ["bug"]}


# Comments


def test_a_comment_that_was_accepted_is_not_written_again(world: World) -> None:
    number = world.open_issue()
    plan = world.save(number, WELCOME, rule="welcome")
    accepted_then_died(world, plan, "POST .*/comments")
    assert world.registry.comment(world.repository_id, number, "welcome") is None
    assert world.apply(plan) == ["done"]
    assert len(world.said(number)) == len(world.writes()) == 1
    kept = world.registry.comment(world.repository_id, number, "welcome")
    assert kept is not None
    assert kept.id == world.said(number)[0].id


def test_a_comment_that_was_not_accepted_is_written(world: World) -> None:
    number = world.open_issue()
    plan = world.save(number, WELCOME, rule="welcome")
    refused_then_died(world, plan, "POST .*/comments")
    assert world.apply(plan) == ["done"]
    assert len(world.said(number)) == 1


def test_a_comment_that_was_kept_and_not_noted_as_done_is_not_written_again(world: World) -> None:
    number = world.open_issue()
    plan = world.do(number, WELCOME, rule="welcome")
    died_in(world, plan, {"comment": None})
    assert world.apply(plan) == ["done"]
    assert len(world.writes()) == 1


def test_an_edit_that_was_accepted_is_not_sent_again(world: World) -> None:
    number = world.open_issue()
    world.do(number, reply("paused"), rule="usher_command")
    plan = world.save(number, reply("resumed"), rule="usher_command")
    accepted_then_died(world, plan, "PATCH")
    assert world.apply(plan) == ["done"]
    assert len(world.writes("PATCH")) == 1


def test_an_edit_that_was_not_accepted_is_sent(world: World) -> None:
    number = world.open_issue()
    world.do(number, reply("paused"), rule="usher_command")
    plan = world.save(number, reply("resumed"), rule="usher_command")
    refused_then_died(world, plan, "PATCH")
    assert world.apply(plan) == ["done"]
    assert "Back at work" in world.said(number)[0].body
    assert "Paused" in (world.fresh(plan).steps[0].before or {})["body"]


def test_a_comment_that_was_accepted_counts_in_the_budget_once(world: World) -> None:
    world.push_config("mode: act\nbudget: {comments_per_thread: 2}\n")
    number = world.open_issue()
    plan = world.save(number, reply(purpose="one"), rule="usher_command")
    accepted_then_died(world, plan, "POST .*/comments")
    world.apply(plan)
    assert world.statuses(world.do(number, reply(purpose="two"), rule="usher_command")) == ["done"]
    assert world.statuses(world.do(number, reply(purpose="three"), rule="usher_command")) == ["skipped"]


# The rest


def test_a_pause_that_was_set_is_set(world: World) -> None:
    number = world.open_issue()
    pause = SetPause(paused=True, reason="asked")
    plan = died_in(world, world.save(number, pause))
    world.registry.set_paused(world.repository_id, number, world.installation.id, paused=True)
    assert world.apply(plan) == ["done"]


def test_a_revert_goes_on_where_it_was_broken_off(world: World) -> None:
    number = world.open_issue()
    earlier = world.do(number, BUG, WELCOME)
    plan = world.save(number, RevertPlan(plan=earlier.id, reason="asked"), rule="usher_command")
    refused_then_died(world, plan, "DELETE .*/labels")
    assert world.statuses(earlier) == ["done", "undone"]
    assert world.apply(plan) == ["done"]
    assert world.statuses(earlier) == ["undone", "undone"]
    assert (world.labels(number), world.said(number)) == ([], [])
    assert len(world.writes("DELETE")) == 2


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("match", ["DELETE .*/labels", "DELETE .*/comments"])
def test_a_revert_that_lost_an_answer_takes_nothing_off_twice(world: World, match: str, after: bool) -> None:
    number = world.open_issue()
    earlier = world.do(number, BUG, WELCOME)
    plan = world.save(number, RevertPlan(plan=earlier.id, reason="asked"), rule="usher_command")
    world.sandbox.faults.add("bad_gateway", match=match, times=1, after=after)
    with pytest.raises(RetryLater):
        world.apply(plan)
    assert world.apply(plan) == ["done"]
    assert world.statuses(earlier) == ["undone", "undone"]
    assert (world.labels(number), world.said(number)) == ([], [])
    assert len(world.writes("DELETE")) == 2


def test_what_was_done_before_is_left_and_what_was_planned_after_is_done(world: World) -> None:
    number = world.open_issue()
    plan = world.save(number, BUG, WELCOME, AddLabels(labels=("ui",), reason="sure"))
    world.sandbox.faults.add("bad_gateway", match="POST .*/comments", times=1, after=True)
    with pytest.raises(RetryLater):
        world.apply(plan)
    assert world.statuses(plan) == ["done", "started", "planned"]
    world.sandbox.as_user("maya").remove_label(REPO, number, "bug")
    assert world.apply(plan) == ["done", "done", "done"]
    assert world.labels(number) == ["ui"]
    assert len(world.said(number)) == 1


# Waiting until GitHub shows what it accepted


def test_a_write_whose_fate_is_unknown_is_looked_up_only_after_a_while(world: World) -> None:
    world.executor.settle = timedelta(seconds=60)
    number = world.open_issue()
    plan = world.save(number, WELCOME, rule="welcome")
    accepted_then_died(world, plan, "POST .*/comments")
    sent = len(world.requests())
    with pytest.raises(RetryLater, match="looking whether the write before went through") as raised:
        world.apply(plan)
    assert raised.value.until is not None  # so that the wait is no failed attempt
    assert raised.value.until > datetime.now(UTC)
    assert len(world.requests()) == sent
    world.let_pass(60)
    assert world.apply(plan) == ["done"]
    assert len(world.said(number)) == 1


def test_reads_that_lag_behind_cause_no_second_comment(world: World) -> None:
    world.executor.settle = timedelta(seconds=60)
    number = world.open_issue()
    world.sandbox.faults.add("stale_reads", seconds=30)
    plan = world.save(number, WELCOME, rule="welcome")
    accepted_then_died(world, plan, "POST .*/comments")
    world.let_pass(60)
    assert world.apply(plan) == ["done"]
    assert len(world.said(number)) == 1


def test_a_plan_is_applied_whole_however_often_the_process_dies(world: World) -> None:
    """Every request of every try fails once, before or after it took effect."""
    number = world.open_issue()
    plan = world.save(number, BUG, WELCOME, AddLabels(labels=("ui",), reason="sure"), BUG_OFF)
    for match in ("events", "comments", "labels", "issues/1$"):
        for after in (False, True):
            world.sandbox.faults.add("bad_gateway", match=match, times=2, after=after)
    tries = 0
    while not all(status == "done" for status in world.statuses(plan)):
        tries += 1
        assert tries < 50, world.statuses(plan)
        try:
            world.apply(plan)
        except RetryLater:
            continue
    assert tries > 5
    assert world.labels(number) == ["ui"]
    assert len(world.said(number)) == 1
    assert len(world.writes("POST .*/labels")) == 2
    assert len(world.writes("DELETE")) == 1


def test_a_write_by_hand_of_the_same_label_is_taken_for_ours_and_not_repeated(world: World) -> None:
    number = world.open_issue()
    plan = died_in(world, world.save(number, BUG), {"labels": []})
    writes.add_labels(world.client, number, ("bug",))
    assert world.apply(plan) == ["done"]
    assert len(world.writes()) == 1

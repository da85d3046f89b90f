"""What becomes of a delivery: decided on, planned, done. The engine is left out; the rest is real."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.process import FIRST_WAIT, MOST_ATTEMPTS, WAIT_GROWS
from bot.store.database import Database
from bot.store.inbox import Delivery
from tests.databases import database, shared_database
from tests.world import REPO, SURE, World, living, stage

__all__ = ["database", "shared_database"]

NOISY = "mode: act\ntriage: {threshold: 0}\n"


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    with living(database, config=SURE) as world:
        world.run()  # the installation is announced
        yield world


def last(world: World) -> Delivery:
    return world.deliveries()[-1]


def summaries(world: World, number: int) -> list[list[str]]:
    """What was planned on a thread, a list for each plan."""
    return [[step.summary for step in plan.steps] for plan in world.plans(number)]


# Working


def test_a_new_issue_gets_its_label_and_the_plan_says_why(world: World) -> None:
    number = world.open_issue()
    world.run()
    [plan] = world.plans(number)
    [step] = plan.steps
    assert (plan.event, plan.actor, plan.title) == ("IssueOpened", "nia", "It crashes")
    assert (plan.delivery, plan.guid) == (world.deliveries()[-2].id, world.deliveries()[-2].guid)
    assert (step.rule, step.status, world.labels(number)) == ("triage", "done", step.args["labels"])
    assert "sure" in step.reason
    assert world.deliveries()[-2].state == "done"


def test_where_no_rule_has_anything_to_say_nothing_is_planned(world: World) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    world.run()
    assert world.plans(number) == []
    opened = next(each for each in world.deliveries() if each.action == "opened")
    assert (opened.state, opened.note) == ("done", "nothing to do")


def test_in_observe_mode_everything_is_planned_and_nothing_touched(database: Database) -> None:
    with living(database, config=NOISY.replace("act", "observe")) as world:
        number = world.open_issue()
        world.comment(number, "/label bug\n/usher help")
        world.run()
        plans = world.plans(number)
        assert [step.status for plan in plans for step in plan.steps] == ["observed"] * 4
        assert world.writes() == []
        assert [
            line for line in world.requests() if not line.startswith("GET") and "tokens" not in line
        ] == []


def test_one_rule_may_act_while_the_others_observe(database: Database) -> None:
    config = "mode: observe\ntriage: {threshold: 0, mode: act}\n"
    with living(database, config=config) as world:
        number = world.open_issue()
        world.run()
        [plan] = world.plans(number)
        assert {step.rule: step.status for step in plan.steps} == {"triage": "done", "welcome": "observed"}
        assert (len(world.labels(number)), world.said(number)) == (1, [])


def test_a_dry_run_touches_nothing_whatever_the_config_says(database: Database) -> None:
    with living(database, config=NOISY, dry_run=True) as world:
        number = world.open_issue()
        world.comment(number, "/label bug")
        world.run()
        assert {step.status for plan in world.plans(number) for step in plan.steps} == {"observed"}
        assert world.writes() == []


def test_a_rule_that_is_switched_off_plans_nothing(database: Database) -> None:
    with living(database, config="mode: act\ntriage: {enabled: false}\n") as world:
        number = world.open_issue()
        world.run()
        assert {step.rule for plan in world.plans(number) for step in plan.steps} == {"welcome"}


def test_all_commands_of_a_comment_make_one_plan_that_one_undo_takes_back(world: World) -> None:
    number = world.open_issue(by="maya", labels=["question"])
    world.run()
    world.comment(number, "/label bug\n/label wontfix\n/remove-label question")
    world.run()
    assert summaries(world, number) == [["bug", "wontfix", "-question"]]
    assert sorted(world.labels(number)) == ["bug", "wontfix"]
    world.comment(number, "/usher undo")
    world.run()
    assert world.labels(number) == ["question"]


# One after the other


def test_a_later_delivery_waits_until_the_one_before_it_is_finished(world: World) -> None:
    number = world.open_issue()
    world.receive()
    world.sandbox.faults.add("bad_gateway", match=f"GET .*/issues/{number}$", times=1)
    world.run()
    world.comment(number, "/label wontfix")
    first, second = world.deliveries()[-1].id, world.receive()[0]
    world.run()
    waiting = world.inbox.get(second)
    assert waiting is not None
    assert (waiting.state, waiting.attempts) == ("deferred", 0)
    assert waiting.note == f"waits for delivery {first} on the same thread"
    assert world.plans(number) == []
    world.let_pass(10)
    world.run()
    world.let_pass(10)
    world.run()
    assert [plan.delivery for plan in world.plans(number)] == [first, second]


def test_a_delivery_on_another_thread_does_not_wait(world: World) -> None:
    one = world.open_issue()
    world.sandbox.faults.add("bad_gateway", match=f"GET .*/issues/{one}$")
    world.run()
    two = world.open_issue()
    world.run()
    assert (world.labels(one), len(world.labels(two))) == ([], 1)


def test_a_delivery_does_not_wait_for_one_that_was_given_up(world: World) -> None:
    number = world.open_issue()
    [first] = world.receive()
    world.route()
    world.inbox.finish(first, "dead", "given up")
    world.comment(number, "/label wontfix")
    world.run()
    assert world.labels(number) == ["wontfix"]


def test_what_is_not_queued_is_not_worked_on(world: World) -> None:
    number = world.open_issue()
    [id_] = world.receive()
    world.processor.run(id_)
    world.processor.run(10**9)
    assert world.plans(number) == []
    world.run()
    world.processor.run(id_)
    assert len(world.plans(number)) == 1


# When it goes wrong


def test_what_fails_is_tried_again_at_growing_intervals_and_then_given_up(world: World) -> None:
    world.sandbox.faults.add("bad_gateway", match="GET .*/issues/1$")
    number = world.open_issue()
    [id_] = world.receive()
    for attempt in range(MOST_ATTEMPTS):
        before = datetime.now(UTC)
        world.run()
        kept = world.inbox.get(id_)
        assert kept is not None
        assert "502" in (kept.note or "")
        if attempt + 1 == MOST_ATTEMPTS:
            assert kept.state == "dead"
            break
        assert (kept.state, kept.attempts) == ("deferred", attempt + 1)
        wait = FIRST_WAIT * WAIT_GROWS**attempt
        assert kept.not_before is not None
        assert timedelta(0) <= kept.not_before - before - wait < timedelta(seconds=30)
        world.let_pass((wait + timedelta(seconds=31)).total_seconds())
    world.let_pass(86_400)
    world.run()
    assert world.plans(number) == []  # nothing more is tried by itself
    world.sandbox.faults.clear()
    world.github.forget(world.installation.id)  # its token is a day old
    assert world.inbox.retry([id_]) == 1
    world.run()
    assert len(world.labels(number)) == 1


@pytest.mark.parametrize("fault", ["forbidden_with_retry_after", "too_many", "exhausted", "secondary_limit"])
def test_a_wait_that_github_asks_for_is_no_failed_attempt(world: World, fault: Any) -> None:
    world.sandbox.faults.add(fault, match="issues", times=3, seconds=60)
    number = world.open_issue()
    [id_] = world.receive()
    for seconds in (300, 600, 1200):
        world.run()
        kept = world.inbox.get(id_)
        assert kept is not None
        assert (kept.state, kept.attempts) == ("deferred", 0)
        assert "rate limit" in (kept.note or "")
        world.let_pass(seconds)
    world.run()
    assert len(world.labels(number)) == 1
    assert world.sandbox.violations == []


def test_while_an_installation_has_to_wait_nothing_of_it_is_sent(world: World) -> None:
    world.open_issue()
    world.run()
    world.sandbox.faults.add("too_many", match="issues", times=1, seconds=120)
    numbers = [world.open_issue() for _ in range(5)]
    world.run()
    sent = len(world.requests())
    for _ in range(5):
        world.comment(numbers[0], "/label bug")
        world.run()
    assert len(world.requests()) == sent
    world.let_pass(125)
    world.run()
    world.let_pass(10)
    world.run()
    assert all(world.labels(number) for number in numbers)
    assert world.sandbox.violations == []


def test_a_thread_that_is_gone_is_nothing_to_do(world: World) -> None:
    number = world.open_issue()
    [id_] = world.receive()
    del world.sandbox.repo(REPO).issues[number]
    world.let_pass(600)
    world.run()
    kept = world.inbox.get(id_)
    assert kept is not None
    assert (kept.state, kept.note) == ("done", f"{REPO}#{number} is no longer there")


def test_a_thread_that_github_does_not_show_yet_is_looked_for_again(world: World) -> None:
    world.sandbox.faults.add("not_found_after_create", seconds=5)
    number = world.open_issue()
    world.run()
    assert world.deliveries()[-1].state == "deferred"
    world.let_pass(10)
    world.run()
    assert len(world.labels(number)) == 1


def test_an_unforeseen_error_is_noted_and_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = world.open_issue()
    with monkeypatch.context() as broken, capture_logs() as logged:
        broken.setattr(world.gatherer, "_classifier", None)
        world.run()
    assert [entry["event"] for entry in logged] == ["delivery.failed"]
    assert last(world).state == "deferred"
    assert "AttributeError" in (last(world).note or "")
    world.let_pass(10)
    world.run()
    assert len(world.labels(number)) == 1


def test_a_plan_that_was_saved_is_finished_and_not_made_again(world: World) -> None:
    world.sandbox.faults.add("bad_gateway", match="POST .*/labels", times=1)
    number = world.open_issue()
    world.run()
    [plan] = world.plans(number)
    assert world.statuses(plan) == ["started"]
    world.sandbox.as_user("maya").edit(REPO, number, title="Please add a feature")
    world.drop_mail()
    world.let_pass(10)
    world.run()
    [again] = world.plans(number)
    assert (again.id, world.statuses(again)) == (plan.id, ["done"])
    assert world.labels(number) == plan.steps[0].args["labels"]


class Killed(BaseException):
    """The process died here."""


@pytest.mark.parametrize("when", ["request", "response"])
def test_killed_at_any_request_the_work_is_done_once_in_the_end(
    world: World, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For every request that the work takes: die just before it is sent, or just after it was answered."""
    world.push_config(NOISY)
    world.run()
    left, dead = 0, False

    def die(now: str) -> None:
        nonlocal left, dead
        left -= now == when
        if now == when and left == 0:
            dead = True
            raise Killed

    def last_words(*said: Any) -> None:
        if not dead:  # a process that is killed notes nothing any more
            conclude(*said)

    conclude = world.ledger.conclude
    monkeypatch.setattr(world.ledger, "conclude", last_words)
    stage().died = die
    for place in range(1, 30):
        newcomer = f"newcomer-{place}"
        number = world.open_issue(by=newcomer)
        world.receive()
        [routed] = world.route()
        left = place
        try:
            world.processor.run(routed.id)
        except Killed:
            left, dead = 0, False
            world.processor.run(routed.id)
            world.drop_mail()
        else:
            break
        finally:
            assert len(world.labels(number)) == 1
            assert len(world.said(number)) == 1
            assert len(world.writes(f"issues/{number}/")) == 2
            [plan] = world.plans(number)
            assert world.statuses(plan) == ["done", "done"]
    assert place > 5

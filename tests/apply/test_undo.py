"""Taking back: what was done is undone once, and what a person has said since stays."""

import pytest

from bot.core.actions import Abstain, Action, AddLabels, RememberCorrection, RevertPlan, SetCheck, SetPause
from bot.core.errors import RetryLater
from bot.store.ledger import Plan
from tests.apply.examples import ASKED_OFF, BUG, BUG_OFF, WELCOME, reply
from tests.world import REPO, World


def undo(world: World, plan: Plan, place: int = 0) -> str:
    return world.executor.undo(plan.steps[place].id)


# Labels


def test_a_label_is_taken_off(world: World) -> None:
    number = world.open_issue(by="maya", labels=["question"])
    plan = world.do(number, BUG)
    assert undo(world, plan) == "took off bug"
    assert world.labels(number) == ["question"]
    assert world.statuses(plan) == ["undone"]
    assert world.fresh(plan).steps[0].detail == "took off bug"


def test_a_label_that_was_there_before_stays(world: World) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    plan = world.do(number, AddLabels(labels=("bug", "ui"), reason="sure"))
    assert undo(world, plan) == "took off ui"
    assert world.labels(number) == ["bug"]


def test_a_label_that_is_off_already_is_nothing_to_take_back(world: World) -> None:
    number = world.open_issue()
    plan = world.do(number, BUG)
    world.sandbox.as_user("maya").remove_label(REPO, number, "bug")
    assert undo(world, plan) == "the label was off already, or is a person's now"
    assert world.statuses(plan) == ["undone"]
    assert len(world.writes()) == 1


def test_a_label_that_a_person_has_put_on_since_is_theirs(world: World) -> None:
    number = world.open_issue()
    plan = world.do(number, BUG)
    world.sandbox.as_user("maya").remove_label(REPO, number, "bug")
    world.sandbox.as_user("maya").add_label(REPO, number, "bug")
    undo(world, plan)
    assert world.labels(number) == ["bug"]


def test_a_label_is_put_back(world: World) -> None:
    number = world.open_issue(by="maya", labels=["bug", "ui"])
    plan = world.do(number, ASKED_OFF)
    assert undo(world, plan) == "put back bug"
    assert sorted(world.labels(number)) == ["bug", "ui"]


def test_a_label_that_a_person_has_taken_off_since_is_not_put_back(world: World) -> None:
    number = world.open_issue()
    world.do(number, BUG)
    plan = world.do(number, BUG_OFF)
    world.sandbox.as_user("maya").add_label(REPO, number, "bug")
    world.sandbox.as_user("maya").remove_label(REPO, number, "bug")
    assert undo(world, plan) == "there was nothing to put back"
    assert world.labels(number) == []


# Comments


def test_a_comment_is_deleted(world: World) -> None:
    number = world.open_issue()
    plan = world.do(number, WELCOME, rule="welcome")
    assert undo(world, plan) == "deleted the comment"
    assert world.said(number) == []
    assert world.registry.comment(world.repository_id, number, "welcome") is None


def test_an_edited_comment_says_again_what_it_said_before(world: World) -> None:
    number = world.open_issue()
    world.do(number, reply("paused"), rule="usher_command")
    before = world.said(number)[0].body
    plan = world.do(number, reply("resumed"), rule="usher_command")
    assert undo(world, plan) == "put the comment back as it was"
    assert [comment.body for comment in world.said(number)] == [before]


@pytest.mark.parametrize("edited", [False, True])
def test_a_comment_that_a_person_deleted_is_nothing_to_take_back(world: World, edited: bool) -> None:
    number = world.open_issue()
    plan = world.do(number, reply("paused"), rule="usher_command")
    if edited:
        plan = world.do(number, reply("resumed"), rule="usher_command")
    world.sandbox.as_user("maya").delete_comment(REPO, world.said(number)[0].id)
    undo(world, plan)
    assert world.statuses(plan) == ["undone"]
    assert world.said(number) == []


# The rest


@pytest.mark.parametrize(("paused", "said"), [(True, "resumed"), (False, "paused again")])
def test_a_pause_is_turned_round(world: World, paused: bool, said: str) -> None:
    number = world.open_issue()
    world.registry.set_paused(world.repository_id, number, world.installation.id, paused=not paused)
    plan = world.do(number, SetPause(paused=paused, reason="asked"))
    assert undo(world, plan) == said
    assert world.registry.is_paused(world.repository_id, number) is not paused


@pytest.mark.parametrize(
    "action",
    [
        Abstain(about="type label", reason="unsure"),
        RememberCorrection(label="bug", added=True, by="maya", reason="maya"),
    ],
)
def test_what_changed_nothing_on_the_thread_has_nothing_to_take_back(world: World, action: Action) -> None:
    plan = world.do(world.open_issue(), action)
    assert undo(world, plan) == "that had changed nothing on the thread"
    assert world.writes() == []


def test_a_check_run_says_how_things_stand_and_stays(world: World) -> None:
    number = world.open_pull()
    check = SetCheck(
        name="usher / release",
        sha=str(world.issue(number).pull.head_sha),  # type: ignore[union-attr]
        conclusion="success",
        title="fine",
        template="review-sheet",
        reason="fine",
    )
    step = world.save(number, check).steps[0]
    world.ledger.finish(step.id, "done")
    assert "left the check run" in world.executor.undo(step.id)


def test_an_undo_is_not_undone(world: World) -> None:
    number = world.open_issue()
    plan = world.do(number, RevertPlan(plan=world.do(number, BUG).id, reason="asked"))
    assert undo(world, plan) == "an undo is not taken back: whoever wants it otherwise does it anew"
    assert world.labels(number) == []


def test_what_is_undone_is_not_undone_again(world: World) -> None:
    number = world.open_issue()
    plan = world.do(number, BUG)
    undo(world, plan)
    writes = len(world.writes())
    assert undo(world, plan) == f"nothing to undo: action {plan.steps[0].id} is undone"
    assert len(world.writes()) == writes


def test_what_was_not_done_is_not_undone(world: World) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    plan = world.do(number, BUG)
    assert undo(world, plan) == f"nothing to undo: action {plan.steps[0].id} is unchanged"
    assert world.labels(number) == ["bug"]


def test_an_unknown_action_is_named(world: World) -> None:
    with pytest.raises(LookupError, match="there is no action 12345"):
        world.executor.undo(12345)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("action", "match"),
    [(BUG, "DELETE .*/labels"), (WELCOME, "DELETE .*/comments")],
    ids=["label", "comment"],
)
def test_an_undo_that_failed_can_be_tried_again(
    world: World, action: Action, match: str, after: bool
) -> None:
    number = world.open_issue()
    plan = world.do(number, action, rule="welcome")
    world.sandbox.faults.add("bad_gateway", match=match, times=1, after=after)
    with pytest.raises(RetryLater):
        undo(world, plan)
    assert world.statuses(plan) == ["done"]
    undo(world, plan)
    assert world.statuses(plan) == ["undone"]
    assert (world.labels(number), world.said(number)) == ([], [])
    assert len(world.writes("DELETE")) == 1

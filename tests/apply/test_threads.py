"""Titles, people and drafts: looked at first, done once, taken back where nobody has changed them since."""

import pytest

from bot.core.actions import Action
from bot.core.errors import RetryLater
from bot.core.pull_actions import Assign, Retitle, SetDraft
from bot.store.ledger import Plan
from tests.world import REPO, World

TITLE = Retitle(title="It crashes when saving", reason="maya asked for it")
WES = Assign(logins=("wes",), reason="maya asked for it")
WES_OFF = Assign(logins=("wes",), assigned=False, reason="maya asked for it")
READY = SetDraft(draft=False, reason="maya asked for it")
RULES = {Retitle: "retitle_command", Assign: "assign_command", SetDraft: "ready_command"}


def do(world: World, number: int, action: Action) -> Plan:
    return world.do(number, action, rule=RULES[type(action)], event="CommandGiven")


def outcome(plan: Plan) -> tuple[str, str | None]:
    return plan.steps[-1].status, plan.steps[-1].detail


def undo(world: World, plan: Plan) -> str:
    return world.executor.undo(plan.steps[0].id)


def interrupted(world: World, number: int, action: Action, fault: str, *, after: bool) -> Plan:
    """Save a plan and have the process die: before GitHub accepted the write, or after."""
    plan = world.save(number, action, rule=RULES[type(action)], event="CommandGiven")
    world.sandbox.faults.add("bad_gateway", match=fault, times=1, after=after)
    with pytest.raises(RetryLater):
        world.apply(plan)
    assert world.statuses(plan) == ["started"]
    return plan


def resumed(world: World, plan: Plan) -> tuple[str, str | None]:
    world.apply(plan)
    return outcome(world.fresh(plan))


def assigned(world: World, number: int) -> list[str]:
    return [user.login for user in world.issue(number).assignees]


def is_draft(world: World, number: int) -> bool:
    pull = world.issue(number).pull
    assert pull is not None
    return pull.draft


# Titles


def test_a_title_is_changed_once_and_put_back(world: World) -> None:
    number = world.open_issue("It crashes")
    plan = do(world, number, TITLE)
    assert (outcome(plan)[0], world.issue(number).title) == ("done", TITLE.title)
    assert outcome(do(world, number, TITLE)) == ("unchanged", "it is called so already")
    assert undo(world, plan) == "gave it the title of before"
    assert world.issue(number).title == "It crashes"


def test_a_title_that_was_changed_since_stays(world: World) -> None:
    number = world.open_pull("Mend it")
    plan = do(world, number, TITLE)
    world.sandbox.as_user("nia").edit(REPO, number, title="Mine")
    assert undo(world, plan) == "left the title: it was changed since"
    assert world.issue(number).title == "Mine"


@pytest.mark.parametrize("after", [False, True])
def test_a_title_is_changed_once_although_the_process_died(world: World, after: bool) -> None:
    number = world.open_issue("It crashes")
    plan = interrupted(world, number, TITLE, "PATCH .*/issues/", after=after)
    assert resumed(world, plan)[0] == "done"
    assert len(world.writes("PATCH")) == 1
    assert undo(world, plan) == "gave it the title of before"
    assert world.issue(number).title == "It crashes"


def test_a_title_that_a_person_gave_while_the_process_was_dead_stays(world: World) -> None:
    number = world.open_issue("It crashes")
    plan = interrupted(world, number, TITLE, "PATCH .*/issues/", after=True)
    world.sandbox.as_user("nia").edit(REPO, number, title="Mine")
    assert resumed(world, plan) == ("skipped", "a person gave it another title meanwhile")
    assert world.issue(number).title == "Mine"


# People


def test_people_are_assigned_once_and_taken_off_again(world: World) -> None:
    number = world.open_issue()
    plan = do(world, number, WES)
    assert (outcome(plan), assigned(world, number)) == (("done", None), ["wes"])
    assert outcome(do(world, number, WES)) == ("unchanged", "it is so already")
    assert undo(world, plan) == "unassigned wes"
    assert assigned(world, number) == []


def test_only_those_for_whom_it_changed_something_are_taken_off_again(world: World) -> None:
    number = world.open_pull()
    world.sandbox.as_user("maya").assign(REPO, number, "wes")
    plan = do(world, number, Assign(logins=("Wes", "tri"), reason="asked"))
    assert assigned(world, number) == ["wes", "tri"]
    assert undo(world, plan) == "unassigned tri"
    assert assigned(world, number) == ["wes"]


def test_whom_a_person_assigned_again_stays(world: World) -> None:
    number = world.open_issue()
    plan = do(world, number, WES)
    world.sandbox.as_user("maya").unassign(REPO, number, "wes")
    world.sandbox.as_user("maya").assign(REPO, number, "wes")
    assert undo(world, plan) == "nobody was left to take back: people changed it since"
    assert assigned(world, number) == ["wes"]


def test_who_was_taken_off_is_assigned_again(world: World) -> None:
    number = world.open_issue()
    assert outcome(do(world, number, WES_OFF)) == ("unchanged", "it is so already")
    world.sandbox.as_user("maya").assign(REPO, number, "wes")
    plan = do(world, number, WES_OFF)
    assert assigned(world, number) == []
    assert undo(world, plan) == "assigned wes"
    assert assigned(world, number) == ["wes"]


def test_those_who_cannot_be_assigned_are_named(world: World) -> None:
    number = world.open_issue()
    plan = do(world, number, Assign(logins=("wes", "nobody-here"), reason="asked"))
    assert outcome(plan) == ("done", "GitHub does not let nobody-here be assigned here")
    assert assigned(world, number) == ["wes"]
    (reply,) = world.said(number)
    assert "Not all of this could be done: GitHub does not let `nobody-here` be assigned" in reply.body
    assert undo(world, plan) == "unassigned wes"


def test_where_nobody_can_be_assigned_nothing_was_done(world: World) -> None:
    number = world.open_issue()
    plan = do(world, number, Assign(logins=("nobody-here",), reason="asked"))
    assert outcome(plan) == ("skipped", "GitHub does not let nobody-here be assigned here")
    assert "None of this could be done" in world.said(number)[0].body


@pytest.mark.parametrize("after", [False, True])
def test_people_are_assigned_although_the_process_died(world: World, after: bool) -> None:
    number = world.open_issue()
    plan = interrupted(world, number, WES, "POST .*/assignees", after=after)
    assert resumed(world, plan)[0] == "done"
    assert assigned(world, number) == ["wes"]
    assert undo(world, plan) == "unassigned wes"


def test_the_reply_is_written_once_although_the_process_died(world: World) -> None:
    number = world.open_issue()
    action = Assign(logins=("wes", "nobody-here"), reason="asked")
    plan = interrupted(world, number, action, "POST .*/comments", after=True)
    assert resumed(world, plan)[0] == "done"
    assert (assigned(world, number), len(world.said(number))) == (["wes"], 1)
    assert undo(world, plan) == "unassigned wes"


def test_whom_a_person_took_off_while_the_process_was_dead_is_not_assigned_again(world: World) -> None:
    number = world.open_issue()
    plan = interrupted(world, number, WES, "POST .*/assignees", after=True)
    world.sandbox.as_user("maya").unassign(REPO, number, "wes")
    resumed(world, plan)
    assert assigned(world, number) == []


# Drafts


def test_a_draft_becomes_ready_and_a_draft_again(world: World) -> None:
    number = world.open_pull(draft=True)
    plan = do(world, number, READY)
    assert (outcome(plan), is_draft(world, number)) == (("done", None), False)
    assert outcome(do(world, number, READY)) == ("unchanged", "it is so already")
    assert undo(world, plan) == "made it a draft again"
    assert is_draft(world, number)
    back = do(world, world.open_pull(branch="other"), SetDraft(draft=True, reason="asked"))
    assert undo(world, back) == "made it ready for review again"


def test_what_a_person_made_a_draft_again_is_left(world: World) -> None:
    number = world.open_pull(draft=True)
    plan = do(world, number, READY)
    world.sandbox.as_user("nia").draft(REPO, number)
    assert undo(world, plan) == "left it: it was changed since"


def test_what_is_closed_stays_a_draft(world: World) -> None:
    number = world.open_pull(draft=True)
    world.sandbox.as_user("nia").close(REPO, number)
    assert outcome(do(world, number, READY)) == ("skipped", "the pull request is closed")


@pytest.mark.parametrize("after", [False, True])
def test_a_draft_becomes_ready_although_the_process_died(world: World, after: bool) -> None:
    number = world.open_pull(draft=True)
    plan = interrupted(world, number, READY, "POST /graphql", after=after)
    assert resumed(world, plan)[0] == "done"
    assert not is_draft(world, number)
    assert undo(world, plan) == "made it a draft again"

"""What becomes of each kind of action, and what it does at GitHub."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.apply.executor import EXECUTORS
from bot.apply.undo import UNDO
from bot.core.actions import (
    KINDS,
    Abstain,
    AddLabels,
    RememberCorrection,
    RemoveLabels,
    RevertPlan,
    SetPause,
    UpsertComment,
)
from bot.core.errors import RetryLater
from bot.core.limits import COMMENT, LABEL_NAME, LABELS_PER_THREAD
from bot.render import marker
from bot.store.ledger import Plan, PlanHeader, Planned
from tests.apply.examples import ASKED_OFF, BUG, BUG_OFF, WELCOME, reply
from tests.world import BOT, REPO, SECRET, World


def detail(plan: Plan, place: int = 0) -> str:
    return plan.steps[place].detail or ""


def outcome(plan: Plan, place: int = 0) -> str:
    return plan.steps[place].status


def test_every_kind_of_action_can_be_done_and_undone() -> None:
    assert EXECUTORS.keys() == UNDO.keys() == KINDS.keys()


# AddLabels


def test_a_label_is_put_on(world: World) -> None:
    number = world.open_issue(by="maya", labels=["question"])
    plan = world.do(number, BUG)
    assert outcome(plan) == "done"
    assert world.labels(number) == ["question", "bug"]
    assert plan.steps[0].before == {"labels": ["question"]}
    assert len(world.writes()) == 1


@pytest.mark.parametrize("spelling", ["bug", "Bug", "BUG"])
def test_a_label_that_is_there_stays_as_it_is(world: World, spelling: str) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    plan = world.do(number, AddLabels(labels=(spelling,), reason="sure"))
    assert outcome(plan) == "unchanged"
    assert world.writes() == []


def test_only_the_labels_that_are_missing_are_sent(world: World) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    world.do(number, AddLabels(labels=("bug", "question"), reason="sure"))
    assert [write.body for write in world.writes()] == [{"labels": ["question"]}]


def test_labels_that_do_not_fit_any_more_are_left_out_and_named(world: World) -> None:
    number = world.open_issue(by="maya", labels=[f"label {n}" for n in range(LABELS_PER_THREAD - 1)])
    plan = world.do(number, AddLabels(labels=("bug", "question"), reason="sure"))
    assert (outcome(plan), detail(plan)) == ("done", "no room for question")
    assert world.labels(number)[-1] == "bug"


def test_a_full_thread_gets_no_label(world: World) -> None:
    number = world.open_issue(by="maya", labels=[f"label {n}" for n in range(LABELS_PER_THREAD)])
    plan = world.do(number, BUG)
    assert (outcome(plan), detail(plan)) == ("skipped", "the thread has 100 labels, which is GitHub's limit")
    assert world.writes() == []


def test_a_label_that_github_refuses_is_a_failure_with_its_reason(world: World) -> None:
    plan = world.do(world.open_issue(), AddLabels(labels=("x" * (LABEL_NAME + 1),), reason="sure"))
    assert outcome(plan) == "failed"
    assert "too long" in detail(plan)


# RemoveLabels


def test_a_label_that_usher_put_on_is_taken_off(world: World) -> None:
    number = world.open_issue()
    world.do(number, BUG)
    plan = world.do(number, BUG_OFF)
    assert outcome(plan) == "done"
    assert world.labels(number) == []
    assert plan.steps[0].before == {"labels": ["bug"]}


def test_a_label_of_a_person_stays_on(world: World) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    plan = world.do(number, BUG_OFF)
    assert outcome(plan) == "unchanged"
    assert world.labels(number) == ["bug"]


def test_a_label_that_a_person_put_back_on_is_theirs(world: World) -> None:
    number = world.open_issue()
    world.do(number, BUG)
    world.sandbox.as_user("maya").remove_label(REPO, number, "bug")
    world.sandbox.as_user("maya").add_label(REPO, number, "bug")
    assert outcome(world.do(number, BUG_OFF)) == "unchanged"
    assert world.labels(number) == ["bug"]


def test_a_person_may_ask_for_any_label_to_be_taken_off(world: World) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    assert outcome(world.do(number, ASKED_OFF)) == "done"
    assert world.labels(number) == []


def test_a_label_that_is_not_there_is_not_taken_off(world: World) -> None:
    plan = world.do(world.open_issue(), ASKED_OFF)
    assert (outcome(plan), detail(plan)) == ("unchanged", "there was nothing to take off")
    assert world.writes() == []


def test_labels_are_taken_off_by_the_repositorys_own_spelling(world: World) -> None:
    number = world.open_issue(by="maya", labels=["Area: UI", "question"])
    plan = world.do(
        number, RemoveLabels(labels=("area: ui", "QUESTION"), reason="asked", asked_by_human=True)
    )
    assert plan.steps[0].before == {"labels": ["Area: UI", "question"]}
    assert world.labels(number) == []


# UpsertComment


def test_a_comment_is_written_with_its_reason_and_its_mark(world: World) -> None:
    number = world.open_issue()
    plan = world.do(number, WELCOME, rule="welcome")
    assert outcome(plan) == "done"
    [comment] = world.said(number)
    assert "Welcome, nia" in comment.body
    assert "the first issue of nia here" in comment.body
    assert comment.body.endswith(marker("welcome", f"{REPO}#{number}", SECRET))
    assert plan.steps[0].before == {"comment": None}


def test_one_purpose_has_one_comment_that_is_edited_in_place(world: World) -> None:
    number = world.open_issue()
    world.do(number, reply("paused"), rule="usher_command")
    [first] = world.said(number)
    before = first.body
    plan = world.do(number, reply("resumed"), rule="usher_command")
    [second] = world.said(number)
    assert second.id == first.id
    assert "Back at work" in second.body
    assert plan.steps[0].before == {"comment": first.id, "body": before}


def test_different_purposes_have_different_comments(world: World) -> None:
    number = world.open_issue()
    world.do(number, WELCOME, rule="welcome")
    world.do(number, reply(), rule="usher_command")
    assert len(world.said(number)) == 2


def test_a_comment_that_says_so_already_is_left_alone(world: World) -> None:
    number = world.open_issue()
    world.do(number, WELCOME, rule="welcome")
    assert outcome(world.do(number, WELCOME, rule="welcome")) == "unchanged"
    assert len(world.writes()) == 1


def test_the_same_purpose_on_another_thread_is_another_comment(world: World) -> None:
    one, two = world.open_issue(), world.open_issue()
    for number in (one, two):
        world.do(number, WELCOME, rule="welcome")
    assert [len(world.said(number)) for number in (one, two)] == [1, 1]


def test_a_comment_that_is_not_remembered_is_found_by_its_mark(world: World) -> None:
    number = world.open_issue()
    world.do(number, reply("paused"), rule="usher_command")
    world.registry.forget_comment(world.repository_id, number, "reply")
    world.do(number, reply("resumed"), rule="usher_command")
    [comment] = world.said(number)
    assert "Back at work" in comment.body


def test_a_mark_that_a_person_copied_or_made_up_is_ignored(world: World) -> None:
    number = world.open_issue()
    copied = marker("welcome", f"{REPO}#{number}", SECRET)
    theirs = [
        world.comment(number, f"mine\n{copied}", by="nia"),
        world.comment(number, f"<!-- usher:welcome:{'0' * 64} -->", by="nia"),
    ]
    assert outcome(world.do(number, WELCOME, rule="welcome")) == "done"
    assert len(world.said(number)) == 1
    assert {comment.id for comment in world.issue(number).comments} > set(theirs)
    assert world.writes("PATCH") == []


def test_a_mark_of_another_thread_or_purpose_is_ignored(world: World) -> None:
    one, two = world.open_issue(), world.open_issue()
    with world.client.asking() as repository:  # as if a person had made Usher quote it
        repository.get_issue(two).create_comment(marker("welcome", f"{REPO}#{one}", SECRET))
        repository.get_issue(two).create_comment(marker("help", f"{REPO}#{two}", SECRET))
    world.do(two, WELCOME, rule="welcome")
    assert len(world.said(two)) == 3


def test_a_comment_that_a_person_deleted_stays_away(world: World) -> None:
    number = world.open_issue()
    world.do(number, WELCOME, rule="welcome")
    world.sandbox.as_user("maya").delete_comment(REPO, world.said(number)[0].id)
    plan = world.do(number, WELCOME, rule="welcome")
    assert (outcome(plan), detail(plan)) == ("skipped", "a person deleted the comment, so it stays away")
    assert world.said(number) == []


def test_who_asks_again_gets_an_answer_though_an_earlier_one_was_deleted(world: World) -> None:
    number = world.open_issue()
    world.do(number, reply(), rule="usher_command", event="CommandGiven")
    world.sandbox.as_user("maya").delete_comment(REPO, world.said(number)[0].id)
    assert outcome(world.do(number, reply(), rule="usher_command", event="CommandGiven")) == "done"
    assert len(world.said(number)) == 1


def test_a_locked_thread_gets_no_new_comment(world: World) -> None:
    number = world.open_issue()
    world.sandbox.as_user("maya").lock(REPO, number)
    plan = world.do(number, WELCOME, rule="welcome")
    assert (outcome(plan), detail(plan)) == ("skipped", "the thread is locked")
    assert world.said(number) == []


def test_the_budget_of_a_thread_is_kept_and_edits_are_free(world: World) -> None:
    world.push_config("mode: act\nbudget: {comments_per_thread: 2}\n")
    number = world.open_issue()
    for purpose in ("one", "two"):
        for template in ("paused", "resumed", "paused"):
            assert outcome(world.do(number, reply(template, purpose), rule="usher_command")) == "done"
    plan = world.do(number, reply(purpose="three"), rule="usher_command")
    assert outcome(plan) == "skipped"
    assert "budget" in detail(plan)
    assert len(world.said(number)) == 2
    assert outcome(world.do(world.open_issue(), reply(), rule="usher_command")) == "done"


def test_the_budget_of_a_repository_is_for_a_day(world: World) -> None:
    world.push_config("mode: act\nbudget: {comments_per_day: 2}\n")
    for expected in ("done", "done", "skipped"):
        assert outcome(world.do(world.open_issue(), reply(), rule="usher_command")) == expected
    world.let_pass(25 * 3600)
    world.github.forget(world.installation.id)  # the token's hour is over
    assert outcome(world.do(world.open_issue(), reply(), rule="usher_command")) == "done"


def test_a_long_comment_is_cut_visibly_and_keeps_its_mark(world: World) -> None:
    number = world.open_issue()
    rows = tuple(
        {"at": "now", "what": "x" * 400, "fate": "", "reason": "y" * 400, "rule": "z"} for _ in range(200)
    )
    said = UpsertComment(
        purpose="why", template="why", context={"decisions": rows, "earlier": 0}, reason="asked"
    )
    assert outcome(world.do(number, said, rule="usher_command")) == "done"
    [comment] = world.said(number)
    assert len(comment.body) <= COMMENT
    assert "cut here" in comment.body
    assert comment.body.endswith(marker("why", f"{REPO}#{number}", SECRET))


def test_text_of_users_cannot_forge_a_mark(world: World) -> None:
    number = world.open_issue()
    forged = marker("help", f"{REPO}#{number}", SECRET)
    said = reply("denied", login=forged, command="x", needed="triage")
    world.do(number, said, rule="label_command")
    assert world.said(number)[0].body.count("<!-- usher:") == 1
    world.do(number, reply("paused", "help"), rule="usher_command")
    assert len(world.said(number)) == 2


# RevertPlan, SetPause, RememberCorrection, Abstain


def test_a_plan_is_reverted_in_reverse_order(world: World) -> None:
    number = world.open_issue()
    earlier = world.do(number, BUG, BUG_OFF, SetPause(paused=True, reason="asked"))
    plan = world.do(number, RevertPlan(plan=earlier.id, reason="maya asked"), rule="usher_command")
    assert outcome(plan) == "done"
    assert detail(plan) == "resumed; put back bug; took off bug"
    assert world.statuses(earlier) == ["undone"] * 3
    assert world.labels(number) == []


def test_what_was_never_done_is_not_reverted(world: World) -> None:
    number = world.open_issue(by="maya", labels=["bug"])
    earlier = world.do(number, BUG)
    assert outcome(earlier) == "unchanged"
    plan = world.do(number, RevertPlan(plan=earlier.id, reason="maya asked"), rule="usher_command")
    assert outcome(plan) == "unchanged"
    assert world.labels(number) == ["bug"]


def test_a_plan_is_reverted_once(world: World) -> None:
    number = world.open_issue()
    earlier = world.do(number, BUG)
    revert = RevertPlan(plan=earlier.id, reason="maya asked")
    assert outcome(world.do(number, revert, rule="usher_command")) == "done"
    writes = len(world.writes())
    assert outcome(world.do(number, revert, rule="usher_command")) == "unchanged"
    assert len(world.writes()) == writes


def test_a_plan_of_another_thread_is_not_reverted(world: World) -> None:
    one, two = world.open_issue(), world.open_issue()
    earlier = world.do(one, BUG)
    for number, plan in ((two, earlier.id), (one, 10**9)):
        done = world.do(number, RevertPlan(plan=plan, reason="asked"), rule="usher_command")
        assert (outcome(done), detail(done)) == ("failed", f"plan {plan} is not one of this thread")
    assert world.labels(one) == ["bug"]


def test_a_thread_is_paused_and_taken_up_again(world: World) -> None:
    number = world.open_issue()
    statuses = [
        outcome(world.do(number, SetPause(paused=paused, reason="asked"), rule="usher_command"))
        for paused in (True, True, False, False)
    ]
    assert statuses == ["done", "unchanged", "done", "unchanged"]
    assert world.requests("POST /repos") == []


def test_a_correction_is_kept_and_touches_nothing(world: World) -> None:
    number = world.open_issue()
    plan = world.do(
        number, RememberCorrection(label="bug", added=False, by="maya", reason="maya"), rule="learn"
    )
    assert outcome(plan) == "done"
    with world.database.engine.connect() as connection:
        row = connection.execute(sa.text("SELECT action, number, label, added, by FROM corrections")).one()
    assert tuple(row) == (plan.steps[0].id, number, "bug", False, "maya")
    assert world.writes() == []


def test_doing_nothing_is_done_on_the_record(world: World) -> None:
    plan = world.do(world.open_issue(), Abstain(about="type label", reason="only 40% sure"))
    assert outcome(plan) == "done"
    assert world.writes() == []


# Plans


def test_actions_are_done_in_their_order_and_each_on_what_the_one_before_left(world: World) -> None:
    number = world.open_issue()
    plan = world.do(number, BUG, BUG_OFF, BUG)
    assert world.statuses(plan) == ["done", "done", "done"]
    assert [write.method for write in world.writes()] == ["POST", "DELETE", "POST"]


def test_what_was_only_observed_is_not_done(world: World) -> None:
    number = world.open_issue()
    saved = world.ledger.save(header(world.save(number)), [Planned("triage", BUG, acts=False)])
    assert world.apply(saved) == ["observed"]
    assert world.requests("issues") == []


def test_a_plan_that_is_finished_is_not_done_again(world: World) -> None:
    number = world.open_issue()
    plan = world.do(number, BUG, WELCOME)
    world.sandbox.as_user("maya").remove_label(REPO, number, "bug")
    assert world.apply(plan) == ["done", "done"]
    assert world.labels(number) == []


def test_after_a_failure_the_rest_of_the_rule_is_left_and_other_rules_go_on(world: World) -> None:
    number = world.open_issue()
    bad = AddLabels(labels=("x" * 51,), reason="sure")
    plan = world.ledger.save(
        header(world.save(number)),
        [
            Planned("label_command", bad, acts=True),
            Planned("label_command", reply(), acts=True),
            Planned("triage", BUG, acts=True),
        ],
    )
    assert world.apply(plan) == ["failed", "skipped", "done"]
    assert world.said(number) == []
    assert world.labels(number) == ["bug"]


def test_without_the_permission_an_action_fails_and_says_so(world: World) -> None:
    number = world.open_issue()
    world.installation.permissions["issues"] = "read"
    plan = world.do(number, BUG)
    assert outcome(plan) == "failed"
    assert "not accessible by integration" in detail(plan)


def test_a_thread_that_was_deleted_is_waited_for_at_first_and_then_given_up(world: World) -> None:
    number = world.open_issue()
    plan = world.save(number, BUG)
    del world.sandbox.repo(REPO).issues[number]
    with pytest.raises(RetryLater, match="not visible yet"):
        world.apply(plan)
    assert world.statuses(plan) == ["planned"]
    world.let_pass(301)
    assert world.apply(plan) == ["failed"]


def test_a_fresh_comment_that_is_not_visible_yet_is_not_written_twice(world: World) -> None:
    world.executor.settle = timedelta(seconds=60)
    number = world.open_issue()
    world.sandbox.faults.add("not_found_after_create", match="comments", seconds=30)
    world.do(number, reply("paused"), rule="usher_command", event="CommandGiven")
    plan = world.save(number, reply("resumed"), rule="usher_command", event="CommandGiven")
    with pytest.raises(RetryLater, match="may not be visible yet"):
        world.apply(plan)
    world.let_pass(61)
    assert world.apply(plan) == ["done"]
    assert len(world.said(number)) == 1


def test_a_comment_that_is_deleted_while_it_is_edited_stays_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = world.open_issue()
    world.do(number, reply("paused"), rule="usher_command")
    start = world.ledger.start

    def start_and_delete(*said: object) -> None:
        start(*said)  # type: ignore[arg-type]
        world.sandbox.as_user("maya").delete_comment(REPO, world.said(number)[0].id)

    monkeypatch.setattr(world.ledger, "start", start_and_delete)
    assert outcome(world.do(number, reply("resumed"), rule="usher_command")) == "skipped"
    assert world.said(number) == []


def test_all_that_is_written_is_written_by_the_app(world: World) -> None:
    number = world.open_issue()
    world.do(number, BUG, WELCOME)
    assert {(write.actor, write.app) for write in world.writes()} == {(BOT, "usher")}


def header(plan: Plan) -> PlanHeader:
    return PlanHeader(**{name: getattr(plan, name) for name in PlanHeader.__slots__})

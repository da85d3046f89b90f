"""Usher's own issues: one for each purpose, opened once, edited in place; what people did with one counts."""

from typing import Any

import pytest

from bot.core.errors import Gone, RetryLater
from bot.core.limits import TITLE
from bot.core.pull_actions import UpsertIssue
from bot.github import writes
from bot.github.answers import Refused
from bot.github.client import RepositoryClient
from bot.render import marker
from bot.sandbox.things import Issue
from bot.store.ledger import Plan
from tests.world import BOT, REPO, SECRET, World


def follow_up(why: str = "the API may still change", **more: Any) -> UpsertIssue:
    said: dict[str, Any] = {
        "purpose": "docs-follow-up 1",
        "title": "Document #1: feat: export",
        "template": "docs-follow-up",
        "context": {"number": 1, "title": "feat: export", "by": "maya", "why": why},
        "reason": "docs were waived on #1",
    }
    return UpsertIssue(**{**said, **more})


def do(world: World, number: int, action: UpsertIssue) -> Plan:
    return world.do(number, action, rule="documentation")


def outcome(plan: Plan) -> tuple[str, str | None]:
    return plan.steps[0].status, plan.steps[0].detail


def own(world: World) -> list[Issue]:
    return [each for each in world.sandbox.repo(REPO).issues.values() if each.user.login == BOT]


# Opening


def test_an_issue_is_opened_with_its_reason_and_its_mark(world: World) -> None:
    number = world.open_pull()
    plan = do(world, number, follow_up())
    [issue] = own(world)
    assert outcome(plan) == ("done", None)
    assert issue.title.replace("\u200b", "") == "Document #1: feat: export"
    assert "`maya` waived it and wrote: `the API may still change`" in (issue.body or "")
    assert "Why: docs were waived on" in (issue.body or "")
    assert "Settings: `docs` in" in (issue.body or "")
    assert (issue.body or "").endswith(marker("issue", f"{world.repository_id} docs-follow-up 1", SECRET))
    assert plan.steps[0].before == {"issue": None}


def test_each_purpose_has_one_issue_in_the_repository_wherever_it_is_asked_for(world: World) -> None:
    one, two = world.open_pull(), world.open_pull()
    do(world, one, follow_up())
    assert outcome(do(world, two, follow_up())) == ("unchanged", "it said so already")
    assert outcome(do(world, two, follow_up(purpose="docs-follow-up 2"))) == ("done", None)
    assert len(own(world)) == 2


def test_an_issue_that_says_so_already_costs_no_request(world: World) -> None:
    number = world.open_pull()
    do(world, number, follow_up())
    asked = len(world.requests())
    do(world, number, follow_up())
    assert len(world.requests()) == asked


def test_only_labels_that_the_repository_has_are_put_on(world: World) -> None:
    do(world, world.open_pull(), follow_up(labels=("Documentation", "no such label")))
    [issue] = own(world)
    assert [label.name for label in issue.labels] == ["documentation"]


def test_whoever_may_be_assigned_is_and_a_refusal_leaves_assignees_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = world.open_pull()
    do(world, number, follow_up(assignees=("maya", "nobody-here")))
    assert [user.login for user in own(world)[0].assignees] == ["maya"]
    create = writes.create_issue

    def refuse(client: RepositoryClient, issue: dict[str, Any]) -> int:
        if "assignees" in issue:
            raise Refused("rea cannot be assigned")
        return create(client, issue)

    monkeypatch.setattr(writes, "create_issue", refuse)
    plan = do(world, number, follow_up(purpose="docs-follow-up 2", assignees=("rea",)))
    assert outcome(plan) == ("done", None)
    assert own(world)[1].assignees == []


def test_text_of_users_calls_nobody_and_fits(world: World) -> None:
    number = world.open_pull()
    do(world, number, follow_up("ask @maya <!-- x -->", title=f"Document #1: @maya {'@' * 400}"))
    [issue] = own(world)
    assert "@maya" not in issue.title + (issue.body or "")
    assert (issue.body or "").count("<!--") == 1
    assert len(issue.title) <= TITLE


def test_nothing_is_opened_only_to_be_edited_or_closed(world: World) -> None:
    number = world.open_pull()
    for action in (follow_up(edits_only=True), follow_up(is_open=False)):
        assert outcome(do(world, number, action)) == ("unchanged", "there is no issue to edit")
    assert own(world) == []


def test_the_budget_of_a_day_counts_issues_and_comments_alike(world: World) -> None:
    world.push_config("mode: act\nbudget: {comments_per_day: 2}\n")
    number = world.open_pull()
    for place, expected in enumerate(("done", "done", "skipped")):
        plan = do(world, number, follow_up(purpose=f"docs-follow-up {place}"))
        assert outcome(plan)[0] == expected
    assert "budget" in str(outcome(plan)[1])


def test_a_repository_without_issues_is_named_as_the_reason(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_client: RepositoryClient, _issue: dict[str, Any]) -> int:
        raise Gone("Issues are disabled for this repo")

    number = world.open_pull()
    with monkeypatch.context() as patch:
        patch.setattr(writes, "create_issue", refuse)
        assert outcome(do(world, number, follow_up())) == ("failed", "Issues are disabled for this repo")
    assert outcome(do(world, number, follow_up())) == ("done", None)  # nobody holds the place


def test_what_usher_does_to_its_issue_is_its_own_doing(world: World) -> None:
    do(world, world.open_pull(), follow_up(labels=("documentation",)))
    world.run()
    notes = {each.note for each in world.deliveries() if each.event == "issues"}
    assert notes == {"Usher's own doing"}


# Editing


def test_an_issue_that_says_something_else_is_edited_in_place(world: World) -> None:
    number = world.open_pull()
    do(world, number, follow_up())
    plan = do(world, number, follow_up("there was no time"))
    [issue] = own(world)
    assert outcome(plan) == ("done", None)
    assert "there was no time" in (issue.body or "")
    assert "may still change" in (plan.steps[0].before or {})["issue"]["body"]


def test_an_issue_is_closed_as_completed_and_opened_again(world: World) -> None:
    number = world.open_pull()
    do(world, number, follow_up())
    assert outcome(do(world, number, follow_up(is_open=False))) == ("done", None)
    [issue] = own(world)
    assert (issue.state, issue.state_reason) == ("closed", "completed")
    assert outcome(do(world, number, follow_up())) == ("done", None)
    assert issue.state == "open"


@pytest.mark.parametrize("is_open", [True, False])
def test_an_issue_that_a_person_closed_stays_as_it_is(world: World, is_open: bool) -> None:
    number = world.open_pull()
    do(world, number, follow_up())
    world.sandbox.as_user("maya").close(REPO, own(world)[0].number)
    plan = do(world, number, follow_up("new", is_open=is_open))
    assert outcome(plan) == ("skipped", "a person closed the issue, so it stays closed")
    assert own(world)[0].state == "closed"
    assert "may still change" in (own(world)[0].body or "")


GONE = ("skipped", "a person deleted the issue or moved it, so it stays away")


def test_an_issue_that_was_deleted_is_not_opened_again(world: World) -> None:
    number = world.open_pull()
    do(world, number, follow_up())
    world.sandbox.repo(REPO).issues.pop(own(world)[0].number)
    assert outcome(do(world, number, follow_up("new"))) == GONE
    assert own(world) == []


def test_an_issue_that_was_moved_to_another_repository_is_left_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = world.open_pull()
    do(world, number, follow_up())
    get = RepositoryClient.get

    def redirected(client: RepositoryClient, path: str, etag: str | None = None) -> Any:
        data, tag = get(client, path, etag)
        return {**data, "number": data["number"] + 100}, tag

    monkeypatch.setattr(RepositoryClient, "get", redirected)
    assert outcome(do(world, number, follow_up("new"))) == GONE
    assert world.writes("PATCH") == []


# Crashes, and others at the same time


@pytest.mark.parametrize("accepted", [True, False])
def test_an_issue_is_opened_once_however_the_process_dies(world: World, accepted: bool) -> None:
    number = world.open_pull()
    plan = world.save(number, follow_up(), rule="documentation")
    world.sandbox.faults.add("bad_gateway", match="POST .*/issues$", times=1, after=accepted)
    with pytest.raises(RetryLater):
        world.apply(plan)
    assert world.fresh(plan).steps[0].status == "started"
    assert world.apply(plan) == ["done"]
    assert len(own(world)) == 1
    assert outcome(do(world, number, follow_up())) == ("unchanged", "it said so already")


def test_an_issue_that_was_kept_and_not_noted_as_done_is_not_opened_again(world: World) -> None:
    plan = do(world, world.open_pull(), follow_up())
    world.ledger.start(plan.steps[0].id, {"issue": None})
    assert world.apply(plan) == ["done"]
    assert len(own(world)) == len(world.writes()) == 1


def test_an_edit_that_was_accepted_is_not_sent_again(world: World) -> None:
    number = world.open_pull()
    do(world, number, follow_up())
    plan = world.save(number, follow_up("new"), rule="documentation")
    world.sandbox.faults.add("bad_gateway", match="PATCH", times=1, after=True)
    with pytest.raises(RetryLater):
        world.apply(plan)
    assert world.apply(plan) == ["done"]
    assert len(world.writes("PATCH")) == 1


def test_one_opens_it_while_others_wait(world: World) -> None:
    one, two = world.open_pull(), world.open_pull()
    first = world.save(one, follow_up(), rule="documentation")
    world.sandbox.faults.add("bad_gateway", match="POST .*/issues$", times=1, after=True)
    with pytest.raises(RetryLater):
        world.apply(first)
    second = world.save(two, follow_up(), rule="documentation")
    with pytest.raises(RetryLater, match="is being opened"):
        world.apply(second)
    assert (world.apply(first), world.apply(second)) == (["done"], ["unchanged"])
    assert len(own(world)) == 1


def test_a_mark_that_a_person_copied_is_ignored(world: World) -> None:
    number = world.open_pull()
    world.open_issue("mine", marker("issue", f"{world.repository_id} docs-follow-up 1", SECRET))
    assert outcome(do(world, number, follow_up())) == ("done", None)
    assert len(own(world)) == 1
    assert world.writes("PATCH") == []


# Undo


def test_undo_closes_an_issue_that_was_opened_and_it_stays_closed(world: World) -> None:
    number = world.open_pull()
    plan = do(world, number, follow_up())
    assert world.executor.undo(plan.steps[0].id) == "closed the issue"
    [issue] = own(world)
    assert (issue.state, issue.state_reason) == ("closed", "not_planned")
    assert outcome(do(world, number, follow_up()))[0] == "skipped"


def test_undo_puts_back_what_was_edited_or_closed(world: World) -> None:
    number = world.open_pull()
    do(world, number, follow_up())
    before = own(world)[0].body
    plan = do(world, number, follow_up("new", is_open=False))
    assert world.executor.undo(plan.steps[0].id) == "put the issue back as it was"
    assert (own(world)[0].body, own(world)[0].state) == (before, "open")


def test_undo_leaves_an_issue_that_a_person_closed(world: World) -> None:
    plan = do(world, world.open_pull(), follow_up())
    world.sandbox.as_user("maya").close(REPO, own(world)[0].number)
    assert world.executor.undo(plan.steps[0].id) == "the issue was closed already"
    assert own(world)[0].state_reason == "completed"


def test_an_issue_is_known_again_after_the_repository_got_a_new_name(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = world.open_pull()
    do(world, number, follow_up())
    get = RepositoryClient.get

    def renamed(client: RepositoryClient, path: str, etag: str | None = None) -> Any:
        data, tag = get(client, path, etag)
        return {**data, "repository_url": data["repository_url"].replace(REPO, "octo/motor")}, tag

    monkeypatch.setattr(RepositoryClient, "get", renamed)
    assert outcome(do(world, number, follow_up("new"))) == ("done", None)


def test_undo_of_an_issue_that_is_gone_says_so(world: World) -> None:
    plan = do(world, world.open_pull(), follow_up())
    world.sandbox.repo(REPO).issues.pop(own(world)[0].number)
    assert world.executor.undo(plan.steps[0].id) == "the issue is gone already"

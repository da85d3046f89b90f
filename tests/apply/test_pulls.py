"""What is done to pull requests alone, and what it does at GitHub."""

from dataclasses import replace
from typing import Any

from bot.apply.pulls import ANNOTATIONS_AT_ONCE
from bot.core.actions import RecordSkip, RequestReviewers, SetCheck, UpsertComment
from bot.core.pull_context import Skip
from bot.core.release.gate import CHECK_NAME as RELEASE
from bot.sandbox.things import CheckRun
from bot.store.flows import FlowRecord, Flows
from tests.world import REPO, World

NAME = "usher / contribution flow"
CONTEXT: dict[str, Any] = {
    "headline": "Thanks",
    "done": 1,
    "total": 2,
    "rows": (),
    "next": (),
    "is_draft": False,
}


def opened(world: World, **more: Any) -> tuple[int, str]:
    """Open a pull request. Returns its number and the commit at its head."""
    number = world.open_pull(**more)
    pull = world.issue(number).pull
    assert pull is not None
    return number, pull.head_sha


def check(sha: str, conclusion: str = "failure", **more: Any) -> SetCheck:
    fields = {"title": "at tests", "context": CONTEXT, "reason": "at tests: tests missing", **more}
    return SetCheck(name=NAME, sha=sha, conclusion=conclusion, template="contribution-flow", **fields)


def notes(count: int) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"path": "a.py", "line": line, "level": "warning", "title": "Look", "message": f"note {line}"}
        for line in range(1, count + 1)
    )


def runs(world: World) -> list[CheckRun]:
    return list(world.sandbox.repo(REPO).check_runs.values())


class TestCheckRuns:
    def test_a_commit_gets_one_check_run_which_is_changed_from_then_on(self, world: World) -> None:
        number, sha = opened(world)
        assert world.do(number, check(sha)).steps[0].status == "done"
        assert world.do(number, check(sha, "success", title="at merge")).steps[0].status == "done"
        (run,) = runs(world)
        assert (run.name, run.head_sha, run.conclusion, run.title) == (NAME, sha, "success", "at merge")
        assert "**Thanks** · 1 of 2 done" in str(run.summary)

    def test_that_of_a_release_is_its_own_although_a_pull_request_begins_there(self, world: World) -> None:
        number, sha = opened(world)
        flows = world.executor.flows
        flows.keep(FlowRecord(world.repository_id, number, 1, REPO, "main", sha, "review", None, 0, None))
        world.do(number, check(sha))
        ask = world.open_issue("When is the next release?")
        assert world.do(ask, check(sha)).steps[0].status == "skipped"
        assert world.do(ask, replace(check(sha), name=RELEASE)).steps[0].status == "done"
        assert [run.name for run in runs(world)] == [NAME, RELEASE]

    def test_what_says_the_same_is_not_written_again(self, world: World) -> None:
        number, sha = opened(world)
        world.do(number, check(sha))
        before = len(world.requests())
        assert world.do(number, check(sha)).steps[0].status == "unchanged"
        assert len(world.requests()) == before

    def test_without_a_conclusion_it_is_in_progress_and_can_be_again(self, world: World) -> None:
        number, sha = opened(world)
        world.do(number, check(sha, ""))
        assert (runs(world)[0].status, runs(world)[0].conclusion) == ("in_progress", None)
        world.do(number, check(sha, "success"))
        world.do(number, check(sha, ""))
        assert (runs(world)[0].status, runs(world)[0].conclusion) == ("in_progress", None)

    def test_each_commit_has_its_own(self, world: World) -> None:
        number, sha = opened(world)
        world.do(number, check(sha))
        later = world.sandbox.as_user("nia").push_to_pull(REPO, number, {"b.txt": "b"})
        world.do(number, check(later))
        assert [run.head_sha for run in runs(world)] == [sha, later]

    def test_annotations_go_in_portions_and_only_once(self, world: World) -> None:
        number, sha = opened(world)
        many = notes(2 * ANNOTATIONS_AT_ONCE + 1)
        world.do(number, check(sha, annotations=many))
        assert [one["message"] for one in runs(world)[0].annotations] == [one["message"] for one in many]
        world.do(number, check(sha, "success", annotations=many))
        assert len(runs(world)[0].annotations) == len(many)

    def test_after_a_crash_what_was_made_is_found_and_not_made_twice(self, world: World) -> None:
        number, sha = opened(world)
        plan = world.save(number, check(sha))
        world.ledger.start(plan.steps[0].id, {"run": None})
        client = world.client
        with client.asking() as repository:
            made = {"name": NAME, "head_sha": sha, "status": "in_progress"}
            repository.requester.requestJsonAndCheck("POST", f"/repos/{REPO}/check-runs", input=made)
        assert world.apply(plan) == ["done"]
        assert [run.conclusion for run in runs(world)] == ["failure"]

    def test_where_the_new_permission_was_not_accepted_it_is_left_out_with_a_word(self, world: World) -> None:
        number, sha = opened(world)
        world.installation.permissions.pop("checks")
        (step,) = world.do(number, check(sha)).steps
        assert (step.status, step.detail) == (
            "skipped",
            "GitHub does not let Usher write checks here: accept the App's new permissions",
        )


class TestReviewers:
    def test_people_are_asked_who_were_not_asked_yet(self, world: World) -> None:
        number, _sha = opened(world)
        world.sandbox.as_user("maya").request_review(REPO, number, "wes")
        (step,) = world.do(number, RequestReviewers(logins=("wes", "tri"), reason="they know it")).steps
        assert (step.status, step.before) == ("done", {"logins": ["tri"], "teams": []})
        pull = world.issue(number).pull
        assert pull is not None
        assert {user.login for user in pull.requested_reviewers} == {"wes", "tri"}

    def test_who_was_asked_already_is_not_asked_again(self, world: World) -> None:
        number, _sha = opened(world)
        world.sandbox.as_user("maya").request_review(REPO, number, "wes")
        asked = RequestReviewers(logins=("Wes",), reason="they know it")
        assert world.do(number, asked).steps[0].status == "unchanged"

    def test_an_undo_asks_them_no_more(self, world: World) -> None:
        number, _sha = opened(world)
        plan = world.do(number, RequestReviewers(logins=("wes",), reason="they know it"))
        assert world.executor.undo(plan.steps[0].id) == "no longer asks wes"
        pull = world.issue(number).pull
        assert pull is not None
        assert pull.requested_reviewers == []

    def test_a_draft_is_left_alone(self, world: World) -> None:
        number, _sha = opened(world, draft=True)
        asked = RequestReviewers(logins=("wes",), reason="they know it")
        assert world.do(number, asked).steps[0].status == "skipped"


class TestSkips:
    def test_what_was_waived_is_kept_and_can_be_taken_back(self, world: World) -> None:
        number, _sha = opened(world)
        waived = RecordSkip(item="tests", why="a typo", by="maya", reason="maya said /skip")
        plan = world.do(number, waived)
        flows = Flows(world.database)
        assert flows.skips(world.repository_id, number) == (Skip("tests", "a typo", "maya"),)
        assert world.do(number, waived).steps[0].status == "unchanged"
        assert world.executor.undo(plan.steps[0].id) == "tests is needed again"
        assert flows.skips(world.repository_id, number) == ()


class TestTheChecklist:
    def say(self, done: int) -> UpsertComment:
        context = {**CONTEXT, "done": done}
        return UpsertComment(purpose="checklist", template="checklist", context=context, reason="at tests")

    def test_is_changed_without_being_read_and_not_where_it_says_so_already(self, world: World) -> None:
        number, _sha = opened(world)
        world.do(number, self.say(1), event="PullRequestUpdated")
        before = len(world.requests())
        assert world.do(number, self.say(1), event="PullRequestUpdated").steps[0].status == "unchanged"
        assert len(world.requests()) == before
        plan = world.do(number, self.say(2), event="PullRequestUpdated")
        assert plan.steps[0].status == "done"
        assert [line.split()[0] for line in world.requests()[before:]] == ["PATCH"]
        assert "2 of 2 done" in world.said(number)[0].body
        assert world.executor.undo(plan.steps[0].id).startswith("left the comment")

    def test_that_a_person_deleted_stays_away(self, world: World) -> None:
        number, _sha = opened(world)
        world.do(number, self.say(1), event="PullRequestUpdated")
        world.sandbox.as_user("maya").delete_comment(REPO, world.said(number)[0].id)
        assert world.do(number, self.say(2), event="PullRequestUpdated").steps[0].status == "skipped"
        assert world.said(number) == []

    def test_is_not_begun_on_a_closed_pull_request(self, world: World) -> None:
        number, _sha = opened(world)
        late = replace(self.say(1), edits_only=True)
        assert world.do(number, late, event="PullRequestUpdated").steps[0].status == "unchanged"
        assert world.said(number) == []

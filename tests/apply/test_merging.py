"""Merging and updating at GitHub: looked at right before, in one go, and only what was decided on."""

from typing import Any

import pytest

from bot.apply.merging import PATIENCE, STALE
from bot.core.actions import Action
from bot.core.errors import RetryLater
from bot.core.merging import ASKED, REFUSED, UPDATED
from bot.core.pull_actions import MergePull, UpdateBranch
from bot.core.pull_context import Word
from bot.sandbox.things import Pull
from bot.store.ledger import Plan, Step
from tests.world import REPO, World


@pytest.fixture
def number(world: World) -> int:
    """A pull request that maya asked to be merged."""
    number = world.open_pull("fix: start", by="wes", branch="fix", files={"src/a.py": "x = 1\n"})
    keep(world, Word(ASKED, "maya", head(world, number), "main"), number)
    return number


def keep(world: World, word: Word, number: int) -> None:
    world.executor.flows.words.keep(world.repository_id, number, world.installation.id, word)


def words(world: World, number: int, word: str) -> list[Word]:
    return [each for each in world.executor.flows.words.of(world.repository_id, number) if each.word == word]


def pull(world: World, number: int) -> Pull:
    found = world.issue(number).pull
    assert found is not None
    return found


def head(world: World, number: int) -> str:
    return pull(world, number).head_sha


def merging(world: World, number: int, **more: Any) -> MergePull:
    said = {"sha": head(world, number), "vouchers": ("maya",), "seen": "open", "reason": "asked", **more}
    return MergePull(**said)


def do(world: World, number: int, action: Action | None = None) -> Step:
    plan = world.do(number, action or merging(world, number), rule="merge")
    return plan.steps[0]


def later(world: World, number: int, action: Action | None = None) -> Plan:
    return world.save(number, action or merging(world, number), rule="merge")


def looks(world: World) -> int:
    return sum(delivery.event == "pull_request_look" for delivery in world.deliveries())


def merges(world: World) -> int:
    return len(world.writes("PUT .*/merge$"))


class TestMeanwhile:
    def test_somebody_pushed(self, world: World, number: int) -> None:
        plan = later(world, number)
        world.sandbox.as_user("wes").push_to_pull(REPO, number, {"src/b.py": "y = 1\n"}, "More")
        assert world.apply(plan) == ["skipped"]
        assert merges(world) == 0

    def test_somebody_held_it(self, world: World, number: int) -> None:
        plan = later(world, number)
        world.sandbox.as_user("maya").add_label(REPO, number, "do-not-merge/hold")
        assert world.apply(plan) == ["skipped"]
        assert world.fresh(plan).steps[0].detail == "it is held meanwhile"

    def test_somebody_took_the_word_or_the_label_back(self, world: World, number: int) -> None:
        world.executor.flows.words.forget(world.repository_id, number, ASKED)
        assert do(world, number).detail == "nobody asks for it any more"
        asked_by_label = merging(world, number, label="automerge", vouchers=())
        assert do(world, number, asked_by_label).detail == "the label automerge was taken off"

    def test_somebody_closed_or_merged_it(self, world: World, number: int) -> None:
        world.sandbox.as_user("maya").close(REPO, number)
        assert do(world, number).status == "skipped"
        world.sandbox.as_user("maya").reopen(REPO, number)
        world.sandbox.as_user("maya").merge(REPO, number)
        assert do(world, number).status == "unchanged"

    def test_what_was_decided_long_ago_is_decided_anew(self, world: World, number: int) -> None:
        plan = later(world, number)
        world.let_pass(STALE.total_seconds() + 1)
        assert world.apply(plan) == ["skipped"]
        assert looks(world) == 1

    def test_who_asked_may_not_write_any_more(self, world: World, number: int) -> None:
        step = do(world, number, merging(world, number, vouchers=("rea", "nobody")))
        assert step.status == "skipped"
        assert "no write rights" in (step.detail or "")
        assert words(world, number, REFUSED)[0].detail.startswith("open\n")


class TestGitHubsAnswer:
    def test_the_first_method_that_is_allowed_is_taken(self, world: World, number: int) -> None:
        world.sandbox.set_merge_methods(REPO, "rebase", "merge")
        assert do(world, number).status == "done"
        merged = world.sandbox.repo(REPO).network.commits[str(pull(world, number).merge_commit_sha)]
        assert len(merged.parents) == 2

    def test_what_it_refuses_is_kept_and_shown(self, world: World, number: int) -> None:
        world.sandbox.protect(REPO, up_to_date=True)
        world.sandbox.as_user("maya").push(REPO, {"other.py": "z = 1\n"})
        step = do(world, number)
        assert step.status == "skipped"
        assert "Head branch is out of date" in (step.detail or "")
        (word,) = words(world, number, REFUSED)
        assert (word.sha, word.detail.partition("\n")[0]) == (head(world, number), "open")
        assert looks(world) == 1

    def test_workflow_files_are_for_people(self, world: World) -> None:
        files = {".github/workflows/ci.yml": "on: push\n"}
        number = world.open_pull("ci: run it", by="wes", branch="ci", files=files)
        keep(world, Word(ASKED, "maya", head(world, number), "main"), number)
        world.installation.permissions["contents"] = "read"
        assert "workflow files" in (do(world, number).detail or "")

    def test_while_it_finds_out_it_is_waited_for(
        self, world: World, number: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.sandbox.shapes.pulls.merge_state", lambda *_, **__: "unknown")
        plan = later(world, number)
        with pytest.raises(RetryLater, match="finding out"):
            world.apply(plan)
        assert merges(world) == 0
        world.let_pass(PATIENCE.total_seconds())
        world.sandbox.set_merge_methods(REPO, "merge")
        assert world.apply(plan) == ["done"]

    def test_a_refusal_while_it_does_not_know_is_not_its_last_word(
        self, world: World, number: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.sandbox.shapes.pulls.merge_state", lambda *_, **__: "unknown")
        world.sandbox.protect(REPO, approvals=1)
        plan = later(world, number)
        world.let_pass(PATIENCE.total_seconds())
        assert world.apply(plan) == ["skipped"]
        assert words(world, number, REFUSED) == []


class TestCrashes:
    def test_what_was_merged_is_not_merged_again_and_its_branch_goes(self, world: World, number: int) -> None:
        plan = later(world, number, merging(world, number, delete_branch=True))
        world.sandbox.faults.add("bad_gateway", match="PUT .*/merge$", times=1, after=True)
        with pytest.raises(RetryLater):
            world.apply(plan)
        assert world.apply(plan) == ["done"]
        assert merges(world) == 1
        assert "fix" not in world.sandbox.repo(REPO).branches

    def test_what_a_person_merged_meanwhile_is_theirs(self, world: World, number: int) -> None:
        plan = later(world, number)
        world.sandbox.faults.add("bad_gateway", match="PUT .*/merge$", times=1)
        with pytest.raises(RetryLater):
            world.apply(plan)
        world.sandbox.as_user("maya").merge(REPO, number)
        assert world.apply(plan) == ["unchanged"]

    def test_what_was_put_into_the_queue_is_not_put_there_again(self, world: World, number: int) -> None:
        world.sandbox.protect(REPO, merge_queue=True, checks=["build"])
        said = {"state": "success", "context": "build"}
        sha = head(world, number)
        world.sandbox.as_user("maya").request("POST", f"/repos/{REPO}/statuses/{sha}", said)
        plan = later(world, number)
        world.sandbox.faults.add("bad_gateway", match="enqueuePullRequest", times=1, after=True)
        try:
            world.apply(plan)
        except RetryLater:
            assert world.apply(plan) == ["done"]
        assert len(world.writes("enqueuePullRequest")) == 1


class TestBranches:
    def gone(self, world: World, number: int) -> str:
        step = do(world, number, merging(world, number, delete_branch=True))
        assert step.status == "done"
        return step.detail or ""

    def test_it_goes(self, world: World, number: int) -> None:
        assert self.gone(world, number) == "the branch is deleted"

    def test_it_stays_where_it_is_protected(self, world: World, number: int) -> None:
        world.sandbox.protect(REPO, "fix")
        assert "protected" in self.gone(world, number)

    def test_it_stays_where_another_pull_request_needs_it(self, world: World, number: int) -> None:
        world.open_pull("fix: more", by="wes", branch="more", base="fix")
        assert "used by another pull request" in self.gone(world, number)
        assert "fix" in world.sandbox.repo(REPO).branches

    def test_that_of_a_fork_is_its_owners(self, world: World) -> None:
        number = world.open_pull("fix: start", by="nia", files={"src/a.py": "x = 1\n"})
        keep(world, Word(ASKED, "maya", head(world, number), "main"), number)
        assert self.gone(world, number) == ""
        assert world.writes("DELETE .*/git/refs") == []


class TestUpdate:
    @pytest.fixture(autouse=True)
    def _behind(self, world: World, number: int) -> None:
        world.sandbox.protect(REPO, up_to_date=True)
        world.sandbox.as_user("maya").push(REPO, {"other.py": "z = 1\n"})

    def update(self, world: World, number: int) -> UpdateBranch:
        return UpdateBranch(sha=head(world, number), seen="behind", reason="behind main")

    def test_who_had_looked_has_seen_all_but_the_base(self, world: World, number: int) -> None:
        before = head(world, number)
        assert do(world, number, self.update(world, number)).status == "done"
        (word,) = words(world, number, UPDATED)
        assert (word.sha, word.detail) == (head(world, number), before)
        world.sandbox.as_user("maya").push(REPO, {"third.py": "z = 1\n"})
        assert do(world, number, self.update(world, number)).status == "done"
        (word,) = words(world, number, UPDATED)
        assert before in word.detail.split()

    def test_a_crash_after_it(self, world: World, number: int) -> None:
        plan = later(world, number, self.update(world, number))
        world.sandbox.faults.add("bad_gateway", match="update-branch", times=1, after=True)
        with pytest.raises(RetryLater):
            world.apply(plan)
        assert world.apply(plan) == ["done"]
        assert len(world.writes("update-branch")) == 1
        assert words(world, number, UPDATED)

    def test_what_somebody_pushed_in_between_is_not_vouched_for(self, world: World, number: int) -> None:
        plan = later(world, number, self.update(world, number))
        world.sandbox.faults.add("bad_gateway", match="update-branch", times=1, after=True)
        with pytest.raises(RetryLater):
            world.apply(plan)
        world.sandbox.as_user("wes").push_to_pull(REPO, number, {"src/evil.py": "x = 2\n"}, "More")
        assert world.apply(plan) == ["done"]
        assert words(world, number, UPDATED) == []

    def test_a_merge_that_says_it_is_ushers_is_not(self, world: World, number: int) -> None:
        plan = later(world, number, self.update(world, number))
        world.sandbox.faults.add("bad_gateway", match="update-branch", times=1, after=True)
        with pytest.raises(RetryLater):
            world.apply(plan)
        world.sandbox.repo(REPO).network.signed.clear()  # as of one that was pushed, whatever name is on it
        assert world.apply(plan) == ["done"]
        assert words(world, number, UPDATED) == []

    def test_what_github_accepted_and_does_not_do_is_said(self, world: World, number: int) -> None:
        plan = later(world, number, self.update(world, number))
        world.ledger.start(plan.steps[0].id, {"accepted": True})
        with pytest.raises(RetryLater, match="updating"):
            world.apply(plan)
        world.let_pass(PATIENCE.total_seconds() + 1)
        assert world.apply(plan) == ["skipped"]
        assert "did not" in words(world, number, REFUSED)[0].detail

    def test_one_that_is_up_to_date_or_moved_is_left_alone(self, world: World, number: int) -> None:
        plan = later(world, number, self.update(world, number))
        world.sandbox.as_user("wes").push_to_pull(REPO, number, {"src/b.py": "y = 1\n"}, "More")
        assert world.apply(plan) == ["skipped"]
        assert do(world, number, self.update(world, number)).status == "done"
        step = do(world, number, self.update(world, number))
        assert (step.status, "no new commits" in (step.detail or "")) == ("skipped", True)

    def test_neither_is_taken_back(self, world: World, number: int) -> None:
        step = do(world, number, self.update(world, number))
        assert "stays merged" in world.executor.undo(step.id)
        keep(world, Word(ASKED, "maya", head(world, number), "main"), number)
        merged = do(world, number)
        assert merged.status == "done"
        assert "revert it with a pull request" in world.executor.undo(merged.id)

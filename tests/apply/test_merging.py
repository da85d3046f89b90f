"""Merging at GitHub: looked at right before, in one go, and only what was decided on."""

import pytest

from bot.apply.attempts import MOST_TRIES
from bot.core.actions import AddLabels
from bot.core.errors import RetryLater
from bot.core.merging import ASKED, REFUSED
from bot.core.pull_context import Word
from bot.github import merge_reads
from bot.sandbox.web import ApiError
from tests.apply.merges import asked_for, do, head, keep, later, looks, merges, merging, pull, words
from tests.world import REPO, World


@pytest.fixture
def number(world: World) -> int:
    return asked_for(world)


def answer(monkeypatch: pytest.MonkeyPatch, error: ApiError) -> None:
    """Let GitHub refuse each merge."""

    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr("bot.sandbox.api.merging._check_rules", refuse)


class TestGitHubsAnswer:
    def test_the_first_method_that_is_allowed_is_taken(self, world: World, number: int) -> None:
        world.sandbox.set_merge_methods(REPO, "rebase", "merge")
        assert do(world, number).status == "done"
        merged = world.sandbox.repo(REPO).network.commits[str(pull(world, number).merge_commit_sha)]
        assert len(merged.parents) == 2

    def test_one_that_is_behind_by_now_is_not_sent(self, world: World, number: int) -> None:
        world.sandbox.protect(REPO, up_to_date=True)
        world.sandbox.as_user("maya").push(REPO, {"other.py": "z = 1\n"})
        step = do(world, number, merging(world, number, seen="open; asked by maya"))
        assert (step.status, step.detail) == ("skipped", "it is behind main by now")
        assert (looks(world), merges(world)) == (1, 0)

    def test_what_it_refuses_is_kept_and_shown(
        self, world: World, number: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answer(monkeypatch, ApiError(405, "Merging is blocked here"))
        step = do(world, number, merging(world, number, seen="open; asked by maya"))
        assert (step.status, step.detail) == ("skipped", "GitHub refused this: Merging is blocked here")
        (word,) = words(world, number, REFUSED)
        assert (word.sha, word.detail.partition("\n")[0]) == (head(world, number), "open; asked by maya")
        assert looks(world) == 1

    @pytest.mark.parametrize(
        ("status", "said"),
        [
            (405, "Base branch was modified. Review and try the merge again."),
            (405, "Merge already in progress"),
            (409, "Something else was faster."),
        ],
    )
    def test_what_it_refuses_for_the_moment_is_tried_again_a_few_times(
        self, world: World, number: int, monkeypatch: pytest.MonkeyPatch, status: int, said: str
    ) -> None:
        answer(monkeypatch, ApiError(status, said))
        for count in range(MOST_TRIES):
            assert do(world, number).status == "skipped"
            assert (looks(world), words(world, number, REFUSED)) == (count + 1, [])
        assert do(world, number).status == "skipped"
        assert said.split(".", maxsplit=1)[0] in words(world, number, REFUSED)[0].detail

    def test_what_it_refuses_for_good_before_the_merge_is_kept_too(self, world: World, number: int) -> None:
        world.sandbox.faults.add("no_graphql")
        assert do(world, number).status == "skipped"
        assert "GitHub does not have this" in words(world, number, REFUSED)[0].detail

    def test_workflow_files_are_for_people(self, world: World) -> None:
        files = {".github/workflows/ci.yml": "on: push\n"}
        number = world.open_pull("ci: run it", by="wes", branch="ci", files=files)
        world.comment(number, "/merge")
        keep(world, Word(ASKED, "maya", head(world, number), "main"), number)
        world.installation.permissions["contents"] = "read"
        assert "workflow files" in (do(world, number).detail or "")

    def test_nothing_is_sent_while_it_does_not_know(
        self, world: World, number: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.sandbox.shapes.pulls.merge_state", lambda *_, **__: "unknown")
        step = do(world, number)
        assert (step.status, "finding out" in (step.detail or "")) == ("skipped", True)
        assert (looks(world), merges(world), words(world, number, REFUSED)) == (1, 0, [])


class TestLabel:
    """A label asks for nobody in particular: who set it, pushed and chose the base must be allowed to."""

    def labelled(self, world: World, number: int, *, by: str) -> str:
        world.sandbox.as_user(by).add_label(REPO, number, "automerge")
        return do(world, number, merging(world, number, label="automerge", vouchers=())).detail or ""

    def test_who_set_it_has_write_rights(self, world: World, number: int) -> None:
        name = {"name": "automerge", "color": "0e8a16"}
        world.sandbox.as_user("maya").request("POST", f"/repos/{REPO}/labels", name)
        assert "who put the label automerge on it" in self.labelled(world, number, by="tri")
        world.sandbox.as_user("maya").remove_label(REPO, number, "automerge")
        assert self.labelled(world, number, by="wes") == ""
        assert merges(world) == 1

    def test_what_usher_sets_asks_for_nothing(self, world: World, number: int) -> None:
        world.sandbox.as_user("maya").add_label(REPO, number, "automerge")
        world.sandbox.as_user("maya").remove_label(REPO, number, "automerge")
        world.do(number, AddLabels(labels=("automerge",), reason="tri gave the command"))
        step = do(world, number, merging(world, number, label="automerge", vouchers=()))
        assert "has no write rights" in (step.detail or "")

    @pytest.mark.parametrize(("by", "merged"), [("nia", 0), ("wes", 1)])
    def test_who_changed_the_base_has_write_rights(self, world: World, by: str, merged: int) -> None:
        world.sandbox.as_user("maya").push(REPO, {"old.txt": "old"}, branch="stable")
        number = world.open_pull("fix: start", by="nia", files={"src/a.py": "x = 1\n"})
        world.sandbox.as_user(by).request("PATCH", f"/repos/{REPO}/pulls/{number}", {"base": "stable"})
        said = self.labelled(world, number, by="maya")
        assert ("who changed the base has no write rights" in said, merges(world)) == (not merged, merged)

    def test_more_changes_of_the_base_than_are_read_count_as_such(
        self, world: World, number: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = merge_reads.Way(labelled_by="maya", is_complete=False)
        monkeypatch.setattr(merge_reads, "way", lambda *_: found)
        assert "who changed the base" in self.labelled(world, number, by="maya")


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
        world.comment(number, "/merge")
        keep(world, Word(ASKED, "maya", head(world, number), "main"), number)
        assert self.gone(world, number) == ""
        assert world.writes("DELETE .*/git/refs") == []

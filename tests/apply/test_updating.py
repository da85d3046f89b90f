"""Updating branches at GitHub: nothing is vouched for but the base's own commits."""

import pytest

from bot.apply.updating import PATIENCE
from bot.core.errors import RetryLater
from bot.core.heads import UPDATED
from bot.core.merging import ASKED, REFUSED
from bot.core.pull_actions import UpdateBranch
from bot.core.pull_context import Word
from bot.sandbox.git import GITHUB, Author
from tests.apply.merges import asked_for, do, head, keep, later, looks, words
from tests.world import BOT, REPO, World


@pytest.fixture
def number(world: World) -> int:
    return asked_for(world)


class TestUpdate:
    @pytest.fixture(autouse=True)
    def _behind(self, world: World, number: int) -> None:
        world.sandbox.protect(REPO, up_to_date=True)
        world.sandbox.as_user("maya").push(REPO, {"other.py": "z = 1\n"})

    def update(self, world: World, number: int) -> UpdateBranch:
        return UpdateBranch(sha=head(world, number), base="main", seen="behind", reason="behind main")

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

    def forged(self, world: World, number: int, **parts: object) -> list[Word]:
        """What is kept where wes forges the commit of the update, with everything right but these parts."""
        plan = later(world, number, self.update(world, number))
        world.sandbox.faults.add("bad_gateway", match="update-branch", times=1)
        with pytest.raises(RetryLater):
            world.apply(plan)
        repo, old = world.sandbox.repo(REPO), head(world, number)
        evil = {"src/evil.py": "x = 2\n"}
        sha = world.sandbox.as_user("wes").push_to_pull(REPO, number, evil, "Merge main")
        world.sandbox.store.ensure_user("web-flow")
        right = {
            "author": Author("usher[bot]", "1+usher[bot]@users.noreply.github.com", BOT),
            "committed_by": GITHUB,
            "parents": (old, repo.branches["main"]),
        }
        for name, value in {**right, **parts}.items():
            object.__setattr__(repo.network.commits[sha], name, value)
        repo.network.signed.add(sha)
        assert world.apply(plan) == ["done"]
        return words(world, number, UPDATED)

    def test_a_commit_that_names_usher_as_its_author_is_not_githubs(self, world: World, number: int) -> None:
        wes = Author("wes", "wes@example.org", "wes")
        assert self.forged(world, number, committed_by=wes) == []

    def test_nor_one_whose_committer_only_says_so(self, world: World, number: int) -> None:
        assert self.forged(world, number, committed_by=Author("GitHub", "noreply@github.com", "wes")) == []

    def test_nor_one_that_merges_something_else(self, world: World, number: int) -> None:
        repo = world.sandbox.repo(REPO)
        repo.branches["evil"] = repo.branches["main"]
        world.sandbox.as_user("wes").push(REPO, {"evil.py": "x = 2\n"}, branch="evil")
        parents = (head(world, number), repo.branches["evil"])
        assert self.forged(world, number, parents=parents) == []

    def test_nor_one_with_another_parent(self, world: World, number: int) -> None:
        repo = world.sandbox.repo(REPO)
        main = repo.branches["main"]
        assert self.forged(world, number, parents=(head(world, number), main, main)) == []

    def test_one_that_is_right_in_all_of_it_is_taken_for_it(self, world: World, number: int) -> None:
        assert self.forged(world, number) != []

    def test_one_of_an_earlier_base_is_left_alone(self, world: World, number: int) -> None:
        plan = later(world, number, self.update(world, number))
        world.sandbox.as_user("maya").push(REPO, {"old.txt": "old"}, branch="stable")
        world.sandbox.as_user("wes").request("PATCH", f"/repos/{REPO}/pulls/{number}", {"base": "stable"})
        assert world.apply(plan) == ["skipped"]
        assert world.writes("update-branch") == []

    def test_an_update_that_may_not_have_gone_through_is_decided_anew(
        self, world: World, number: int
    ) -> None:
        plan = later(world, number, self.update(world, number))
        world.sandbox.faults.add("bad_gateway", match="update-branch", times=1)
        with pytest.raises(RetryLater):
            world.apply(plan)
        assert world.apply(plan) == ["skipped"]
        assert looks(world) == 1

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

"""What every attempt to merge looks at first: whether it is still wanted, and was decided just now."""

from itertools import pairwise

import pytest

from bot.apply.attempts import FRESH, MOST_DELAYS
from bot.core.merging import ASKED, DELAYED, REFUSED
from tests.apply.merges import asked_for, do, later, looks, merges, merging, words
from tests.world import REPO, World


@pytest.fixture
def number(world: World) -> int:
    return asked_for(world)


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

    def test_what_was_decided_a_while_ago_is_decided_anew(self, world: World, number: int) -> None:
        plan = later(world, number)
        world.let_pass(FRESH.total_seconds() + 1)
        assert world.apply(plan) == ["skipped"]
        assert (looks(world), merges(world)) == (1, 0)

    def test_what_was_taken_up_before_is_decided_anew(self, world: World, number: int) -> None:
        plan = later(world, number)
        config = world.configs.named(REPO, world.installation.id)
        world.executor.apply(plan, config, again=True)
        assert world.statuses(plan) == ["skipped"]
        assert (looks(world), merges(world)) == (1, 0)

    def test_what_cannot_be_told_is_looked_at_ever_later(
        self, world: World, number: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.sandbox.shapes.pulls.merge_state", lambda *_, **__: "unknown")
        for count in range(MOST_DELAYS + 2):
            assert do(world, number).status == "skipped"
            assert looks(world) == min(count + 1, MOST_DELAYS)
        due = [each.not_before for each in world.deliveries() if each.not_before is not None]
        waits = [(later - earlier).total_seconds() for earlier, later in pairwise(due)]
        assert waits == sorted(waits)
        assert waits[-1] > 100
        assert words(world, number, DELAYED)[0].detail == str(MOST_DELAYS + 2)
        world.let_pass(2 * 3600)
        world.github.forget(world.installation.id)  # its token is no longer good
        assert do(world, number).status == "skipped"
        assert words(world, number, DELAYED)[0].detail == "1"

    def test_who_asked_may_not_write_any_more(self, world: World, number: int) -> None:
        step = do(world, number, merging(world, number, vouchers=("rea", "nobody")))
        assert step.status == "skipped"
        assert "no write rights" in (step.detail or "")
        assert words(world, number, REFUSED)[0].detail.startswith("open\n")

"""The draft of the next release at GitHub: one, never two, and nobody's words are written over."""

from typing import Any

import pytest

from bot.apply.releases import IN_TURN
from bot.core.actions import DraftRelease
from bot.core.errors import RetryLater
from bot.core.release.state import Release as Known
from bot.github.release_reads import release
from bot.sandbox.things import Release
from bot.store.database import Database
from bot.store.drafts import HELD
from bot.store.ledger import Plan
from tests.world import REPO, World, living


def action(body: str = "* One", seen: Known | None = None, **more: Any) -> DraftRelease:
    fields: dict[str, Any] = {
        "tag": "v1.1.0",
        "name": "v1.1.0",
        "prerelease": False,
        "target": "main",
        **more,
    }
    known: dict[str, Any] = {"draft": seen.id, "seen": seen.seal} if seen else {}
    return DraftRelease(body=body, reason="1 change", **known, **fields)


def releases(world: World) -> list[Release]:
    return list(world.sandbox.repo(REPO).releases.values())


def draft(world: World) -> Release:
    (found,) = releases(world)
    assert found.draft
    return found


def seen(world: World) -> Known:
    """The draft as a rule would see it now."""
    found = release(world.client, draft(world).id)
    assert found is not None
    return found


def change(world: World, **fields: Any) -> None:
    """Have a person change the draft."""
    world.sandbox.as_user("maya").request("PATCH", f"/repos/{REPO}/releases/{draft(world).id}", fields)


def do(world: World, wanted: DraftRelease) -> Plan:
    return world.do(1, wanted, rule="release")


def looks(world: World) -> int:
    return sum(delivery.event == "pull_request_look" for delivery in world.deliveries())


@pytest.fixture(autouse=True)
def number(world: World) -> int:
    return world.open_pull()


class TestWriting:
    def test_a_draft_is_made_and_from_then_on_changed(self, world: World) -> None:
        assert do(world, action("* One")).steps[0].status == "done"
        assert do(world, action("* One\n* Two", seen(world), name="Two")).steps[0].status == "done"
        made = draft(world)
        assert (made.tag, made.name, made.body, made.target) == ("v1.1.0", "Two", "* One\n* Two", "main")
        assert len(world.writes("/releases")) == 2

    def test_one_that_is_as_it_should_be_is_left_alone(self, world: World) -> None:
        do(world, action())
        assert do(world, action()).steps[0].status == "unchanged"
        assert do(world, action(seen=seen(world))).steps[0].status == "unchanged"
        assert len(world.writes("/releases")) == 1

    @pytest.mark.parametrize("prerelease", [True, False])
    def test_a_pre_release_is_marked_as_one(self, world: World, prerelease: bool) -> None:
        world.push_config(f"mode: act\nrelease: {{prerelease: {str(prerelease).lower()}}}\n")
        world.run()
        assert do(world, action(prerelease=prerelease)).steps[0].status == "done"
        assert draft(world).prerelease is prerelease

    def test_without_the_permission_nothing_is_written_and_one_line_says_so(self, database: Database) -> None:
        with living(database, permissions={"contents": "read", "pull_requests": "write"}) as world:
            world.open_pull()
            (step,) = do(world, action()).steps
            assert step.status == "skipped"
            assert step.detail is not None
            assert "accept the App's new permissions" in step.detail
            assert releases(world) == []


class TestWhatWasDecidedOnOlderFacts:
    def test_one_that_somebody_made_meanwhile_is_not_made_twice(self, world: World) -> None:
        do(world, action("* One\n* Two"))
        (step,) = do(world, action("* One")).steps
        assert step.status == "skipped"
        assert draft(world).body == "* One\n* Two"
        assert looks(world) == 1

    @pytest.mark.parametrize(
        "changed", [{"body": "My words"}, {"tag_name": "v2.0.0"}, {"name": "Two"}, {"draft": False}]
    )
    def test_what_a_person_changed_meanwhile_stays(self, world: World, changed: dict[str, Any]) -> None:
        do(world, action())
        before = seen(world)
        change(world, **changed)
        (step,) = do(world, action("* Two", before)).steps
        assert step.status == "skipped"
        (left,) = releases(world)
        assert "* Two" not in (left.body or "")
        assert left.draft is changed.get("draft", True)
        assert len(world.writes("/releases")) == 1
        assert looks(world) == 1

    def test_one_that_was_deleted_meanwhile_is_looked_at_again(self, world: World) -> None:
        do(world, action())
        before = seen(world)
        path = f"/repos/{REPO}/releases/{before.id}"
        world.sandbox.as_user("maya").request("DELETE", path)
        assert do(world, action("* Two", before)).steps[0].status == "skipped"
        assert releases(world) == []
        assert looks(world) == 1


class TestTurns:
    def test_while_another_writes_it_waits(self, world: World) -> None:
        world.executor.flows.drafts.take(world.repository_id, world.installation.id, 0)
        plan = world.save(1, action(), rule="release")
        with pytest.raises(RetryLater):
            world.apply(plan)
        assert releases(world) == []
        world.executor.flows.drafts.give(world.repository_id, 0)
        assert world.apply(plan) == ["done"]

    def test_one_who_died_holds_it_for_a_while_only(self, world: World) -> None:
        world.executor.flows.drafts.take(world.repository_id, world.installation.id, 0)
        world.let_pass(HELD.total_seconds() + IN_TURN.total_seconds())
        assert do(world, action()).steps[0].status == "done"


class TestCrashes:
    def test_one_that_was_accepted_is_not_made_again(self, world: World) -> None:
        plan = world.save(1, action(), rule="release")
        world.sandbox.faults.add("bad_gateway", match="POST .*/releases", times=1, after=True)
        with pytest.raises(RetryLater):
            world.apply(plan)
        other = world.save(1, action("* Two"), rule="release")
        with pytest.raises(RetryLater, match="being written"):  # nobody knows yet what came of it
            world.apply(other)
        assert world.apply(plan) == ["done"]
        assert world.apply(other) == ["skipped"]
        assert world.fresh(plan).steps[0].before == {"draft": 0, "made": draft(world).id}
        assert len(world.writes("/releases")) == 1

    def test_one_that_was_not_accepted_is_made(self, world: World) -> None:
        plan = world.save(1, action(), rule="release")
        world.sandbox.faults.add("bad_gateway", match="POST .*/releases", times=1)
        with pytest.raises(RetryLater):
            world.apply(plan)
        assert world.apply(plan) == ["done"]
        assert draft(world).body == "* One"

    def test_a_change_that_was_accepted_is_not_made_again(self, world: World) -> None:
        do(world, action())
        plan = world.save(1, action("* Two", seen(world)), rule="release")
        world.sandbox.faults.add("bad_gateway", match="PATCH .*/releases", times=1, after=True)
        with pytest.raises(RetryLater):
            world.apply(plan)
        assert world.apply(plan) == ["done"]
        assert len(world.writes("/releases")) == 2
        before = world.fresh(plan).steps[0].before
        assert before is not None
        assert before["body"] == "* One"

    def test_one_that_is_not_listed_yet_is_waited_for(self, database: Database) -> None:
        with living(database, settle=30) as world:
            world.open_pull()
            do(world, action())
            gone = world.sandbox.repo(REPO).releases
            kept = dict(gone)
            world.executor.flows.drafts.keep(world.repository_id, next(iter(kept)))
            hidden = _Hidden(kept)
            world.sandbox.repo(REPO).releases = hidden
            plan = world.save(1, action("* Two"), rule="release")
            with pytest.raises(RetryLater, match="not be visible yet"):
                world.apply(plan)
            hidden.shown = True
            assert world.apply(plan) == ["skipped"]
            assert len(world.writes("/releases")) == 1


class _Hidden(dict[int, Release]):
    """Releases that a list does not show yet, and that can be asked for one by one."""

    shown = False
    asked = 0

    def values(self) -> Any:
        self.asked += 1
        return super().values() if self.shown or self.asked > 1 else {}.values()


class TestUndo:
    def test_one_that_was_made_is_deleted(self, world: World) -> None:
        plan = do(world, action())
        assert world.executor.undo(plan.steps[0].id) == "deleted the draft release"
        assert releases(world) == []

    def test_one_that_was_changed_is_put_back(self, world: World) -> None:
        do(world, action())
        plan = do(world, action("* Two", seen(world), tag="v2.0.0"))
        assert world.executor.undo(plan.steps[0].id) == "put the draft release back as it was"
        assert (draft(world).tag, draft(world).body) == ("v1.1.0", "* One")

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"body": "My words"}, "the draft release was changed since, and stays as it is"),
            ({"draft": False}, "the release is published by now, and stays as it is"),
        ],
    )
    def test_what_people_did_since_stays(self, world: World, changed: dict[str, Any], said: str) -> None:
        plan = do(world, action())
        change(world, **changed)
        written = len(world.writes("/releases"))
        assert world.executor.undo(plan.steps[0].id) == said
        assert len(world.writes("/releases")) == written

    def test_one_that_is_gone_needs_no_undo(self, world: World) -> None:
        plan = do(world, action())
        world.sandbox.as_user("maya").request("DELETE", f"/repos/{REPO}/releases/{draft(world).id}")
        assert world.executor.undo(plan.steps[0].id) == "the draft release is gone already"

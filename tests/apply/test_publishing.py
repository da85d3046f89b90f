"""A release that is published: once, the draft that was looked at, on the commit that was."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from bot.core.actions import UpsertComment
from bot.core.errors import RetryLater
from bot.core.events import Repository
from bot.core.pull_actions import FollowRelease, PublishRelease, UpsertIssue
from bot.core.release.gate_state import Checklist
from bot.github.answers import Refused
from bot.github.release_reads import release
from bot.sandbox.things import Release
from bot.store.database import Database
from bot.store.gates import GateRecord
from bot.store.ledger import Plan, Step
from tests.world import ACT, REPO, World, living

TAG = "v1.1.0"


@pytest.fixture
def ready(world: World) -> World:
    """A world with a draft, and a commit after the one to be released."""
    return with_draft(world)


def with_draft(world: World, **fields: Any) -> World:
    maya = world.sandbox.as_user("maya")
    said = {"tag_name": TAG, "target_commitish": "main", "name": TAG, "body": "* One", "draft": True}
    maya.request("POST", f"/repos/{REPO}/releases", said | fields)
    world.open_issue("When is the next release?")
    return world


def found(world: World) -> Release:
    (only,) = world.sandbox.repo(REPO).releases.values()
    return only


def tip(world: World) -> str:
    return world.sandbox.repo(REPO).branches["main"]


def publish(world: World, **changes: Any) -> PublishRelease:
    """What a rule decides that has looked at the draft and the newest commit just now."""
    seen = release(world.client.for_contents, found(world).id)
    assert seen is not None
    action = PublishRelease(draft=seen.id, tag=seen.tag, sha=tip(world), seen=seen.seal, reason="asked")
    return replace(action, **changes)


def do(world: World, action: PublishRelease) -> Step:
    return world.do(1, action, rule="release_command").steps[0]


def change(world: World, **fields: Any) -> None:
    world.sandbox.as_user("maya").request("PATCH", f"/repos/{REPO}/releases/{found(world).id}", fields)


def patches(world: World) -> int:
    return len(world.writes("PATCH .*/releases"))


def test_the_commit_that_was_looked_at_is_tagged(ready: World) -> None:
    wanted, looked_at = publish(ready), tip(ready)
    ready.sandbox.as_user("maya").push(REPO, {"late.txt": "late"})
    assert tip(ready) != looked_at
    assert do(ready, wanted).status == "done"
    assert (found(ready).draft, found(ready).tag, found(ready).body) == (False, TAG, "* One")
    assert ready.sandbox.repo(REPO).tags[TAG] == looked_at


@pytest.mark.parametrize(
    "changed", [{"body": "* Two"}, {"tag_name": "v2.0.0"}, {"name": "Two"}, {"prerelease": True}]
)
def test_a_draft_that_was_changed_meanwhile_is_not_published(ready: World, changed: dict[str, Any]) -> None:
    wanted = publish(ready)
    change(ready, **changed)
    step = do(ready, wanted)
    assert (step.status, step.detail) == ("failed", "the draft was changed meanwhile: nothing is published")
    assert found(ready).draft
    assert TAG not in ready.sandbox.repo(REPO).tags


def test_nor_is_one_that_is_gone(ready: World) -> None:
    wanted = publish(ready)
    ready.sandbox.as_user("maya").request("DELETE", f"/repos/{REPO}/releases/{found(ready).id}")
    assert do(ready, wanted).detail == "the draft is gone: nothing is published"


def test_what_comes_behind_a_release_that_was_not_published_is_left_out(ready: World) -> None:
    wanted = publish(ready)
    change(ready, body="* Two")
    closing = UpsertIssue(purpose="x", title="x", template="release", is_open=False, reason="it is out")
    plan = ready.do(1, wanted, closing, rule="release_command")
    assert [step.status for step in plan.steps] == ["failed", "skipped"]


def test_one_that_a_person_published_meanwhile_is_theirs(ready: World) -> None:
    wanted = publish(ready)
    change(ready, draft=False)
    assert do(ready, wanted).status == "unchanged"
    assert patches(ready) == 0


def test_one_that_was_published_under_another_tag_is_not_this_one(ready: World) -> None:
    wanted = publish(ready)
    change(ready, draft=False, tag_name="v2.0.0")
    assert do(ready, wanted).status == "failed"


def test_two_at_once_publish_it_once(ready: World) -> None:
    plans = [ready.save(1, publish(ready), rule="release_command") for _each in range(2)]

    def apply(plan: Plan) -> list[str]:
        while True:
            try:
                return ready.apply(plan)
            except RetryLater:
                continue

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(apply, plans))
    assert sorted(ended) == [["done"], ["unchanged"]]
    assert patches(ready) == 1


def test_while_another_writes_the_draft_it_waits(ready: World) -> None:
    drafts = ready.executor.flows.drafts
    drafts.take(ready.repository_id, ready.installation.id, 0)
    plan = ready.save(1, publish(ready), rule="release_command")
    with pytest.raises(RetryLater):
        ready.apply(plan)
    drafts.give(ready.repository_id, 0)
    assert ready.apply(plan) == ["done"]


class TestCrashes:
    def test_one_that_went_out_is_not_published_again(self, ready: World) -> None:
        plan = ready.save(1, publish(ready), rule="release_command")
        ready.sandbox.faults.add("bad_gateway", match="PATCH .*/releases", times=1, after=True)
        with pytest.raises(RetryLater):
            ready.apply(plan)
        assert not found(ready).draft
        assert ready.apply(plan) == ["done"]
        assert patches(ready) == 1

    def test_one_that_did_not_go_out_has_to_be_asked_for_again(self, ready: World) -> None:
        plan = ready.save(1, publish(ready), rule="release_command")
        ready.sandbox.faults.add("bad_gateway", match="PATCH .*/releases", times=1)
        with pytest.raises(RetryLater):
            ready.apply(plan)
        assert ready.apply(plan) == ["failed"]
        assert found(ready).draft
        assert "it had to wait, and much may have changed" in ready.said(1)[0].body

    def test_a_tag_that_was_made_elsewhere_meanwhile_shows(self, ready: World) -> None:
        plan = ready.save(1, publish(ready), rule="release_command")
        ready.sandbox.faults.add("bad_gateway", match="PATCH .*/releases", times=1, after=True)
        with pytest.raises(RetryLater):
            ready.apply(plan)
        ready.sandbox.repo(REPO).tags[TAG] = elsewhere(ready)
        assert ready.apply(plan) == ["failed"]
        assert "it is out, but somebody made its tag on" in ready.said(1)[0].body


def elsewhere(world: World) -> str:
    """A commit that nobody looked at."""
    return str(world.sandbox.as_user("maya").push(REPO, {"other.txt": "other"}, branch="other"))


def test_what_was_decided_more_than_a_minute_ago_is_not_published(ready: World) -> None:
    plan = ready.save(1, publish(ready), rule="release_command")
    ready.let_pass(61)
    assert ready.apply(plan) == ["failed"]
    assert found(ready).draft
    assert patches(ready) == 0


def test_a_tag_that_was_made_since_is_not_published_over(ready: World) -> None:
    wanted = publish(ready)
    ready.sandbox.repo(REPO).tags[TAG] = elsewhere(ready)
    step = do(ready, wanted)
    assert (step.status, found(ready).draft) == ("failed", True)
    tagged = ready.sandbox.repo(REPO).tags[TAG][:7]
    assert step.detail == f"the tag was made meanwhile, on {tagged}: nothing is published"
    ready.sandbox.repo(REPO).tags[TAG] = wanted.sha
    assert do(ready, wanted).status == "done"


def test_what_github_says_against_it_stands_in_the_answer(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> bool:
        raise Refused("Cannot create ref due to tag protections")

    wanted = publish(ready)
    monkeypatch.setattr("bot.github.writes.edit_release", refuse)
    answer = UpsertComment(purpose="reply", template="paused", reason="asked")
    plan = ready.do(1, answer, wanted, rule="release_command")
    assert [step.status for step in plan.steps] == ["done", "failed"]
    (said,) = ready.said(1)
    assert "did not go well for `v1.1.0`: Cannot create ref due to tag protections." in said.body


class TestSettings:
    @pytest.mark.parametrize("crash", [True, False])
    def test_where_only_releases_of_a_branch_count_it_names_its_branch(
        self, database: Database, crash: bool
    ) -> None:
        with living(database, config=f"{ACT}release: {{filter_by_commitish: true}}\n") as world:
            with_draft(world)
            plan, sha = world.save(1, publish(world), rule="release_command"), tip(world)
            if crash:
                world.sandbox.faults.add("bad_gateway", match="PATCH .*/releases", times=1, after=True)
                with pytest.raises(RetryLater):
                    world.apply(plan)
            assert world.apply(plan) == ["done"]
            assert (found(world).target, found(world).draft) == ("main", False)
            assert world.sandbox.repo(REPO).tags[TAG] == sha

    @pytest.mark.parametrize(
        ("config", "prerelease", "latest"),
        [
            (ACT, False, "true"),
            (ACT, True, "false"),
            (f"{ACT}release: {{latest: false}}\n", False, "false"),
            (f"{ACT}release: {{latest: legacy}}\n", False, "legacy"),
        ],
    )
    def test_it_is_marked_as_the_latest_where_it_is_to_be(
        self, database: Database, config: str, prerelease: bool, latest: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sent: list[dict[str, Any]] = []

        def edit_release(_client: object, _release: int, changes: dict[str, Any]) -> bool:
            sent.append(changes)
            return True

        with living(database, config=config) as world:
            with_draft(world, prerelease=prerelease)
            wanted = publish(world)
            monkeypatch.setattr("bot.github.writes.edit_release", edit_release)
            assert do(world, wanted).status == "done"
        assert [each["make_latest"] for each in sent] == [latest]

    def test_without_the_permission_nothing_is_published(self, database: Database) -> None:
        with living(database, permissions={"contents": "read", "issues": "write"}) as world:
            with_draft(world)
            maya = world.sandbox.as_user("maya").request("GET", f"/repos/{REPO}/releases/{found(world).id}")
            wanted = PublishRelease(draft=maya["id"], tag=TAG, sha=tip(world), seen="", reason="asked")
            assert do(world, wanted).status == "failed"
            assert found(world).draft


def test_what_is_out_is_not_taken_back(ready: World) -> None:
    step = do(ready, publish(ready))
    assert "is not taken back by Usher" in ready.executor.undo(step.id)
    assert not found(ready).draft


# Following


def follow(**changes: Any) -> FollowRelease:
    fields: dict[str, Any] = {
        "purpose": "release after v1.0.0",
        "after": "v1.0.0",
        "sha": "a" * 40,
        "draft": 9,
        "asked_in": 1,
        "asked_by": "maya",
        **changes,
    }
    return FollowRelease(reason="asked", **fields)


def opened(world: World) -> None:
    """The issue of that purpose, as ``UpsertIssue`` leaves it."""
    own = world.executor.flows.own_issues
    own.take(world.repository_id, "release after v1.0.0", world.installation.id, 1)
    own.opened(world.repository_id, "release after v1.0.0", 30, "")


def kept(world: World) -> GateRecord | None:
    return world.executor.flows.gates.of(world.repository_id)


def test_a_checklist_that_is_there_is_followed(ready: World) -> None:
    opened(ready)
    step = ready.do(1, follow(), rule="release_gate").steps[0]
    assert step.status == "done"
    assert kept(ready) == GateRecord(
        Repository(ready.repository_id, REPO, ready.installation.id),
        Checklist(30, "release after v1.0.0", "v1.0.0", "main", "a" * 40, 9, 1, "maya"),
    )
    assert ready.executor.undo(step.id) == "the release is followed no longer"
    assert kept(ready) is None


def test_one_that_was_never_opened_is_not(ready: World) -> None:
    assert ready.do(1, follow(), rule="release_gate").steps[0].status == "skipped"
    assert kept(ready) is None


def test_following_ends_once(ready: World) -> None:
    opened(ready)
    ready.do(1, follow(), rule="release_gate")
    ends = [ready.do(1, follow(is_open=False), rule="release_gate").steps[0] for _each in range(2)]
    assert [step.status for step in ends] == ["done", "unchanged"]
    assert kept(ready) is None
    assert ready.executor.undo(ends[0].id) == "the release was not followed any more"

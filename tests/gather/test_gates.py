"""How it is known how a release stands, and that it is asked only where somebody asks."""

from typing import Any

import pytest

from bot.core.actors import Actor
from bot.core.events import CommandGiven, Repository, Thread
from bot.core.flow import Stage
from bot.core.pull_context import Skip
from bot.core.release.gate_state import Checklist, GateState, OpenChecklist
from bot.gather.gates import FOLLOW_UP
from bot.store.database import Database
from bot.store.flows import FlowRecord
from bot.store.gates import GateRecord
from tests.gather.test_pulls import ask, reads
from tests.gather.test_releases import merge
from tests.world import ACT, REPO, World, living

MAYA = Actor(1, "maya")


def place(world: World) -> Repository:
    return Repository(world.repository_id, REPO, world.installation.id)


def state(world: World, name: str = "release check") -> GateState:
    event = CommandGiven(MAYA, Thread(place(world), 1, is_pull=False), name=name)
    (found,) = ask(world, event, GateState)
    assert isinstance(found, GateState)
    return found


def maya(world: World, verb: str, path: str, body: dict[str, Any]) -> Any:
    return world.sandbox.as_user("maya").request(verb, f"/repos/{REPO}{path}", body)


def tip(world: World, branch: str = "main") -> str:
    return world.sandbox.repo(REPO).branches[branch]


def draft(world: World, tag: str = "v1.1.0", **more: Any) -> int:
    said = {"tag_name": tag, "target_commitish": "main", "draft": True, **more}
    return int(maya(world, "POST", "/releases", said)["id"])


@pytest.fixture
def released(world: World) -> World:
    """A release, something merged since, and a draft."""
    world.sandbox.as_user("maya").release(REPO, "v1.0.0")
    world.let_pass(60)
    merge(world, "Mend it")
    draft(world)
    return world


def test_other_commands_ask_nothing(released: World) -> None:
    before = len(reads(released))
    assert state(released, "label") == GateState()
    assert len(reads(released)) == before


def test_what_there_is_to_know(released: World) -> None:
    maya(released, "POST", f"/statuses/{tip(released)}", {"state": "success", "context": "ci"})
    found = state(released)
    assert (found.branch, found.sha, found.tagged) == ("main", tip(released), "")
    assert found.release.draft is not None
    assert (found.release.draft.tag, found.after) == ("v1.1.0", "v1.0.0")
    assert [pull.title for pull in found.release.pulls] == ["Mend it"]
    assert [(check.name, check.conclusion) for check in found.checks.checks] == [("ci", "success")]
    assert (found.changed.paths, found.changed.is_complete) == (("Mend it.txt",), True)
    assert (found.changelogs, found.blockers, found.follow_ups, found.unverified) == ((), (), (), ())
    assert (found.checklist, found.closed, found.skips.skips) == (None, 0, ())


def test_asking_again_costs_next_to_nothing(released: World) -> None:
    found, before = state(released), len(released.requests("GET "))
    assert state(released) == found
    assert len(released.requests("GET ")) - before < 15


def test_a_tag_that_is_there_already_names_its_commit(released: World) -> None:
    released.sandbox.repo(REPO).tags["v1.1.0"] = tip(released)
    assert state(released).tagged == tip(released)


def test_a_draft_without_a_tag_names_none(world: World) -> None:
    draft(world, "untagged-0a1b2c")
    found = state(world)
    assert (found.tagged, found.after) == ("", "")


def test_a_first_release_is_compared_with_nothing(world: World) -> None:
    merge(world)
    found = state(world)
    assert (found.release.last, found.release.draft, found.changed.files) == (None, None, ())
    assert [pull.title for pull in found.release.pulls] == ["Mend it"]
    assert found.sha == tip(world)


def test_another_branch_may_be_released(database: Database) -> None:
    with living(database, config=f"{ACT}release: {{commitish: 1.x}}\n") as world:
        assert state(world).sha == ""
        world.sandbox.repo(REPO).branches["1.x"] = tip(world)
        merge(world)
        found = state(world)
        assert (found.branch, found.sha) == ("1.x", tip(world, "1.x"))
        assert found.sha != tip(world)


def test_a_changelog_in_the_root_is_found(released: World) -> None:
    released.sandbox.as_user("maya").push(REPO, {"CHANGELOG.md": "# Changes", "docs/NEWS": "none"})
    assert state(released).changelogs == ("CHANGELOG.md",)


def test_what_blocks_it_is_open_in_the_milestone_or_has_the_label(released: World) -> None:
    maya(released, "POST", "/labels", {"name": "release-blocker", "color": "ff0000"})
    milestone = maya(released, "POST", "/milestones", {"title": "v1.1"})["number"]
    later = maya(released, "POST", "/milestones", {"title": "later"})["number"]
    both, planned, other = (released.open_issue(title) for title in ("Both", "Planned", "Other"))
    maya(released, "PATCH", f"/issues/{both}", {"milestone": milestone, "labels": ["release-blocker"]})
    maya(released, "PATCH", f"/issues/{planned}", {"milestone": milestone})
    maya(released, "PATCH", f"/issues/{other}", {"milestone": later})
    assert state(released).blockers == (both, planned)
    maya(released, "PATCH", f"/issues/{planned}", {"state": "closed"})
    assert state(released).blockers == (both,)
    kept = Checklist(both, "release after v1.0.0", "v1.0.0")
    released.executor.flows.gates.keep(GateRecord(place(released), kept))
    assert state(released).blockers == ()  # the checklist does not block itself


def test_documentation_that_was_left_for_later_counts_while_it_is_open(released: World) -> None:
    own, number = released.executor.flows.own_issues, released.open_issue(by="usher[bot]")
    own.take(released.repository_id, f"{FOLLOW_UP} 7", 1, 1)
    own.opened(released.repository_id, f"{FOLLOW_UP} 7", number, "")
    assert state(released).follow_ups == (number,)
    maya(released, "PATCH", f"/issues/{number}", {"state": "closed"})
    assert state(released).follow_ups == ()


def test_of_what_waits_after_its_merge_only_this_release_counts(released: World) -> None:
    flows, here = released.executor.flows, place(released)
    (pull,) = state(released).release.pulls
    for number in (pull.number, 99):
        stage = Stage.VERIFICATION.value
        flows.keep(FlowRecord(here.id, number, 1, REPO, "main", "a" * 40, stage, None, 0, None))
    assert state(released).unverified == (pull.number,)


def test_the_checklist_that_is_open_comes_with_what_was_waived_on_it(released: World) -> None:
    kept, flows = Checklist(30, "release after v1.0.0", "v1.0.0"), released.executor.flows
    flows.gates.keep(GateRecord(place(released), kept))
    flows.keep_skip(released.repository_id, 30, 1, Skip("docs", "none", "maya"))
    found = state(released)
    assert (found.checklist, found.skips.skips) == (kept, (Skip("docs", "none", "maya"),))
    before = len(reads(released))
    elsewhere = CommandGiven(MAYA, Thread(place(released), 29, is_pull=False), name="skip")
    assert ask(released, elsewhere, OpenChecklist) == [OpenChecklist(kept)]
    assert len(reads(released)) == before
    there = CommandGiven(MAYA, Thread(place(released), 30, is_pull=False), name="skip")
    assert ask(released, there, OpenChecklist) == [OpenChecklist(kept, found.blockers)]


@pytest.mark.parametrize(("by", "reason", "is_closed"), [("maya", "not_planned", True), (None, None, False)])
def test_a_checklist_that_a_person_closed_is_known(
    released: World, by: str | None, reason: str | None, is_closed: bool
) -> None:
    own, number = released.executor.flows.own_issues, released.open_issue(by="usher[bot]")
    own.take(released.repository_id, "release after v1.0.0", 1, 1)
    own.opened(released.repository_id, "release after v1.0.0", number, "")
    if by:
        maya(released, "PATCH", f"/issues/{number}", {"state": "closed", "state_reason": reason})
    assert state(released).closed == (number if is_closed else 0)

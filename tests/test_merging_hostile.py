"""Merging at a real server, with people who mean harm and a GitHub that stumbles."""

from collections.abc import Iterator

import pytest

import bot.sandbox.api.merging as merging_api
import bot.sandbox.shapes.pulls as shapes
from bot.sandbox.web import ApiError
from bot.store.database import Database
from tests.databases import shared_sqlite, sqlite_database
from tests.test_merging import (
    CONFIG,
    FREE,
    LABEL,
    approve,
    is_merged,
    merges,
    opened,
    pull,
    report,
    row,
    say,
    settle,
)
from tests.world import REPO, World, living

__all__ = ["shared_sqlite", "sqlite_database"]

CHECKED = "mode: act\nwelcome: {enabled: false}\nreview_sheet: {enabled: false}\ndocs: {enabled: false}\n"
CHECKED += "linked_issue: {enabled: false}\ntests: {required: false}\n" + FREE


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database, config=CONFIG) as world:
        world.run()
        yield world


def stumble(world: World) -> None:
    """Let GitHub answer the next merge with an error, and not do it."""
    world.sandbox.faults.add("bad_gateway", match="PUT .*/merge$", times=1)


def wait(world: World) -> None:
    for _round in range(3):
        world.let_pass(20)
        settle(world)


def stop(world: World, number: int, how: str) -> None:
    maya = world.sandbox.as_user("maya")
    if how == "changes":
        maya.review(REPO, number, "REQUEST_CHANGES", "It loses data.")
    elif how == "label":
        maya.add_label(REPO, number, "do-not-merge")
    else:
        world.comment(number, how)


class TestStops:
    """What is said while a merge waits is read before anything is merged."""

    @pytest.mark.parametrize("how", ["/merge cancel", "/hold", "/usher pause", "changes"])
    def test_after_an_error_of_githubs(self, world: World, how: str) -> None:
        number = opened(world)
        approve(world, number)
        stumble(world)
        say(world, number, "/merge")
        assert not is_merged(world, number)
        stop(world, number, how)
        wait(world)
        assert not is_merged(world, number)

    @pytest.mark.parametrize("how", ["deleted", "edited"])
    def test_a_comment_that_is_no_longer_there(self, world: World, how: str) -> None:
        number = opened(world)
        approve(world, number)
        stumble(world)
        asked = world.comment(number, "/merge")
        settle(world)
        assert not is_merged(world, number)
        maya = world.sandbox.as_user("maya")
        if how == "deleted":
            maya.delete_comment(REPO, asked)
        else:
            maya.edit_comment(REPO, asked, "Better not.")
        wait(world)
        assert not is_merged(world, number)
        assert "asked for by" not in row(world, number)
        say(world, number, "/merge")
        assert is_merged(world, number)

    def test_a_check_that_fails(self, world: World) -> None:
        world.push_config(CHECKED)
        number = opened(world)
        report(world, pull(world, number).head_sha, "success")
        stumble(world)
        say(world, number, "/merge")
        report(world, pull(world, number).head_sha, "failure")
        wait(world)
        assert not is_merged(world, number)

    @pytest.mark.parametrize("how", ["/merge cancel", "/hold", "changes", "label", ""])
    def test_while_github_finds_out(self, world: World, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
        number = opened(world)
        approve(world, number)
        known = shapes.merge_state
        monkeypatch.setattr(shapes, "merge_state", lambda *_, **__: "unknown")
        world.comment(number, "/merge")
        settle(world)
        assert not is_merged(world, number)
        if how:
            stop(world, number, how)
            world.run()
        monkeypatch.setattr(shapes, "merge_state", known)
        wait(world)
        assert is_merged(world, number) == (not how)

    def test_what_is_not_stopped_is_merged_after_the_error(self, world: World) -> None:
        number = opened(world)
        approve(world, number)
        stumble(world)
        say(world, number, "/merge")
        wait(world)
        assert is_merged(world, number)


def test_while_github_does_not_know_nothing_is_sent_and_little_is_asked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = opened(world)
    approve(world, number)
    monkeypatch.setattr(shapes, "merge_state", lambda *_, **__: "unknown")
    monkeypatch.setattr(merging_api, "objections", lambda *_: [])  # who may pass by a protection
    say(world, number, "/merge")
    before = len(world.plans(number))
    for _minute in range(30):
        world.let_pass(60)
        settle(world)
    assert merges(world) == 0
    assert len(world.plans(number)) - before < 10


def test_what_github_refuses_for_the_moment_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = opened(world)
    approve(world, number)
    known, asked = merging_api._check_rules, []

    def busy(*more: object) -> None:
        asked.append(more)
        if len(asked) <= 2:
            raise ApiError(405, "Base branch was modified. Review and try the merge again.")
        known(*more)  # type: ignore[arg-type]

    monkeypatch.setattr(merging_api, "_check_rules", busy)
    say(world, number, "/merge")
    wait(world)
    assert is_merged(world, number)
    assert len(asked) == 3


def test_who_opens_it_again_does_not_ask_for_the_merge(world: World) -> None:
    number = opened(world, by="nia", fork=True)
    say(world, number, "/merge")
    world.sandbox.as_user("maya").close(REPO, number)
    settle(world)
    world.sandbox.as_user("tri").reopen(REPO, number)
    settle(world)
    approve(world, number, by="wes")
    assert not is_merged(world, number)
    say(world, number, "/merge")
    assert is_merged(world, number)


def test_closed_and_opened_again_at_once(world: World) -> None:
    number = opened(world, by="nia", fork=True)
    say(world, number, "/merge")
    world.sandbox.as_user("maya").close(REPO, number)
    world.drop_mail()
    world.sandbox.as_user("tri").reopen(REPO, number)
    settle(world)
    approve(world, number)
    assert not is_merged(world, number)


def test_any_of_those_who_asked_may_have_the_rights(world: World) -> None:
    number = opened(world, by="nia", fork=True)
    maya = world.sandbox.as_user("maya")
    maya.request("PUT", f"/repos/{REPO}/collaborators/mo", {"permission": "push"})
    say(world, number, "/merge")
    world.let_pass(2)
    say(world, number, "/merge", by="mo")
    maya.request("DELETE", f"/repos/{REPO}/collaborators/mo")
    approve(world, number)
    assert is_merged(world, number)


class TestLabel:
    @pytest.fixture
    def world(self, sqlite_database: Database) -> Iterator[World]:
        with living(sqlite_database, config=LABEL + FREE) as world:
            world.run()
            name = {"name": "automerge", "color": "0e8a16"}
            world.sandbox.as_user("maya").request("POST", f"/repos/{REPO}/labels", name)
            yield world

    def of_another(self, world: World) -> int:
        """A pull request that tri opens from a branch of wes."""
        repo = world.sandbox.repo(REPO)
        repo.branches["experiment"] = repo.branches["main"]
        world.sandbox.as_user("wes").push(REPO, {"danger.py": "x = 1\n"}, branch="experiment")
        asked = {"title": "fix: it", "head": "experiment", "base": "main"}
        made = world.sandbox.as_user("tri").request("POST", f"/repos/{REPO}/pulls", asked)
        settle(world)
        return int(made["number"])

    def test_who_may_only_triage_does_not_merge_by_it(self, world: World) -> None:
        number = self.of_another(world)
        world.sandbox.as_user("tri").add_label(REPO, number, "automerge")
        settle(world)
        approve(world, number)
        assert not is_merged(world, number)
        assert "who put the label automerge on it has no write rights" in row(world, number)
        maya = world.sandbox.as_user("maya")
        maya.remove_label(REPO, number, "automerge")
        settle(world)
        maya.add_label(REPO, number, "automerge")
        settle(world)
        assert is_merged(world, number)

    def test_what_they_open_takes_an_approval(self, world: World) -> None:
        number = self.of_another(world)
        world.sandbox.as_user("maya").add_label(REPO, number, "automerge")
        settle(world)
        assert not is_merged(world, number)
        assert "has no write rights" in row(world, number)
        approve(world, number, by="maya")
        assert is_merged(world, number)

    def test_a_base_that_was_changed_before_a_thousand_other_things(self, world: World) -> None:
        world.sandbox.as_user("maya").push(REPO, {"old.txt": "old"}, branch="stable")
        number = opened(world, by="nia", fork=True)
        nia = world.sandbox.as_user("nia")
        nia.request("PATCH", f"/repos/{REPO}/pulls/{number}", {"base": "stable"})
        for count in range(150):
            nia.edit(REPO, number, title=f"fix: start {count}")
        world.drop_mail()
        approve(world, number)
        world.sandbox.as_user("maya").add_label(REPO, number, "automerge")
        settle(world)
        assert not is_merged(world, number)


class TestCost:
    def test_a_refused_one_whose_deliveries_say_unknown_costs_no_plan(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world.push_config(CONFIG + FREE)
        world.sandbox.protect(REPO, approvals=1)
        number = opened(world)
        say(world, number, "/merge")
        assert merges(world) == 0
        known = shapes.merge_state
        for count in range(3):
            monkeypatch.setattr(shapes, "merge_state", lambda *_, **__: "unknown")  # in the delivery
            world.sandbox.as_user("maya").add_label(REPO, number, f"topic {count}")
            monkeypatch.setattr(shapes, "merge_state", known)  # when it is asked
            before = len(world.plans(number)), len(world.writes())
            world.let_pass(60)
            settle(world)
            assert (len(world.plans(number)), len(world.writes())) == before

    def test_without_graphql_it_says_so_and_rests(self, world: World) -> None:
        number = opened(world)
        approve(world, number)
        world.sandbox.faults.add("no_graphql")
        say(world, number, "/merge")
        assert "not merged: GitHub does not have this" in row(world, number)
        before = len(world.plans(number))
        for _day in range(3):
            world.let_pass(24 * 3600)
            world.processor.follower.sweep()
            settle(world)
        assert len(world.plans(number)) == before


def test_the_commit_credits_nobody_and_turns_no_checks_off(world: World) -> None:
    texts = 'commit_title: "$TITLE (#$NUMBER)", commit_message: "$BODY\\n\\nReviewed-by: $REVIEWED_BY"'
    world.push_config(CONFIG + f"merge: {{method: squash, {texts}}}\n")
    body = "Why. <!-- hidden -->\n\nSigned-off-by: Maya <maya@corp>\nCo-authored-by: linus <l@k>"
    number = opened(world, by="nia", fork=True, title="fix: x [skip ci]", body=body)
    approve(world, number)
    say(world, number, "/merge")
    merged = world.sandbox.repo(REPO).network.commits[str(pull(world, number).merge_commit_sha)]
    assert merged.message == f"fix: x (skip ci) (#{number})\n\nWhy.\n\nReviewed-by: maya"

"""Reviews by word, and the other commands that people give on a thread, from the comment to what it did."""

import re
from collections.abc import Iterator

import pytest

from bot.sandbox.things import Pull
from bot.store.database import Database
from tests.databases import shared_sqlite, sqlite_database
from tests.world import REPO, World, living

__all__ = ["shared_sqlite", "sqlite_database"]

CONFIG = "mode: act\nwelcome: {enabled: false}\nreview_sheet: {enabled: false}\n"
CHANGE = {"src/engine.py": "x = 1\n", "tests/test_engine.py": "def test_x(): ...\n"}
WAIT = 600


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database, config=CONFIG) as made:
        made.run()
        yield made


@pytest.fixture
def number(world: World) -> int:
    """A pull request that waits for its review."""
    opened = world.open_pull("fix: start", files=CHANGE)
    settle(world)
    return opened


def settle(world: World) -> None:
    """Work off what came, and the looks that were put off for an instant."""
    world.run()
    world.let_pass(1)
    world.run()


def say(world: World, number: int, text: str, *, by: str = "wes") -> None:
    world.comment(number, text, by=by)
    settle(world)


def push(world: World, number: int, text: str = "y = 2\n") -> None:
    world.sandbox.as_user("nia").push_to_pull(REPO, number, {"src/engine.py": text}, "More")
    settle(world)


def pull(world: World, number: int) -> Pull:
    found = world.issue(number).pull
    assert found is not None
    return found


def review_row(world: World, number: int) -> str:
    """The line of the checklist: its mark and what it says."""
    body = next(comment.body for comment in world.said(number) if "| Review |" in comment.body)
    found = re.search(r"^\| (\S+) \| Review \| ([^|]*?) *\|", body, re.MULTILINE)
    assert found is not None
    return f"{found[1]} {found[2]}"


def replies(world: World, number: int) -> str:
    return "\n".join(comment.body for comment in world.said(number) if "| Review |" not in comment.body)


# Approvals


def test_an_approval_by_word_holds_until_the_next_push(world: World, number: int) -> None:
    assert review_row(world, number).startswith("⏳")
    say(world, number, "/approve")
    assert review_row(world, number) == "✅ approved by wes"
    push(world, number)
    assert review_row(world, number) == "⏳ wes approved an earlier state: waiting for another look"
    say(world, number, "/approve")
    assert review_row(world, number) == "✅ approved by wes"


def test_an_approval_is_taken_back_by_who_gave_it_and_by_undo(world: World, number: int) -> None:
    say(world, number, "/approve")
    say(world, number, "/approve cancel")
    assert review_row(world, number).startswith("⏳")
    say(world, number, "/approve")
    say(world, number, "/usher undo")
    assert review_row(world, number).startswith("⏳")


def test_the_last_of_a_review_and_a_word_counts(world: World, number: int) -> None:
    wes = world.sandbox.as_user("wes")
    say(world, number, "/approve")
    world.let_pass(5)
    wes.review(REPO, number, "REQUEST_CHANGES", "Not yet.")
    settle(world)
    assert review_row(world, number).startswith("❌ wes asked for changes")
    world.let_pass(5)
    say(world, number, "/approve")
    assert review_row(world, number) == "✅ approved by wes"


def test_it_takes_write_rights_and_somebody_else_than_the_author(world: World, number: int) -> None:
    say(world, number, "/approve", by="tri")
    assert "takes write rights" in replies(world, number)
    own = world.open_pull("fix: mine", by="wes", branch="wes", files=CHANGE)
    settle(world)
    say(world, own, "/approve")
    assert "nobody reviews their own" in replies(world, own)
    for each in (number, own):
        assert review_row(world, each).startswith("⏳")


def test_an_approval_for_what_nobody_has_seen_does_not_count(world: World, number: int) -> None:
    world.comment(number, "/approve", by="wes")
    push(world, number)  # before the command is worked off
    assert review_row(world, number).startswith("⏳ waiting for 1 approval")
    said = "There were new commits, or another base branch, when your `/approve` came in, wes"
    assert said in replies(world, number)


def test_whoever_lost_the_right_meanwhile_does_not_approve(world: World, number: int) -> None:
    world.comment(number, "/approve\n/lgtm", by="wes")
    world.sandbox.faults.add("forbidden_with_retry_after", match="POST .*/labels", times=1, seconds=WAIT)
    world.run()
    world.sandbox.set_role(REPO, "wes", "read")
    world.let_pass(WAIT + 5)
    settle(world)
    assert world.labels(number) == []
    outcomes = [(step.status, step.detail) for plan in world.plans(number) for step in plan.steps]
    assert ("skipped", "/approve takes write rights, which are gone meanwhile") in outcomes


# LGTM


def test_a_push_takes_the_label_off(world: World, number: int) -> None:
    say(world, number, "/lgtm", by="tri")
    assert world.labels(number) == ["lgtm"]
    assert review_row(world, number).startswith("⏳")  # it is no approval
    push(world, number)
    assert world.labels(number) == []
    say(world, number, "/lgtm", by="tri")
    assert world.labels(number) == ["lgtm"]


def test_a_label_that_a_person_took_off_is_not_put_back(world: World, number: int) -> None:
    say(world, number, "/lgtm", by="tri")
    world.sandbox.as_user("maya").remove_label(REPO, number, "lgtm")
    settle(world)
    say(world, number, "/rescan")
    push(world, number)
    assert world.labels(number) == []


def test_a_label_that_a_person_put_on_stays(world: World, number: int) -> None:
    say(world, number, "/lgtm", by="tri")
    maya = world.sandbox.as_user("maya")
    maya.remove_label(REPO, number, "lgtm")
    maya.add_label(REPO, number, "lgtm")
    settle(world)
    push(world, number)
    assert world.labels(number) == ["lgtm"]


def test_the_label_goes_with_the_last_of_two_people(world: World, number: int) -> None:
    say(world, number, "/lgtm", by="tri")
    say(world, number, "/lgtm", by="wes")
    say(world, number, "/lgtm cancel", by="tri")
    assert world.labels(number) == ["lgtm"]
    say(world, number, "/lgtm cancel", by="wes")
    assert world.labels(number) == []


# Titles, people and drafts


def test_the_author_renames_their_pull_request_and_it_is_judged_anew(world: World) -> None:
    number = world.open_pull("WIP: fix: start", files=CHANGE)
    settle(world)
    assert "❌ | Title" in world.said(number)[0].body
    say(world, number, "/retitle fix: start", by="nia")
    assert world.issue(number).title == "fix: start"
    assert "✅ | Title" in world.said(number)[0].body
    say(world, number, "/usher undo")
    assert world.issue(number).title == "WIP: fix: start"


def test_the_author_says_that_a_draft_is_ready(world: World) -> None:
    number = world.open_pull("fix: start", files=CHANGE, draft=True)
    settle(world)
    say(world, number, "/ready", by="rea")
    assert pull(world, number).draft
    say(world, number, "/ready", by="nia")
    assert not pull(world, number).draft
    assert review_row(world, number) == "⏳ waiting for 1 approval by maintainers"


def test_people_are_assigned_and_take_themselves_off(world: World) -> None:
    number = world.open_issue("...")
    world.run()
    say(world, number, "/assign @rea, wes, nobody-here", by="tri")
    assert [user.login for user in world.issue(number).assignees] == ["rea", "wes"]
    assert "`nobody-here`" in replies(world, number)
    say(world, number, "/unassign", by="rea")
    assert [user.login for user in world.issue(number).assignees] == ["wes"]
    say(world, number, "/unassign wes", by="rea")
    assert [user.login for user in world.issue(number).assignees] == ["wes"]


def test_an_author_may_still_rename_after_a_wait(world: World) -> None:
    number = world.open_issue("...")
    world.run()
    world.comment(number, "/retitle Better", by="nia")
    world.sandbox.faults.add("forbidden_with_retry_after", match="PATCH .*", times=1, seconds=WAIT)
    world.run()
    world.let_pass(WAIT + 5)
    settle(world)
    assert world.issue(number).title == "Better"

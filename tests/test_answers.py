"""What people say in one comment is answered in one comment, below theirs."""

from collections.abc import Iterator

import pytest

from bot.store.database import Database
from tests.databases import shared_sqlite, sqlite_database
from tests.world import World, living

__all__ = ["shared_sqlite", "sqlite_database"]

CONFIG = "mode: act\ntriage: {enabled: false}\nwelcome: {enabled: false}\nflow: {enabled: false}\n"


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database, config=CONFIG) as world:
        world.run()
        yield world


def say(world: World, number: int, text: str, *, by: str = "maya") -> str:
    """Comment, let Usher work, and return what it has said on the thread."""
    asked = world.comment(number, text, by=by)
    world.run()
    said = world.said(number)
    assert all(comment.id > asked for comment in said)
    return "\n".join(comment.body for comment in said)


def test_each_of_several_forbidden_commands_is_answered_in_one_comment(world: World) -> None:
    number = world.open_pull()
    world.run()
    said = say(world, number, "/lgtm\n/approve\n/merge\n/hold", by="rea")
    assert len(world.said(number)) == 1
    for name, needed in {"lgtm": "triage", "approve": "write", "merge": "write", "hold": "triage"}.items():
        assert f"**`/{name}`**\n\nSorry, rea: `/{name}` takes {needed} rights" in said


def test_the_next_person_is_answered_below_their_own_comment(world: World) -> None:
    number = world.open_pull()
    world.run()
    say(world, number, "/merge", by="rea")
    assert "Sorry, tri: `/skip`" in say(world, number, "/skip docs later", by="tri")
    assert len(world.said(number)) == 1


def test_what_was_taken_beside_a_command_that_was_not_stays_true(world: World) -> None:
    number = world.open_pull()
    world.run()
    said = say(world, number, "/hold\n/merge fast")
    assert world.labels(number) == ["do-not-merge/hold"]
    assert "called `fast`" in said
    assert "Nothing was changed" not in said
    assert "This command changed nothing." in said


def test_who_cannot_be_assigned_is_said_together_with_the_rest(world: World) -> None:
    number = world.open_issue()
    world.run()
    said = say(world, number, "/assign wes nobody-here\n/retitle")
    assert "GitHub does not let `nobody-here` be assigned" in said
    assert "What shall it be called?" in said
    assert len(world.said(number)) == 1


def test_a_merge_that_cannot_be_asked_for_is_answered(world: World) -> None:
    number = world.open_pull()
    world.run()
    say(world, number, "/usher pause")
    assert "Usher is paused on this thread, so `/merge` was not taken" in say(world, number, "/merge")
    assert len(world.said(number)) == 1
    say(world, number, "/usher resume")
    world.push_config(CONFIG + "merge: {enabled: false}\n")
    world.run()
    assert "Merging is switched off here" in say(world, number, "/merge")
    world.comment(number, "/usher help")
    world.run()
    assert len(world.said(number)) == 2
    assert not any("| `/merge" in comment.body for comment in world.said(number))


def test_what_a_hold_is_for_is_kept(sqlite_database: Database) -> None:
    with living(sqlite_database, config=CONFIG.replace("flow: {enabled: false}\n", "")) as world:
        world.run()
        number = world.open_pull()
        world.run()
        world.comment(number, "/hold waiting for the release", by="tri")
        world.run()
        world.let_pass(5)
        world.run()
        checklist = "\n".join(said.body for said in world.said(number))
        assert "held by tri: waiting for the release" in checklist

"""`/usher undo` at a real server: it takes back what was done, and gives nobody rights of others."""

from collections.abc import Iterator

import pytest

from bot.store.database import Database
from tests.databases import shared_sqlite, sqlite_database
from tests.test_merging import CONFIG, FREE, approve, is_merged, opened, say
from tests.world import BOT, REPO, World, living

__all__ = ["shared_sqlite", "sqlite_database"]


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database, config=CONFIG) as world:
        world.run()
        yield world


def test_a_merge_that_was_taken_back_is_for_its_asker_to_ask_again(world: World) -> None:
    number = opened(world)
    say(world, number, "/merge")
    say(world, number, "/merge cancel")
    approve(world, number)
    say(world, number, "/usher undo", by="tri")
    assert not is_merged(world, number)
    assert "`merge: taken back` stays" in world.said(number)[-1].body
    say(world, number, "/merge")
    assert is_merged(world, number)


def test_and_so_is_an_approval(world: World) -> None:
    number = opened(world)
    say(world, number, "/approve")
    say(world, number, "/approve cancel")
    say(world, number, "/merge", by="wes")
    for _each in range(3):
        say(world, number, "/usher undo", by="tri")
    assert "approved by maya" not in world.said(number)[0].body


def test_with_triage_rights_a_merge_is_called_off(world: World) -> None:
    number = opened(world)
    say(world, number, "/merge")
    say(world, number, "/usher undo", by="tri")
    approve(world, number)
    assert not is_merged(world, number)


def test_the_issue_for_documentation_is_closed(sqlite_database: Database) -> None:
    config = CONFIG.replace("docs: {enabled: false}", "docs: {public: ['src/**']}") + FREE
    with living(sqlite_database, config=config) as world:
        world.run()
        number = opened(world)
        say(world, number, "/skip docs later")
        world.sandbox.as_user("maya").merge(REPO, number)
        world.run()
        (issue,) = [i for i in world.sandbox.repo(REPO).issues.values() if i.user.login == BOT]
        assert issue.state == "open"
        say(world, number, "/usher undo")
        assert (issue.state, issue.state_reason) == ("closed", "not_planned")
        assert f"`issue: docs-follow-up {number}`" in world.said(number)[-1].body

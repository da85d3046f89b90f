"""The draft of the next release at a real server: from the first merge to its publication."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.events import Repository
from bot.sandbox.things import Release
from bot.store.database import Database
from tests.databases import shared_sqlite, sqlite_database
from tests.world import REPO, World, living

__all__ = ["shared_sqlite", "sqlite_database"]

CONFIG = """
mode: act
welcome: {enabled: false}
review_sheet: {enabled: false}
review: {enabled: false}
testing: {enabled: false}
documentation: {enabled: false}
linked_issue: {enabled: false}
release:
  categories:
    - {title: Features, labels: [enhancement], semver_increment: minor}
    - {title: Fixes, labels: [bug]}
"""


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database, config=CONFIG) as world:
        maya = world.sandbox.as_user("maya")
        maya.merge(REPO, world.open_pull("Begin", by="wes", branch="begin"))
        world.let_pass(60)
        maya.release(REPO, "v1.1.0", "The first")
        world.let_pass(60)
        world.drop_mail()
        yield world


def settle(world: World) -> None:
    """Work off what came, and the looks that were put off for some seconds."""
    world.run()
    world.let_pass(5)
    world.run()


def merge(world: World, title: str, *labels: str, by: str = "wes", **more: Any) -> int:
    """Open a pull request, label it and merge it. Returns its number."""
    number = world.open_pull(title, by=by, **{"files": {f"{abs(hash(title))}.txt": title}, **more})
    maya = world.sandbox.as_user("maya")
    if labels:
        maya.add_label(REPO, number, *labels)
    maya.merge(REPO, number)
    world.let_pass(1)
    return number


def releases(world: World) -> list[Release]:
    return list(world.sandbox.repo(REPO).releases.values())


def draft(world: World) -> Release:
    (found,) = [release for release in releases(world) if release.draft]
    return found


def notes(release: Release) -> str:
    """What people see of the notes."""
    return re.sub(r"<!--.*?-->", "", release.body or "", flags=re.DOTALL).strip()


def publish(world: World) -> None:
    path = f"/repos/{REPO}/releases/{draft(world).id}"
    world.sandbox.as_user("maya").request("PATCH", path, {"draft": False})


def look(world: World, number: int) -> None:
    where = Repository(world.repository_id, REPO, world.installation.id)
    world.processor.follower.look_again(where, number)


def checklist(world: World, number: int) -> str:
    (comment,) = world.said(number)
    return comment.body


def test_from_the_first_merge_to_the_release(world: World) -> None:
    dark = merge(world, "Add a dark mode", "enhancement", by="nia")
    settle(world)
    assert (draft(world).tag, draft(world).target) == ("v1.2.0", "main")
    assert f"## Features\n\n* Add a dark mode (#{dark}) @nia" in notes(draft(world))
    assert f"Thank you to @nia (#{dark}) for a first contribution!" in notes(draft(world))
    assert "in the draft of v1.2.0" in checklist(world, dark)

    cache = merge(world, "Cache it", "bug")
    settle(world)
    assert f"## Fixes\n\n* Cache it (#{cache}) @wes" in notes(draft(world))
    assert "Thank you to @nia" in notes(draft(world))
    assert "@wes (" not in notes(draft(world))

    back = merge(world, 'Revert "Cache it"', body=f"Reverts {REPO}#{cache}")
    settle(world)
    assert "Cache it" not in notes(draft(world))
    assert "cancel each other out" in checklist(world, back)
    assert len(releases(world)) == 2

    written = len(world.writes("/releases"))
    world.sandbox.as_user("maya").comment(REPO, dark, "Thanks!")
    for number in (dark, cache, back):
        look(world, number)
    settle(world)
    assert len(world.writes("/releases")) == written

    publish(world)
    settle(world)
    assert "released in v1.2.0" in checklist(world, dark)
    assert "Merged and released" in checklist(world, dark)
    assert [release.draft for release in releases(world)] == [False, False]
    assert len(world.writes("/releases")) == written

"""The draft of the next release at a real server: from the first merge to its publication."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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
tests: {enabled: false}
docs: {enabled: false}
linked_issue: {enabled: false}
post_merge: {enabled: false}
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
    assert "released in [v1.2.0](http" in checklist(world, dark)
    assert "Merged and released" in checklist(world, dark)
    assert [release.draft for release in releases(world)] == [False, False]
    assert len(world.writes("/releases")) == written


def test_maintainers_keep_their_own_words_and_their_own_version(world: World) -> None:
    merge(world, "One")
    settle(world)
    kept = draft(world)
    words = f"Dear all,\n\n{kept.body}\n\nSee you at the fair."
    changes = {"body": words, "tag_name": "v2.0.0", "name": "The big one"}
    world.sandbox.as_user("maya").request("PATCH", f"/repos/{REPO}/releases/{kept.id}", changes)
    two = merge(world, "Two")
    settle(world)
    assert (draft(world).id, draft(world).tag, draft(world).name) == (kept.id, "v2.0.0", "The big one")
    assert notes(draft(world)).startswith("Dear all,")
    assert notes(draft(world)).endswith("See you at the fair.")
    assert "* Two (#" in notes(draft(world))
    assert "in the draft of v2.0.0" in checklist(world, two)


def test_a_label_that_is_put_on_later_counts(world: World) -> None:
    number = merge(world, "One")
    settle(world)
    assert draft(world).tag == "v1.1.1"
    world.sandbox.as_user("maya").add_label(REPO, number, "enhancement")
    settle(world)
    assert draft(world).tag == "v1.2.0"


def test_after_a_release_the_next_merge_begins_a_new_draft(world: World) -> None:
    merge(world, "One")
    settle(world)
    publish(world)
    world.let_pass(60)
    settle(world)
    two = merge(world, "Two")
    settle(world)
    assert (draft(world).tag, "One" in notes(draft(world))) == ("v1.1.2", False)
    assert f"(#{two})" in notes(draft(world))


def test_what_was_merged_before_the_first_draft_is_told_of_its_release(sqlite_database: Database) -> None:
    with living(sqlite_database, config=CONFIG[: CONFIG.index("release:")]) as world:
        world.run()
        number = world.open_pull("fix: start", by="nia", files={"a.txt": "a"})
        settle(world)
        world.sandbox.as_user("maya").merge(REPO, number)
        settle(world)

        def checklist() -> str:
            return next((each.body for each in world.said(number) if "Merged" in each.body), "")

        assert checklist().startswith("**Merged, thank you**")
        assert "| Release |" not in checklist()
        world.sandbox.as_user("maya").release(REPO, "v1.0.0", "The first")
        settle(world)
        assert checklist().startswith("**Merged and released, thank you**")
        assert "released in" in checklist()


def test_a_project_without_releases_is_left_alone(sqlite_database: Database) -> None:
    with living(sqlite_database, config=CONFIG.split("release:", maxsplit=1)[0]) as world:
        number = merge(world, "One")
        settle(world)
        assert releases(world) == []
        assert "Release" not in checklist(world, number)


# Several merges at once


def merged_at_once(world: World, *titles: str) -> list[int]:
    """Merge pull requests that have been looked at before; nothing is worked on yet. Returns deliveries."""
    numbers = [
        world.open_pull(title, by="wes", branch=title, files={f"{title}.txt": title}) for title in titles
    ]
    settle(world)
    for number in numbers:
        world.sandbox.as_user("maya").merge(REPO, number)
    world.receive()
    return [item.id for item in world.route() if item.state == "queued"]


def of_merges(world: World, ids: list[int]) -> list[int]:
    """Those of the deliveries that say that a pull request was merged."""
    found = [(world.inbox.get(id_, body=False), id_) for id_ in ids]
    return [id_ for each, id_ in found if each and (each.event, each.action) == ("pull_request", "closed")]


@pytest.mark.parametrize("first", [0, 1])
def test_what_was_decided_before_another_wrote_does_not_write_over_it(world: World, first: int) -> None:
    ids = merged_at_once(world, "One", "Two")
    early, late = of_merges(world, ids)[:: 1 if first == 0 else -1]
    apply, waiting = world.executor.apply, [late]

    def apply_behind_another(*what: Any) -> None:
        while waiting:  # the first has decided, and now the other comes in between
            world.processor.run(waiting.pop())
        apply(*what)

    world.executor.apply = apply_behind_another  # type: ignore[method-assign,assignment]
    world.processor.run(early)
    world.executor.apply = apply  # type: ignore[method-assign]
    for id_ in ids:
        world.processor.run(id_)
    settle(world)
    assert "* One (#" in notes(draft(world))
    assert "* Two (#" in notes(draft(world))


def test_facts_that_were_obtained_before_another_wrote_do_not_write_over_it(world: World) -> None:
    """The first looks, then the other one is merged and written, and only then the first goes on."""
    one, two = (
        world.open_pull(title, by="wes", branch=title, files={f"{title}.txt": title})
        for title in ("One", "Two")
    )
    settle(world)
    maya = world.sandbox.as_user("maya")
    maya.merge(REPO, one)
    world.receive()
    ids = [item.id for item in world.route() if item.state == "queued"]
    apply = world.executor.apply
    held: list[tuple[Any, ...]] = []
    world.executor.apply = lambda *what: held.append(what)  # type: ignore[method-assign]
    for id_ in ids:
        world.processor.run(id_)
    world.executor.apply = apply  # type: ignore[method-assign]
    maya.merge(REPO, two)
    world.run()
    assert "* Two (#" in notes(draft(world))
    for what in held:
        apply(*what)
    assert "* Two (#" in notes(draft(world))
    settle(world)
    assert "* One (#" in notes(draft(world))
    assert "* Two (#" in notes(draft(world))


def test_many_at_once_make_one_draft_with_all_of_them(world: World) -> None:
    titles = ["One", "Two", "Three", "Four"]
    ids = merged_at_once(world, *titles)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(world.processor.run, ids))
    for _round in range(4):
        settle(world)
    assert [title for title in titles if f"* {title} (#" not in notes(draft(world))] == []
    assert {delivery.state for delivery in world.deliveries()} <= {"done", "ignored", "duplicate"}

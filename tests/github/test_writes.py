"""What Usher does at GitHub, each in one request."""

import pytest

from bot.core.errors import RetryLater
from bot.github import writes
from bot.github.answers import Missing, Refused
from tests.world import BOT, REPO, World

NAMES = ("area: ui", "kind/bug", "C++", "100%", "a?b#c", "日本語", "good first issue", ".", "..", "a\\b")


def test_labels_are_put_on_beside_those_that_are_there(world: World) -> None:
    number = world.open_issue(by="maya", labels=["question"])
    writes.add_labels(world.client, number, ("bug", "question"))
    assert world.labels(number) == ["question", "bug"]
    [write] = world.writes()
    assert (write.actor, write.body) == (BOT, {"labels": ["bug", "question"]})


@pytest.mark.parametrize("name", NAMES)
def test_a_label_of_any_name_is_put_on_and_taken_off(world: World, name: str) -> None:
    world.sandbox.store.add_label(world.sandbox.repo(REPO), name, "ededed")
    number = world.open_issue(by="maya", labels=["bug"])
    writes.add_labels(world.client, number, (name,))
    assert world.labels(number) == ["bug", name]
    assert writes.remove_label(world.client, number, name)
    assert world.labels(number) == ["bug"]


def test_a_label_that_is_not_there_is_not_taken_off(world: World) -> None:
    number = world.open_issue()
    assert not writes.remove_label(world.client, number, "bug")
    assert not writes.remove_label(world.client, number, "no such label")
    assert world.writes() == []


def test_a_comment_is_written_replaced_and_deleted(world: World) -> None:
    number = world.open_issue()
    comment = writes.create_comment(world.client, number, "hello `@maya`\n<!-- é 日本 🎉 -->")
    assert [(each.id, each.body) for each in world.said(number)] == [
        (comment, "hello `@maya`\n<!-- é 日本 🎉 -->")
    ]
    assert writes.edit_comment(world.client, comment, "goodbye")
    assert [each.body for each in world.said(number)] == ["goodbye"]
    assert writes.delete_comment(world.client, comment)
    assert world.said(number) == []


def test_a_comment_that_is_gone_is_neither_replaced_nor_deleted(world: World) -> None:
    number = world.open_issue()
    comment = writes.create_comment(world.client, number, "hello")
    world.sandbox.as_user("maya").delete_comment(REPO, comment)
    assert not writes.edit_comment(world.client, comment, "goodbye")
    assert not writes.delete_comment(world.client, comment)


def test_a_thread_that_is_not_there_cannot_be_written_to(world: World) -> None:
    with pytest.raises(Missing):
        writes.add_labels(world.client, 99, ("bug",))
    with pytest.raises(Missing):
        writes.create_comment(world.client, 99, "hello")


def test_what_github_refuses_is_refused(world: World) -> None:
    number = world.open_issue()
    with pytest.raises(Refused, match="too long"):
        writes.add_labels(world.client, number, ("x" * 51,))
    with pytest.raises(Refused, match="too long"):
        writes.create_comment(world.client, number, "x" * 65_537)
    assert world.writes() == []


@pytest.mark.parametrize("match", ["POST .*/labels", "POST .*/comments", "PATCH", "DELETE"])
def test_each_write_is_one_request_even_if_its_answer_is_lost(world: World, match: str) -> None:
    number = world.open_issue()
    comment = writes.create_comment(world.client, number, "hello")
    writes.add_labels(world.client, number, ("bug",))
    sent = len(world.requests())
    world.sandbox.faults.add("bad_gateway", match=match, after=True)
    with pytest.raises(RetryLater):
        {
            "POST .*/labels": lambda: writes.add_labels(world.client, number, ("question",)),
            "POST .*/comments": lambda: writes.create_comment(world.client, number, "again"),
            "PATCH": lambda: writes.edit_comment(world.client, comment, "changed"),
            "DELETE": lambda: writes.remove_label(world.client, number, "bug"),
        }[match]()
    assert len(world.requests()) == sent + 1


def test_a_release_is_made_changed_and_deleted(world: World) -> None:
    client = world.client.for_contents
    fields = {"tag_name": "v1.0.0", "name": "One", "body": "* é 日本", "draft": True, "make_latest": "true"}
    made = writes.create_release(client, fields)
    assert writes.edit_release(client, made, {"name": "Two"})
    release = world.sandbox.repo(REPO).releases[made]
    assert (release.tag, release.name, release.body, release.draft) == ("v1.0.0", "Two", "* é 日本", True)
    assert writes.delete_release(client, made)
    assert world.sandbox.repo(REPO).releases == {}
    assert not writes.edit_release(client, made, {"name": "Two"})
    assert not writes.delete_release(client, made)


def test_who_cannot_be_assigned_is_not_in_the_answer(world: World) -> None:
    number = world.open_issue()
    assert writes.assign(world.client, number, ("Wes", "nobody-here"), assigned=True) == {"wes"}
    assert writes.assign(world.client, number, ("wes",), assigned=False) == frozenset()


def test_a_pull_request_becomes_ready_and_a_draft_again(world: World) -> None:
    number = world.open_pull(draft=True)
    node = world.client.get(f"/pulls/{number}")[0]["node_id"]
    for draft in (False, True):
        writes.set_draft(world.client.for_contents, node, draft=draft)
        assert world.client.get(f"/pulls/{number}")[0]["draft"] is draft

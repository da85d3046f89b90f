"""Issues, their labels, comments and history."""

from typing import Any

import pytest

from tests.sandbox.world import REPO, Client, World


@pytest.fixture
def number(lee: Client) -> int:
    return int(lee.write("POST", REPO + "/issues", title="It crashes", body="Traceback")["number"])


def names(labels: list[dict[str, Any]]) -> list[str]:
    return [label["name"] for label in labels]


def test_an_issue_as_it_was_opened(lee: Client, number: int) -> None:
    issue = lee.read(f"{REPO}/issues/{number}")
    assert (issue["title"], issue["body"], issue["state"]) == ("It crashes", "Traceback", "open")
    assert issue["user"]["login"] == "lee"
    assert issue["author_association"] == "NONE"
    assert issue["performed_via_github_app"] is None
    assert "pull_request" not in issue


def test_what_an_app_writes_is_its_bots(bot: Client, number: int) -> None:
    comment = bot.write("POST", f"{REPO}/issues/{number}/comments", body="Hello")
    assert (comment["user"]["login"], comment["user"]["type"]) == ("usher[bot]", "Bot")
    assert comment["performed_via_github_app"]["slug"] == "usher"


def test_labels_of_an_outsider_are_dropped_without_a_word(lee: Client, maya: Client) -> None:
    wanted: dict[str, Any] = {"title": "x", "labels": ["bug"], "assignees": ["wes"]}
    assert lee.write("POST", REPO + "/issues", **wanted)["labels"] == []
    opened = maya.write("POST", REPO + "/issues", **wanted)
    assert names(opened["labels"]) == ["bug"]
    assert opened["assignee"]["login"] == "wes"


def test_adding_a_label_twice_changes_nothing(world: World, bot: Client, number: int) -> None:
    url = f"{REPO}/issues/{number}/labels"
    assert names(bot.write("POST", url, labels=["bug"])) == ["bug"]
    assert names(bot.write("POST", url, labels=["BUG", "question"])) == ["bug", "question"]
    assert names(bot.write("POST", url, labels=["bug"])) == ["bug", "question"]
    assert [write.changed for write in world.sandbox.writes[-3:]] == [True, True, False]


def test_a_bare_list_of_labels_is_taken_too(bot: Client, number: int) -> None:
    assert names(bot.post(f"{REPO}/issues/{number}/labels", json=["bug"]).json()) == ["bug"]


def test_a_new_label_is_made_by_those_who_may(world: World, bot: Client, number: int) -> None:
    url = f"{REPO}/issues/{number}/labels"
    assert world.person("tri").post(url, json={"labels": ["new"]}).status_code == 403
    bot.write("POST", url, labels=["new"])
    assert bot.read(REPO + "/labels/new")["color"] == "ededed"


def test_labels_are_set_removed_and_cleared(bot: Client, number: int) -> None:
    url = f"{REPO}/issues/{number}/labels"
    bot.write("PUT", url, labels=["bug", "help wanted"])
    assert names(bot.write("DELETE", url + "/help%20wanted")) == ["bug"]
    missing = bot.delete(url + "/question")
    assert (missing.status_code, missing.json()["message"]) == (404, "Label does not exist")
    assert names(bot.write("PUT", url, labels=["question"])) == ["question"]
    assert bot.delete(url).status_code == 204
    assert bot.read(url) == []


def test_a_label_name_may_hold_a_slash(bot: Client, number: int) -> None:
    bot.write("POST", REPO + "/labels", name="kind/bug", color="ff0000")
    bot.write("POST", f"{REPO}/issues/{number}/labels", labels=["kind/bug"])
    bot.write("DELETE", f"{REPO}/issues/{number}/labels/kind%2Fbug")
    assert bot.read(f"{REPO}/issues/{number}/labels") == []


def test_limits_of_labels(bot: Client, number: int) -> None:
    url = f"{REPO}/issues/{number}/labels"
    too_long = bot.post(url, json={"labels": ["x" * 51]})
    assert (too_long.status_code, too_long.json()["errors"][0]["resource"]) == (422, "Label")
    assert bot.post(url, json={"labels": ["x" * 50]}).is_success
    for start in (0, 50):
        bot.write("POST", url, labels=[f"label {n}" for n in range(start, start + 49 + start // 50)])
    assert len(bot.read(url, per_page=100)) == 100
    assert bot.post(url, json={"labels": ["one more"]}).status_code == 422


def test_labels_of_a_repository(bot: Client, maya: Client, number: int) -> None:
    assert "good first issue" in names(bot.read(REPO + "/labels"))
    made = bot.write("POST", REPO + "/labels", name="area: io", color="#FF0000", description="Files")
    assert (made["color"], made["default"]) == ("ff0000", False)
    again = bot.post(REPO + "/labels", json={"name": "Area: IO", "color": "00ff00"})
    assert again.json()["errors"][0]["code"] == "already_exists"
    bot.write("POST", f"{REPO}/issues/{number}/labels", labels=["area: io"])
    bot.write("PATCH", REPO + "/labels/area:%20io", new_name="area: files", color="0000ff")
    assert names(maya.read(f"{REPO}/issues/{number}/labels")) == ["area: files"]
    assert maya.delete(REPO + "/labels/area:%20files").status_code == 204
    assert maya.read(f"{REPO}/issues/{number}/labels") == []
    assert maya.post(REPO + "/labels", json={"name": "x", "color": "red"}).status_code == 422


def test_comments_are_written_edited_and_deleted(bot: Client, number: int) -> None:
    url = f"{REPO}/issues/{number}/comments"
    made = bot.write("POST", url, body="one")
    comment = f"{REPO}/issues/comments/{made['id']}"
    assert bot.write("PATCH", comment, body="two")["body"] == "two"
    assert [one["body"] for one in bot.read(url)] == ["two"]
    assert bot.read(f"{REPO}/issues/{number}")["comments"] == 1
    assert bot.delete(comment).status_code == 204
    assert bot.get(comment).status_code == 404


def test_a_comment_is_changed_by_its_author_or_by_someone_who_writes(
    world: World, lee: Client, number: int
) -> None:
    made = lee.write("POST", f"{REPO}/issues/{number}/comments", body="mine")
    url = f"{REPO}/issues/comments/{made['id']}"
    assert world.person("tri").patch(url, json={"body": "x"}).status_code == 403
    assert world.person("wes").patch(url, json={"body": "x"}).is_success
    assert lee.delete(url).status_code == 204


def test_a_comment_has_65536_characters_at_most(bot: Client, number: int) -> None:
    url = f"{REPO}/issues/{number}/comments"
    assert bot.post(url, json={"body": "é" * 65_536}).status_code == 201
    assert bot.post(url, json={"body": "é" * 65_537}).status_code == 422
    assert bot.post(url, json={"body": "   "}).status_code == 422


def test_a_locked_thread_is_closed_to_outsiders(lee: Client, maya: Client, number: int) -> None:
    assert lee.put(f"{REPO}/issues/{number}/lock").status_code == 403
    assert maya.put(f"{REPO}/issues/{number}/lock", json={"lock_reason": "too heated"}).status_code == 204
    assert lee.post(f"{REPO}/issues/{number}/comments", json={"body": "x"}).status_code == 403
    assert maya.read(f"{REPO}/issues/{number}")["active_lock_reason"] == "too heated"
    assert maya.delete(f"{REPO}/issues/{number}/lock").status_code == 204
    assert lee.post(f"{REPO}/issues/{number}/comments", json={"body": "x"}).is_success


def test_an_issue_is_edited_closed_and_reopened(lee: Client, maya: Client, number: int) -> None:
    url = f"{REPO}/issues/{number}"
    assert lee.write("PATCH", url, title="It still crashes")["title"] == "It still crashes"
    closed = maya.write("PATCH", url, state="closed", state_reason="not_planned")
    assert (closed["state_reason"], closed["closed_by"]["login"]) == ("not_planned", "maya")
    opened = maya.write("PATCH", url, state="open")
    assert (opened["state"], opened["closed_at"], opened["state_reason"]) == ("open", None, "reopened")
    assert maya.patch(url, json={"state": "elsewhere"}).status_code == 422
    assert maya.patch(url, json={"title": 7}).status_code == 422
    assert lee.patch(f"{REPO}/issues/999", json={}).status_code == 404


def test_history_tells_who_did_what(bot: Client, maya: Client, number: int) -> None:
    url = f"{REPO}/issues/{number}"
    bot.write("POST", url + "/labels", labels=["bug"])
    maya.write("DELETE", url + "/labels/bug")
    maya.write("POST", url + "/comments", body="no")
    maya.write("PATCH", url, title="Other", state="closed")
    told = [(one["event"], one["actor"]["login"]) for one in maya.read(url + "/timeline")]
    assert told == [
        ("labeled", "usher[bot]"),
        ("unlabeled", "maya"),
        ("commented", "maya"),
        ("renamed", "maya"),
        ("closed", "maya"),
    ]
    events = maya.read(url + "/events")
    assert events[0]["label"]["name"] == "bug"
    assert events[0]["performed_via_github_app"]["slug"] == "usher"
    assert events[2]["rename"] == {"from": "It crashes", "to": "Other"}
    newest = maya.read(REPO + "/issues/events")[0]
    assert (newest["event"], newest["issue"]["number"]) == ("closed", number)
    assert maya.read(f"{REPO}/issues/events/{newest['id']}")["event"] == "closed"


def test_assignees(maya: Client, number: int) -> None:
    url = f"{REPO}/issues/{number}/assignees"
    both = maya.write("POST", url, assignees=["wes", "tri", "nobody"])
    assert [one["login"] for one in both["assignees"]] == ["wes", "tri"]
    left = maya.request("DELETE", url, json={"assignees": ["wes"]}).json()
    assert [one["login"] for one in left["assignees"]] == ["tri"]
    assert {one["login"] for one in maya.read(REPO + "/assignees")} == {"maya", "wes", "tri"}


def test_one_reaction_of_a_kind_for_each_person(lee: Client, maya: Client, number: int) -> None:
    url = f"{REPO}/issues/{number}/reactions"
    assert lee.post(url, json={"content": "+1"}).status_code == 201
    assert lee.post(url, json={"content": "+1"}).status_code == 200
    maya.write("POST", url, content="heart")
    assert lee.post(url, json={"content": "meh"}).status_code == 422
    assert maya.read(f"{REPO}/issues/{number}")["reactions"]["total_count"] == 2
    [mine] = lee.read(url, content="+1")
    assert lee.delete(f"{url}/{mine['id']}").status_code == 204
    comment = lee.write("POST", f"{REPO}/issues/{number}/comments", body="x")["id"]
    url = f"{REPO}/issues/comments/{comment}/reactions"
    eyes = maya.write("POST", url, content="eyes")
    assert len(maya.read(url)) == 1
    assert maya.delete(f"{url}/{eyes['id']}").status_code == 204


def test_lists_are_filtered_and_sorted(world: World, maya: Client) -> None:
    lee = world.sandbox.as_user("lee")
    for title, day in (("first", 0), ("second", 1), ("third", 1)):
        world.sandbox.clock.advance(day * 86_400)
        lee.open_issue("octo/engine", title)
    world.sandbox.as_user("maya").add_label("octo/engine", 1, "bug")
    lee.close("octo/engine", 2)

    def titles(**query: Any) -> list[str]:
        return [one["title"] for one in maya.read(REPO + "/issues", **query)]

    assert titles() == ["third", "first"]
    assert titles(state="all", direction="asc") == ["first", "second", "third"]
    assert titles(state="closed") == ["second"]
    assert titles(labels="BUG") == ["first"]
    assert titles(creator="nobody") == []
    assert titles(sort="updated", state="all") == ["second", "first", "third"]
    since = maya.read(f"{REPO}/issues/2")["updated_at"]
    assert set(titles(state="all", since=since)) == {"first", "second", "third"}
    world.sandbox.clock.advance(60)
    lee.comment("octo/engine", 3, "ping")
    since = maya.read(f"{REPO}/issues/3")["updated_at"]
    assert titles(since=since) == ["third"]
    assert [one["body"] for one in maya.read(REPO + "/issues/comments", since=since)] == ["ping"]


def test_milestones(maya: Client, number: int) -> None:
    milestone = maya.write("POST", REPO + "/milestones", title="v1", due_on="2030-01-01T00:00:00Z")
    maya.write("PATCH", f"{REPO}/issues/{number}", milestone=milestone["number"])
    assert maya.read(f"{REPO}/milestones/1")["open_issues"] == 1
    assert len(maya.read(REPO + "/issues", milestone="1")) == 1
    assert maya.read(REPO + "/issues", milestone="none") == []
    assert maya.write("PATCH", f"{REPO}/milestones/1", state="closed")["closed_at"] is not None
    assert maya.read(REPO + "/milestones") == []


def test_a_refused_request_changes_nothing_at_all(world: World, maya: Client, number: int) -> None:
    url = f"{REPO}/issues/{number}"
    before, told = maya.read(url), world.settle().names()
    for wrong in ({"labels": ["x" * 51]}, {"state": "odd"}, {"milestone": 9}, {"state_reason": "odd"}):
        assert maya.patch(url, json={"title": "New", "labels": ["bug"], **wrong}).status_code == 422
        assert maya.post(REPO + "/issues", json={"title": "x", "labels": ["y" * 51]}).status_code == 422
    both = {"labels": ["bug", "unheard of"]}
    assert world.person("tri").post(url + "/labels", json=both).status_code == 403
    assert maya.read(url) == before
    assert len(maya.read(REPO + "/issues")) == 1
    assert world.settle().names() == told


def test_what_is_not_json_is_refused(maya: Client) -> None:
    broken = maya.post(REPO + "/issues", content=b"{")
    assert (broken.status_code, broken.json()["message"]) == (400, "Problems parsing JSON")
    assert maya.post(REPO + "/issues", content=b"[" * 100_000).status_code == 400
    assert maya.post(REPO + "/issues", json=[1]).status_code == 400
    assert maya.get(REPO + "/issues", params={"since": "yesterday"}).status_code == 422
    odd = maya.post(REPO + "/issues", content=rb'{"title": "a\ud800b"}')
    assert odd.json()["title"] == "a?b", "half a surrogate pair has no place in UTF-8"

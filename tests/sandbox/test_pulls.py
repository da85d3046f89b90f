"""Pull requests, reviews, checks, statuses and releases."""

from typing import Any

import pytest

from tests.sandbox.world import REPO, Client, World


@pytest.fixture
def number(world: World) -> int:
    """A pull request of an outsider, from their fork."""
    changes = {"src/app.py": "one\n2\nthree\nfour\n", "docs/guide.md": "Read me\n"}
    return int(world.sandbox.as_user("lee").open_pull("octo/engine", "feat: count", "", changes)["number"])


def test_a_pull_request_of_an_outsider_comes_from_a_fork(bot: Client, number: int) -> None:
    pull = bot.read(f"{REPO}/pulls/{number}")
    assert pull["head"]["label"].startswith("lee:")
    assert (pull["head"]["repo"]["full_name"], pull["base"]["repo"]["full_name"]) == (
        "lee/engine",
        "octo/engine",
    )
    assert (pull["changed_files"], pull["additions"], pull["deletions"], pull["commits"]) == (2, 3, 1, 1)
    assert (pull["mergeable"], pull["merged"], pull["draft"]) == (True, False, False)


def test_a_pull_request_is_an_issue_too(bot: Client, number: int) -> None:
    issue = bot.read(f"{REPO}/issues/{number}")
    assert issue["pull_request"]["url"].endswith(f"/pulls/{number}")
    bot.write("POST", f"{REPO}/issues/{number}/labels", labels=["bug"])
    assert [one["name"] for one in bot.read(f"{REPO}/pulls/{number}")["labels"]] == ["bug"]
    assert bot.get(f"{REPO}/pulls/999").status_code == 404


def test_files_come_with_their_patch(bot: Client, number: int) -> None:
    guide, app = bot.read(f"{REPO}/pulls/{number}/files")
    assert (guide["filename"], guide["status"], guide["patch"]) == (
        "docs/guide.md",
        "added",
        "@@ -0,0 +1 @@\n+Read me",
    )
    assert (app["additions"], app["deletions"]) == (2, 1)
    assert "-two\n+2\n" in app["patch"]
    [commit] = bot.read(f"{REPO}/pulls/{number}/commits")
    assert commit["author"]["login"] == "lee"


def test_pushing_moves_the_head_and_a_moved_file_is_a_rename(world: World, bot: Client, number: int) -> None:
    lee = world.sandbox.as_user("lee")
    sha = lee.push_to_pull("octo/engine", number, {"docs/guide.md": None, "guide.md": "Read me\n"})
    assert bot.read(f"{REPO}/pulls/{number}")["head"]["sha"] == sha
    lee.push_to_pull("octo/engine", number, {"README.md": None, "START.md": "# Engine\n", "logo": b"\0\1"})
    files = {one["filename"]: one for one in bot.read(f"{REPO}/pulls/{number}/files")}
    assert (files["START.md"]["status"], files["START.md"]["previous_filename"]) == ("renamed", "README.md")
    assert "patch" not in files["logo"], "a binary file has none"
    assert len(bot.read(f"{REPO}/pulls/{number}/commits")) == 3


def test_pull_requests_are_opened_over_the_api(world: World) -> None:
    wes, client = world.sandbox.as_user("wes"), world.person("wes")
    wes.push("octo/engine", {"new.txt": "x"}, branch="topic")
    asked: dict[str, Any] = {"title": "Topic", "head": "topic", "base": "main", "draft": True}
    assert client.post(REPO + "/pulls", json=asked | {"head": "nowhere"}).status_code == 422
    assert client.post(REPO + "/pulls", json=asked | {"base": "nowhere"}).status_code == 422
    made = client.write("POST", REPO + "/pulls", **asked)
    assert (made["draft"], made["mergeable_state"]) == (True, "draft")
    again = client.post(REPO + "/pulls", json=asked)
    assert "already exists" in again.json()["errors"][0]["message"]
    nothing = client.post(REPO + "/pulls", json=asked | {"head": "main"})
    assert "No commits between" in nothing.json()["errors"][0]["message"]
    assert not wes.ready("octo/engine", made["number"])["draft"]
    assert wes.draft("octo/engine", made["number"])["draft"]


def test_lists_of_pull_requests(bot: Client, maya: Client, number: int) -> None:
    def numbers(**query: Any) -> list[int]:
        return [one["number"] for one in bot.read(REPO + "/pulls", **query)]

    assert numbers() == numbers(base="main") == [number]
    assert numbers(base="other") == numbers(head="maya:other") == []
    maya.write("PATCH", f"{REPO}/pulls/{number}", state="closed")
    assert numbers() == []
    assert numbers(state="all", sort="updated", direction="desc") == [number]


def test_a_merge_brings_the_changes_to_the_base(world: World, bot: Client, maya: Client, number: int) -> None:
    url = f"{REPO}/pulls/{number}/merge"
    assert bot.put(url).status_code == 403, "merging needs contents: write"
    assert maya.get(url).status_code == 404
    assert maya.put(url, json={"sha": "0" * 40}).status_code == 409
    merged = maya.write("PUT", url, merge_method="squash")
    assert maya.get(url).status_code == 204
    pull = maya.read(f"{REPO}/pulls/{number}")
    assert (pull["state"], pull["merged"], pull["merged_by"]["login"]) == ("closed", True, "maya")
    assert pull["merge_commit_sha"] == merged["sha"]
    assert maya.get(REPO + "/contents/docs/guide.md").status_code == 200
    assert maya.put(url).status_code == 405
    assert maya.patch(f"{REPO}/issues/{number}", json={"state": "open"}).status_code == 422
    opened = world.sandbox.as_user("lee").open_issue("octo/engine", "Thanks")
    assert opened["author_association"] == "CONTRIBUTOR"


def test_a_merge_closes_what_the_description_says(world: World, maya: Client) -> None:
    lee = world.sandbox.as_user("lee")
    lee.open_issue("octo/engine", "It crashes")
    lee.open_issue("octo/engine", "Something else")
    lee.open_pull("octo/engine", "fix: x", "Fixes #1, see #2, fixes #99 and resolves #3.")
    world.sandbox.as_user("maya").merge("octo/engine", 3)
    assert [one["number"] for one in maya.read(REPO + "/issues")] == [2]


def test_what_conflicts_cannot_be_merged(world: World, maya: Client, number: int) -> None:
    world.sandbox.as_user("wes").push("octo/engine", {"src/app.py": "one\nTWO\nthree\n"})
    pull = maya.read(f"{REPO}/pulls/{number}")
    assert (pull["mergeable"], pull["mergeable_state"]) == (False, "dirty")
    assert maya.put(f"{REPO}/pulls/{number}/merge").status_code == 405


def test_reviews(world: World, lee: Client, maya: Client, number: int) -> None:
    url = f"{REPO}/pulls/{number}/reviews"
    assert lee.post(url, json={"event": "APPROVE"}).status_code == 422, "nobody approves their own"
    assert maya.post(url, json={"event": "REQUEST_CHANGES"}).status_code == 422, "without saying why"
    review = maya.write("POST", url, event="REQUEST_CHANGES", body="Why four?")
    assert review["state"] == "CHANGES_REQUESTED"
    dismissed = maya.write("PUT", f"{url}/{review['id']}/dismissals", message="I see")
    assert dismissed["state"] == "DISMISSED"
    pending = maya.write("POST", url)
    assert (pending["state"], "submitted_at" in pending) == ("PENDING", False)
    assert maya.write("POST", f"{url}/{pending['id']}/events", event="APPROVE")["state"] == "APPROVED"
    assert maya.write("PUT", f"{url}/{pending['id']}", body="Good")["body"] == "Good"
    assert [one["state"] for one in maya.read(url)] == ["DISMISSED", "APPROVED"]
    told = [one["event"] for one in maya.read(f"{REPO}/issues/{number}/timeline")]
    assert told.count("reviewed") == 2


def test_comments_on_lines(maya: Client, lee: Client, number: int) -> None:
    url = f"{REPO}/pulls/{number}"
    on_line = {"path": "src/app.py", "line": 2, "body": "Why?"}
    review = maya.write("POST", url + "/reviews", event="COMMENT", comments=[on_line])
    [comment] = maya.read(f"{url}/reviews/{review['id']}/comments")
    assert (comment["path"], comment["line"]) == ("src/app.py", 2)
    reply = lee.write("POST", f"{url}/comments/{comment['id']}/replies", body="Because")
    assert reply["in_reply_to_id"] == comment["id"]
    assert maya.post(url + "/comments", json=on_line | {"path": "nowhere"}).status_code == 422
    alone = maya.write("POST", url + "/comments", **on_line, commit_id="x", side="RIGHT")
    assert len(maya.read(url + "/comments")) == len(maya.read(REPO + "/pulls/comments")) == 3
    place = f"{REPO}/pulls/comments/{alone['id']}"
    assert maya.write("PATCH", place, body="Hm")["body"] == maya.read(place)["body"] == "Hm"
    assert lee.delete(place).status_code == 403
    assert maya.delete(place).status_code == 204


def test_requested_reviewers(world: World, maya: Client, number: int) -> None:
    url = f"{REPO}/pulls/{number}/requested_reviewers"
    asked = maya.write("POST", url, reviewers=["wes", "tri"])
    assert [one["login"] for one in asked["requested_reviewers"]] == ["wes", "tri"]
    assert maya.post(url, json={"reviewers": ["lee"]}).status_code == 422, "the author cannot review"
    assert maya.post(url, json={"reviewers": ["nobody"]}).status_code == 422
    assert maya.request("DELETE", url, json={"reviewers": ["tri"]}).is_success
    world.sandbox.as_user("wes").review("octo/engine", number)
    assert maya.read(url)["users"] == [], "who has reviewed is no longer asked"


def test_check_runs_belong_to_their_app(world: World, bot: Client, maya: Client, number: int) -> None:
    sha = bot.read(f"{REPO}/pulls/{number}")["head"]["sha"]
    asked: dict[str, Any] = {"name": "usher / flow", "head_sha": sha, "external_id": "key"}
    assert maya.post(REPO + "/check-runs", json=asked).status_code == 403, "people cannot"
    assert bot.post(REPO + "/check-runs", json=asked | {"head_sha": "0" * 40}).status_code == 422
    run = bot.write("POST", REPO + "/check-runs", **asked, status="in_progress")
    assert (run["status"], run["external_id"], run["app"]["slug"]) == ("in_progress", "key", "usher")
    url = f"{REPO}/check-runs/{run['id']}"
    note = {
        "path": "src/app.py",
        "start_line": 1,
        "end_line": 1,
        "annotation_level": "notice",
        "message": "m",
    }
    output = {"title": "Two left", "summary": "tests, docs", "annotations": [note]}
    done = bot.write("PATCH", url, conclusion="neutral", output=output)
    assert (done["status"], done["output"]["annotations_count"]) == ("completed", 1)
    assert done["completed_at"] is not None
    bot.write("PATCH", url, output=output)
    assert [one["message"] for one in bot.read(url + "/annotations")] == ["m", "m"]
    too_many = {**output, "annotations": [note] * 51}
    assert bot.patch(url, json={"output": too_many}).status_code == 422
    assert bot.patch(url, json={"output": {"title": "x", "summary": "x" * 65_536}}).status_code == 422
    assert bot.patch(url, json={"status": "completed", "conclusion": "odd"}).status_code == 422
    listed = bot.read(f"{REPO}/commits/{sha}/check-runs", check_name="usher / flow")
    assert [one["id"] for one in listed["check_runs"]] == [run["id"]]
    [suite] = bot.read(f"{REPO}/commits/{sha}/check-suites")["check_suites"]
    assert suite["conclusion"] == "neutral"
    assert bot.read(f"{REPO}/check-suites/{suite['id']}/check-runs")["total_count"] == 1


def test_only_the_latest_run_of_a_name_is_listed(bot: Client, number: int) -> None:
    sha = bot.read(f"{REPO}/pulls/{number}")["head"]["sha"]
    runs = [bot.write("POST", REPO + "/check-runs", name="ci", head_sha=sha)["id"] for _ in range(2)]
    url = f"{REPO}/commits/{sha}/check-runs"
    assert [one["id"] for one in bot.read(url)["check_runs"]] == runs[1:]
    assert bot.read(url, filter="all")["total_count"] == 2


def test_the_newest_status_of_a_context_counts(bot: Client, number: int) -> None:
    sha = bot.read(f"{REPO}/pulls/{number}")["head"]["sha"]
    url = f"{REPO}/statuses/{sha}"
    assert bot.read(f"{REPO}/commits/{sha}/status")["state"] == "pending"
    for state, context in (("failure", "ci"), ("success", "ci"), ("success", "docs")):
        bot.write("POST", url, state=state, context=context)
    combined = bot.read(f"{REPO}/commits/{sha}/status")
    assert (combined["state"], combined["total_count"]) == ("success", 2)
    assert bot.post(url, json={"state": "great"}).status_code == 422


def test_releases(maya: Client, lee: Client) -> None:
    url = REPO + "/releases"
    draft = maya.write("POST", url, tag_name="v1.0", body="First", draft=True)
    assert (draft["published_at"], lee.read(url)) == (None, [])
    assert lee.get(url + "/latest").status_code == 404
    released = maya.write("PATCH", f"{url}/{draft['id']}", draft=False, name="One")
    assert released["published_at"] is not None
    assert lee.read(url + "/latest")["tag_name"] == lee.read(url + "/tags/v1.0")["tag_name"] == "v1.0"
    assert maya.read(REPO + "/git/ref/tags/v1.0")["object"]["type"] == "commit"
    assert maya.post(url, json={"tag_name": "v1.0"}).status_code == 422
    maya.write("POST", url, tag_name="v2.0rc1", prerelease=True)
    assert [one["tag_name"] for one in lee.read(url)] == ["v2.0rc1", "v1.0"]
    assert lee.read(url + "/latest")["tag_name"] == "v1.0", "a pre-release is never the latest"
    assert maya.delete(f"{url}/{draft['id']}").status_code == 204
    assert lee.get(f"{url}/{draft['id']}").status_code == 404

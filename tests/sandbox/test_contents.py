"""Files, commits, branches and forks."""

import base64

from tests.sandbox.world import REPO, Client, World


def test_a_file_comes_in_base64(bot: Client) -> None:
    file = bot.read(REPO + "/contents/README.md")
    assert base64.b64decode(file["content"]) == b"# Engine\n"
    assert (file["type"], file["encoding"], file["size"]) == ("file", "base64", 9)
    assert bot.read(REPO + "/readme")["path"] == "README.md"


def test_a_file_can_be_read_as_it_is(bot: Client) -> None:
    raw = bot.get(REPO + "/contents/README.md", headers={"accept": "application/vnd.github.raw+json"})
    assert raw.text == "# Engine\n"


def test_a_file_of_more_than_a_megabyte_is_listed_without_its_content_which_is_a_blob(
    maya: Client, bot: Client
) -> None:
    data = b"x" * 1_100_000
    content = base64.b64encode(data).decode()
    maya.put(REPO + "/contents/large.txt", json={"message": "Add", "content": content})
    listed = bot.read(REPO + "/contents/large.txt")
    assert (listed["encoding"], listed["content"], listed["size"]) == ("none", "", len(data))
    assert base64.b64decode(bot.read(f"{REPO}/git/blobs/{listed['sha']}")["content"]) == data
    assert bot.get(f"{REPO}/git/blobs/{'0' * 40}").status_code == 404


def test_the_tree_of_a_commit_lists_its_root(bot: Client) -> None:
    main = bot.read(REPO + "/git/ref/heads%2Fmain")["object"]["sha"]
    listed = bot.read(f"{REPO}/git/trees/{main}")
    assert [(one["path"], one["type"]) for one in listed["tree"]] == [("README.md", "blob"), ("src", "tree")]
    assert listed["truncated"] is False
    assert bot.get(f"{REPO}/git/trees/{'0' * 40}").status_code == 404


def test_a_directory_is_a_list(bot: Client) -> None:
    assert [(one["name"], one["type"]) for one in bot.read(REPO + "/contents")] == [
        ("README.md", "file"),
        ("src", "dir"),
    ]
    assert [one["path"] for one in bot.read(REPO + "/contents/src")] == ["src/app.py"]
    assert bot.get(REPO + "/contents/nowhere").status_code == 404
    assert bot.get(REPO + "/contents/README.md", params={"ref": "nowhere"}).status_code == 404


def test_a_file_is_created_replaced_and_deleted_by_who_knows_it(maya: Client, bot: Client) -> None:
    url = REPO + "/contents/docs/a%20page.md"
    content = base64.b64encode(b"one").decode()
    assert bot.put(url, json={"message": "x", "content": content}).status_code == 403
    made = maya.put(url, json={"message": "Add a page", "content": content})
    assert made.status_code == 201
    assert maya.put(url, json={"message": "x", "content": content}).status_code == 422
    stale = {"message": "x", "content": content, "sha": "0" * 40}
    assert maya.put(url, json=stale).status_code == 409
    current = {"message": "Again", "sha": made.json()["content"]["sha"]}
    assert maya.put(url, json={**current, "content": "not base64!"}).status_code == 422
    again = maya.put(url, json={**current, "content": base64.b64encode(b"two").decode()})
    assert again.status_code == 200
    gone = {"message": "Remove it", "sha": again.json()["content"]["sha"]}
    assert maya.request("DELETE", url, json=gone).is_success
    assert maya.get(url).status_code == 404
    messages = [one["commit"]["message"] for one in maya.read(REPO + "/commits")]
    assert messages == ["Remove it", "Again", "Add a page", "Initial commit"]


def test_old_commits_show_old_files(world: World, maya: Client) -> None:
    first = maya.read(REPO + "/git/ref/heads/main")["object"]["sha"]
    world.sandbox.as_user("maya").push("octo/engine", {"README.md": "# New\n"}, "Rewrite")
    old = maya.read(REPO + "/contents/README.md", ref=first)
    assert base64.b64decode(old["content"]) == b"# Engine\n"
    [branch] = maya.read(REPO + "/branches")
    assert branch["commit"]["sha"] != first
    assert maya.get(REPO + "/git/ref/heads/nowhere").status_code == 404
    assert [one["object"]["sha"] for one in maya.read(REPO + "/git/matching-refs/heads/ma")] != [first]
    assert maya.read(f"{REPO}/git/commits/{first}")["sha"] == first
    assert maya.get(REPO + "/git/commits/nowhere").status_code == 404


def test_commits_are_found_by_path_and_compared(world: World, maya: Client) -> None:
    wes = world.sandbox.as_user("wes")
    wes.push("octo/engine", {"src/app.py": "one\n2\nthree\n"}, "Count")
    wes.push("octo/engine", {"docs/guide.md": "Read", "README.md": None}, "Guide")
    assert [one["commit"]["message"] for one in maya.read(REPO + "/commits", path="src")] == [
        "Count",
        "Initial commit",
    ]
    assert maya.read(REPO + "/commits", author="maya") == []
    newest = maya.read(REPO + "/commits/main")
    assert newest["author"]["login"] == "wes"
    assert [(one["filename"], one["status"]) for one in newest["files"]] == [
        ("README.md", "removed"),
        ("docs/guide.md", "added"),
    ]
    first = maya.read(REPO + "/commits")[-1]["sha"]
    compared = maya.read(f"{REPO}/compare/{first}...main")
    assert (compared["status"], compared["ahead_by"], len(compared["files"])) == ("ahead", 2, 3)
    assert maya.get(f"{REPO}/compare/{first}").status_code == 404


def test_a_fork_shares_commits_but_not_issues(world: World, lee: Client) -> None:
    world.sandbox.as_user("maya").open_issue("octo/engine", "x")
    assert lee.post(REPO + "/forks").status_code == 202
    fork = lee.read("/repos/lee/engine")
    assert (fork["fork"], fork["parent"]["full_name"]) == (True, "octo/engine")
    assert lee.read("/repos/lee/engine/issues") == []
    assert lee.read("/repos/lee/engine/commits") != []
    assert [one["full_name"] for one in lee.read(REPO + "/forks")] == ["lee/engine"]


def test_a_repository_tells_the_viewer_what_they_may(maya: Client, lee: Client) -> None:
    assert maya.read(REPO)["permissions"]["admin"]
    assert lee.read(REPO)["permissions"] == {
        "admin": False,
        "maintain": False,
        "push": False,
        "triage": False,
        "pull": True,
    }


def test_collaborators_are_managed_by_admins(maya: Client, lee: Client) -> None:
    assert lee.put(REPO + "/collaborators/pat", json={"permission": "push"}).status_code == 403
    assert maya.put(REPO + "/collaborators/pat", json={"permission": "push"}).status_code == 204
    assert maya.get(REPO + "/collaborators/pat").status_code == 204
    assert "pat" in [one["login"] for one in maya.read(REPO + "/collaborators")]
    assert maya.delete(REPO + "/collaborators/pat").status_code == 204
    assert maya.get(REPO + "/collaborators/pat").status_code == 404
    assert maya.put(REPO + "/collaborators/pat", json={"permission": "king"}).status_code == 422

"""A sandbox from a seed file, and a server of one's own."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.sandbox import Sandbox, SandboxServer, control
from bot.sandbox.faults import KINDS
from bot.sandbox.seed import SMALL_WORLD, from_seed

MANUAL = Path(__file__).parents[2] / "docs" / "sandbox.md"

SEED: dict[str, Any] = {
    "users": [{"login": "maya", "name": "Maya", "email": "maya@example.org"}],
    "organizations": [{"login": "octo", "members": ["zoe"]}],
    "repositories": [
        {
            "name": "octo/engine",
            "private": True,
            "description": "It runs",
            "default_branch": "trunk",
            "labels": [{"name": "kind/bug", "color": "ff0000", "description": "Broken"}],
            "files": {"README.md": "# Engine"},
            "collaborators": {"maya": "admin", "sam": {"permission": "write", "association": "NONE"}},
            "issues": [
                {
                    "title": "It crashed",
                    "body": "Traceback",
                    "user": "sam",
                    "labels": ["kind/bug"],
                    "state": "closed",
                    "created_at": "2024-01-02T03:04:05Z",
                    "closed_at": "2024-01-03T03:04:05Z",
                    "comments": [{"user": "maya", "body": "Fixed", "created_at": "2024-01-03T00:00:00Z"}],
                },
            ],
            "pulls": [
                {
                    "title": "fix: it",
                    "user": "sam",
                    "files": {"fix.py": "pass"},
                    "created_at": "2024-02-01T00:00:00Z",
                }
            ],
        }
    ],
    "apps": [
        {
            "slug": "usher",
            "id": 42,
            "webhook_url": "http://127.0.0.1:9/hook",
            "webhook_secret": "s",
            "permissions": {"issues": "write"},
            "installations": [{"account": "octo", "id": 7, "repositories": ["octo/engine"]}],
        }
    ],
}


@pytest.fixture
def seed_file(tmp_path: Path, private_key: str) -> Path:
    (tmp_path / "key.pem").write_text(private_key)
    app = SEED["apps"][0] | {"private_key_file": str(tmp_path / "key.pem")}
    path = tmp_path / "seed.json"
    path.write_text(json.dumps(SEED | {"apps": [app]}))
    return path


@pytest.fixture
def seeded(seed_file: Path) -> Sandbox:
    return from_seed(seed_file)


def test_a_seed_furnishes_people_repositories_and_apps(seeded: Sandbox) -> None:
    repo = seeded.repo("octo/engine")
    assert (repo.private, repo.default_branch, list(repo.labels)) == (True, "trunk", ["kind/bug"])
    maya = seeded.as_user("maya")
    assert maya.request("GET", "/user")["name"] == "Maya"
    app = seeded.store.apps[42]
    assert (app.slug, app.permissions) == ("usher", {"issues": "write"})
    assert seeded.store.installations[7].repositories == {repo.id}
    seeded.close()


def test_seeded_issues_have_been_there_for_a_while_and_nobody_is_told(seeded: Sandbox) -> None:
    issue = seeded.as_user("maya").request("GET", "/repos/octo/engine/issues/1")
    assert (issue["state"], issue["created_at"]) == ("closed", "2024-01-02T03:04:05Z")
    assert issue["closed_at"] == "2024-01-03T03:04:05Z"
    assert issue["author_association"] == "NONE"
    assert [label["name"] for label in issue["labels"]] == ["kind/bug"]
    [comment] = seeded.as_user("maya").request("GET", "/repos/octo/engine/issues/1/comments")
    assert comment["created_at"] == "2024-01-03T00:00:00Z"
    assert [one.name for one in seeded.hooks.log.values()] == ["installation.created"]
    [pull] = seeded.as_user("maya").request("GET", "/repos/octo/engine/pulls")
    assert (pull["created_at"], pull["user"]["login"]) == ("2024-02-01T00:00:00Z", "sam")
    assert seeded.writes == []
    seeded.close()


def test_a_server_takes_a_free_port_and_gives_it_back() -> None:
    with SandboxServer(Sandbox()) as server:
        assert httpx.get(server.url + "/meta", trust_env=False).status_code == 200
        assert httpx.get(server.api_url + "/meta", trust_env=False).status_code == 200
        port = server.port
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    with SandboxServer(Sandbox(), port=port) as again:
        assert again.port == port


def test_a_sandbox_of_its_own_process(seed_file: Path) -> None:
    code = "import pathlib, sys, bot.sandbox; bot.sandbox.run(0, pathlib.Path(sys.argv[1]), print)"
    command = [sys.executable, "-u", "-c", code, str(seed_file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        headers = {"authorization": "Bearer ghp_maya"}
        issue = httpx.get(f"{url}/repos/octo/engine/issues/1", headers=headers, trust_env=False).json()
        process.terminate()
    assert issue["url"] == f"{url}/api/v3/repos/octo/engine/issues/1"


def test_without_a_seed_there_is_a_small_world_to_try_things_on() -> None:
    sandbox = from_seed(SMALL_WORLD)
    assert sandbox.as_user("lee").open_issue("octo/engine", "Hello")["number"] == 1
    sandbox.close()


def test_the_seed_in_the_manual_works(private_key: str) -> None:
    [text] = re.findall(r"```json\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    seed = json.loads(text)
    seed["apps"][0]["private_key"] = private_key
    sandbox = from_seed(seed)
    assert sandbox.store.installations[7].app.id == 42
    assert sandbox.as_user("maya").request("GET", "/repos/octo/engine/pulls/2")["draft"]
    sandbox.close()


def test_the_manual_names_every_fault_and_switch() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"| `{kind}` |" not in manual] == []
    paths = {route.path for route in control.routes(Sandbox())}
    assert [path for path in paths if path not in manual] == []

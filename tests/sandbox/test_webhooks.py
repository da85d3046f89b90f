"""What Apps are told, how it is signed, and the log of it."""

import json
import uuid
from typing import Any

import pytest

from bot.sandbox.auth import app_jwt
from bot.sandbox.deliveries import signatures
from tests.sandbox.openapi import problems_of_webhook
from tests.sandbox.world import REPO, SECRET, World


def test_the_signature_of_githubs_own_example() -> None:
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert signatures(SECRET, b"Hello, World!")["X-Hub-Signature-256"] == expected
    assert signatures(None, b"Hello, World!") == {}


def test_a_delivery_carries_githubs_headers(world: World) -> None:
    world.sandbox.as_user("lee").open_issue("octo/engine", "Ünïcode 🚂")
    [received] = world.settle().received
    headers = received.headers
    assert headers["user-agent"].startswith("GitHub-Hookshot/")
    assert headers["content-type"] == "application/json"
    assert headers["x-github-event"] == "issues"
    assert str(uuid.UUID(headers["x-github-delivery"])) == headers["x-github-delivery"]
    assert headers["x-github-hook-id"] == str(world.app.hook_id)
    assert headers["x-github-hook-installation-target-id"] == str(world.app.id)
    assert headers["x-github-hook-installation-target-type"] == "integration"
    for name, value in signatures(SECRET, received.body).items():
        assert headers[name.lower()] == value
    assert "Ünïcode 🚂".encode() in received.body


def test_a_payload_says_what_where_who_and_for_which_installation(world: World) -> None:
    world.sandbox.as_user("lee").open_issue("octo/engine", "It crashes")
    payload = world.settle().only("issues.opened")
    assert payload["issue"]["title"] == "It crashes"
    assert payload["repository"]["full_name"] == "octo/engine"
    assert payload["organization"]["login"] == "octo"
    assert payload["sender"]["login"] == "lee"
    assert payload["installation"]["id"] == world.installation.id


def test_everything_that_happens_to_an_issue_is_announced_in_order(world: World) -> None:
    maya = world.sandbox.as_user("maya")
    maya.open_issue("octo/engine", "It crashes", labels=["bug"])
    maya.edit("octo/engine", 1, title="Other", body="More")
    maya.assign("octo/engine", 1, "wes")
    maya.unassign("octo/engine", 1, "wes")
    maya.remove_label("octo/engine", 1, "bug")
    comment = maya.comment("octo/engine", 1, "one")["id"]
    maya.edit_comment("octo/engine", comment, "two")
    maya.delete_comment("octo/engine", comment)
    maya.lock("octo/engine", 1)
    maya.close("octo/engine", 1, "not_planned")
    maya.reopen("octo/engine", 1)
    received = world.settle()
    assert received.names() == [
        "issues.opened",
        "issues.labeled",
        "issues.edited",
        "issues.assigned",
        "issues.unassigned",
        "issues.unlabeled",
        "issue_comment.created",
        "issue_comment.edited",
        "issue_comment.deleted",
        "issues.locked",
        "issues.closed",
        "issues.reopened",
    ]
    assert received.only("issues.edited")["changes"] == {
        "title": {"from": "It crashes"},
        "body": {"from": ""},
    }
    assert received.only("issue_comment.edited")["changes"] == {"body": {"from": "one"}}
    assert received.only("issues.labeled")["label"]["name"] == "bug"
    assert received.only("issues.closed")["issue"]["state_reason"] == "not_planned"


def test_everything_that_happens_to_a_pull_request_is_announced(world: World) -> None:
    lee, maya = world.sandbox.as_user("lee"), world.sandbox.as_user("maya")
    number = lee.open_pull("octo/engine", "feat: x", files={"a.txt": "a"}, draft=True)["number"]
    lee.ready("octo/engine", number)
    lee.draft("octo/engine", number)
    lee.ready("octo/engine", number)
    after = lee.push_to_pull("octo/engine", number, {"b.txt": "b"})
    maya.add_label("octo/engine", number, "bug")
    maya.edit("octo/engine", number, title="feat: y")
    maya.request_review("octo/engine", number, "wes")
    maya.comment("octo/engine", number, "Nice")
    maya.review("octo/engine", number)
    maya.merge("octo/engine", number)
    received = world.settle()
    assert received.names() == [
        "pull_request.opened",
        "pull_request.ready_for_review",
        "pull_request.converted_to_draft",
        "pull_request.ready_for_review",
        "pull_request.synchronize",
        "pull_request.labeled",
        "pull_request.edited",
        "pull_request.review_requested",
        "issue_comment.created",
        "pull_request_review.submitted",
        "push",
        "pull_request.closed",
    ]
    assert received.only("pull_request.synchronize")["after"] == after
    assert received.only("pull_request_review.submitted")["review"]["state"] == "approved"
    assert "pull_request" in received.only("issue_comment.created")["issue"]
    closed = received.only("pull_request.closed")["pull_request"]
    assert (closed["merged"], closed["merged_by"]["login"]) == (True, "maya")
    assert received.only("push")["after"] == closed["merge_commit_sha"]


def test_a_push_says_which_files_it_touched(world: World) -> None:
    world.sandbox.as_user("maya").push(
        "octo/engine", {"new.md": "x", "README.md": "y", "src/app.py": None}, "Tidy"
    )
    push = world.settle().only("push")
    assert push["ref"] == "refs/heads/main"
    [commit] = push["commits"]
    assert (commit["added"], commit["modified"], commit["removed"]) == (
        ["new.md"],
        ["README.md"],
        ["src/app.py"],
    )


def test_checks_releases_and_labels_are_announced(world: World) -> None:
    maya, bot = world.sandbox.as_user("maya"), world.bot()
    sha = maya.push("octo/engine", {"a": "a"})
    bot.write("POST", REPO + "/check-runs", name="ci", head_sha=sha, conclusion="success")
    maya.release("octo/engine", "v1")
    maya.request("POST", REPO + "/labels", {"name": "new", "color": "ff0000"})
    assert world.settle().names()[1:] == [
        "check_run.created",
        "check_run.completed",
        "check_suite.completed",
        "release.created",
        "release.published",
        "release.released",
        "label.created",
    ]


def test_the_life_of_an_installation_is_announced(world: World) -> None:
    sandbox, installation = world.sandbox, world.installation
    sandbox.suspend(installation)
    sandbox.unsuspend(installation)
    sandbox.choose_repositories(installation, ["octo/engine"])
    sandbox.choose_repositories(installation, ["octo/vault"])
    sandbox.uninstall(installation, sender="maya")
    received = world.settle()
    assert received.names() == [
        "installation.suspend",
        "installation.unsuspend",
        "installation_repositories.removed",
        "installation_repositories.added",
        "installation_repositories.removed",
        "installation.deleted",
    ]
    assert received.only("installation.deleted")["repositories"][0]["full_name"] == "octo/vault"
    assert received.only("installation.deleted")["sender"]["login"] == "maya"


def test_nobody_is_told_who_did_not_subscribe_or_is_not_installed(world: World, private_key: str) -> None:
    elsewhere = world.sandbox.add_app("elsewhere", private_key=private_key, webhook_url=world.receiver.url)
    deaf = world.sandbox.add_app(
        "deaf", private_key=private_key, webhook_url=world.receiver.url, events=["push"]
    )
    world.sandbox.install(deaf, "octo")
    world.sandbox.suspend(world.installation)
    world.settle().received.clear()
    world.sandbox.as_user("maya").open_issue("octo/engine", "x")
    assert world.settle().names() == []
    assert world.sandbox.hooks.of(elsewhere) == []


@pytest.mark.parametrize("kind", ["issue", "pull", "installation", "rest"])
def test_payloads_fit_githubs_description(world: World, kind: str) -> None:
    story: dict[str, Any] = {
        "issue": test_everything_that_happens_to_an_issue_is_announced_in_order,
        "pull": test_everything_that_happens_to_a_pull_request_is_announced,
        "installation": test_the_life_of_an_installation_is_announced,
        "rest": test_checks_releases_and_labels_are_announced,
    }
    world.sandbox.ping(world.app)
    world.settle().received.clear()
    story[kind](world)
    for received in world.receiver.received:
        event = received.headers["x-github-event"]
        assert problems_of_webhook(event, received.payload) == []


def test_the_log_shows_what_was_sent_and_what_came_back(world: World) -> None:
    world.receiver.status = 500
    world.sandbox.as_user("lee").open_issue("octo/engine", "x")
    [received] = world.settle().received
    app = world.as_app()
    newest = app.read("/app/hook/deliveries")[0]
    assert (newest["event"], newest["action"], newest["status_code"]) == ("issues", "opened", 500)
    assert newest["status"] == "Invalid HTTP Response: 500"
    whole = app.read(f"/app/hook/deliveries/{newest['id']}")
    assert whole["request"]["payload"] == received.payload
    assert whole["request"]["headers"]["X-GitHub-Delivery"] == received.headers["x-github-delivery"]
    assert whole["response"]["payload"] == "ok"


def test_a_receiver_that_is_not_there_is_only_seen_in_the_log(world: World) -> None:
    world.app.webhook_url = "http://127.0.0.1:9/nobody"
    world.sandbox.as_user("lee").open_issue("octo/engine", "x")
    assert world.settle().names() == []
    [failed] = world.as_app().read("/app/hook/deliveries", status="failure")
    assert failed["status"] == "failed to connect to host"


def test_a_redelivery_keeps_the_guid_and_is_signed_anew(world: World) -> None:
    world.sandbox.as_user("lee").open_issue("octo/engine", "x")
    [first] = world.settle().received
    app = world.as_app()
    app.write("PATCH", "/app/hook/config", secret="another")
    [delivery] = [one for one in app.read("/app/hook/deliveries") if one["event"] == "issues"]
    assert app.post(f"/app/hook/deliveries/{delivery['id']}/attempts").status_code == 202
    _, again = world.settle().received
    assert again.body == first.body
    assert again.headers["x-github-delivery"] == first.headers["x-github-delivery"]
    assert again.headers["x-hub-signature-256"] == signatures("another", first.body)["X-Hub-Signature-256"]
    newest = app.read("/app/hook/deliveries")[0]
    assert (newest["guid"], newest["redelivery"]) == (delivery["guid"], True)


def test_the_log_is_paged_by_cursor_and_reaches_back_three_days(world: World, private_key: str) -> None:
    for number in range(5):
        world.sandbox.as_user("lee").open_issue("octo/engine", str(number))
    world.settle()
    app, found = world.as_app(), []
    answer = app.get("/app/hook/deliveries", params={"per_page": 2})
    while True:
        found += [one["id"] for one in answer.json()]
        if "next" not in answer.links:
            break
        answer = app.get(answer.links["next"]["url"])
    assert found == sorted(found, reverse=True)
    assert len(found) == 6, "five issues and the installation"
    assert app.get("/app/hook/deliveries", params={"cursor": "x"}).status_code == 422
    other = world.sandbox.add_app("other", private_key=private_key)
    assert world.client(app_jwt(other)).get(f"/app/hook/deliveries/{found[0]}").status_code == 404
    world.sandbox.clock.advance(3 * 86_400 + 1)
    assert app.read("/app/hook/deliveries") == []


def test_the_webhook_can_be_moved_and_its_secret_is_never_shown(world: World) -> None:
    app = world.as_app()
    assert app.read("/app/hook/config")["secret"] == "********"
    app.write("PATCH", "/app/hook/config", url="http://127.0.0.1:9/elsewhere")
    assert app.read("/app/hook/config")["url"] == "http://127.0.0.1:9/elsewhere"


def test_any_delivery_can_be_sent(world: World) -> None:
    guid = str(uuid.uuid4())
    for _ in range(2):
        world.sandbox.deliver("issues", {"action": "opened"}, guid=guid, installation=world.installation)
    world.sandbox.deliver("issues", b'{"broken')
    first, second, raw = world.settle().received
    assert first.body == second.body
    assert first.payload["installation"]["id"] == world.installation.id
    assert {one.headers["x-github-delivery"] for one in (first, second)} == {guid}
    assert raw.body == b'{"broken'
    assert raw.headers["x-hub-signature-256"] == signatures(SECRET, raw.body)["X-Hub-Signature-256"]
    log = world.as_app().read("/app/hook/deliveries")
    shown = world.as_app().read(f"/app/hook/deliveries/{log[0]['id']}")
    assert shown["request"]["payload"] == {"raw": '{"broken'}
    assert json.loads(first.body)["action"] == "opened"


def test_a_slow_receiver_does_not_hold_up_the_api(world: World) -> None:
    world.receiver.delay = 0.5
    for _ in range(3):
        world.sandbox.as_user("lee").open_issue("octo/engine", "x")
    assert len(world.person("lee").read(REPO + "/issues")) == 3
    assert world.receiver.received == [], "answered before any webhook arrived"
    assert not world.sandbox.wait_idle(0.01)
    assert world.settle().names() == ["issues.opened"] * 3

"""The record of what was written, and the switches of a sandbox in another process."""

import datetime as dt

from tests.sandbox.world import REPO, Client, World


def test_every_accepted_write_is_recorded_with_what_it_changed(world: World, bot: Client) -> None:
    world.sandbox.as_user("lee").open_issue("octo/engine", "x")
    bot.write("POST", f"{REPO}/issues/1/labels", labels=["bug"])
    bot.write("POST", f"{REPO}/issues/1/labels", labels=["bug"])
    bot.post(f"{REPO}/issues/1/comments", json={"body": ""})
    bot.read(f"{REPO}/issues/1")
    opened, labeled, again = world.sandbox.writes
    assert (opened.actor, opened.app, opened.operation) == (
        "lee",
        None,
        "POST /repos/{owner}/{repo}/issues",
    )
    assert (labeled.actor, labeled.app, labeled.body) == ("usher[bot]", "usher", {"labels": ["bug"]})
    assert (labeled.changed, again.changed) == (True, False)
    assert world.sandbox.writes_by("usher[bot]", "POST .*/labels") == [labeled]
    assert world.sandbox.writes_by("usher[bot]", "DELETE") == []


def test_tokens_and_redeliveries_are_no_writes(world: World) -> None:
    world.bot()
    delivery = world.as_app().read("/app/hook/deliveries")[0]["id"]
    world.as_app().post(f"/app/hook/deliveries/{delivery}/attempts")
    assert world.sandbox.writes == []


def test_editing_to_the_same_text_changes_nothing(world: World, bot: Client) -> None:
    lee = world.sandbox.as_user("lee")
    lee.open_issue("octo/engine", "x", "y")
    made = bot.write("POST", f"{REPO}/issues/1/comments", body="x")
    bot.write("PATCH", f"{REPO}/issues/comments/{made['id']}", body="x")
    lee.edit("octo/engine", 1, title="x", state="open")
    assert [one.changed for one in world.sandbox.writes] == [True, True, False, False]


def test_the_switches_over_http(world: World) -> None:
    here = world.client(None)
    world.sandbox.as_user("lee").open_issue("octo/engine", "x")
    [write] = here.read("/_sandbox/writes")
    assert (write["actor"], write["changed"]) == ("lee", True)
    [fault] = here.write("POST", "/_sandbox/faults", kind="too_many", times=1, seconds=5)
    assert (fault["kind"], fault["happened"]) == ("too_many", 0)
    assert here.get(REPO).status_code == 429
    assert here.read("/_sandbox/faults")[0]["happened"] == 1
    assert here.write("DELETE", "/_sandbox/faults", kind="lag") != []
    assert here.write("DELETE", "/_sandbox/faults") == []
    assert here.post("/_sandbox/faults", json={"kind": "gremlins"}).status_code == 422
    now = dt.datetime.now(dt.UTC)
    later = here.write("POST", "/_sandbox/time", advance=86_400)["time"]
    assert (dt.datetime.fromisoformat(later) - now).days >= 0
    assert here.get(REPO).status_code == 200
    assert here.write("POST", "/_sandbox/time", set="2030-01-01T00:00:00Z")["time"].startswith("2030-01-01")
    assert here.read("/_sandbox/violations") == []
    here.write("POST", "/_sandbox/role", repository="octo/engine", login="lee", role="write")
    assert world.person("lee").read(REPO)["permissions"]["push"]
    assert here.write("POST", "/_sandbox/limits", enforced=True) == {"enforced": True}
    state = here.read("/_sandbox/state")
    assert [one["name"] for one in state["repositories"]] == ["octo/engine", "octo/vault"]
    assert state["installations"][0]["account"] == "octo"


def test_deliveries_over_http(world: World) -> None:
    here = world.client(None)
    sent = here.write("POST", "/_sandbox/deliver", event="issues", payload={"action": "opened"}, guid="g-1")
    assert sent == {"guid": "g-1"}
    here.write("POST", "/_sandbox/deliver", event="issues", payload="{broken", app="usher")
    assert here.write("POST", "/_sandbox/wait_idle", timeout=5) == {"idle": True}
    assert [one.body for one in world.receiver.received] == [b'{"action":"opened"}', b"{broken"]
    assert here.post("/_sandbox/deliver", json={}).status_code == 422

"""Which deliveries are worked on, and in which line; the others end at the inbox, with a reason."""

import gzip
import json
from collections.abc import Iterator

import pytest

from bot.core.events import Repository
from bot.core.payload import clean
from bot.core.release.gate_state import Checklist
from bot.store.database import Database
from bot.store.gates import GateRecord
from bot.store.inbox import STATES, Delivery
from tests.databases import database, shared_database
from tests.shared import shared
from tests.world import BOT, REPO, SURE, World, living

__all__ = ["database", "shared_database"]


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    with living(database, config=SURE) as world:
        world.run()  # the installation is announced
        yield world


def states(world: World) -> list[str]:
    return [each.state for each in world.deliveries()]


def last(world: World) -> Delivery:
    return world.deliveries()[-1]


def test_what_a_rule_listens_to_is_queued_in_the_line_of_its_thread(world: World) -> None:
    number = world.open_issue()
    [id_] = world.receive()
    [routed] = world.route()
    assert (routed.id, routed.state) == (id_, "queued")
    kept = last(world)
    assert (kept.state, kept.action) == ("queued", "opened")
    assert kept.thread == f"{world.repository_id}#{number}"  # by number: a repository may be renamed
    assert (kept.repository, kept.installation, kept.handovers) == (REPO, world.installation.id, 1)


def test_what_no_rule_listens_to_ends_at_the_inbox(world: World) -> None:
    world.sandbox.as_user("maya").close(REPO, world.open_issue())
    world.run()
    assert (last(world).state, last(world).note) == ("ignored", "no rule listens to this")


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("issues", b"no JSON"),
        ("issues", b""),
        ("issues", b"[]"),
        ("issues", b"\xff\xfe"),
        ("issues", b"{" + b'"a":{' * 100_000),
        ("issues", b'{"a": ' + b"9" * 5_000 + b"}"),
        ("issues", b'{"action": "opened"}'),
        ("issues", b'{"action": "opened", "issue": null, "repository": []}'),
        ("issue_comment", b'{"action": "created", "zen": "Keep it logically awesome."}'),
        ("push", b'{"ref": 7}'),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_put_aside_with_its_reason(world: World, event: str, body: bytes) -> None:
    id_ = world.deliver(event, body)
    world.run()
    kept = world.inbox.get(id_)
    assert kept is not None
    assert (kept.state, kept.body) == ("quarantined", body)
    assert kept.note
    number = world.open_issue()
    world.run()
    assert len(world.labels(number)) == 1  # and the work goes on


def test_what_cannot_be_read_still_belongs_to_its_installation(world: World) -> None:
    body = {"action": "opened", "issue": {}, "installation": {"id": 7}, "repository": {"full_name": REPO}}
    world.deliver("issues", json.dumps(body).encode())
    world.run()
    assert (last(world).state, last(world).installation, last(world).repository) == ("quarantined", 7, REPO)


@pytest.mark.parametrize("text", ["a\0b", "lone \ud800 surrogate", "\u202ertl", "🎉" * 1000])
def test_any_text_can_be_worked_on(world: World, text: str) -> None:
    number = world.open_issue("title")
    [sent] = world.mail.empty()
    payload = json.loads(sent.body)
    payload["issue"] |= {"title": text, "body": text}
    payload["action"] = "opened"
    world.deliver("issues", json.dumps(payload).encode())
    world.run()
    assert last(world).state in ("done", "ignored")
    assert world.plans(number)[0].title == clean(text)[:300]


def test_a_delivery_whose_guid_came_before_has_no_second_effect(world: World) -> None:
    number = world.open_issue()
    sent = world.mail.waiting[:]
    world.run()
    world.receive(sent)
    world.run()
    assert len(world.plans(number)) == 1
    assert len(world.writes()) == 1


def test_a_body_that_came_before_under_another_guid_has_no_second_effect(world: World) -> None:
    number = world.open_issue()
    [sent] = world.mail.waiting
    world.run()
    world.deliver(sent.event, sent.body, guid="another")
    world.run()
    assert (last(world).state, last(world).note) == ("duplicate", "this body came before")
    assert len(world.plans(number)) == len(world.writes()) == 1


def test_twenty_copies_at_once_have_one_effect(world: World) -> None:
    number = world.open_issue()
    [sent] = world.mail.empty()
    for copy in range(20):
        world.deliver(sent.event, sent.body, guid=f"copy-{copy}")
    world.run()
    assert states(world)[-21:].count("duplicate") == 19
    assert len(world.plans(number)) == len(world.writes()) == 1


def test_ushers_own_doing_is_ignored(world: World) -> None:
    number = world.open_issue()
    world.comment(number, "/usher help")
    world.run()
    echoes = [each for each in world.deliveries() if each.note == "Usher's own doing"]
    assert len(echoes) == 1  # of the label; that of the comment says nothing to begin with
    assert len(world.plans(number)) == 2


def test_while_github_does_not_say_who_usher_is_it_is_not_asked_for_every_delivery(
    database: Database,
) -> None:
    with living(database) as world:
        world.sandbox.faults.add("bad_gateway", match="GET /app$")
        for _ in range(10):
            world.open_issue()
        world.receive()
        routed = world.route()
        assert {each.state for each in routed} == {"queued"}
        assert len(world.requests("GET /app")) == 1


def test_every_official_example_is_routed(database: Database) -> None:
    path = shared("github/webhook_examples.jsonl.gz")
    with living(database) as world, gzip.open(path, "rt", encoding="utf-8") as lines:
        world.drop_mail()
        for line in lines:
            example = json.loads(line)
            world.deliver(example["event"], json.dumps(example["payload"]).encode())
        world.run()
        assert set(states(world)) <= set(STATES) - {"received", "queued"}
        # What is deferred belongs to installations that this GitHub does not know.
        assert all("Error" not in (each.note or "") for each in world.deliveries())
        assert states(world).count("quarantined") == 0
        assert world.writes() == []


def test_a_release_that_usher_published_is_told_to_those_who_wait_for_it(world: World) -> None:
    body = {
        "action": "published",
        "release": {"tag_name": "v1.2.0"},
        "repository": {"id": world.repository_id, "full_name": REPO},
        "installation": {"id": world.installation.id},
        "sender": {"login": BOT, "type": "Bot"},
    }
    world.deliver("release", json.dumps(body).encode())
    world.run()
    assert (last(world).state, last(world).note) == ("done", "Usher's own doing, which others wait for")


def test_while_a_release_is_followed_what_bears_on_it_leads_to_a_look(world: World) -> None:
    number = world.open_issue()
    world.run()
    where = Repository(world.repository_id, REPO, world.installation.id)
    kept = GateRecord(where, Checklist(number, "release after v1.0.0", branch="1.x"))
    world.executor.flows.gates.keep(kept)
    world.sandbox.as_user("maya").request("PATCH", f"/repos/{REPO}/issues/{number}", {"state": "closed"})
    for event, body in ((one.event, one.body) for one in world.mail.empty()):
        world.deliver(event, body)
    for _each in range(2):
        world.run()
        world.let_pass(1)
    told, look = world.deliveries()[-2:]
    assert (told.event, told.state) == ("issues", "done")
    assert (look.event, look.state) == ("release_look", "done")
    assert world.executor.flows.gates.of(world.repository_id) is None  # a person closed it

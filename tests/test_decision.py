"""What was decided, shown to scripts."""

import json
from collections.abc import Iterator

import pytest

from bot.decision import plan_json
from bot.store.database import Database
from tests.world import REPO, World, living

CRASH = "It crashes.\n```\nTraceback (most recent call last):\nValueError: closed\n```\nExpected: no crash."


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database, config="mode: act\nwelcome: {enabled: false}\n") as made:
        made.drop_mail()
        yield made


def test_a_decision_can_be_shown_without_being_made(world: World) -> None:
    number = world.open_issue("Crash with a segfault when saving", CRASH)
    id_ = world.receive()[-1]
    delivery = world.inbox.get(id_)
    assert delivery is not None
    [decision] = world.processor.decide(delivery)
    shown = plan_json(delivery, decision)
    assert (shown["delivery"], shown["event"], shown["thread"]) == (
        delivery.guid,
        "issues",
        f"{REPO}#{number}",
    )
    [item] = shown["plan"]
    assert (item["rule"], item["kind"], item["status"]) == ("triage", "add_labels", "planned")
    assert json.loads(json.dumps(shown)) == shown
    assert world.plans(number) == world.writes() == []

"""What was decided, shown to scripts."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.actors import GHOST
from bot.core.events import PullRequestUpdated
from bot.core.facts import CurrentThread
from bot.core.pulls import PullRequest
from bot.decision import header_of, plan_json, titled
from bot.store.database import Database
from bot.store.inbox import Delivery
from bot.store.ledger import ITSELF
from tests.rules.examples import pull
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


def test_a_look_is_usher_s_own_and_has_the_title_of_its_pull_request() -> None:
    unknown = (None,) * 3
    delivery = Delivery(
        1, "guid", "look", None, datetime.now(UTC), "queued", *unknown, 0, 0, None, None, None
    )
    event = PullRequestUpdated(GHOST, pull(), what="look")
    header = header_of(delivery, event)
    assert (header.actor, header.title) == (ITSELF, "")
    assert titled(header, {PullRequest: PullRequest(15, "Mend it")}).title == "Mend it"
    assert titled(header, {CurrentThread: CurrentThread((), title="Release")}).title == "Release"
    assert titled(header, {}) == header
    pushed = header_of(delivery, replace(event, what="synchronize"))
    assert pushed.actor == "ghost"

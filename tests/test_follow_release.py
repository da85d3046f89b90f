"""Following the next release: what leads to a look at its checklist, and what does not."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.actors import Actor
from bot.core.events import (
    ChecksChanged,
    CommandGiven,
    Repository,
    Thread,
)
from bot.core.parse import RELEASE_LOOK, Route
from bot.core.release.gate_state import Checklist
from bot.follow import Follower
from bot.follow_release import ReleaseFollower
from bot.store.database import Database
from bot.store.flows import Flows
from bot.store.gates import GateRecord
from bot.store.inbox import Inbox
from bot.store.tables import gates
from tests.databases import database, shared_database

__all__ = ["database", "shared_database"]

WIDGETS, OTHER = Repository(10, "acme/widgets", 1), Repository(11, "acme/other", 1)
MAYA = Actor(1, "maya")
SHA = "a" * 40
RECORD = GateRecord(WIDGETS, Checklist(30, "release after v1.0.0", sha=SHA))
HERE = Route(1, "acme/widgets", 10)


@pytest.fixture
def follower(database: Database) -> ReleaseFollower:
    flows = Flows(database)
    flows.gates.keep(RECORD)
    return Follower(flows).releases


def looks(database: Database) -> list[tuple[str, str | None]]:
    found = Inbox(database).recent(limit=100)
    return [(each.event, each.repository) for each in found]


LOOK = [(RELEASE_LOOK, "acme/widgets")]


@pytest.mark.parametrize(("sha", "expected"), [(SHA, LOOK), ("b" * 40, [])])
def test_checks_of_the_release_commit_lead_to_a_look(
    follower: ReleaseFollower, database: Database, sha: str, expected: list[Any]
) -> None:
    Follower(follower.flows).told(ChecksChanged(MAYA, WIDGETS, sha))
    assert looks(database) == expected


@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [
        ("release check", 12, LOOK),
        ("release prepare", 12, LOOK),
        ("skip", 30, LOOK),
        ("skip", 12, []),
        ("release publish", 12, []),  # what it brings is not written over
    ],
)
def test_commands_about_it_lead_to_a_look(
    follower: ReleaseFollower, database: Database, name: str, number: int, expected: list[Any]
) -> None:
    follower.commanded(CommandGiven(MAYA, Thread(WIDGETS, number, is_pull=False), name=name))
    follower.commanded(CommandGiven(MAYA, Thread(OTHER, number, is_pull=False), name=name))
    assert looks(database) == expected


def test_many_things_at_once_lead_to_one_look(follower: ReleaseFollower, database: Database) -> None:
    for _each in range(3):
        follower.flows.look_again(WIDGETS, 30, datetime(2025, 6, 2, tzinfo=UTC), RELEASE_LOOK)
    assert looks(database) == LOOK


def test_a_delivery_concerns_the_checklist_of_its_repository(follower: ReleaseFollower) -> None:
    push = {"ref": "refs/heads/main"}
    assert follower.concerned("push", push, HERE, "usher[bot]") == RECORD
    assert follower.concerned("push", push, Route(1, "acme/other", 11), "usher[bot]") is None
    assert follower.concerned("push", push, Route(), "usher[bot]") is None
    assert follower.concerned("star", push, HERE, "usher[bot]") is None


def test_its_own_echo_does_not(follower: ReleaseFollower) -> None:
    opened = {"action": "opened", "issue": {"number": 30}}
    own = Route(1, "acme/widgets", 10, sender="usher[bot]")
    assert follower.concerned("issues", opened, own, "usher[bot]") is None
    assert follower.concerned("issues", opened, own, None) == RECORD  # while its login is not known


def test_each_is_looked_at_every_hour(follower: ReleaseFollower, database: Database) -> None:
    assert follower.sweep() == 0
    with database.engine.begin() as connection:
        connection.execute(sa.update(gates).values(look_at=datetime.now(UTC)))
    assert Follower(follower.flows).sweep() == 1
    assert looks(database) == LOOK
    assert follower.sweep() == 0


def test_what_is_gone_is_followed_no_more(follower: ReleaseFollower) -> None:
    Follower(follower.flows).gone("10#31")
    assert follower.flows.gates.of(10) == RECORD
    Follower(follower.flows).gone("10#30")
    assert follower.flows.gates.of(10) is None

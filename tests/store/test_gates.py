from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.events import Repository
from bot.core.release.gate_state import Checklist
from bot.store.database import Database
from bot.store.gates import REST, GateRecord, Gates
from bot.store.registry import Registry

HERE = Repository(1, "acme/widgets", 7)
CHECKLIST = Checklist(30, "release after v1.0.0", "v1.0.0", "1.x", "a" * 40, 9, 12, "maya")


@pytest.fixture
def gates(database: Database) -> Gates:
    return Gates(database)


def test_a_checklist_is_kept_until_it_is_forgotten(gates: Gates) -> None:
    assert gates.of(1) is None
    gates.keep(GateRecord(HERE, Checklist(3, "earlier")))
    gates.keep(GateRecord(HERE, CHECKLIST))
    assert gates.of(1) == GateRecord(HERE, CHECKLIST)
    assert gates.of(2) is None
    assert not gates.forget(1, issue=31)
    assert gates.forget(1, issue=30)
    assert not gates.forget(1)


def test_it_is_looked_at_within_the_hour_and_then_put_off(gates: Gates) -> None:
    gates.keep(GateRecord(HERE, CHECKLIST))
    later = datetime.now(UTC) + REST
    assert gates.due(later - timedelta(minutes=1)) == []
    assert gates.due(later) == [GateRecord(HERE, CHECKLIST)]
    assert gates.due(later) == []


def test_it_goes_with_its_repository_and_its_installation(gates: Gates, database: Database) -> None:
    registry = Registry(database)
    gates.keep(GateRecord(HERE, CHECKLIST))
    registry.remove_repositories(["acme/widgets"])
    assert gates.of(1) is None
    gates.keep(GateRecord(HERE, CHECKLIST))
    assert registry.purge(7)
    assert gates.of(1) is None


def test_since_when_a_commit_is_the_one_is_found_by_itself(gates: Gates) -> None:
    def since() -> datetime:
        record = gates.of(1)
        assert record is not None
        assert record.checklist.since is not None
        return record.checklist.since

    gates.keep(GateRecord(HERE, CHECKLIST))
    first = since()
    gates.keep(GateRecord(HERE, replace(CHECKLIST, draft=10)))
    assert since() == first
    gates.keep(GateRecord(HERE, replace(CHECKLIST, sha="b" * 40)))
    assert since() > first

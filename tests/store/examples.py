"""Deliveries and plans that the store's tests share."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.actions import AddLabels
from bot.store.flows import FlowRecord
from bot.store.handover import Handover, Routed
from bot.store.inbox import Inbox, Incoming
from bot.store.ledger import Ledger, Plan, PlanHeader, Planned

NOON = datetime(2025, 6, 9, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THREAD = "acme/widgets#7"
BUG = AddLabels(labels=("bug",), reason="94% sure it is a bug", confidence=0.94)


RECORD = FlowRecord(
    repository_id=10,
    number=7,
    installation=1,
    repository="acme/widgets",
    default_branch="main",
    head_sha="a" * 40,
    stage="review",
    pull_updated_at=NOON,
    looks=0,
    look_at=NOON + HOUR,
)


def incoming(guid: str, body: bytes | None = None, *, at: datetime = NOON) -> Incoming:
    return Incoming(guid, "issues", guid.encode() if body is None else body, at)


def stored(inbox: Inbox, *guids: str) -> list[int]:
    """Store deliveries of different bodies. Returns their numbers, in order."""
    inbox.store([incoming(guid) for guid in guids])
    return [number(inbox, guid) for guid in guids]


def number(inbox: Inbox, guid: str) -> int:
    found = inbox.get(guid)
    assert found is not None
    return found.id


def put(handover: Handover, id_: int, state: str, **values: Any) -> None:
    """Bring a delivery into a state, as the relay does."""
    with handover.transaction() as transaction:
        transaction.record([Routed(id_, state, values)])


def header(**changes: Any) -> PlanHeader:
    said = {
        "delivery": None,
        "guid": "a-guid",
        "installation": 1,
        "repository_id": 10,
        "repository": "acme/widgets",
        "number": 7,
        "event": "IssueOpened",
        "title": "It crashes",
        "actor": "nia",
    }
    return PlanHeader(**{**said, **changes})


def plan(ledger: Ledger, *planned: Planned, **changes: Any) -> Plan:
    return ledger.save(header(**changes), planned or [Planned("triage", BUG, acts=True)])


def ids(found: Sequence[Any]) -> list[int]:
    return [each.id for each in found]

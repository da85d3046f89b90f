"""Usher's own record in a repository, out of the ledger."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.actions import Abstain, Action, AddLabels, UpsertComment
from bot.health.labels import Labelling
from bot.store.database import Database
from bot.store.ledger import Ledger, Plan, Planned
from bot.store.record import Record
from bot.store.registry import Registry
from tests.store.examples import DAY, plan

NAME = "acme/widgets"
BUG = AddLabels(labels=("bug",), reason="it crashes", confidence=0.9)
UNSURE = AddLabels(labels=("needs-triage",), reason="too unsure", confidence=0.4)


@pytest.fixture
def record(database: Database) -> Record:
    return Record(database)


def put(ledger: Ledger, action: Action, number: int, status: str = "done", **more: Any) -> Plan:
    saved = plan(ledger, Planned(more.pop("rule", "triage"), action, acts=True), number=number, **more)
    ledger.finish(saved.steps[0].id, status)
    return saved


def test_labels_and_abstentions_are_told_in_their_order(record: Record, ledger: Ledger) -> None:
    first = put(ledger, BUG, 1)
    second = put(ledger, Abstain(about="type label", reason="too unsure"), 2, "planned")
    third = put(ledger, UNSURE, 3, repository="Acme/Widgets")
    assert record.labellings(NAME, first.created_at - DAY, "Needs-Triage") == [
        Labelling(1, first.created_at, "bug"),
        Labelling(2, second.created_at),
        Labelling(3, third.created_at),
    ]


def test_what_was_not_put_on_or_is_not_its_own_decision_does_not_count(
    record: Record, ledger: Ledger
) -> None:
    first = put(ledger, BUG, 1, "failed")
    put(ledger, BUG, 2, "observed")
    put(ledger, BUG, 3, rule="label_command")
    put(ledger, BUG, 4, repository="acme/engine")
    put(ledger, UpsertComment(purpose="welcome", template="welcome", reason="first"), 5)
    assert record.labellings(NAME, first.created_at - DAY) == []
    put(ledger, BUG, 6)
    assert record.labellings(NAME, first.created_at + DAY) == []


def test_what_people_made_of_it_is_told(record: Record, ledger: Ledger, registry: Registry) -> None:
    saved = put(ledger, BUG, 1)
    said = {"installation": 1, "repository": NAME, "number": 1, "by": "maya"}
    registry.keep_correction(action=901, label="bug", added=False, **said)
    registry.keep_correction(action=902, label="question", added=True, **said)
    registry.keep_correction(action=903, label="bug", added=False, **{**said, "number": 2})
    (found,) = record.labellings(NAME, saved.created_at - DAY)
    assert (found.label, found.instead) == ("bug", "question")
    assert found.undone_at is not None
    assert timedelta(0) <= found.undone_at - saved.created_at < timedelta(minutes=1)


def test_what_was_undone_did_not_stand(record: Record, ledger: Ledger) -> None:
    saved = put(ledger, BUG, 1, "undone")
    (found,) = record.labellings(NAME, saved.created_at - DAY)
    assert found.undone_at is not None
    assert found.instead == ""


def test_actions_are_counted_by_what_became_of_them(record: Record, ledger: Ledger) -> None:
    saved = put(ledger, BUG, 1)
    put(ledger, BUG, 2)
    put(ledger, BUG, 3, "failed")
    put(ledger, Abstain(about="type label", reason="too unsure"), 4)
    put(ledger, BUG, 5, repository="acme/engine")
    start = saved.created_at
    assert record.counts("ACME/widgets", start, start + DAY) == {"done": 2, "failed": 1}
    assert record.counts(NAME, start - DAY, start) == {}

from datetime import UTC, datetime, timedelta

import pytest

from bot.store.database import Database
from bot.store.handover import Handover, Routed
from bot.store.inbox import NOTE_LIMIT, STATES, Inbox
from bot.store.pace import Pace
from tests.databases import only_postgres
from tests.store.examples import DAY, HOUR, ids, incoming, number, put, stored


def taken(handover: Handover, limit: int = 100) -> list[int]:
    with handover.transaction() as transaction:
        return ids(transaction.take(limit))


def test_the_oldest_come_first_and_with_their_bodies(inbox: Inbox, handover: Handover) -> None:
    a, b, c = stored(inbox, *"abc")
    assert taken(handover, limit=2) == [a, b]
    assert taken(handover) == [a, b, c]
    with handover.transaction() as transaction:
        assert [each.body for each in transaction.take(3)] == [b"a", b"b", b"c"]


@pytest.mark.parametrize("state", STATES)
def test_only_new_ones_and_those_whose_time_has_come_are_taken(
    inbox: Inbox, handover: Handover, state: str
) -> None:
    [a] = stored(inbox, "a")
    put(handover, a, state, not_before=datetime.now(UTC) - HOUR)
    assert taken(handover) == ([a] if state in ("received", "deferred") else [])


def test_one_that_was_put_back_waits_for_its_time(inbox: Inbox, handover: Handover) -> None:
    [a] = stored(inbox, "a")
    inbox.defer(a, datetime.now(UTC) + HOUR, "later")
    assert taken(handover) == []


def test_what_was_put_back_is_held_while_github_asks_its_installation_to_wait(
    database: Database, inbox: Inbox, handover: Handover
) -> None:
    held, free, unknown = stored(inbox, *"abc")
    past = datetime.now(UTC) - HOUR
    put(handover, held, "deferred", installation=1, not_before=past)
    put(handover, free, "deferred", installation=2, not_before=past)
    put(handover, unknown, "deferred", not_before=past)
    pace = Pace(database, timedelta(0))
    pace.block(1, datetime.now(UTC) + HOUR)
    pace.block(2, past)
    assert taken(handover) == [free, unknown]


@only_postgres
def test_one_relay_at_a_time_takes_deliveries(inbox: Inbox, handover: Handover) -> None:
    [a] = stored(inbox, "a")
    with handover.transaction() as first:
        assert ids(first.take(10)) == [a]
        assert taken(handover) == []
    assert taken(handover) == [a]


def test_what_was_decided_is_recorded(inbox: Inbox, handover: Handover) -> None:
    [a] = stored(inbox, "a")
    before = datetime.now(UTC)
    put(handover, a, "queued", thread="acme/widgets#7", installation=2**40, handovers=1)
    kept = inbox.get(a)
    assert kept is not None
    assert (kept.state, kept.thread, kept.installation) == ("queued", "acme/widgets#7", 2**40)
    assert kept.handovers == 1
    assert kept.changed_at is not None
    assert kept.changed_at >= before


def test_a_long_note_is_shortened(inbox: Inbox, handover: Handover) -> None:
    [a] = stored(inbox, "a")
    put(handover, a, "quarantined", note="x" * (NOTE_LIMIT + 1))
    kept = inbox.get(a)
    assert kept is not None
    assert kept.note == "x" * NOTE_LIMIT


def test_a_transaction_that_fails_has_decided_nothing(inbox: Inbox, handover: Handover) -> None:
    [a] = stored(inbox, "a")

    def fail() -> None:
        with handover.transaction() as transaction:
            transaction.record([Routed(a, "queued", {})])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert taken(handover) == [a]


def test_a_body_that_came_before_under_another_guid_is_recognised(inbox: Inbox, handover: Handover) -> None:
    inbox.store([incoming("a", b"same"), incoming("b", b"same"), incoming("c", b"other")])
    with handover.transaction() as transaction:
        seen = [transaction.seen_before(each) for each in transaction.take(10)]
    assert seen == [False, True, False]


def test_a_body_that_could_not_be_read_before_gets_another_look(inbox: Inbox, handover: Handover) -> None:
    inbox.store([incoming("a", b"same")])
    put(handover, number(inbox, "a"), "quarantined")
    inbox.store([incoming("b", b"same")])
    with handover.transaction() as transaction:
        assert [transaction.seen_before(each) for each in transaction.take(10)] == [False]


def test_what_was_handed_over_long_ago_and_never_finished_is_found(inbox: Inbox, handover: Handover) -> None:
    a, b, c = stored(inbox, *"abc")
    put(handover, a, "queued")
    put(handover, b, "queued")
    put(handover, c, "done")
    assert ids(handover.stale(timedelta(0))) == [a, b]
    assert ids(handover.stale(timedelta(0), limit=1)) == [a]
    assert handover.stale(DAY) == []
    assert handover.stale(timedelta(0))[0].body == b""


def test_a_look_at_a_stale_one_is_noted_so_that_the_next_comes_later(
    inbox: Inbox, handover: Handover
) -> None:
    a, b = stored(inbox, "a", "b")
    for each in (a, b):
        put(handover, each, "queued", changed_at=datetime.now(UTC) - DAY)
    handover.touch([a])
    assert ids(handover.stale(HOUR)) == [b]

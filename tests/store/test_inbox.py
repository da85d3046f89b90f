import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.store.handover import Handover
from bot.store.inbox import FAILED, NOTE_LIMIT, STATES, UNFINISHED, Inbox, Incoming
from bot.store.ledger import Ledger
from tests.store.examples import DAY, HOUR, NOON, THREAD, ids, incoming, number, plan, put, stored


def test_a_delivery_is_kept_byte_for_byte_with_the_time_of_its_arrival(inbox: Inbox) -> None:
    body = bytes(range(256)) + "日本語".encode()
    at = datetime(2025, 6, 9, 14, 0, 0, 123456, timezone(timedelta(hours=2)))
    inbox.store([Incoming("a", "issues", body, at)])
    kept = inbox.get("a")
    assert kept is not None
    assert (kept.guid, kept.event, kept.body, kept.state) == ("a", "issues", body, "received")
    assert kept.received_at == at
    assert kept.received_at.tzinfo is UTC
    assert (kept.attempts, kept.handovers, kept.note, kept.thread) == (0, 0, None, None)


def test_a_guid_is_stored_once_and_the_first_body_stays(inbox: Inbox) -> None:
    inbox.store([incoming("a", b"first")])
    inbox.store([incoming("a", b"second"), incoming("b")])
    kept = inbox.get("a")
    assert kept is not None
    assert kept.body == b"first"
    assert inbox.counts() == {"received": 2}


def test_a_batch_may_hold_the_same_guid_twice(inbox: Inbox) -> None:
    inbox.store([incoming("a"), incoming("b"), incoming("a")])
    assert [each.guid for each in inbox.recent()] == ["b", "a"]


def test_of_copies_that_arrive_at_once_one_is_kept(inbox: Inbox) -> None:
    threads = [threading.Thread(target=inbox.store, args=([incoming("a")],)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert inbox.counts() == {"received": 1}


def test_a_delivery_is_found_by_number_and_by_guid(inbox: Inbox) -> None:
    [first] = stored(inbox, "a")
    assert inbox.get(first) == inbox.get("a")
    assert inbox.get(first + 1) is None
    assert inbox.get("b") is None


def test_a_body_that_was_not_asked_for_is_left_out(inbox: Inbox) -> None:
    stored(inbox, "a")
    kept = inbox.get("a", body=False)
    assert kept is not None
    assert kept.body == b""
    assert all(each.body == b"" for each in inbox.recent())


def test_known_guids_are_told_from_others(inbox: Inbox) -> None:
    stored(inbox, "a", "b")
    assert inbox.known(["a", "b", "c", *(f"unknown-{n}" for n in range(1200))]) == {"a", "b"}
    assert inbox.known([]) == set()


def test_deliveries_are_listed_newest_first_page_by_page_and_by_state(
    inbox: Inbox, handover: Handover
) -> None:
    a, b, c, d = stored(inbox, *"abcd")
    put(handover, b, "dead")
    put(handover, c, "quarantined")
    assert ids(inbox.recent()) == [d, c, b, a]
    assert ids(inbox.recent(limit=2, offset=1)) == [c, b]
    assert ids(inbox.recent(states=FAILED)) == [c, b]
    assert inbox.counts() == {"received": 2, "dead": 1, "quarantined": 1}
    assert inbox.counts("acme/none") == {}


def test_a_finished_delivery_says_why_in_a_bounded_note(inbox: Inbox) -> None:
    [a] = stored(inbox, "a")
    inbox.defer(a, NOON + HOUR, "GitHub is away")
    inbox.finish(a, "dead", "x" * (NOTE_LIMIT + 1))
    kept = inbox.get(a)
    assert kept is not None
    assert (kept.state, kept.note, kept.not_before) == ("dead", "x" * NOTE_LIMIT, None)


def test_being_put_back_counts_as_an_attempt_unless_github_asked_for_it(inbox: Inbox) -> None:
    [a] = stored(inbox, "a")
    inbox.defer(a, NOON, "GitHub is away")
    inbox.defer(a, NOON + HOUR, "rate limit", counts=False)
    kept = inbox.get(a)
    assert kept is not None
    assert (kept.state, kept.attempts, kept.not_before) == ("deferred", 1, NOON + HOUR)
    assert kept.note == "rate limit"


@pytest.mark.parametrize("state", STATES)
def test_a_delivery_waits_for_unfinished_ones_before_it_on_the_same_thread(
    inbox: Inbox, handover: Handover, state: str
) -> None:
    a, b = stored(inbox, "a", "b")
    put(handover, a, state, thread=THREAD)
    put(handover, b, "queued", thread=THREAD)
    later = inbox.get(b)
    assert later is not None
    earlier = inbox.earlier_on_thread(later)
    assert (earlier.id if earlier else None) == (a if state in UNFINISHED else None)


def test_a_delivery_waits_for_the_first_one_and_not_for_later_ones_or_other_threads(
    inbox: Inbox, handover: Handover
) -> None:
    a, b, c, d = stored(inbox, *"abcd")
    for each in (a, b, d):
        put(handover, each, "queued", thread=THREAD)
    put(handover, c, "queued", thread="acme/widgets#70")
    waiting_for = [inbox.earlier_on_thread(each) for each in reversed(inbox.recent())]
    assert [each.id if each else None for each in waiting_for] == [None, a, None, a]


def test_a_delivery_of_no_thread_waits_for_nothing(inbox: Inbox, handover: Handover) -> None:
    a, b = stored(inbox, "a", "b")
    for each in (a, b):
        put(handover, each, "queued")
    later = inbox.get(b)
    assert later is not None
    assert inbox.earlier_on_thread(later) is None


@pytest.mark.parametrize("state", STATES)
def test_only_what_failed_can_be_put_back_in_line(inbox: Inbox, handover: Handover, state: str) -> None:
    [a] = stored(inbox, "a")
    inbox.defer(a, NOON, "went wrong")
    put(handover, a, state, note="went wrong")
    failed = state in FAILED
    assert inbox.retry([a]) == int(failed)
    kept = inbox.get(a)
    assert kept is not None
    assert kept.state == ("received" if failed else state)
    assert (kept.attempts, kept.note) == ((0, None) if failed else (1, "went wrong"))


def test_deliveries_are_put_back_by_number_and_by_guid(inbox: Inbox, handover: Handover) -> None:
    a, b, c = stored(inbox, *"abc")
    for each in (a, b, c):
        put(handover, each, "dead")
    assert inbox.retry([a, "b", "unknown"]) == 2
    assert inbox.counts() == {"received": 2, "dead": 1}
    assert inbox.retry([]) == 0


@pytest.mark.parametrize("state", STATES)
def test_what_is_finished_is_forgotten_in_time_and_the_rest_is_not(
    inbox: Inbox, handover: Handover, state: str
) -> None:
    inbox.store([incoming("old", at=NOON - DAY), incoming("new", at=NOON)])
    for guid in ("old", "new"):
        put(handover, number(inbox, guid), state)
    forgotten = state in ("done", "ignored", "duplicate")
    assert inbox.forget_before(NOON) == int(forgotten)
    assert (inbox.get("old") is None) == forgotten
    assert inbox.get("new") is not None


def test_the_plan_of_a_forgotten_delivery_stays(inbox: Inbox, ledger: Ledger, handover: Handover) -> None:
    [a] = stored(inbox, "a")
    saved = plan(ledger, delivery=a)
    put(handover, a, "done")
    inbox.forget_before(NOON + DAY)
    kept = ledger.get(saved.id)
    assert kept is not None
    assert kept.delivery is None
    assert kept.steps == saved.steps

"""What takes long is made once, a few at a time; who comes too late, or at the end, is told so."""

from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import timedelta
from itertools import count, islice
from threading import Event

import pytest

from bot.making import WITHIN, BeingMade, Workshop

MINUTE = timedelta(minutes=1)


def test_what_is_kept_is_made_once() -> None:
    made = iter(range(9))
    kept = Workshop[int]("pots", 2, MINUTE, 1)
    assert [kept.get(key, lambda: next(made)) for key in "aabbaa"] == [0, 0, 1, 1, 0, 0]
    fresh = Workshop[int]("pots", 2, timedelta(0), 1)
    assert [fresh.get("a", lambda: next(made)) for _ in range(2)] == [2, 3]


def test_those_who_ask_for_the_same_get_the_same() -> None:
    made, let_go = count(), Event()

    def make() -> int:
        assert let_go.wait(60)
        return next(made)

    workshop = Workshop[int]("pots", 2, MINUTE, 4)
    with ThreadPoolExecutor(WITHIN) as pool:
        asked = [pool.submit(workshop.get, "a", make) for _ in range(WITHIN)]
        let_go.set()
        assert {each.result(60) for each in asked} == {0}


def test_too_many_are_refused_but_for_what_is_kept_and_who_waits() -> None:
    let_go = Event()

    def make() -> int:
        assert let_go.wait(60)
        return 2

    workshop = Workshop[int]("pots", 99, MINUTE, 2)
    workshop.get("kept", lambda: 1)
    with ThreadPoolExecutor(2 * WITHIN + 1) as pool:
        asked = [pool.submit(workshop.get, key, make) for key in range(2 * WITHIN)]
        refused = list(islice(as_completed(asked, 60), WITHIN))
        for each in refused:
            with pytest.raises(BeingMade, match="other pots are being made: try again in a moment"):
                each.result()
        assert workshop.get("kept", make) == 1
        patient = pool.submit(workshop.get, "patient", make, waits=True)
        let_go.set()
        assert patient.result(60) == 2
        assert {each.result(60) for each in asked if each not in refused} == {2}
    assert workshop.get("another", make) == 2


def test_what_fails_makes_room_for_the_next() -> None:
    workshop = Workshop[int]("pots", 2, MINUTE, 1)
    for _ in range(2 * WITHIN):
        with pytest.raises(ZeroDivisionError):
            workshop.get("a", lambda: 1 // 0)
    assert workshop.get("a", lambda: 1) == 1


def test_at_the_end_nothing_is_made_any_more_and_what_is_being_made_is_given_up() -> None:
    workshop = Workshop[int]("pots", 2, MINUTE, 1)
    parts = workshop.watched(range(9))
    assert next(parts) == 0
    workshop.end()
    for make in (lambda: next(parts), lambda: workshop.get("a", lambda: 1)):
        with pytest.raises(BeingMade, match="the server is being stopped: try again in a moment"):
            make()

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.store.database import Database
from bot.store.marks import Marks
from tests.store.examples import HOUR, NOON


@pytest.fixture
def marks(database: Database) -> Marks:
    return Marks(database)


def test_a_mark_is_set_and_moved(marks: Marks) -> None:
    assert marks.get("log read") is None
    marks.set("log read", NOON)
    marks.set("other", NOON + HOUR)
    assert marks.get("log read") == NOON
    marks.set("log read", NOON - HOUR)
    assert marks.get("log read") == NOON - HOUR


def test_a_turn_comes_once_in_its_time(marks: Marks) -> None:
    assert marks.take_turn("sweep", HOUR)
    assert not marks.take_turn("sweep", HOUR)
    assert marks.take_turn("purge", HOUR)
    marks.set("sweep", datetime.now(UTC) - 2 * HOUR)
    assert marks.take_turn("sweep", HOUR)
    assert not marks.take_turn("sweep", HOUR)


def test_of_many_workers_one_takes_a_turn(database: Database) -> None:
    taken = []

    def ask() -> None:
        taken.append(Marks(database).take_turn("sweep", timedelta(hours=1)))

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 9 + [True]

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.store.database import Database
from bot.store.handover import Handover
from bot.store.inbox import Inbox
from bot.store.pace import FIRST_PAUSE, Pace
from bot.store.registry import Registry
from bot.store.tables import installations
from tests.store.examples import DAY, HOUR, put, stored

SECOND = timedelta(seconds=1)
CLOSE = timedelta(seconds=30)  # how near two moments are that a slow machine may take apart


@pytest.fixture
def pace(database: Database) -> Pace:
    return Pace(database, SECOND)


def close(moment: datetime | None, expected: datetime) -> bool:
    return moment is not None and abs(moment - expected) < CLOSE


# Spacing


def test_writes_of_one_installation_are_spaced(pace: Pace) -> None:
    waits = [pace.reserve_write(1, HOUR) for _ in range(100)]
    assert waits[0] == timedelta(0)
    # The hundredth comes 99 spacings after the first, whatever passed between the calls.
    assert timedelta(seconds=99) - CLOSE < waits[99] <= timedelta(seconds=99)
    assert waits == sorted(waits)


def test_workers_reserve_different_moments(database: Database) -> None:
    """Each worker has connections of its own to the same database."""
    workers = [Pace(Database(database.url.render_as_string(False)), SECOND) for _ in range(4)]
    began, moments = datetime.now(UTC), []

    def write(worker: Pace) -> None:
        for _ in range(5):
            wait = worker.reserve_write(1, HOUR)
            moments.append(wait)

    threads = [threading.Thread(target=write, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(moments) == 20
    # Twenty moments a second apart end nineteen seconds after the first.
    assert Pace(database, SECOND).reserve_write(1, HOUR) + datetime.now(UTC) >= began + timedelta(seconds=20)


def test_installations_do_not_wait_for_each_other(pace: Pace) -> None:
    for _ in range(10):
        pace.reserve_write(1, HOUR)
    assert pace.reserve_write(2, HOUR) == timedelta(0)


def test_without_spacing_nothing_waits(database: Database) -> None:
    pace = Pace(database, timedelta(0))
    assert {pace.reserve_write(1, HOUR) for _ in range(10)} == {timedelta(0)}


def test_whoever_would_wait_too_long_takes_nothing_and_keeps_nobody_waiting(pace: Pace) -> None:
    for _ in range(60):
        pace.reserve_write(1, HOUR)
    waits = [pace.reserve_write(1, SECOND) for _ in range(100)]
    assert all(wait > SECOND for wait in waits)
    assert max(waits) <= timedelta(seconds=60)
    assert pace.reserve_write(1, HOUR) <= timedelta(seconds=60)


def test_whoever_is_put_back_comes_back_behind_those_put_back_before(
    pace: Pace, inbox: Inbox, handover: Handover
) -> None:
    for _ in range(60):
        pace.reserve_write(1, HOUR)
    first = pace.reserve_write(1, SECOND)
    waiting = stored(inbox, *(f"guid-{n}" for n in range(50)))
    for each in waiting:
        put(handover, each, "deferred", installation=1, not_before=datetime.now(UTC) + HOUR)
    put(handover, waiting[-1], "deferred", installation=2)
    assert pace.reserve_write(1, SECOND) > first + timedelta(seconds=49) - CLOSE


# Pauses


def test_nothing_stands_against_asking_at_first(pace: Pace) -> None:
    assert pace.blocked_until(1) is None


def test_a_time_that_github_gave_is_kept_to(pace: Pace) -> None:
    until = datetime.now(UTC) + HOUR
    assert pace.block(1, until) == until
    assert pace.blocked_until(1) == until
    assert pace.blocked_until(2) is None


def test_a_pause_ends_by_itself(pace: Pace) -> None:
    pace.block(1, datetime.now(UTC) - SECOND)
    assert pace.blocked_until(1) is None


def test_of_two_times_the_later_one_holds(pace: Pace) -> None:
    now = datetime.now(UTC)
    pace.block(1, now + DAY)
    assert pace.block(1, now + HOUR) == now + DAY
    assert pace.blocked_until(1) == now + DAY


def test_all_workers_keep_to_a_pause(database: Database, pace: Pace) -> None:
    until = pace.block(1, datetime.now(UTC) + HOUR)
    assert Pace(Database(database.url.render_as_string(False)), SECOND).blocked_until(1) == until


def test_without_a_word_from_github_each_pause_is_twice_as_long_up_to_an_hour(
    database: Database, pace: Pace
) -> None:
    pauses = []
    for _ in range(12):
        now = datetime.now(UTC)
        pauses.append(round((pace.block(1, None) - now).total_seconds() / 60))
        end_pause(database, 1)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60]


def test_requests_that_hit_one_limit_together_are_one_strike(database: Database, pace: Pace) -> None:
    now = datetime.now(UTC)
    until = pace.block(1, None)
    assert close(until, now + FIRST_PAUSE)
    assert {pace.block(1, None) for _ in range(5)} == {until}
    end_pause(database, 1)
    assert close(pace.block(1, None), datetime.now(UTC) + 2 * FIRST_PAUSE)


def test_a_pause_with_a_time_is_no_strike(database: Database, pace: Pace) -> None:
    for _ in range(3):
        pace.block(1, datetime.now(UTC) + HOUR)
        end_pause(database, 1)
    assert close(pace.block(1, None), datetime.now(UTC) + FIRST_PAUSE)


def test_once_writes_go_through_again_the_next_pause_is_short(database: Database, pace: Pace) -> None:
    for _ in range(4):
        pace.block(1, None)
        end_pause(database, 1)
    assert pace.blocked_until(1) is None  # asked before each request
    pace.forgive(1)
    assert close(pace.block(1, None), datetime.now(UTC) + FIRST_PAUSE)


def test_a_worker_forgives_what_another_one_was_refused(database: Database, pace: Pace) -> None:
    for _ in range(4):
        pace.block(1, None)
        end_pause(database, 1)
    other = Pace(Database(database.url.render_as_string(False)), SECOND)
    assert other.blocked_until(1) is None
    other.forgive(1)
    assert close(pace.block(1, None), datetime.now(UTC) + FIRST_PAUSE)


def test_forgiving_does_not_end_a_pause(pace: Pace) -> None:
    until = pace.block(1, None)
    assert pace.blocked_until(1) == until
    pace.forgive(1)
    assert pace.blocked_until(1) == until


def test_limits_of_an_installation_that_is_not_known_yet_are_kept_too(registry: Registry, pace: Pace) -> None:
    until = pace.block(1, None)
    registry.installed(1, "acme")
    assert registry.all_installations() == {1: "acme"}
    assert pace.blocked_until(1) == until


def end_pause(database: Database, installation: int) -> None:
    """Let the pause lie in the past."""
    with database.engine.begin() as connection:
        connection.execute(
            installations.update()
            .where(installations.c.id == installation)
            .values(blocked_until=datetime.now(UTC) - SECOND)
        )

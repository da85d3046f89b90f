import random
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.store.database import Database
from bot.store.handover import Handover
from bot.store.inbox import Inbox
from bot.store.pace import CREATIONS, FIRST_PAUSE, POINTS, SLICE, Allowance, Pace
from bot.store.registry import Registry
from bot.store.tables import installations
from tests.store.examples import DAY, HOUR, NOON, put, stored

SECOND = timedelta(seconds=1)
CLOSE = timedelta(seconds=30)  # how near two moments are that a slow machine may take apart


@pytest.fixture
def pace(database: Database) -> Pace:
    return Pace(database, SECOND)


def close(moment: datetime | None, expected: datetime) -> bool:
    return moment is not None and abs(moment - expected) < CLOSE


def write(pace: Pace, longest: timedelta = HOUR, installation: int = 1) -> timedelta:
    """Ask for a moment to change something. Returns the wait."""
    return pace.reserve(installation, writes=True, creates=False, longest=longest)


def read(pace: Pace, longest: timedelta = HOUR, installation: int = 1) -> timedelta:
    return pace.reserve(installation, writes=False, creates=False, longest=longest)


def create(pace: Pace, longest: timedelta = DAY, installation: int = 1) -> timedelta:
    return pace.reserve(installation, writes=True, creates=True, longest=longest)


# Spacing


def test_writes_of_one_installation_are_spaced(pace: Pace) -> None:
    waits = [write(pace) for _ in range(30)]
    assert waits[0] == timedelta(0)
    # The thirtieth comes 29 spacings after the first, whatever passed between the calls.
    assert timedelta(seconds=29) - CLOSE < waits[-1] <= timedelta(seconds=29)
    assert waits == sorted(waits)


def test_workers_reserve_different_moments(database: Database) -> None:
    """Each worker has connections of its own to the same database."""
    workers = [Pace(Database(database.url.render_as_string(False)), SECOND) for _ in range(4)]
    began = datetime.now(UTC)

    def write_on(worker: Pace) -> None:
        for _ in range(5):
            write(worker)

    threads = [threading.Thread(target=write_on, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Twenty moments a second apart end nineteen seconds after the first.
    assert write(Pace(database, SECOND)) + datetime.now(UTC) >= began + timedelta(seconds=20)


def test_installations_do_not_wait_for_each_other(pace: Pace) -> None:
    for _ in range(10):
        write(pace)
    assert write(pace, installation=2) == timedelta(0)


def test_reads_do_not_wait_for_writes(pace: Pace) -> None:
    for _ in range(10):
        write(pace)
    assert read(pace) == timedelta(0)


def test_without_spacing_nothing_waits(database: Database) -> None:
    pace = Pace(database, timedelta(0))
    assert {do(pace) for do in (read, write, create) for _ in range(300)} == {timedelta(0)}
    pace.spare(1, datetime.now(UTC) + HOUR)
    assert pace.blocked_until(1) is None


def test_whoever_would_wait_too_long_takes_nothing_and_keeps_nobody_waiting(pace: Pace) -> None:
    for _ in range(30):
        write(pace)
    in_hand = pace._in_hand[1]
    waits = [write(pace, longest=SECOND) for _ in range(100)]
    assert pace._in_hand[1] == in_hand
    assert all(wait > SECOND for wait in waits)
    assert max(waits) <= timedelta(seconds=30)
    assert write(pace) <= timedelta(seconds=30)


def test_whoever_is_put_back_comes_back_behind_those_put_back_before(
    pace: Pace, inbox: Inbox, handover: Handover
) -> None:
    for _ in range(30):
        write(pace)
    first = write(pace, longest=SECOND)
    waiting = stored(inbox, *(f"guid-{n}" for n in range(50)))
    for each in waiting:
        put(handover, each, "deferred", installation=1, not_before=datetime.now(UTC) + HOUR)
    put(handover, waiting[-1], "deferred", installation=2)
    assert write(pace, longest=SECOND) > first + timedelta(seconds=49) - CLOSE


# Points and creations


@pytest.mark.parametrize(
    ("allowance", "window", "most"),
    [
        (POINTS, timedelta(minutes=1), 900 - SLICE),
        (CREATIONS, timedelta(hours=1), 500),
    ],
)
@given(st.integers(0, 2**32), st.sampled_from([0.0, 0.001, 0.05, 0.2, 2.0]))
def test_in_no_window_is_more_used_than_github_allows(
    allowance: Allowance, window: timedelta, most: int, seed: int, gap: float
) -> None:
    dice, used, full_at, now = random.Random(seed), [], None, NOON
    for _ in range(2 * most):
        now += timedelta(seconds=gap * dice.random())
        full_at, wait = allowance.take(1, full_at, now)
        used.append(now + wait)
    assert used == sorted(used)
    assert all(later - earlier >= window for earlier, later in zip(used, used[most:], strict=False))


def test_an_allowance_that_was_left_alone_is_full_again() -> None:
    full_at, _wait = POINTS.take(POINTS.burst, None, NOON)
    assert POINTS.take(1, full_at, NOON)[1] == POINTS.every
    assert POINTS.take(POINTS.burst, full_at, NOON + timedelta(minutes=1))[1] == timedelta(0)


def test_many_reads_at_once_have_to_wait(pace: Pace) -> None:
    waits = [read(pace) for _ in range(1000)]
    assert waits[: POINTS.burst] == [timedelta(0)] * POINTS.burst
    assert max(waits) > timedelta(seconds=60)


def test_a_write_costs_as_much_as_five_reads(database: Database) -> None:
    for cost, do in ((1, read), (5, write)):
        pace = Pace(database, timedelta(microseconds=1))
        installation = cost
        free = 0
        while do(pace, installation=installation) < timedelta(milliseconds=100):
            free += 1
        assert POINTS.burst / cost <= free < POINTS.burst / cost * 2


def test_most_reads_cost_no_write_in_the_database(pace: Pace, database: Database) -> None:
    statements = []
    sa.event.listen(
        database.engine, "before_cursor_execute", lambda _c, _d, sql, *_more: statements.append(sql)
    )
    for _ in range(200):
        read(pace)
    assert len([sql for sql in statements if sql.startswith("UPDATE")]) == 200 / SLICE


def test_many_things_are_created_slowly(database: Database) -> None:
    pace = Pace(database, timedelta(microseconds=1))
    waits = []
    for _ in range(300):
        waits.append(create(pace))
        forget_points(database)
    assert waits[CREATIONS.burst - 1] < timedelta(seconds=1)
    assert waits[-1] > timedelta(minutes=15)


def test_threads_of_one_process_share_what_it_has_in_hand(pace: Pace) -> None:
    threads = [threading.Thread(target=read, args=(pace,)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pace._in_hand[1] == SLICE - 16


def test_a_pause_before_github_asks_for_it_is_kept_to_by_all(pace: Pace, database: Database) -> None:
    until = datetime.now(UTC) + HOUR
    pace.spare(1, until)
    assert pace.blocked_until(1) == until
    end_pause(database, 1)
    assert close(pace.block(1, None), datetime.now(UTC) + FIRST_PAUSE)  # it was no strike


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


def forget_points(database: Database) -> None:
    """Take the limit on points out of the way."""
    with database.engine.begin() as connection:
        connection.execute(installations.update().values(points_full_at=None))

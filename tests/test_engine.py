"""The engine: what is in the inbox gets done, in order, also what was lost on the way."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.core.errors import RetryLater
from bot.engine import Chore, Engine
from bot.store.database import Database
from bot.store.tables import deliveries, workers
from tests.world import World, living

PATIENCE = 30.0
CRASH = """It crashes with a segfault when I save a file.

Steps to reproduce: open a file, save it.

```
Traceback (most recent call last):
  File "editor.py", line 3, in save
ValueError: I/O operation on closed file
```

Expected: it is saved. Actual: the program crashes."""


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    with living(database) as made:
        yield made


@contextmanager
def running(world: World, *chores: Chore) -> Iterator[Engine]:
    engine = Engine(world.database, world.processor, concurrency=4, chores=chores)
    engine.start()
    try:
        yield engine
    finally:
        engine.stop(timeout=2)


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it does not come about"
        time.sleep(0.05)


def finished(world: World) -> bool:
    states = world.inbox.counts()
    return not any(states.get(state) for state in ("received", "queued", "deferred"))


def test_what_is_in_the_inbox_gets_done(world: World) -> None:
    number = world.open_issue("Crash when saving", CRASH)
    world.receive()
    with running(world) as engine:
        assert engine.ready
        until(lambda: finished(world))
    assert not engine.ready
    assert world.labels(number) == ["bug"]
    assert [delivery.state for delivery in world.deliveries()] == ["done", "done"]


def test_what_arrives_later_is_taken_at_once_when_woken(world: World) -> None:
    with running(world) as engine:
        until(lambda: finished(world))
        number = world.open_issue("It crashes")
        world.receive()
        engine.wake()
        until(lambda: world.plans(number) and finished(world))


def test_one_thread_is_worked_on_in_the_order_of_arrival(world: World) -> None:
    number = world.open_issue("It crashes")
    for name in ("bug", "question", "documentation"):
        world.comment(number, f"/label {name}")
        world.comment(number, f"/remove-label {name}")
    world.receive()
    with running(world):
        until(lambda: finished(world))
    assert [plan.title for plan in world.plans(number) if plan.event == "CommandGiven"] == [
        f"/{command} {name}"
        for name in ("bug", "question", "documentation")
        for command in ("label", "remove-label")
    ]
    assert {"bug", "question", "documentation"}.isdisjoint(world.labels(number))


def test_what_needs_no_work_never_becomes_a_workflow(world: World) -> None:
    world.drop_mail()
    world.deliver("watch", b'{"action": "started"}')
    world.deliver("issues", b"no JSON")
    with running(world):
        until(lambda: finished(world))
    assert [delivery.state for delivery in world.deliveries()] == ["ignored", "quarantined"]
    with world.database.engine.connect() as connection:
        schema = "" if world.database.is_sqlite else "dbos."
        count = connection.execute(sa.text(f"SELECT count(*) FROM {schema}workflow_status"))
        assert count.scalar_one() == 0


def test_a_delivery_that_must_wait_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    work = world.processor._work

    def fails_once(delivery: object) -> None:
        tried.append(1)
        if len(tried) == 1:
            raise RetryLater("not now", datetime.now(UTC) + timedelta(seconds=0.2))
        work(delivery)  # type: ignore[arg-type]

    monkeypatch.setattr(world.processor, "_work", fails_once)
    world.drop_mail()
    number = world.open_issue("It crashes")
    world.receive()
    with running(world):
        until(lambda: world.plans(number) and finished(world))
    assert len(tried) == 2
    assert [delivery.handovers for delivery in world.deliveries()] == [2]


def test_what_the_engine_lost_is_handed_over_again(world: World) -> None:
    world.drop_mail()
    number = world.open_issue("It crashes")
    world.receive()
    # Marked as handed over, yet the engine knows nothing of it: its tables were restored from a backup, say.
    with world.database.engine.begin() as connection:
        long_ago = datetime.now(UTC) - timedelta(hours=1)
        connection.execute(sa.update(deliveries).values(state="queued", handovers=1, changed_at=long_ago))
    with running(world):
        until(lambda: world.plans(number) and finished(world))


def test_work_that_is_left_when_it_stops_is_done_at_the_next_start(world: World) -> None:
    numbers = [world.open_issue(f"Crash when saving ({turn})", CRASH) for turn in range(30)]
    world.receive()
    with running(world):
        until(lambda: any(world.plans(number) for number in numbers))
    with running(world):
        until(lambda: finished(world))
    assert all(world.labels(number) for number in numbers)
    assert len(world.writes("POST .*/labels")) == len(numbers)


def test_chores_are_done_and_one_that_fails_does_not_stop_the_others(world: World) -> None:
    done: list[str] = []

    def fails() -> None:
        done.append("fails")
        raise RuntimeError("a bug")

    every = timedelta(hours=1)
    with running(world, Chore("fails", every, fails), Chore("works", every, lambda: done.append("works"))):
        until(lambda: len(done) == 2)
    assert done == ["fails", "works"]


def test_a_worker_says_goodbye(world: World) -> None:
    with running(world), world.database.engine.connect() as connection:
        present = connection.execute(sa.select(sa.func.count()).select_from(workers)).scalar_one()
    with world.database.engine.connect() as connection:
        left = connection.execute(sa.select(sa.func.count()).select_from(workers)).scalar_one()
    assert (present, left) == (0 if world.database.is_sqlite else 1, 0)


def test_the_work_of_a_dead_worker_is_taken_over(world: World) -> None:
    if world.database.is_sqlite:
        pytest.skip("with SQLite there is one process, which finds its own work again")
    number = world.open_issue("Crash when saving", CRASH)
    world.receive()
    with running(world) as engine:
        until(lambda: finished(world))
        # As a worker leaves it that was killed: at work, its row there, its lock free.
        with world.database.engine.begin() as connection:
            connection.execute(
                sa.insert(workers).values(executor="dead", lock=12345, started_at=datetime.now(UTC))
            )
            connection.execute(
                sa.text("UPDATE dbos.workflow_status SET status = 'PENDING', executor_id = 'dead'")
            )
            connection.execute(sa.update(deliveries).values(state="queued"))
        until(lambda: "dead" not in engine._liveness.others() and finished(world))
    assert len(world.writes("POST .*/labels")) == 1
    assert world.labels(number)

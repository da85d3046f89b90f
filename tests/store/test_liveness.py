"""Who lives among the workers of a PostgreSQL database; a SQLite database has one process alone."""

import subprocess
import sys
import time

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.liveness import SOLE, Liveness
from tests.databases import only_postgres

WORKER = """
import sys, time
from bot.store.database import Database
from bot.store.liveness import Liveness
worker = Liveness(Database(sys.argv[1]))
worker.announce()
print(worker.name, flush=True)
time.sleep(600)
"""


def test_workers_have_names_of_their_own_and_a_sole_process_always_the_same(database: Database) -> None:
    one, two = Liveness(database), Liveness(database)
    assert (one.name == two.name == SOLE) == database.is_sqlite
    assert one.watched != database.is_sqlite


def test_a_sole_process_needs_no_sign_of_life(sqlite_database: Database) -> None:
    worker = Liveness(sqlite_database)
    worker.announce()
    assert worker.others() == set()
    worker.leave()


@only_postgres
def test_a_worker_lives_from_its_announcement_to_its_goodbye(database: Database) -> None:
    one, two = Liveness(database), Liveness(database)
    one.announce()
    two.announce()
    assert (one.others(), two.others()) == ({two.name}, {one.name})
    assert one.dead() == two.dead() == set()
    two.leave()
    assert one.others() == set()
    one.leave()
    one.leave()


@only_postgres
def test_a_killed_worker_is_dead_until_it_is_buried(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-c", WORKER, url], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        name = process.stdout.readline().strip()
        watcher = Liveness(database)
        assert (watcher.others(), watcher.dead()) == ({name}, set())
        process.kill()
        process.wait()
        deadline = time.monotonic() + 30
        while not watcher.dead() and time.monotonic() < deadline:  # the server has to notice first
            time.sleep(0.01)
        assert watcher.dead() == {name}
        assert watcher.dead() == {name}  # a look does not take the lock for good
        watcher.bury(name)
        assert (watcher.others(), watcher.dead()) == (set(), set())


def break_connection(worker: Liveness, database: Database) -> None:
    assert worker._held is not None
    backend = worker._held.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    worker._held.commit()
    with database.engine.connect() as connection:
        connection.execute(sa.text(f"SELECT pg_terminate_backend({backend}, 5000)"))


@only_postgres
def test_a_worker_whose_connection_broke_takes_its_lock_again(database: Database) -> None:
    worker, watcher = Liveness(database), Liveness(database)
    worker.announce()
    break_connection(worker, database)
    assert watcher.dead() == {worker.name}
    for _ in range(2):
        worker.renew()
        assert watcher.dead() == set()
    worker.leave()


@only_postgres
def test_a_worker_that_was_taken_for_dead_announces_itself_again(database: Database) -> None:
    worker, watcher = Liveness(database), Liveness(database)
    worker.announce()
    break_connection(worker, database)
    watcher.bury(worker.name)
    worker.renew()
    assert (watcher.others(), watcher.dead()) == ({worker.name}, set())
    worker.leave()

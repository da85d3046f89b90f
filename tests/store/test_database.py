import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.core.errors import SetupError
from bot.store.database import BUSY_TIMEOUT_MS, Database
from tests.databases import only_postgres


@pytest.mark.parametrize(
    ("url", "backend"),
    [
        ("sqlite:///usher.db", "sqlite"),
        ("sqlite:////var/lib/usher/usher.db", "sqlite"),
        ("postgresql://usher@db/usher", "postgresql"),
        ("postgres://usher@db/usher", "postgresql"),
        ("postgresql+psycopg2://usher@db/usher", "postgresql"),
    ],
)
def test_these_urls_name_a_database(url: str, backend: str) -> None:
    opened = Database(url)
    assert opened.url.get_backend_name() == backend
    assert opened.is_sqlite == (backend == "sqlite")
    opened.close()


@pytest.mark.parametrize(
    "url", ["", "usher.db", "mysql://db/usher", "sqlite://", "sqlite:///:memory:", "nonsense://x", "http://["]
)
def test_other_urls_are_refused_in_one_line_that_says_what_was_expected(url: str) -> None:
    with pytest.raises(SetupError, match=r"expected sqlite:///path/usher\.db or postgresql://") as refused:
        Database(url)
    assert "\n" not in str(refused.value)
    assert refused.value.is_input


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"there is no folder .*nowhere; make it first"):
        Database(f"sqlite:///{tmp_path}/nowhere/usher.db").check()


def test_a_database_that_is_none_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "usher.db").write_text("a text that is longer than the header of any database file " * 20)
    with pytest.raises(SetupError, match=r"cannot open the database .*not a database") as refused:
        Database(f"sqlite:///{tmp_path}/usher.db").check()
    assert "\n" not in str(refused.value)


def test_an_unreachable_server_is_reported_in_one_line_without_the_password() -> None:
    with socket.socket() as probe:  # bound and not listening: nothing answers there
        probe.bind(("127.0.0.1", 0))
        url = f"postgresql://usher:hunter2@127.0.0.1:{probe.getsockname()[1]}/usher"
        with pytest.raises(SetupError, match="cannot open the database postgresql") as refused:
            Database(url).check()
    assert "hunter2" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_good_database_passes_the_check(database: Database) -> None:
    database.check()


def test_an_error_does_not_tell_the_values_of_its_statement(database: Database) -> None:
    with database.engine.connect() as connection, pytest.raises(sa.exc.DBAPIError) as failed:
        connection.execute(sa.text("SELECT :said FROM nowhere"), {"said": "canary"})
    assert "canary" not in str(failed.value)


def test_sqlite_is_tuned_for_durability(sqlite_database: Database) -> None:
    def pragma(name: str) -> object:
        with sqlite_database.engine.connect() as connection:
            return connection.execute(sa.text(f"PRAGMA {name}")).scalar()

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2  # FULL
    assert pragma("foreign_keys") == 1
    assert pragma("busy_timeout") == BUSY_TIMEOUT_MS


@only_postgres
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_a_server_with_a_zone_of_its_own_hands_out_times_in_utc(database: Database, zone: str) -> None:
    name = database.url.database
    with database.engine.begin() as connection:
        connection.execute(sa.text(f"ALTER DATABASE {name} SET timezone TO '{zone}'"))
    opened = Database(database.url.render_as_string(False))
    for at in ("0001-01-01 00:00:00Z", "9999-12-31 23:59:59Z"):
        with opened.engine.connect() as connection:
            found = connection.execute(sa.text(f"SELECT timestamptz '{at}'")).scalar_one()
            assert f"{found:%H:%M:%S%z}" == f"{at[11:19]}+0000"
    opened.close()


def test_a_second_process_on_the_same_sqlite_file_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/usher.db"
    first, second = Database(url), Database(url)
    refused = pytest.raises(SetupError, match=rf"another Usher \(process {os.getpid()}\) is running")
    with first.sole_process(), refused:
        second.sole_process().__enter__()
    with second.sole_process():
        pass


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/usher.db"
    holder = (
        "import sys, time; from bot.store.database import Database\n"
        "with Database(sys.argv[1]).sole_process():\n    print('held', flush=True); time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", holder, url], stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(SetupError, match=rf"process {process.pid}\)"):
            Database(url).sole_process().__enter__()
        process.kill()
        process.wait()
        with Database(url).sole_process():
            pass


@only_postgres
def test_any_number_of_processes_may_share_a_postgresql_database(database: Database) -> None:
    with database.sole_process(), Database(database.url.render_as_string(False)).sole_process():
        pass


def test_the_url_is_shown_without_its_password() -> None:
    assert "hunter2" not in Database("postgresql://usher:hunter2@db/usher").shown

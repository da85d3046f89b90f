"""The schema: what the migrations build is what the code believes, whoever builds it and whatever happens."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from bot.core.errors import SetupError
from bot.resources import resource_dir
from bot.store.database import Database
from bot.store.tables import metadata

TABLES = {*metadata.tables, "alembic_version"}


def tables(database: Database) -> set[str]:
    return set(sa.inspect(database.engine).get_table_names())


def test_an_empty_database_gets_all_tables(database_url: str) -> None:
    database = Database(database_url)
    database.migrate()
    assert tables(database) == TABLES
    database.close()


def test_the_migrations_lead_to_what_the_code_believes(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_way_down_and_up_again_is_open(database_url: str) -> None:
    database = Database(database_url)
    database.migrate()
    config = Config()
    config.set_main_option("script_location", str(resource_dir("migrations")))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert tables(database) == {"alembic_version"}
    database.migrate()
    assert tables(database) == TABLES
    database.close()


def test_migrating_again_changes_nothing(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(sa.insert(metadata.tables["installations"]).values(id=1, account="acme"))
    database.migrate()
    with database.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT account FROM installations")).scalar() == "acme"


def test_processes_that_start_at_once_wait_for_each_other(database_url: str) -> None:
    migrate = "import sys; from bot.store.database import Database; Database(sys.argv[1]).migrate()"
    processes = [
        subprocess.Popen([sys.executable, "-c", migrate, database_url], stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    said = [process.communicate()[1].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    database = Database(database_url)
    assert tables(database) == TABLES
    database.close()


def test_a_process_that_dies_while_migrating_leaves_nothing_half_done(database_url: str) -> None:
    database = Database(database_url)

    def die(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "CREATE TABLE plans" in statement:
            raise KeyboardInterrupt

    sa.event.listen(database.engine, "before_cursor_execute", die)
    with pytest.raises(KeyboardInterrupt):
        database.migrate()
    sa.event.remove(database.engine, "before_cursor_execute", die)
    assert tables(database) == set()
    database.migrate()
    assert tables(database) == TABLES
    database.close()


def test_a_schema_from_the_future_is_refused_in_one_line(database_url: str) -> None:
    database = Database(database_url)
    database.migrate()
    with database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupError, match=r"written by a newer Usher \(schema 9999\)") as refused:
        database.migrate()
    assert "\n" not in str(refused.value)
    database.close()


def test_a_file_that_cannot_be_migrated_is_named(tmp_path: Path) -> None:
    (tmp_path / "usher.db").write_text("a text that is longer than the header of any database file " * 20)
    with pytest.raises(SetupError, match=r"cannot migrate the database .*usher\.db: file is not a database"):
        Database(f"sqlite:///{tmp_path}/usher.db").migrate()

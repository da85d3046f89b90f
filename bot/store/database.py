"""Opening the database: SQLite tuned for durability, or PostgreSQL; migrations under a lock."""

import fcntl
import os
import sqlite3
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from bot.core.errors import SetupError
from bot.resources import resource_dir

BUSY_TIMEOUT_MS = 30_000  # a writer waits this long for another before it gives up
MIGRATION_LOCK = 0x5573_6865_7201  # any constant will do: "Usher" in hex, and a serial number


class Database:
    """An open database: its SQLAlchemy engine and what differs between the two kinds.

    Args:
        url: ``sqlite:///path/usher.db`` or ``postgresql://user@host/name``.
        pool_size: connections kept open.

    Raises:
        SetupError: the URL is malformed, names another kind of database, or its driver is missing.
    """

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.url = _checked(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # SQLite lets one writer in at a time and is not fair: long and urgent writes take turns here.
        self.turn: AbstractContextManager[object] = threading.Lock() if self.is_sqlite else nullcontext()
        # An error's message goes into logs and notes; the values of a statement hold what people wrote.
        options: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 10, "hide_parameters": True}
        if self.is_sqlite:
            _check_sqlite_version()
            options["connect_args"] = {"check_same_thread": False}
        else:
            options |= {"pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}
        try:
            self.engine = sa.create_engine(self.url, **options)
        except ImportError as error:
            raise SetupError(f"{error}: install it with pip install 'usher-bot[postgres]'") from error
        sa.event.listen(self.engine, "connect", _tune_sqlite if self.is_sqlite else _tune_postgres)

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database; None otherwise."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    def insert(self, table: sa.Table) -> Any:
        """Begin an insert that may say what happens on a conflict: each kind has one of its own."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def upsert(self, table: sa.Table, values: Mapping[str, Any], keys: Sequence[str]) -> None:
        """Write a row, in place of the one that has the same ``keys``, in a transaction of its own."""
        rest = {name: value for name, value in values.items() if name not in keys}
        statement = self.insert(table).values(**values)
        with self.engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=rest))

    def check(self) -> None:
        """Open a connection and do nothing with it.

        Raises:
            SetupError: the database cannot be opened; says which and why.
        """
        if self.path is not None and not self.path.parent.is_dir():
            raise SetupError(
                f"cannot open the database {self.path}: there is no folder {self.path.parent}; make it first"
            )
        try:
            with self.engine.connect() as connection:
                connection.execute(sa.text("SELECT 1"))
                if self.is_sqlite:  # a read-only file shows only when something is written
                    connection.execute(sa.text("BEGIN IMMEDIATE"))
                    connection.execute(sa.text("PRAGMA user_version = 0"))
                    connection.rollback()
        except DBAPIError as error:
            raise SetupError(f"cannot open the database {self.shown}: {_first_line(error.orig)}") from error

    @property
    def shown(self) -> str:
        """The URL without its password, for messages."""
        return self.url.render_as_string(hide_password=True)

    def migrate(self) -> None:
        """Bring the schema up to date, one process at a time.

        Raises:
            SetupError: a migration failed, or the schema is newer than this program.
        """
        try:
            with self.engine.connect() as connection:
                if self._is_current(connection):
                    return
            # Looked at again under the lock: another process may have been quicker.
            with self.engine.connect() as connection, self._migration_lock(connection):
                if not self._is_current(connection):
                    _upgrade(connection)
                    connection.commit()
        except DBAPIError as error:
            raise SetupError(
                f"cannot migrate the database {self.shown}: {_first_line(error.orig)}"
            ) from error

    def _is_current(self, connection: sa.Connection) -> bool:
        known = sorted(path.name[:4] for path in (resource_dir("migrations") / "versions").glob("0*.py"))
        current = _revision(connection)
        if current is not None and current not in known:
            raise SetupError(
                f"the database {self.shown} was written by a newer Usher (schema {current}): "
                "install that version, or restore a backup"
            )
        return current == known[-1]

    @contextmanager
    def _migration_lock(self, connection: sa.Connection) -> Iterator[None]:
        if self.is_sqlite:  # the driver begins no transaction by itself for changes to the schema
            connection.execute(sa.text("BEGIN IMMEDIATE"))
            yield
            return
        connection.execute(sa.text(f"SELECT pg_advisory_lock({MIGRATION_LOCK})"))
        connection.commit()
        try:
            yield
        finally:
            connection.rollback()
            connection.execute(sa.text(f"SELECT pg_advisory_unlock({MIGRATION_LOCK})"))
            connection.commit()

    @contextmanager
    def sole_process(self) -> Iterator[None]:
        """Hold the exclusive lock that a SQLite database needs; on PostgreSQL there is nothing to do.

        Raises:
            SetupError: another Usher process runs on the same file.
        """
        if self.path is None:
            yield
            return
        lock = self.path.with_name(self.path.name + ".lock")
        try:
            handle = lock.open("a+")
        except OSError as error:
            raise SetupError(f"cannot open the lock file {lock}: {error.strerror}") from error
        with handle:
            _lock(handle, lock)
            yield

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: sa.Connection) -> None:
    # Imported here: Alembic takes a third of a second, and most starts find nothing to do.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config as AlembicConfig  # noqa: PLC0415

    config = AlembicConfig()
    config.set_main_option("script_location", str(resource_dir("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _checked(url: str) -> sa.URL:
    hint = "expected sqlite:///path/usher.db or postgresql://user:password@host/name"
    try:
        parsed = sa.make_url(url)
        backend = parsed.get_backend_name()
        if backend == "sqlite":
            if not parsed.database or parsed.database == ":memory:":
                raise SetupError(f"USHER_DATABASE_URL={url!r} names no file: {hint}", is_input=True)
            return parsed.set(drivername="sqlite")
        if backend in ("postgresql", "postgres"):
            return parsed.set(drivername="postgresql+psycopg")
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise SetupError(f"USHER_DATABASE_URL is not a database URL: {hint}", is_input=True) from error
    raise SetupError(f"USHER_DATABASE_URL names a {backend} database: {hint}", is_input=True)


def _check_sqlite_version() -> None:
    # From Python 3.12 on, the engine's migrations need a newer SQLite (transaction handling changed).
    if sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < (3, 42):
        raise SetupError(
            f"SQLite {sqlite3.sqlite_version} is too old for Python {sys.version_info.major}."
            f"{sys.version_info.minor}: use SQLite 3.42 or newer, Python 3.11, or PostgreSQL"
        )


def _tune_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = "IMMEDIATE"
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError:
        # A read-only file cannot change its mode; whoever writes will hear of it from the write itself.
        return
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _tune_postgres(connection: Any, _record: object) -> None:
    # A server may have a zone of its own, in which the driver would hand out times: Usher reckons in UTC.
    connection.execute("SET TIME ZONE 'UTC'")
    connection.commit()


def _lock(handle: IO[str], path: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.seek(0)
        other = handle.read().strip() or "unknown"
        raise SetupError(
            f"another Usher (process {other}) is running on this database, see {path}: "
            "stop it first, or use PostgreSQL for several processes"
        ) from error
    handle.seek(0)
    handle.truncate()
    handle.write(str(os.getpid()))
    handle.flush()


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().split("\n", 1)[0]

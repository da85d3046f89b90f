"""The web application over a database, in this process or in one of its own.

``python -m tests.web.site DATABASE_URL SECRET ...`` serves it alone; the first line printed is its URL.
"""

import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from pydantic import SecretStr

from bot.settings import AppCredentials, load
from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.store.ledger import Ledger
from bot.store.registry import Registry
from bot.web.app import Application, create_app
from bot.web.server import Server, listen, serve
from bot.web.services import Services

SECRET = b"It's a Secret to Everybody"


def credentials(*secrets: bytes) -> AppCredentials:
    """Return an App's credentials whose webhook secrets these are."""
    return AppCredentials(
        app_id="1",
        private_key=SecretStr("not a key"),
        webhook_secrets=tuple(SecretStr(secret.decode()) for secret in secrets or (SECRET,)),
        slug="usher-test",
        html_url="https://github.com/apps/usher-test",
    )


def services_on(database: Database, settings: dict[str, Any] | None = None, **given: Any) -> Services:
    """Return the services over a migrated database; the dashboard stands open unless the settings say else.

    Args:
        database: open and migrated.
        settings: as the command line would pass them.
        given: further fields of ``Services``.
    """
    url = database.url.render_as_string(hide_password=False).replace("+psycopg", "")
    return Services(
        settings=load(**{"database_url": url, "dashboard_open": True, **(settings or {})}),
        database=database,
        inbox=Inbox(database),
        ledger=Ledger(database),
        registry=Registry(database),
        **{"credentials": credentials(), **given},
    )


@contextmanager
def in_thread(app: Application) -> Iterator[str]:
    """Serve the application on a thread; yield its URL."""
    urls: queue.SimpleQueue[str] = queue.SimpleQueue()
    server = Server(app, urls.put)
    listener = listen("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield urls.get(timeout=10)
    finally:
        server.stop()
        thread.join()


@contextmanager
def in_process(
    database_url: str, *secrets: bytes, module: str = "tests.web.site", log: IO[str] | None = None
) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Serve the application in a process of its own; yield its URL and the process.

    Args:
        module: what runs.
        log: where its stderr goes.
    """
    names = [secret.decode() for secret in secrets or (SECRET,)]
    command = [sys.executable, "-m", module, database_url, *names]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), process
        finally:
            process.terminate()


def main() -> None:
    """Serve until SIGTERM."""
    url, *secrets = sys.argv[1:]
    database = Database(url)
    database.migrate()
    identity = credentials(*(secret.encode() for secret in secrets))
    app = create_app(services_on(database, credentials=identity))
    serve(app, listen("127.0.0.1", 0), ready=lambda where: print(where, flush=True))  # noqa: T201
    database.close()


if __name__ == "__main__":
    main()

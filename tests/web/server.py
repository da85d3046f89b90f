"""The web application alone, in a process of its own: ``python -m tests.web.server DATABASE_URL SECRET``."""

import sys
from dataclasses import dataclass

from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.store.ledger import Ledger
from bot.store.registry import Registry
from bot.web.app import create_app
from bot.web.server import listen, serve
from bot.web.services import Services


@dataclass(frozen=True)
class WebSettings:
    """Settings as a test wants them."""

    github_api_url: str = "https://api.github.com"
    public_url: str | None = None
    dry_run: bool = False


@dataclass(frozen=True)
class WebCredentials:
    """Credentials as a test wants them."""

    webhook_secrets: tuple[str, ...] = ("It's a Secret to Everybody",)
    app_id: str = "1"
    slug: str | None = "usher-test"
    html_url: str | None = "https://github.com/apps/usher-test"

    def secrets(self) -> tuple[bytes, ...]:
        return tuple(secret.encode() for secret in self.webhook_secrets)


def services_on(database: Database, **given: object) -> Services:
    """Return the services over a migrated database."""
    return Services(
        settings=WebSettings(),
        database=database,
        inbox=Inbox(database),
        ledger=Ledger(database),
        registry=Registry(database),
        **{"credentials": WebCredentials(), **given},  # type: ignore[arg-type]
    )


def main() -> None:
    """Serve until SIGTERM; the first line printed is the URL."""
    url, *secrets = sys.argv[1:]
    database = Database(url)
    database.migrate()
    app = create_app(services_on(database, credentials=WebCredentials(tuple(secrets))))
    serve(app, listen("127.0.0.1", 0), ready=lambda where: print(where, flush=True))
    database.close()


if __name__ == "__main__":
    main()

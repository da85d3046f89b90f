"""Putting the parts together from the settings. Everything below is handed what it needs."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from bot.apply import Executor
from bot.core.errors import SetupError
from bot.engine import Chore, Engine
from bot.follow import Follower
from bot.gather import ConfigSource, Gatherer
from bot.gather.reports import ReportGatherer
from bot.github.client import Credentials, GitHub
from bot.logs import configure_logs
from bot.process import Processor
from bot.refresh import Refresher
from bot.reporting import Reports
from bot.schedule import ReportSchedule
from bot.settings import AppCredentials, Settings, credentials, load
from bot.store.database import Database
from bot.store.flows import Flows
from bot.store.inbox import Inbox
from bot.store.ledger import Ledger
from bot.store.pace import Pace
from bot.store.registry import Registry
from bot.sweep import DeliveryLog
from bot.web.words import web_url
from model.predict import PRETRAINED, Classifier, ModelError

log = structlog.get_logger(__name__)

LOOK_EVERY = timedelta(seconds=30)
HISTORIES_EVERY = timedelta(minutes=5)
NOT_SET_UP = (
    "no GitHub App is set up: run `usher serve` and open its /setup page, or set USHER_APP_ID, "
    "USHER_PRIVATE_KEY_FILE and USHER_WEBHOOK_SECRET (docs/install.md)"
)


@dataclass
class Store:
    """The database and its parts."""

    database: Database
    inbox: Inbox
    ledger: Ledger
    registry: Registry
    flows: Flows


def settings(**overrides: object) -> Settings:
    """Read the settings, and set up logging as they say."""
    found = load(**overrides)
    configure_logs(found.log_format, debug=found.debug)
    return found


def open_store(found: Settings) -> Store:
    """Open the database and bring its schema up to date.

    Raises:
        SetupError: it cannot be opened or migrated.
    """
    database = Database(found.database_url)
    database.check()
    database.migrate()
    return Store(database, Inbox(database), Ledger(database), Registry(database), Flows(database))


@contextmanager
def store(found: Settings) -> Iterator[Store]:
    """Open the database for one command."""
    opened = open_store(found)
    try:
        yield opened
    finally:
        opened.database.close()


def classifier(place: Path | None = None, *, threads: int = 1) -> Classifier:
    """Load the classifier in a directory, the shipped one where none is named.

    Args:
        threads: so many texts are read at a time where it gets many.

    Raises:
        SetupError: its files are missing or altered.
    """
    try:
        return Classifier.load(place, threads=threads)
    except ModelError as error:
        raise SetupError(str(error), is_input=place is not None) from error


def announce(found: Settings, reader: Classifier) -> None:
    """Say in the log which classifier serves."""
    log.info("classifier.loaded", version=reader.version, directory=str(found.model or PRETRAINED))


def at_github(found: Settings, opened: Store, identity: AppCredentials) -> GitHub:
    """Build what speaks to GitHub.

    Raises:
        SetupError: the App's key cannot be used.
    """
    key = identity.private_key.get_secret_value()
    pace = Pace(opened.database, timedelta(seconds=found.write_spacing))
    return GitHub(found.github_api_url, Credentials(identity.app_id, key), pace)


def processor(
    found: Settings, opened: Store, identity: AppCredentials, reader: Classifier | None = None
) -> Processor:
    """Build what works on deliveries.

    Args:
        reader: the classifier; the one that the settings name is loaded where none is given.

    Raises:
        SetupError: the App's key cannot be used, or the classifier cannot be loaded.
    """
    key = identity.private_key.get_secret_value()
    github = at_github(found, opened, identity)
    # Signs the hidden markers in comments; derived, so that there is no further secret to keep.
    secret = hashlib.sha256(b"usher comment marker\0" + key.encode()).digest()
    settle = timedelta(seconds=found.settle_seconds)
    return Processor(
        github=github,
        inbox=opened.inbox,
        ledger=opened.ledger,
        registry=opened.registry,
        configs=ConfigSource(github, opened.registry),
        gatherer=Gatherer(
            github,
            opened.registry,
            opened.ledger,
            opened.flows,
            reader or classifier(found.model),
            reports=ReportGatherer(
                Reports(opened.database), web_url(found.github_api_url), found.public_url or ""
            ),
        ),
        executor=Executor(github, opened.ledger, opened.registry, opened.flows, secret, settle),
        follower=Follower(opened.flows),
        dry_run=found.dry_run,
    )


def needed_credentials(found: Settings) -> AppCredentials:
    """Return the App's credentials.

    Raises:
        SetupError: there are none yet.
    """
    identity = credentials(found)
    if identity is None:
        raise SetupError(NOT_SET_UP)
    return identity


def engine(found: Settings, opened: Store, worker: Processor) -> Engine:
    """Build the engine around a processor."""
    every = timedelta(seconds=found.sweep_seconds)
    lost = DeliveryLog(worker.github, opened.inbox, patience=every)
    histories = Refresher(opened.database, worker.github)
    reports = ReportSchedule(opened.database, worker.github, worker.configs)
    kept = timedelta(days=found.retention_days)
    chores = (
        Chore("ask for lost deliveries", every, lost.sweep),
        Chore("look at open pull requests", LOOK_EVERY, worker.follower.sweep),
        Chore("keep histories current", HISTORIES_EVERY, histories.sweep),
        Chore("report what is due", HISTORIES_EVERY, reports.sweep),
        Chore(
            "forget old deliveries",
            timedelta(days=1),
            lambda: opened.inbox.forget_before(datetime.now(UTC) - kept),
        ),
    )
    return Engine(opened.database, worker, concurrency=found.workers, chores=chores)

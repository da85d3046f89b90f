import pytest

from bot.store.database import Database
from bot.store.flows import Flows
from bot.store.handover import Handover
from bot.store.inbox import Inbox
from bot.store.ledger import Ledger
from bot.store.registry import Registry
from tests.databases import database, shared_database

__all__ = ["database", "shared_database"]


@pytest.fixture
def inbox(database: Database) -> Inbox:
    return Inbox(database)


@pytest.fixture
def handover(database: Database) -> Handover:
    return Handover(database)


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)


@pytest.fixture
def registry(database: Database) -> Registry:
    return Registry(database)


@pytest.fixture
def flows(database: Database) -> Flows:
    return Flows(database)

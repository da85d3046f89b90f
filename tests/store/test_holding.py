"""A history that is purged between reading and keeping: one clear line, and nothing is left behind."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from bot.core.documents import Inventory
from bot.core.errors import UsherError
from bot.core.history import PastRelease
from bot.store.database import Database
from bot.store.documents import Documents
from bot.store.head_checks import Checked
from bot.store.history import Histories
from bot.store.history_tables import bot_marks, documents, head_checks, releases
from bot.store.purging import purge_repository
from tests.store.examples import NOON
from tests.store.test_history import NAME, bare, publish

WAYS: dict[str, Callable[[Database, int], None]] = {
    "checks": lambda database, history: Checked(database).keep(history, {1: "green"}, NOON),
    "documents": lambda database, history: Documents(database).keep(history, Inventory(NOON, ())),
    "a mark": lambda database, history: Histories(database).mark(history, 1, is_bot=True, by="maya"),
    "releases": lambda database, history: Histories(database).keep_releases(
        history, [PastRelease("v1", NOON)]
    ),
}


@pytest.mark.parametrize("keep", WAYS.values(), ids=WAYS)
def test_a_purge_in_between_is_said_and_leaves_nothing(
    database: Database, keep: Callable[[Database, int], None]
) -> None:
    history = publish(database, bare(1))
    keep(database, history)
    purge_repository(database, NAME)
    with pytest.raises(UsherError, match=r"^the history was purged meanwhile: nothing was kept$"):
        keep(database, history)
    with database.engine.connect() as connection:
        for table in (head_checks, documents, bot_marks, releases):
            assert connection.execute(sa.select(table)).all() == []

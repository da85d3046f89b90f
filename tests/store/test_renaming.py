"""A repository is the same under every name: what is known of it follows its number."""

from typing import Any

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.editions import Editions
from bot.store.history import Histories
from bot.store.history_tables import histories
from bot.store.progress import Claim, Places, Progress
from bot.store.registry import Registry
from bot.store.renaming import rename_history, rename_repository
from bot.store.tables import flows, gates
from tests.store.examples import NOON
from tests.store.traces import leave_traces

OLD, NEW = "acme/Engine", "acme/Motor"


def keep(database: Database, full_name: str, repository_id: int | None, **progress: Any) -> int:
    """Keep a history that was read to its end. Returns its number."""
    noted = {} if repository_id is None else {"repository_id": repository_id}
    claim = Claim(Progress(complete_at=NOON, **progress), None)
    Editions(database).keep(full_name, (), None, claim, **noted)
    place = Places(database).find(full_name)
    assert place is not None
    return place.id


def names(database: Database) -> dict[str, int]:
    with database.engine.connect() as connection:
        return {
            row[0]: row[1] for row in connection.execute(sa.select(histories.c.full_name, histories.c.id))
        }


def test_a_history_goes_along(database: Database) -> None:
    kept = Histories(database)
    history = keep(database, OLD, 10)
    kept.mark(history, 1, is_bot=True, by="mona")
    before = Places(database).find(OLD)
    rename_history(database, 10, NEW)
    after = Places(database).find(NEW.upper())
    assert before is not None
    assert after is not None
    assert (after.id, after.progress, after.full_name) == (history, before.progress, NEW)
    assert list(kept.marks(history)) == [1]
    assert kept.names() == [NEW]
    rename_history(database, 10, NEW)
    assert names(database) == {NEW: history}


def test_others_stay_where_they_are(database: Database) -> None:
    other, unknown = keep(database, "acme/other", 11), keep(database, OLD, None)
    rename_history(database, 10, NEW)
    assert names(database) == {"acme/other": other, OLD: unknown}
    taken = keep(database, NEW, 12)
    mine = keep(database, "acme/mine", 10)
    rename_history(database, 10, NEW)
    assert names(database) == {"acme/other": other, OLD: unknown, NEW: taken, "acme/mine": mine}


def test_of_two_that_of_the_present_name_stays_with_the_marks_of_both(database: Database) -> None:
    kept = Histories(database)
    old, new = keep(database, OLD, 10), keep(database, NEW, None)
    kept.mark(old, 1, is_bot=True, by="mona")
    kept.mark(old, 2, is_bot=True, by="mona")
    kept.mark(new, 2, is_bot=False, by="nia")
    rename_history(database, 10, NEW)
    assert names(database) == {NEW: new}
    assert {account: mark.is_bot for account, mark in kept.marks(new).items()} == {1: True, 2: False}


def test_what_is_known_of_a_repository_goes_along(database: Database) -> None:
    registry = Registry(database)
    registry.keep_config(OLD, 5, good="a: 1", problems="none")
    history = keep(database, OLD, None)
    rename_repository(database, 10, OLD, NEW, 6)
    assert registry.repository(OLD) is None
    found = registry.repository(NEW)
    assert found is not None
    assert (found.full_name, found.installation, found.good_config) == (NEW, 6, "a: 1")
    assert names(database) == {NEW: history}
    rename_repository(database, 10, OLD, NEW, 6)
    assert [each.full_name for each in registry.all_repositories()] == [NEW]


def test_where_the_new_name_is_known_already_the_old_one_goes(database: Database) -> None:
    registry = Registry(database)
    registry.keep_config(OLD, 5, good="a: 1", problems=None)
    registry.keep_config(NEW, 5, good="b: 2", problems=None)
    rename_repository(database, 10, OLD, NEW, 5)
    assert [(each.full_name, each.good_config) for each in registry.all_repositories()] == [(NEW, "b: 2")]


def test_what_is_followed_is_called_by_the_new_name(database: Database) -> None:
    leave_traces(database, 10, "acme")
    rename_repository(database, 10, "acme/acme", NEW, 11)
    for table in (flows, gates):
        query = sa.select(table.c.repository, table.c.installation).where(table.c.repository_id == 10)
        with database.engine.connect() as connection:
            assert {tuple(row) for row in connection.execute(query)} == {(NEW, 11)}

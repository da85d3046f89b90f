from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.store.database import Database
from bot.store.drafts import HELD, Drafts
from bot.store.tables import drafts as table

WIDGETS, TOOLS = 10, 11


@pytest.fixture
def drafts(database: Database) -> Drafts:
    return Drafts(database)


def test_one_writes_at_a_time_and_each_repository_has_a_draft_of_its_own(drafts: Drafts) -> None:
    assert drafts.take(WIDGETS, 1, holder=1)
    assert not drafts.take(WIDGETS, 1, holder=2)
    assert drafts.take(TOOLS, 1, holder=2)
    drafts.give(WIDGETS, 1)
    assert drafts.take(WIDGETS, 1, holder=2)


def test_one_who_comes_back_goes_on(drafts: Drafts) -> None:
    assert drafts.take(WIDGETS, 1, holder=1)
    assert drafts.take(WIDGETS, 1, holder=1)


def test_nobody_gives_what_is_anothers(drafts: Drafts) -> None:
    drafts.take(WIDGETS, 1, holder=1)
    drafts.give(WIDGETS, 2)
    assert not drafts.take(WIDGETS, 1, holder=2)


def test_one_who_never_comes_back_holds_it_for_a_while_only(drafts: Drafts, database: Database) -> None:
    drafts.take(WIDGETS, 1, holder=1)
    with database.engine.begin() as connection:
        until = connection.execute(sa.select(table.c.held_until)).scalar_one()
        connection.execute(sa.update(table).values(held_until=until - HELD - timedelta(seconds=1)))
    assert drafts.take(WIDGETS, 1, holder=2)


def test_of_many_at_once_one_gets_it(drafts: Drafts) -> None:
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda holder: drafts.take(WIDGETS, 1, holder), range(1, 9)))
    assert sum(got) == 1


def test_what_was_made_last_is_kept_whoever_writes_next(drafts: Drafts) -> None:
    assert drafts.made(WIDGETS) is None
    drafts.take(WIDGETS, 1, holder=1)
    assert drafts.made(WIDGETS) is None
    drafts.keep(WIDGETS, 77)
    drafts.give(WIDGETS, 1)
    drafts.take(WIDGETS, 1, holder=2)
    made = drafts.made(WIDGETS)
    assert made is not None
    assert made.release == 77

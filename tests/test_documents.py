"""Documents come with a history, once a day, and a history is whole without them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.backfill import Backfill, Read
from bot.core.documents import Inventory
from bot.core.errors import BotError, RetryLater
from bot.documents import look_again
from bot.github.answers import Forbidden, Missing
from bot.github.history_reads import HistoryReader
from bot.refresh import LATELY
from bot.reporting import Asked, Reports
from bot.store.database import Database
from bot.store.documents import Documents
from bot.store.history import Histories
from bot.store.history_tables import documents
from tests.databases import shared_sqlite, sqlite_database
from tests.world import REPO, World, living

__all__ = ["shared_sqlite", "sqlite_database"]


@pytest.fixture
def world(sqlite_database: Database) -> Iterator[World]:
    with living(sqlite_database) as made:
        made.open_issue()
        made.sandbox.as_user("maya").push(REPO, {"README.md": "Hello"})
        yield made


def read(world: World, **how: timedelta) -> Read:
    return Backfill(world.database, HistoryReader(world.client)).run(**how)


def kept(world: World) -> Inventory | None:
    history = Histories(world.database).find(REPO)
    assert history is not None
    return Documents(world.database).of(history.id)


def kinds(world: World) -> list[str]:
    found = kept(world)
    return [] if found is None else [one.kind for one in found.documents]


def test_a_backfill_looks_which_there_are(world: World) -> None:
    assert read(world).is_complete
    assert "readme" in kinds(world)
    world.sandbox.as_user("maya").push(REPO, {"SECURITY.md": "Write to us"})
    read(world)
    assert {"readme", "security"} <= set(kinds(world))


def test_the_report_counts_them_once_somebody_looked(world: World) -> None:
    read(world)
    known = kept(world)
    assert known is not None
    asked = Asked(REPO, known.looked_at + timedelta(minutes=1))
    assert Reports(world.database).make(asked).report.metric("documents_present").value == len(
        known.documents
    )
    with world.database.engine.begin() as connection:
        connection.execute(sa.delete(documents))
    assert Reports(world.database).make(asked).report.metric("documents_present").value is None


def test_what_is_news_is_read_without_looking_before_a_day_is_over(world: World) -> None:
    read(world)
    first = kept(world)
    assert first is not None
    read(world, overlap=LATELY)
    assert kept(world) == first
    history = Histories(world.database).find(REPO)
    assert history is not None
    old = replace(first, looked_at=first.looked_at - timedelta(days=1))
    Documents(world.database).keep(history.id, old)
    read(world, overlap=LATELY)
    again = kept(world)
    assert again is not None
    assert again.looked_at >= first.looked_at


@pytest.mark.parametrize("error", [Forbidden("no"), Missing("none"), RetryLater("too slow")])
def test_what_was_known_stays_where_github_does_not_say(world: World, error: BotError) -> None:
    def refuses(_known: Inventory | None) -> Inventory:
        raise error

    read(world)
    history = Histories(world.database).find(REPO)
    assert history is not None
    with world.database.engine.begin() as connection:
        connection.execute(sa.delete(documents))
    look_again(world.database, history.id, refuses)
    assert kept(world) is None
    read(world)
    first = kept(world)
    assert first is not None
    look_again(world.database, history.id, refuses)
    assert kept(world) == first


def test_a_history_is_whole_where_github_has_no_patience_left(world: World) -> None:
    world.sandbox.faults.add("too_many", match="/contents")
    world.sandbox.faults.add("no_graphql")
    with pytest.raises(RetryLater):
        read(world)  # its commits wait
    history = Histories(world.database).find(REPO)
    assert history is not None
    assert history.complete_at is not None
    assert kept(world) is None

"""Histories that were read once are kept current: told by deliveries, and once a day without being told."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.backfill import Backfill
from bot.github.history_reads import HistoryReader
from bot.refresh import LATELY, PAGES, Refresher
from bot.store.database import Database
from bot.store.documents import Documents
from bot.store.history import Histories
from bot.store.history_tables import histories
from bot.store.progress import Places
from bot.store.purging import purge_repository
from bot.store.tables import deliveries
from tests.databases import database, shared_database
from tests.past import Past
from tests.world import REPO, World, living

__all__ = ["database", "shared_database"]


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    with living(database) as made:
        made.run()  # Usher knows that it is installed
        yield made


@pytest.fixture
def refresher(world: World) -> Refresher:
    """One that has listened for a while, at a history that is complete."""
    world.open_issue("First")
    Backfill(world.database, HistoryReader(world.client)).run()
    made = Refresher(world.database, world.github)
    forward(world, timedelta(hours=1))
    made.sweep()
    world.drop_mail()
    return made


def forward(world: World, by: timedelta) -> None:
    """Let time pass for what is known of the readings and of the deliveries."""
    moments = {"complete_at": histories.c.complete_at, "received_at": deliveries.c.received_at}
    with world.database.engine.begin() as connection:
        for name, column in moments.items():
            for id_, at in connection.execute(sa.select(column.table.c.id, column)).all():
                if at is not None:
                    change = sa.update(column.table).where(column.table.c.id == id_)
                    connection.execute(change.values({name: at - by}))
        found = connection.execute(sa.select(histories.c.id, histories.c.cursors)).all()
        for id_, cursors in found:
            if cursors and cursors["reconciled_at"]:
                at = datetime.fromisoformat(cursors["reconciled_at"]) - by
                change = sa.update(histories).where(histories.c.id == id_)
                connection.execute(change.values(cursors={**cursors, "reconciled_at": at.isoformat()}))


def numbers(world: World) -> list[int]:
    kept = Histories(world.database)
    found = kept.find(REPO)
    assert found is not None
    return [thread.number for thread in kept.threads(found.id)]


def documents(world: World) -> list[str]:
    found = Histories(world.database).find(REPO)
    assert found is not None
    known = Documents(world.database).of(found.id)
    return [] if known is None else [one.kind for one in known.documents]


def test_what_a_delivery_tells_of_is_read(world: World, refresher: Refresher) -> None:
    new = world.open_issue("Second")
    world.run()
    assert refresher.sweep() == 0, "it was read only just now"
    forward(world, timedelta(minutes=20))
    with world.database.engine.begin() as connection:  # it came after the last reading
        newest = sa.select(sa.func.max(deliveries.c.id)).scalar_subquery()
        came = sa.update(deliveries).where(deliveries.c.id == newest)
        connection.execute(came.values(received_at=datetime.now(UTC) - timedelta(minutes=2)))
    assert refresher.sweep() == 1
    assert numbers(world) == [1, new]
    asked = len(world.requests())
    assert refresher.sweep() == 0
    assert len(world.requests()) == asked, "nothing new, nothing asked"


def test_once_a_day_it_is_read_without_being_told(world: World, refresher: Refresher) -> None:
    new = world.open_issue("Nobody told")
    world.sandbox.as_user("maya").push(REPO, {"SECURITY.md": "Write to us"})
    world.drop_mail()
    forward(world, timedelta(hours=20))
    assert refresher.sweep() == 0
    assert "security" not in documents(world)
    forward(world, timedelta(hours=5))
    assert refresher.sweep() == 1
    assert numbers(world) == [1, new]
    assert "security" in documents(world)
    assert refresher.sweep() == 0


def test_what_is_gone_is_forgotten(world: World, refresher: Refresher) -> None:
    repository = {"id": world.repository_id, "full_name": REPO, "owner": {"login": "octo"}, "name": "engine"}
    payload = {
        "action": "deleted",
        "issue": {"number": 1, "title": "First", "user": {"login": "nia", "id": 5}},
        "repository": repository,
        "sender": {"login": "maya", "id": 4, "type": "User"},
        "installation": {"id": world.installation.id},
    }
    del world.sandbox.repo(REPO).issues[1]
    world.deliver("issues", json.dumps(payload).encode())
    world.run()
    forward(world, timedelta(minutes=2))
    refresher.sweep()
    assert numbers(world) == []


def test_where_nothing_was_read_nothing_is_asked(world: World) -> None:
    world.open_issue()
    world.run()
    asked = len(world.requests())
    assert Refresher(world.database, world.github).sweep() == 0
    assert len(world.requests()) == asked


def test_a_suspended_app_is_left_alone(world: World, refresher: Refresher) -> None:
    forward(world, timedelta(days=2))
    world.registry.installed(world.installation.id, "octo", suspended=True)
    asked = len(world.requests())
    assert refresher.sweep() == 0
    assert len(world.requests()) == asked


def test_what_was_read_before_any_delivery_came_is_kept_current(database: Database) -> None:
    with living(database) as world:
        world.open_issue()
        Backfill(world.database, HistoryReader(world.client)).run()
        forward(world, timedelta(days=2))
        assert Refresher(world.database, world.github).sweep() == 1


def test_much_is_read_in_turns(world: World, refresher: Refresher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.refresh.PAGES", 1)
    monkeypatch.setattr("bot.backfill_threads.PER_PAGE", 10)
    monkeypatch.setattr("bot.github.history_reads.PER_PAGE", 10)
    for issue in Past(world.sandbox, REPO, busy=1).make(25):
        issue.updated_at = datetime.now(UTC) + timedelta(seconds=issue.number)
    forward(world, timedelta(days=2))
    turns = 0
    while refresher.sweep():
        turns += 1
    assert (turns, len(numbers(world))) == (3, 26)
    assert PAGES > 1
    assert timedelta(0) < LATELY


def test_what_github_refuses_does_not_hold_up_others(world: World, refresher: Refresher) -> None:
    forward(world, timedelta(days=2))
    world.sandbox.faults.add("exhausted", match="GET /repos/octo/engine$", times=1, seconds=1)
    assert refresher.sweep() == 0
    world.let_pass(10)
    assert refresher.sweep() == 1


def test_what_is_purged_meanwhile_stays_so(world: World, refresher: Refresher) -> None:
    forward(world, timedelta(days=2))
    world.open_issue("Second")

    class Purging(HistoryReader):
        def listed(self, since: datetime | None, page: int = 1) -> list[dict[str, Any]]:
            purge_repository(world.database, REPO)
            return super().listed(since, page)

    with pytest.raises(Exception, match="was purged meanwhile"):
        Backfill(world.database, Purging(world.client)).run()
    assert Places(world.database).find(REPO) is None
    assert refresher.sweep() == 0

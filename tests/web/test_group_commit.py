"""Group commit: who shares a transaction, and what each sender hears when something goes wrong."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.exc import DataError, OperationalError

from bot.store.inbox import Incoming
from bot.web.group_commit import GroupCommit, NotStored

Store = Callable[[Sequence[Incoming]], None]


def item(guid: str, body: bytes = b"{}") -> Incoming:
    return Incoming(guid, "issues", body, datetime.now(UTC))


class Shelf:
    """Keeps batches, slowly if asked to, and refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.open = threading.Event()
        self.open.set()
        self.error: Callable[[Incoming], Exception | None] = lambda _item: None

    def store(self, batch: Sequence[Incoming]) -> None:
        self.open.wait(10)
        for each in batch:
            error = self.error(each)
            if error is not None:
                raise error
        self.batches.append([each.guid for each in batch])


def run(scenario: Callable[[GroupCommit], Coroutine[Any, Any, None]], shelf: Shelf, **options: Any) -> int:
    """Run a scenario; return how often the engine was woken."""
    woken = 0

    def wake() -> None:
        nonlocal woken
        woken += 1

    async def main() -> None:
        commit = GroupCommit(shelf.store, wake, **options)
        commit.start()
        await scenario(commit)
        shelf.open.set()
        await commit.close()

    asyncio.run(main())
    return woken


def test_what_arrives_during_a_commit_shares_the_next_one() -> None:
    shelf = Shelf()

    async def scenario(commit: GroupCommit) -> None:
        shelf.open.clear()
        first = asyncio.create_task(commit.add(item("0")))
        await asyncio.sleep(0.05)
        rest = [asyncio.create_task(commit.add(item(str(number)))) for number in range(1, 20)]
        await asyncio.sleep(0.05)
        shelf.open.set()
        await asyncio.gather(first, *rest)

    assert run(scenario, shelf) == 2
    assert shelf.batches == [["0"], [str(number) for number in range(1, 20)]]


def test_a_transaction_is_bounded_in_deliveries_and_in_bytes() -> None:
    shelf = Shelf()

    async def scenario(commit: GroupCommit) -> None:
        await asyncio.gather(*(commit.add(item(str(number), b"x" * 40)) for number in range(10)))

    run(scenario, shelf, most_items=4)
    assert max(len(batch) for batch in shelf.batches) <= 4
    shelf.batches.clear()
    run(scenario, shelf, most_bytes=100)
    assert max(len(batch) for batch in shelf.batches) <= 3


def test_one_that_the_database_refuses_does_not_take_the_others_along() -> None:
    shelf = Shelf()
    refused = DataError("INSERT", {}, ValueError("too long"))
    shelf.error = lambda each: refused if each.guid == "bad" else None

    async def scenario(commit: GroupCommit) -> None:
        guids = ("a", "b", "bad", "c")
        outcomes = await asyncio.gather(*(commit.add(item(guid)) for guid in guids), return_exceptions=True)
        assert [isinstance(outcome, NotStored) for outcome in outcomes] == [False, False, True, False]

    run(scenario, shelf)
    assert sorted(guid for batch in shelf.batches for guid in batch) == ["a", "b", "c"]


def test_while_the_database_is_away_nobody_is_told_otherwise_and_no_item_is_tried_alone() -> None:
    shelf = Shelf()
    tries = 0

    def away(_item: Incoming) -> Exception:
        nonlocal tries
        tries += 1
        return OperationalError("INSERT", {}, ValueError("database is locked"))

    shelf.error = away

    async def scenario(commit: GroupCommit) -> None:
        sent = (commit.add(item(str(number))) for number in range(10))
        outcomes = await asyncio.gather(*sent, return_exceptions=True)
        assert all(isinstance(outcome, NotStored) for outcome in outcomes)
        shelf.error = lambda _item: None
        await commit.add(item("later"))

    assert run(scenario, shelf) == 1
    assert tries <= 2
    assert shelf.batches == [["later"]]


def test_patience_ends_before_github_loses_its_own() -> None:
    shelf = Shelf()

    async def scenario(commit: GroupCommit) -> None:
        shelf.open.clear()
        writing = asyncio.create_task(commit.add(item("being written")))
        await asyncio.sleep(0.02)
        waiting = asyncio.create_task(commit.add(item("in line")))
        for task in (writing, waiting):
            with pytest.raises(NotStored, match="too long"):
                await task

    run(scenario, shelf, patience=0.1)
    # What was being written stays written; what only waited is not written behind its sender's back.
    assert shelf.batches == [["being written"]]


def test_too_many_at_once_are_refused_and_not_piled_up() -> None:
    shelf = Shelf()

    async def scenario(commit: GroupCommit) -> None:
        shelf.open.clear()
        tasks = [asyncio.create_task(commit.add(item(str(number)))) for number in range(12)]
        await asyncio.sleep(0.05)
        shelf.open.set()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert sum(isinstance(outcome, NotStored) for outcome in outcomes) == 12 - 5

    run(scenario, shelf, most_waiting=5)


def test_stopping_writes_what_waits_and_takes_no_more() -> None:
    shelf = Shelf()

    async def scenario(commit: GroupCommit) -> None:
        tasks = [asyncio.create_task(commit.add(item(str(number)))) for number in range(3)]
        await asyncio.sleep(0)
        await commit.close()
        await asyncio.gather(*tasks)
        with pytest.raises(NotStored, match="stopping"):
            await commit.add(item("late"))

    run(scenario, shelf)
    assert sorted(guid for batch in shelf.batches for guid in batch) == ["0", "1", "2"]

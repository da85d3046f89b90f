"""Group commit: deliveries that arrive together share one durable transaction.

While one transaction is being written, the next deliveries gather; so the busier it gets, the more of
them share a commit, and a lone one waits for nobody.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.store.inbox import Incoming

log = structlog.get_logger()

# The database itself is out of reach or refuses to write: trying each item alone would change nothing.
UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeout, OSError)


class NotStored(Exception):
    """A delivery could not be stored, or not in time. Its text is one line for the sender."""


class GroupCommit:
    """Stores deliveries in batches, one writer at a time.

    Args:
        store: writes a batch in one durable transaction; called on the writer's thread.
        committed: called after each commit, on the event loop.
        patience: seconds that a delivery waits for its commit; GitHub itself gives up after ten.
        most_waiting: deliveries that may wait at once.
        most_items: deliveries in one transaction.
        most_bytes: bytes of bodies in one transaction, not counting its last delivery.
    """

    def __init__(
        self,
        store: Callable[[Sequence[Incoming]], None],
        committed: Callable[[], None],
        *,
        patience: float = 8.0,
        most_waiting: int = 2_000,
        most_items: int = 200,
        most_bytes: int = 8 * 1024 * 1024,
    ) -> None:
        self._store = store
        self._committed = committed
        self._patience = patience
        self._most_waiting = most_waiting
        self._most_items = most_items
        self._most_bytes = most_bytes
        self._waiting: deque[tuple[Incoming, asyncio.Future[None]]] = deque()
        self._arrived = asyncio.Event()
        self._closing = False
        self._writer = ThreadPoolExecutor(1, "inbox-writer")
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write; called on the event loop."""
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Write what is waiting, and stop; later deliveries are refused."""
        self._closing = True
        self._arrived.set()
        if self._task is not None:
            await self._task
        self._writer.shutdown()

    async def add(self, item: Incoming) -> None:
        """Return once the delivery is durable.

        Raises:
            NotStored: it is not, or not known to be: the sender must not be told that it is.
        """
        if self._task is None or self._closing:
            raise NotStored("Usher is stopping: deliver this again in a minute")
        if len(self._waiting) >= self._most_waiting:
            raise NotStored("too many deliveries wait to be stored: deliver this again in a minute")
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        self._arrived.set()
        try:
            async with asyncio.timeout(self._patience):
                await future
        except TimeoutError:
            raise NotStored("the database takes too long: deliver this again in a minute") from None

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = self._take()
            if batch:
                outcomes = await loop.run_in_executor(self._writer, self._write, [item for item, _ in batch])
                self._settle([future for _, future in batch], outcomes)
            elif self._closing:
                return
            else:
                self._arrived.clear()
                await self._arrived.wait()

    def _take(self) -> list[tuple[Incoming, asyncio.Future[None]]]:
        batch: list[tuple[Incoming, asyncio.Future[None]]] = []
        size = 0
        while self._waiting and len(batch) < self._most_items and size < self._most_bytes:
            entry = self._waiting.popleft()
            if not entry[1].done():  # whoever waited for it may have given up
                batch.append(entry)
                size += len(entry[0].body)
        return batch

    def _write(self, items: Sequence[Incoming]) -> list[Exception | None]:
        """Store a batch, on the writer's thread. Returns what went wrong with each item, if anything."""
        try:
            self._store(items)
        except UNAVAILABLE as error:
            log.warning("deliveries not stored", count=len(items), error=_what(error))
            return [error] * len(items)
        except Exception as error:  # noqa: BLE001 (whatever it is, the senders must hear of it)
            if len(items) > 1:
                return self._write_singly(items)
            log.warning("delivery not stored", guid=items[0].guid, error=_what(error))
            return [error]
        return [None] * len(items)

    def _write_singly(self, items: Sequence[Incoming]) -> list[Exception | None]:
        """Store each item alone, so that one that the database refuses does not take the others along."""
        outcomes: list[Exception | None] = []
        for item in items:
            if outcomes and isinstance(outcomes[-1], UNAVAILABLE):
                outcomes.append(outcomes[-1])
            else:
                outcomes += self._write([item])
        return outcomes

    def _settle(self, futures: Sequence[asyncio.Future[None]], outcomes: Sequence[Exception | None]) -> None:
        for future, error in zip(futures, outcomes, strict=True):
            if future.done():
                continue
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(NotStored("the database cannot store it: deliver this again later"))
        if None in outcomes:
            asyncio.get_running_loop().call_soon(self._committed)


def _what(error: Exception) -> str:
    """The error in one line, without the statement and its parameters: those hold bodies."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return f"{type(cause).__name__}: {str(cause).strip().partition(chr(10))[0]}"

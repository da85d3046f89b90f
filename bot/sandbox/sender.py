"""Sends webhooks from a thread of its own, so that no API request ever waits for a receiver."""

import asyncio
import ssl
import threading
import time
from collections import deque
from collections.abc import Coroutine
from functools import cache
from typing import Any

import httpx

from bot.sandbox.deliveries import Delivery

ANSWER_WITHIN = 10.0  # seconds, as GitHub allows
PATIENCE = 1.0  # seconds that a slow receiver may hold up the next delivery of its repository
AT_ONCE = 32
KEPT_OF_ANSWER = 65_536


@cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()  # slow to load, and the same for every sandbox


class Sender:
    """Keeps the order within a lane (a repository), unless the receiver is slow; no lane waits for another.

    As GitHub, it tries once: what failed is only seen in the delivery log.
    """

    def __init__(self) -> None:
        self.in_a_lane = 1  # more is faster, and gives the order up
        self._idle = threading.Condition()
        self._pending = 0
        self._lanes: dict[str, deque[Delivery]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._client: httpx.AsyncClient | None = None

    def send(self, lane: str, delivery: Delivery, *, delay: float = 0) -> None:
        """Take a delivery; one with a delay leaves its lane and arrives after what came later."""
        with self._idle:
            self._pending += 1
        loop = self._started()
        if delay:
            loop.call_soon_threadsafe(self._spawn, self._later(delivery, delay))
        else:
            loop.call_soon_threadsafe(self._enqueue, lane, delivery)

    def wait_idle(self, timeout: float) -> bool:
        """Wait until everything taken has been answered or given up."""
        with self._idle:
            return self._idle.wait_for(lambda: self._pending == 0, timeout)

    def stop(self) -> None:
        loop, thread = self._loop, self._thread
        self._loop = self._thread = None
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._close(), loop).result(ANSWER_WITHIN)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        self._lanes.clear()
        with self._idle:
            self._pending = 0
            self._idle.notify_all()

    def _started(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="sandbox-hooks", daemon=True)
            self._thread.start()
        return self._loop

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _enqueue(self, lane: str, delivery: Delivery) -> None:
        waiting = self._lanes.get(lane)
        if waiting is not None:
            waiting.append(delivery)
        else:
            self._lanes[lane] = deque([delivery])
            self._spawn(self._drain(lane))

    async def _drain(self, lane: str) -> None:
        waiting, flying = self._lanes[lane], set[asyncio.Task[None]]()
        while waiting:
            flying.add(self._spawn(self._send(waiting.popleft())))
            if len(flying) >= self.in_a_lane:
                _, flying = await asyncio.wait(flying, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        del self._lanes[lane]

    async def _later(self, delivery: Delivery, delay: float) -> None:
        await asyncio.sleep(delay)
        await self._send(delivery)

    async def _send(self, delivery: Delivery) -> None:
        began = time.perf_counter()
        try:
            async with self._slots:
                await asyncio.wait_for(self._post(delivery), ANSWER_WITHIN)
        except (TimeoutError, httpx.TimeoutException):
            delivery.failed("timed out", 504)
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            delivery.failed("failed to connect to host", 502)
        finally:
            delivery.duration = round(time.perf_counter() - began, 3)
            with self._idle:
                self._pending -= 1
                self._idle.notify_all()

    async def _post(self, delivery: Delivery) -> None:
        if self._client is None:
            # A proxy from the environment must never see what stays on this machine.
            limits = httpx.Limits(max_connections=AT_ONCE)
            self._client = httpx.AsyncClient(
                trust_env=False, timeout=ANSWER_WITHIN, limits=limits, verify=_certificates()
            )
        answer = await self._client.post(delivery.url, content=delivery.body, headers=delivery.headers)
        delivery.answered(answer.status_code, dict(answer.headers), answer.text[:KEPT_OF_ANSWER])

    async def _close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
            self._client = None

"""Reading a request's body with bounds on bytes and time, and refusing politely."""

import asyncio
import contextlib

from starlette.types import Receive

# A client that is still sending gets this long to notice the answer: a connection that is closed over
# unread data is reset, and the answer would be lost with it.
LINGER_SECONDS = 2.0
LINGER_BYTES = 32 * 1024 * 1024
ORDINARY = 256 * 1024  # bytes; GitHub's deliveries are rarely larger


class Refusal(Exception):
    """An answer that is not 202. ``line`` says why, and what to do."""

    def __init__(self, status: int, line: str) -> None:
        super().__init__(line)
        self.status = status
        self.line = line


class Disconnected(Exception):
    """The client left before its request was complete."""


class Budget:
    """How many bytes of bodies may be in memory at once, over all connections.

    A body of ordinary size is let in all the same: large ones that hang about must not shut it out.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.held = 0


class Body:
    """The body of one request.

    Args:
        receive: the ASGI channel.
        most: bytes that one body may have.
        budget: shared by all requests.
    """

    def __init__(self, receive: Receive, most: int, budget: Budget) -> None:
        self._receive = receive
        self._most = most
        self._budget = budget
        self._size = 0
        self.complete = False

    async def read(self, seconds: float) -> bytes:
        """Return the whole body.

        Args:
            seconds: for all of it together, so that a trickle cannot hold on for ever.

        Raises:
            Refusal: it is too large (413), too slow (408), or too much is in flight already (503).
            Disconnected: the client left.
        """
        chunks: list[bytes] = []
        try:
            async with asyncio.timeout(seconds):
                while not self.complete:
                    chunks.append(await self._chunk())
        except TimeoutError:
            raise Refusal(408, f"the body did not arrive within {seconds:g} seconds") from None
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    async def _chunk(self) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        chunk: bytes = message.get("body", b"")
        self.complete = not message.get("more_body", False)
        self._size += len(chunk)
        self._budget.held += len(chunk)
        if self._size > self._most:
            raise Refusal(413, f"the body is larger than {self._most} bytes")
        if self._budget.held > self._budget.most and self._size > ORDINARY:
            raise Refusal(503, "too many deliveries arrive at once: deliver this one again in a minute")
        return chunk

    def release(self) -> None:
        """Give back what the body holds of the budget. Doing so twice is harmless."""
        self._budget.held -= self._size
        self._size = 0

    async def discard(self) -> None:
        """Read on for a moment without keeping anything, so that the answer is not lost."""
        left = LINGER_BYTES
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                while not self.complete and left > 0:
                    message = await self._receive()
                    left -= len(message.get("body", b""))
                    self.complete = not message.get("more_body", False)

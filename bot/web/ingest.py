"""``POST /webhooks/github``: a delivery is verified, stored and acknowledged. Nothing else happens here.

This is the hot path, so it is plain ASGI. 202 is said after the commit and never before it.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime

from starlette.types import Receive, Scope, Send

from bot.github.signature import PREFIX, verify
from bot.store.inbox import Incoming
from bot.web.body import Body, Budget, Disconnected, Refusal
from bot.web.group_commit import GroupCommit, NotStored
from bot.web.metrics import Meter

MOST_BYTES = 25 * 1024 * 1024  # GitHub's documentation: payloads are capped at 25 MB
MOST_IN_FLIGHT = 256 * 1024 * 1024
READ_SECONDS = 10.0  # GitHub's documentation: a delivery is given up after ten seconds
NAME_LIMIT = 100  # characters of a GUID or an event's name
SIGNATURE_LENGTH = len(PREFIX) + 64
BIG = 1024 * 1024  # bytes; hashing more would hold up the other connections
RETRY_AFTER = b"60"  # seconds
CLIENT_LEFT = 499  # what nginx logs for this; nobody is there to read it


class Ingest:
    """The webhook endpoint.

    Args:
        secrets: the webhook secrets that are live now; None while the App is not set up.
        commit: stores deliveries.
        meter: counts answers and measures them.
        read_seconds: for a whole body.
        most_in_flight: bytes of bodies in memory, over all connections.
    """

    def __init__(
        self,
        secrets: Callable[[], tuple[bytes, ...] | None],
        commit: GroupCommit,
        meter: Meter,
        *,
        read_seconds: float = READ_SECONDS,
        most_in_flight: int = MOST_IN_FLIGHT,
    ) -> None:
        self._secrets = secrets
        self._commit = commit
        self._meter = meter
        self._read_seconds = read_seconds
        self._budget = Budget(most_in_flight)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = time.perf_counter()
        body = Body(receive, MOST_BYTES, self._budget)
        status, line = 202, "stored"
        try:
            await self._accept(scope, body)
        except Refusal as refusal:
            status, line = refusal.status, refusal.line
        except NotStored as error:
            status, line = 503, str(error)
        except Disconnected:
            status = CLIENT_LEFT
        finally:
            body.release()
        self._meter.acknowledged(status, time.perf_counter() - started)
        if status != CLIENT_LEFT:
            await _answer(send, body, status, line)

    async def _accept(self, scope: Scope, body: Body) -> None:
        """Verify and store.

        Raises:
            Refusal, NotStored, Disconnected: nothing was stored, or it is not known to be.
        """
        if scope["method"] != "POST":
            raise Refusal(405, "deliveries come by POST")
        secrets = self._secrets()
        if secrets is None:
            raise Refusal(503, "Usher is not set up yet: open /setup in a browser")
        headers: dict[bytes, bytes] = dict(scope["headers"])
        signature = headers.get(b"x-hub-signature-256")
        if signature is None or len(signature) != SIGNATURE_LENGTH:
            raise Refusal(401, "the header X-Hub-Signature-256 is missing or malformed: set a webhook secret")
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length) > MOST_BYTES:
            raise Refusal(413, f"the body is larger than {MOST_BYTES} bytes")
        raw = await body.read(self._read_seconds)
        if len(raw) > BIG:
            genuine = await asyncio.to_thread(verify, secrets, raw, signature)
        else:
            genuine = verify(secrets, raw, signature)
        if not genuine:
            raise Refusal(401, "the signature does not match: is it the same webhook secret on both sides?")
        if headers.get(b"content-type", b"").startswith(b"application/x-www-form-urlencoded"):
            raise Refusal(400, "the webhook's content type must be application/json: change it on GitHub")
        guid = _name(headers, b"x-github-delivery")
        event = _name(headers, b"x-github-event")
        await self._commit.add(Incoming(guid, event, raw, datetime.now(UTC)))


def _name(headers: dict[bytes, bytes], header: bytes) -> str:
    value = headers.get(header, b"").decode("latin-1")
    if not (0 < len(value) <= NAME_LIMIT and value.isascii() and value.isprintable()):
        raise Refusal(400, f"the header {header.decode()} is missing or malformed")
    return value


async def _answer(send: Send, body: Body, status: int, line: str) -> None:
    text = line.encode() + b"\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(text))]
    if status == 503:
        headers.append((b"retry-after", RETRY_AFTER))
    if status == 405:
        headers.append((b"allow", b"POST"))
    if not body.complete:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text, "more_body": not body.complete})
    if not body.complete:
        await body.discard()
        await send({"type": "http.response.body", "body": b""})

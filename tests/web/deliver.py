"""Deliveries over a plain socket: a test sees every byte, and sends what no HTTP client would."""

import asyncio
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.github.signature import sign
from tests.web.site import SECRET

Headers = dict[str, str | bytes | None]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    head: str
    text: str


def headers_for(body: bytes, /, secret: bytes = SECRET, **changed: str | bytes | None) -> Headers:
    """Return GitHub's headers for a body; ``None`` leaves one out."""
    headers: Headers = {
        "Content-Type": "application/json",
        "X-GitHub-Event": "issues",
        "X-GitHub-Delivery": str(uuid.uuid4()),
        "X-Hub-Signature-256": sign(secret, body),
    }
    return headers | {name.replace("_", "-"): value for name, value in changed.items()}


def head_of(headers: Headers, method: str = "POST") -> bytes:
    """Return the head of a request."""
    lines = [f"{method} /webhooks/github HTTP/1.1".encode(), b"Host: localhost"]
    for name, value in headers.items():
        if value is not None:
            lines.append(name.encode() + b": " + (value.encode() if isinstance(value, str) else value))
    return b"\r\n".join(lines) + b"\r\n\r\n"


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    """Read one answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = int(head.lower().partition("content-length:")[2].partition("\r\n")[0])
    text = (await reader.readexactly(length)).decode()
    return Answer(int(head.split()[1]), head, text)


async def connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a connection to the server."""
    parts = urlsplit(url)
    return await asyncio.open_connection(parts.hostname, parts.port)


async def post(url: str, body: bytes, headers: Headers | None = None) -> Answer:
    """Send one delivery."""
    given = headers_for(body) if headers is None else headers
    reader, writer = await connect(url)
    writer.write(head_of({**given, "Content-Length": str(len(body))}) + body)
    try:
        return await asyncio.wait_for(read_answer(reader), 30)
    finally:
        writer.transport.abort()  # and not close: that would first send what the server did not want


def deliver(url: str, body: bytes, headers: Headers | None = None) -> Answer:
    """Send one delivery, and wait for its answer."""
    return asyncio.run(post(url, body, headers))

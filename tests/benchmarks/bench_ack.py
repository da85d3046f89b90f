"""How many deliveries a second are acknowledged, each after a durable commit.

The server runs in a process of its own, the client in this one; every delivery has a GUID and a body of
its own, about as large as GitHub's for an issue.
"""

import asyncio
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import uvloop

from bot.github.signature import sign
from bot.store.database import Database
from bot.store.inbox import Inbox
from tests.benchmarks.table import Row, percentile

SECRET = b"benchmark"
BODY_BYTES = 18_000  # the middle of GitHub's own examples of the issues event
WARM_UP = 200
COUNT = 6_000
RUNS = 3
CONNECTIONS = 16
LONGEST = 120.0  # seconds for one run
WORDS = ("crash", "save", "proxy", "label", "review", "token", "thread", "driver", "memory", "batch", "error")


def payload(number: int) -> bytes:
    """Return a body of an ``issues`` delivery, unlike any other."""
    words = random.Random(number)
    text = " ".join(words.choices(WORDS, k=BODY_BYTES // 7))
    issue = {"number": number, "title": f"Issue {number}", "body": "", "labels": [], "state": "open"}
    body = {"action": "opened", "issue": issue, "repository": {"id": 1, "full_name": "acme/widgets"}}
    issue["body"] = text[: BODY_BYTES - len(json.dumps(body))]
    return json.dumps(body).encode()


def request(number: int) -> bytes:
    """Return a whole signed HTTP request."""
    body = payload(number)
    head = (
        "POST /webhooks/github HTTP/1.1\r\nHost: localhost\r\nUser-Agent: GitHub-Hookshot/bench\r\n"
        "Accept: */*\r\nContent-Type: application/json\r\nX-GitHub-Event: issues\r\n"
        "X-GitHub-Hook-ID: 1\r\nX-GitHub-Hook-Installation-Target-Type: integration\r\n"
        f"X-GitHub-Delivery: {uuid.uuid4()}\r\nX-Hub-Signature-256: {sign(SECRET, body)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def connection(where: tuple[str, int], requests: list[bytes], times: list[float]) -> None:
    """Send requests one after the other over one connection; keep each one's seconds."""
    reader, writer = await asyncio.open_connection(*where)
    for each in requests:
        started = time.perf_counter()
        writer.write(each)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 202"):
            raise SystemExit(f"not acknowledged: {head[:200]!r}")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        times.append(time.perf_counter() - started)
    writer.close()


async def load(where: tuple[str, int], requests: list[bytes], connections: int) -> tuple[float, list[float]]:
    """Send all requests over so many connections; return the seconds it took, and each one's."""
    times: list[float] = []
    started = time.perf_counter()
    shares = [requests[first::connections] for first in range(connections)]
    async with asyncio.timeout(LONGEST):
        await asyncio.gather(*(connection(where, share, times) for share in shares))
    return time.perf_counter() - started, times


@contextmanager
def served(database_url: str) -> Iterator[tuple[str, int]]:
    """Run the web application on the database; yield its address."""
    command = [sys.executable, "-m", "tests.web.site", database_url, SECRET.decode()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = urlsplit(process.stdout.readline().strip())
        assert url.hostname is not None
        assert url.port is not None
        try:
            yield url.hostname, url.port
        finally:
            process.send_signal(signal.SIGTERM)


def bench(new_database: Callable[[str], str], kind: str) -> list[Row]:
    """Measure one kind of database several times, each on a fresh one."""
    runs = [_measure(new_database(f"ack{turn}")) for turn in range(RUNS)]
    rates = [rate for rate, _ in runs]
    slowest = [percentile(times, 0.99) * 1000 for _, times in runs]
    middle = [percentile(times, 0.5) * 1000 for _, times in runs]
    return [
        Row(
            f"durable acknowledgements, {kind}",
            f"{statistics.median(rates):,.0f} a second ({min(rates):,.0f} to {max(rates):,.0f}), "
            f"p50 {statistics.median(middle):.0f} ms, "
            f"p99 {statistics.median(slowest):.0f} ms ({min(slowest):.0f} to {max(slowest):.0f})",
            "1,500 a second, p99 25 ms",
            f"{RUNS} runs of {COUNT:,}, {BODY_BYTES:,} bytes, {CONNECTIONS} connections, web alone, "
            f"client on the same {os.cpu_count()} cores",
        )
    ]


def _measure(database_url: str) -> tuple[float, list[float]]:
    """Return acknowledgements a second and the seconds of each; all of them must then be stored."""
    requests = [request(number) for number in range(COUNT + WARM_UP)]
    with served(database_url) as where:
        uvloop.run(load(where, requests[:WARM_UP], CONNECTIONS))
        seconds, times = uvloop.run(load(where, requests[WARM_UP:], CONNECTIONS))
    database = Database(database_url)
    stored = sum(Inbox(database).counts().values())
    database.close()
    if stored < COUNT + WARM_UP:
        raise RuntimeError(f"{COUNT + WARM_UP} acknowledged, {stored} stored")
    return COUNT / seconds, times

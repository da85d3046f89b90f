"""The web application in a process of its own: how much memory it takes, and what a kill leaves."""

import asyncio
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from bot.store.database import Database
from bot.store.inbox import Inbox
from tests.web.deliver import Answer, connect, deliver, head_of, headers_for, post, read_answer
from tests.web.site import in_process

MIB = 1024 * 1024


@dataclass(frozen=True)
class Running:
    url: str
    process: "subprocess.Popen[str]"
    database_url: str


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("process")
    database_url = f"sqlite:///{folder / 'usher.db'}"
    with in_process(database_url) as (url, process):
        yield Running(url, process, database_url)


async def endless(url: str, *, most: int) -> tuple[Answer | None, int]:
    """Send chunks until the server has enough; return its answer and how many bytes it took."""
    reader, writer = await connect(url)
    writer.write(head_of(headers_for(b"") | {"Transfer-Encoding": "chunked"}))
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    answer = asyncio.create_task(read_answer(reader))
    sent = 0
    try:
        while sent < most:
            writer.write(chunk)
            await writer.drain()
            sent += 0x10000
    except ConnectionError:
        pass
    finally:
        writer.close()
    return await answer, sent


def test_a_body_without_end_takes_little_memory_and_the_connection_is_closed(running: Running) -> None:
    deliver(running.url, b"{}")
    server = psutil.Process(running.process.pid)
    before = server.memory_info().rss
    answer, sent = asyncio.run(endless(running.url, most=400 * MIB))
    assert answer is not None
    assert answer.status == 413
    assert sent < 100 * MIB
    assert server.memory_info().rss - before < 80 * MIB
    assert deliver(running.url, b"{}").status == 202


def test_what_was_acknowledged_survives_a_kill(running: Running) -> None:
    guids = [f"guid-{number}" for number in range(60)]

    async def burst() -> list[int]:
        sent = (post(running.url, b"{}", headers_for(b"{}", X_GitHub_Delivery=guid)) for guid in guids)
        return [answer.status for answer in await asyncio.gather(*sent)]

    assert asyncio.run(burst()) == [202] * len(guids)
    running.process.kill()
    database = Database(running.database_url)
    inbox = Inbox(database)
    assert all(inbox.get(guid) for guid in guids)
    database.close()

"""Starting and stopping the server."""

import asyncio
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from bot.core.errors import SetupError
from bot.demo.history import NAME, keep, made_up
from bot.web.server import listen, url_of
from tests.conftest import migrated
from tests.patience import SECONDS
from tests.reports.examples import UNTIL
from tests.web.deliver import connect, deliver, head_of, headers_for, read_answer
from tests.web.site import in_process


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            SetupError, match=f"cannot listen on 127.0.0.1 port {port}: .*USHER_PORT"
        ) as caught:
            listen("127.0.0.1", port)
    assert "\n" not in str(caught.value)
    with pytest.raises(SetupError, match=r"cannot listen on no\.such\.host\.invalid"):
        listen("no.such.host.invalid", 0)


@pytest.mark.parametrize(
    ("host", "start"),
    [("127.0.0.1", "http://127.0.0.1:"), ("0.0.0.0", "http://127.0.0.1:"), ("::1", "http://[::1]:")],
)
def test_the_url_that_is_told_works_in_a_browser(host: str, start: str) -> None:
    try:
        listener = listen(host, 0)
    except SetupError:
        pytest.skip(f"this machine has no {host}")
    with listener:
        assert url_of(listener).startswith(start)


def test_sigterm_finishes_what_is_under_way_and_ends_well(tmp_path: Path) -> None:
    with in_process(f"sqlite:///{tmp_path / 'usher.db'}") as (url, process):
        assert deliver(url, b"{}").status == 202

        async def half_and_half() -> int:
            body = b'{"sent": "in two parts"}'
            reader, writer = await connect(url)
            writer.write(head_of(headers_for(body) | {"Content-Length": str(len(body))}) + body[:5])
            await asyncio.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.3)
            writer.write(body[5:])
            answer = await read_answer(reader)
            writer.close()
            return answer.status

        assert asyncio.run(half_and_half()) == 202
        assert process.wait(SECONDS) == 0


def test_sigterm_gives_up_the_reports_that_are_being_made(tmp_path: Path) -> None:
    database_url = f"sqlite:///{tmp_path / 'usher.db'}"
    with migrated(database_url) as database:
        keep(made_up(UNTIL), database)
    log = tmp_path / "log"
    with (
        log.open("w") as err,
        in_process(database_url, module="tests.web.endless", log=err) as (url, process),
        ThreadPoolExecutor() as pool,
    ):
        asked = [f"{url}/r/{NAME}/report?window={days}d" for days in (7, 8, 500, 501)]
        asked += [f"{url}/r/{NAME}", f"{url}/r/acme/report"]
        answers = [pool.submit(httpx.get, each, timeout=SECONDS) for each in asked]
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["begun\n"] * 2
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
        for answer in answers:  # one that had not come in yet finds nobody
            try:
                found = answer.result()
            except httpx.TransportError:
                continue
            assert (found.status_code, found.headers["retry-after"]) == (503, "10")
    assert "Traceback" not in log.read_text()

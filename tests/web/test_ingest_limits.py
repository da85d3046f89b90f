"""The webhook under bodies without end, slow connections and much at once."""

import asyncio

import httpx
import pytest

from bot.web import body as bodies
from bot.web import protocol
from bot.web.group_commit import GroupCommit
from bot.web.ingest import MOST_BYTES, Ingest
from bot.web.metrics import Meter
from tests.patience import SECONDS
from tests.web.conftest import Site
from tests.web.deliver import Answer, connect, deliver, head_of, headers_for, post, read_answer
from tests.web.site import SECRET

MIB = 1024 * 1024


def test_25_mib_are_accepted_and_one_byte_more_is_not(site: Site) -> None:
    body = b"x" * MOST_BYTES
    assert deliver(site.url, body, headers_for(body, X_GitHub_Delivery="large")).status == 202
    assert site.body("large") == body
    assert deliver(site.url, body + b"x").status == 413


def test_a_length_that_is_too_large_is_refused_before_the_body_comes(site: Site) -> None:
    async def announce() -> Answer:
        reader, writer = await connect(site.url)
        writer.write(head_of(headers_for(b"") | {"Content-Length": str(MOST_BYTES + 1)}))
        answer = await asyncio.wait_for(read_answer(reader), SECONDS)
        writer.close()
        return answer

    answer = asyncio.run(announce())
    assert answer.status == 413
    assert "connection: close" in answer.head.lower()


def test_200_slow_connections_leave_the_others_their_answers(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    # None of the slow ones is cut off, so an answer that waited for them would not come.
    read = bodies.Body.read
    monkeypatch.setattr(bodies.Body, "read", lambda body, _seconds: read(body, 10 * SECONDS))
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 10 * SECONDS)

    async def crowd() -> list[int]:
        slow = [await connect(site.url) for _ in range(200)]
        for number, (_reader, writer) in enumerate(slow):
            head = head_of(headers_for(b"") | {"Content-Length": "1000"})
            writer.write(head + b"{" if number % 2 else head[:40])
        await asyncio.sleep(0.05)
        answers = [await post(site.url, b"{}") for _ in range(30)]
        for _reader, writer in slow:
            writer.close()
        return [answer.status for answer in answers]

    assert asyncio.run(crowd()) == [202] * 30


async def ingest_alone(
    chunks: list[bytes], *, pause: float = 0, most_in_flight: int = 1000
) -> list[dict[str, object]]:
    """Run the endpoint without a server; the last chunk has more to follow that never comes."""
    commit = GroupCommit(lambda _batch: None, lambda: None)
    commit.start()
    meter = Meter(dict, dict)
    ingest = Ingest(lambda: (SECRET,), commit, meter, read_seconds=0.2, most_in_flight=most_in_flight)
    waiting = iter(chunks)
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        await asyncio.sleep(pause)
        chunk = next(waiting, None)
        if chunk is None:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": chunk, "more_body": True}

    async def send(message: object) -> None:
        assert isinstance(message, dict)
        sent.append(message)

    raw = head_of(headers_for(b"")).split(b"\r\n")[1:-2]
    headers = [(name.lower(), value) for name, _, value in (line.partition(b": ") for line in raw)]
    await ingest({"type": "http", "method": "POST", "headers": headers}, receive, send)
    await commit.close()
    return sent


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "LINGER_SECONDS", 0.05)


@pytest.mark.usefixtures("impatient")
def test_a_trickle_is_cut_off_after_a_while() -> None:
    sent = asyncio.run(ingest_alone([b"x"] * 1000, pause=0.01))
    assert sent[0]["status"] == 408


@pytest.mark.usefixtures("impatient")
def test_more_in_flight_than_fits_is_refused_for_now() -> None:
    sent = asyncio.run(ingest_alone([b"x" * MIB, b"x" * MIB]))
    assert sent[0]["status"] == 503
    assert (b"retry-after", b"60") in sent[0]["headers"]  # type: ignore[operator]


@pytest.mark.usefixtures("impatient")
def test_what_is_in_flight_does_not_shut_out_an_ordinary_body() -> None:
    sent = asyncio.run(ingest_alone([b"x" * 2000]))
    assert sent[0]["status"] == 408  # it waits for the rest, which does not come


def test_a_head_without_end_is_refused(site: Site) -> None:
    async def shout() -> bytes:
        reader, writer = await connect(site.url)
        writer.write(b"POST /webhooks/github HTTP/1.1\r\n")
        try:
            for number in range(40):
                writer.write(b"X-%d: " % number + b"x" * 10_000 + b"\r\n")
                await writer.drain()
            return await asyncio.wait_for(reader.read(), SECONDS)
        except ConnectionError:
            return b"HTTP/1.1 400 (reset)"

    assert asyncio.run(shout()).startswith(b"HTTP/1.1 400")
    assert httpx.get(f"{site.url}/healthz").status_code == 200


def test_a_head_that_never_ends_is_hung_up_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.2)

    async def dawdle() -> bytes:
        reader, writer = await connect(site.url)
        writer.write(b"POST /webhooks/github HTTP/1.1\r\nHost: ")
        return await asyncio.wait_for(reader.read(), SECONDS)

    assert asyncio.run(dawdle()) == b""

"""The webhook: what is stored and what is refused, over real HTTP, on both databases."""

import asyncio
import hashlib
import hmac
import json

import pytest

from bot.github.signature import sign
from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.web.app import create_app
from tests.web.deliver import Headers, deliver, headers_for, post
from tests.web.site import SECRET, credentials, in_thread, services_on

# GitHub's documentation, "Validating webhook deliveries".
VECTOR_BODY = b"Hello, World!"
VECTOR = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def stored(database: Database) -> int:
    return sum(Inbox(database).counts().values())


def test_githubs_own_example_is_accepted_and_kept_byte_by_byte(url: str, database: Database) -> None:
    answer = deliver(
        url, VECTOR_BODY, headers_for(VECTOR_BODY, X_Hub_Signature_256=VECTOR, X_GitHub_Delivery="a-guid")
    )
    assert (answer.status, answer.text) == (202, "stored\n")
    kept = Inbox(database).get("a-guid")
    assert kept is not None
    assert (kept.event, kept.body, kept.state) == ("issues", VECTOR_BODY, "received")


def test_one_bit_changes_everything(url: str, database: Database) -> None:
    good = headers_for(VECTOR_BODY)
    for bit in range(0, len(VECTOR_BODY) * 8, 7):
        flipped = bytearray(VECTOR_BODY)
        flipped[bit // 8] ^= 1 << bit % 8
        assert deliver(url, bytes(flipped), good).status == 401
    for place in (7, 30, 70):
        digit = "0" if VECTOR[place] != "0" else "1"
        wrong = VECTOR[:place] + digit + VECTOR[place + 1 :]
        assert deliver(url, VECTOR_BODY, headers_for(VECTOR_BODY, X_Hub_Signature_256=wrong)).status == 401
    assert stored(database) == 0


SHA1 = "sha1=" + hmac.new(SECRET, VECTOR_BODY, hashlib.sha1).hexdigest()


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256=",
        SHA1,
        VECTOR.removeprefix("sha256="),
        VECTOR.upper(),
        VECTOR + "0",
        "sha256=" + "é".encode() .decode("latin-1") * 32,
        b"sha256=" + bytes(range(0x80, 0xC0)),
        sign(b"another secret", VECTOR_BODY),
        sign(b"", VECTOR_BODY),
    ],
)
def test_no_signature_but_the_right_one_will_do(
    url: str, database: Database, signature: str | bytes | None
) -> None:
    headers = headers_for(VECTOR_BODY, X_Hub_Signature_256=signature, X_Hub_Signature=SHA1)
    answer = deliver(url, VECTOR_BODY, headers)
    assert answer.status == 401
    assert stored(database) == 0


def test_two_secrets_are_live_during_a_rotation(database: Database) -> None:
    services = services_on(database, credentials=credentials(b"old", b"new"))
    with in_thread(create_app(services)) as url:
        for secret, status in ((b"old", 202), (b"new", 202), (b"older", 401)):
            assert deliver(url, b"{}", headers_for(b"{}", secret)).status == status
        services.credentials = credentials(b"new")
        assert deliver(url, b"{}", headers_for(b"{}", b"old")).status == 401
    assert stored(database) == 2


def test_twenty_copies_at_once_are_one_delivery(url: str, database: Database) -> None:
    async def copies() -> list[int]:
        headers = headers_for(b"{}")
        return [answer.status for answer in await asyncio.gather(*(post(url, b"{}", headers) for _ in range(20)))]

    assert asyncio.run(copies()) == [202] * 20
    assert stored(database) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"X_GitHub_Event": None},
        {"X_GitHub_Delivery": None},
        {"X_GitHub_Event": ""},
        {"X_GitHub_Delivery": "g" * 101},
        {"X_GitHub_Delivery": b"\xc3\xa9"},
        {"X_GitHub_Event": b"tab\there"},
        {"Content_Type": "application/x-www-form-urlencoded"},
    ],
)
def test_a_signed_request_that_is_no_delivery_is_refused(
    url: str, database: Database, changed: Headers
) -> None:
    answer = deliver(url, b"{}", headers_for(b"{}", **changed))
    assert answer.status == 400
    assert answer.text.count("\n") == 1
    assert stored(database) == 0


GARBAGE = {
    "empty": b"",
    "not text": bytes(range(256)),
    "deeply nested": b"[" * 100_000,
    "a huge integer": b'{"number": ' + b"9" * 100_000 + b"}",
    "a lone surrogate": b'{"title": "\\ud800"}',
    "NUL": json.dumps({"title": "a\0b"}).encode() + b"\0",
}


@pytest.mark.parametrize("body", GARBAGE.values(), ids=GARBAGE.keys())
def test_whatever_is_signed_is_stored_as_it_is(url: str, database: Database, body: bytes) -> None:
    headers = headers_for(body, X_GitHub_Delivery="odd")
    assert deliver(url, body, headers).status == 202
    kept = Inbox(database).get("odd")
    assert kept is not None
    assert kept.body == body


def test_other_methods_are_pointed_to_post(url: str) -> None:
    answer = deliver(url, b"", headers_for(b"") | {"X-HTTP-Method-Override": "POST"})
    assert answer.status == 202
    import httpx

    refused = httpx.get(url + "/webhooks/github")
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")


def test_before_setup_nothing_is_taken(sqlite_database: Database) -> None:
    services = services_on(sqlite_database, credentials=None)
    with in_thread(create_app(services)) as url:
        answer = deliver(url, b"{}")
        assert (answer.status, answer.text.count("\n")) == (503, 1)
        assert "/setup" in answer.text
        services.credentials = credentials()
        assert deliver(url, b"{}").status == 202
    assert stored(sqlite_database) == 1

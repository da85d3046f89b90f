"""The webhook: what is stored and what is refused, over real HTTP, on both databases."""

import asyncio
import hashlib
import hmac
import json

import httpx
import pytest

from bot.github.signature import sign
from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.web.app import create_app
from tests.web.conftest import Site
from tests.web.deliver import Headers, deliver, headers_for, post
from tests.web.site import SECRET, credentials, in_thread, services_on

# GitHub's documentation, "Validating webhook deliveries".
VECTOR_BODY = b"Hello, World!"
VECTOR = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
SHA1 = "sha1=" + hmac.new(SECRET, VECTOR_BODY, hashlib.sha1).hexdigest()


def test_githubs_own_example_is_accepted_and_kept_byte_by_byte(site: Site) -> None:
    headers = headers_for(VECTOR_BODY, X_Hub_Signature_256=VECTOR, X_GitHub_Delivery="a-guid")
    answer = deliver(site.url, VECTOR_BODY, headers)
    assert (answer.status, answer.text) == (202, "stored\n")
    kept = Inbox(site.database).get("a-guid")
    assert kept is not None
    assert (kept.event, kept.body, kept.state) == ("issues", VECTOR_BODY, "received")


def test_one_bit_changes_everything(site: Site) -> None:
    before = site.stored
    good = headers_for(VECTOR_BODY)
    for bit in range(0, len(VECTOR_BODY) * 8, 7):
        flipped = bytearray(VECTOR_BODY)
        flipped[bit // 8] ^= 1 << bit % 8
        assert deliver(site.url, bytes(flipped), good).status == 401
    for place in (7, 30, 70):
        digit = "0" if VECTOR[place] != "0" else "1"
        wrong = VECTOR[:place] + digit + VECTOR[place + 1 :]
        headers = headers_for(VECTOR_BODY, X_Hub_Signature_256=wrong)
        assert deliver(site.url, VECTOR_BODY, headers).status == 401
    assert site.stored == before


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
        b"sha256=" + "é".encode() * 32,
        b"sha256=" + bytes(range(0x80, 0xC0)),
        sign(b"another secret", VECTOR_BODY),
        sign(b"", VECTOR_BODY),
    ],
)
def test_no_signature_but_the_right_one_will_do(site: Site, signature: str | bytes | None) -> None:
    before = site.stored
    headers = headers_for(VECTOR_BODY, X_Hub_Signature_256=signature, X_Hub_Signature=SHA1)
    assert deliver(site.url, VECTOR_BODY, headers).status == 401
    assert site.stored == before


def test_two_secrets_are_live_during_a_rotation(sqlite_database: Database) -> None:
    services = services_on(sqlite_database, credentials=credentials(b"old", b"new"))
    with in_thread(create_app(services)) as url:
        for secret, status in ((b"old", 202), (b"new", 202), (b"older", 401)):
            assert deliver(url, b"{}", headers_for(b"{}", secret)).status == status
        services.credentials = credentials(b"new")
        assert deliver(url, b"{}", headers_for(b"{}", b"old")).status == 401
    assert sum(Inbox(sqlite_database).counts().values()) == 2


def test_twenty_copies_at_once_are_one_delivery(site: Site) -> None:
    before = site.stored

    async def copies() -> list[int]:
        headers = headers_for(b"{}")
        answers = await asyncio.gather(*(post(site.url, b"{}", headers) for _ in range(20)))
        return [answer.status for answer in answers]

    assert asyncio.run(copies()) == [202] * 20
    assert site.stored == before + 1


@pytest.mark.parametrize(
    "changed",
    [
        {"X-GitHub-Event": None},
        {"X-GitHub-Delivery": None},
        {"X-GitHub-Event": ""},
        {"X-GitHub-Delivery": "g" * 101},
        {"X-GitHub-Delivery": b"\xc3\xa9"},
        {"X-GitHub-Event": b"tab\there"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
def test_a_signed_request_that_is_no_delivery_is_refused(site: Site, changed: Headers) -> None:
    before = site.stored
    headers = headers_for(b"{}") | changed
    answer = deliver(site.url, b"{}", headers)
    assert answer.status == 400
    assert answer.text.count("\n") == 1
    assert site.stored == before


GARBAGE = {
    "empty": b"",
    "not text": bytes(range(256)),
    "deeply nested": b"[" * 100_000,
    "a huge integer": b'{"number": ' + b"9" * 100_000 + b"}",
    "a lone surrogate": b'{"title": "\\ud800"}',
    "NUL": json.dumps({"title": "a\0b"}).encode() + b"\0",
}


@pytest.mark.parametrize("name", GARBAGE)
def test_whatever_is_signed_is_stored_as_it_is(site: Site, name: str) -> None:
    body = GARBAGE[name]
    assert deliver(site.url, body, headers_for(body, X_GitHub_Delivery=name)).status == 202
    assert site.body(name) == body


def test_other_methods_are_pointed_to_post(site: Site) -> None:
    refused = httpx.get(site.url + "/webhooks/github")
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")


def test_before_setup_nothing_is_taken(sqlite_database: Database) -> None:
    services = services_on(sqlite_database, credentials=None)
    with in_thread(create_app(services)) as url:
        answer = deliver(url, b"{}")
        assert (answer.status, answer.text.count("\n")) == (503, 1)
        assert "/setup" in answer.text
        services.credentials = credentials()
        assert deliver(url, b"{}").status == 202

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.github.signature import sign, verify

# From GitHub's documentation, "Validating webhook deliveries".
SECRET = b"It's a Secret to Everybody"
BODY = b"Hello, World!"
HEADER = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
secrets = st.binary(min_size=1, max_size=100)


def test_githubs_own_example_is_signed_and_accepted() -> None:
    assert sign(SECRET, BODY) == HEADER
    assert verify([SECRET], BODY, HEADER.encode())


@pytest.mark.parametrize(
    "header",
    [
        None,
        b"",
        b"sha256=",
        HEADER.removeprefix("sha256=").encode(),
        HEADER.upper().encode(),
        HEADER[:-1].encode(),
        HEADER.encode() + b" ",
        b"sha1=" + hmac.new(SECRET, BODY, "sha1").hexdigest().encode(),
        HEADER.replace("sha256", "sha1").encode(),
        f"sha256=\uff17{HEADER[8:]}".encode(),
        b"sha256=" + b"\xff" * 64,
    ],
)
def test_any_other_header_is_refused(header: bytes | None) -> None:
    assert not verify([SECRET], BODY, header)


def test_without_a_secret_nothing_is_accepted() -> None:
    assert not verify([], BODY, HEADER.encode())
    assert not verify([b""], BODY, HEADER.encode())


@given(secret=secrets, body=st.binary())
def test_whatever_was_signed_is_accepted(secret: bytes, body: bytes) -> None:
    assert verify([secret], body, sign(secret, body).encode())


@given(secret=secrets, body=st.binary(min_size=1), data=st.data())
def test_one_bit_more_or_less_in_the_body_is_refused(secret: bytes, body: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(body) * 8 - 1))
    flipped = bytearray(body)
    flipped[place // 8] ^= 1 << place % 8
    assert not verify([secret], bytes(flipped), sign(secret, body).encode())


@given(secret=secrets, body=st.binary(), data=st.data())
def test_one_bit_more_or_less_in_the_header_is_refused(
    secret: bytes, body: bytes, data: st.DataObject
) -> None:
    header = bytearray(sign(secret, body).encode())
    place = data.draw(st.integers(0, len(header) * 8 - 1))
    header[place // 8] ^= 1 << place % 8
    assert not verify([secret], body, bytes(header))


@given(old=secrets, new=secrets, other=secrets, body=st.binary())
def test_during_a_rotation_both_secrets_are_accepted_and_no_third(
    old: bytes, new: bytes, other: bytes, body: bytes
) -> None:
    assert verify([old, new], body, sign(old, body).encode())
    assert verify([old, new], body, sign(new, body).encode())
    # HMAC fills keys up with zero bytes, so those that differ by them alone are one key.
    if other.rstrip(b"\0") not in (old.rstrip(b"\0"), new.rstrip(b"\0")) and len(other) <= 64:
        assert not verify([old, new], body, sign(other, body).encode())

"""Values that travel through a browser: signed for one purpose, with an end date."""

import base64
import binascii
import hashlib
import hmac
import secrets
import time


class Seal:
    """Signs and checks values.

    Args:
        key: any secret; it never leaves the process.
    """

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(b"usher pages\0" + key.encode()).digest()

    def mac(self, purpose: str, value: str) -> str:
        """Return what proves that this server saw the value, for this purpose."""
        return hmac.new(self._key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()

    def close(self, purpose: str, value: str, seconds: int) -> str:
        """Return the value sealed, good for so many seconds. It can be read, not made up."""
        until = int(time.time()) + seconds
        open_part = f"{until}.{base64.urlsafe_b64encode(value.encode()).decode()}"
        return f"{open_part}.{self.mac(purpose, open_part)}"

    def open(self, purpose: str, sealed: str) -> str | None:
        """Return the value, or None where it is forged, meant for something else, or over."""
        open_part, _, proof = sealed.rpartition(".")
        if not equal(proof, self.mac(purpose, open_part)):
            return None
        until, _, coded = open_part.partition(".")
        if int(until) < time.time():
            return None
        try:
            return base64.urlsafe_b64decode(coded).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None


def equal(one: str, other: str) -> bool:
    """Compare two texts in a time that tells nothing."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def new_token() -> str:
    """Return a random value that nobody guesses."""
    return secrets.token_urlsafe(24)

"""Webhook signatures: HMAC-SHA256 over the raw body, as GitHub's documentation defines them."""

import hashlib
import hmac
from collections.abc import Sequence

PREFIX = "sha256="


def sign(secret: bytes, body: bytes) -> str:
    """Return the value of the ``X-Hub-Signature-256`` header for a body."""
    return PREFIX + hmac.new(secret, body, hashlib.sha256).hexdigest()


def verify(secrets: Sequence[bytes], body: bytes, header: bytes | None) -> bool:
    """Tell whether a body was signed with one of the secrets (several are live during a rotation).

    Every secret is tried, and each comparison takes the same time, so that timing tells nothing.

    Args:
        secrets: the webhook secrets that are live now.
        body: the raw bytes that were received.
        header: the raw value of ``X-Hub-Signature-256``; None where it is missing.
    """
    if header is None:
        return False
    matches = [hmac.compare_digest(sign(secret, body).encode(), header) for secret in secrets]
    return any(matches)

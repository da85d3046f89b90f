"""Text that could be a secret by its looks alone: JSON Web Tokens and random strings. Often wrong, so off."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import re2

from bot.core.diffs import Diff
from bot.core.findings import Finding
from bot.core.phrases import Phrase
from bot.core.sheet.paths import is_made
from bot.core.sheet.secrets import is_placeholder

_PLACES = 2_000  # in a diff that are looked into; each takes up to 0.2 ms
_JWT = re2.compile(r"\beyJ[A-Za-z0-9_-]{10,800}\.eyJ[A-Za-z0-9_-]{10,800}\.[A-Za-z0-9_-]{20,800}")
_QUOTED = re2.compile(r"[\"'][A-Za-z0-9+/=_-]{20,200}[\"']")
_HASH = re.compile(
    r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}|sha\d+-.*"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",
    re.IGNORECASE,
)
_SIGNED = Phrase(
    "This is a JSON Web Token. If it lets somebody in, revoke it and take it out of the history."
)
_RANDOM = Phrase("This text looks random, as keys and passwords do. Is it one?")


def json_web_tokens(diff: Diff) -> Iterator[Finding]:
    """JSON Web Tokens, which may be public, expired or an example as well."""
    for file, line, match in diff.find(_JWT, _PLACES):
        if _rules()[0].is_formally_valid(match.group()):
            yield Finding("json_web_tokens", "security", "warning", file.path, line.number, "Token", _SIGNED)


def entropy(diff: Diff) -> Iterator[Finding]:
    """Quoted strings that look random; hashes and UUIDs do so, too, and are left out."""
    for file, line, match in diff.find(_QUOTED, _PLACES):
        text = match.group()[1:-1]
        if is_made(file.path) or _HASH.fullmatch(text) or is_placeholder(text):
            continue
        if _looks_random(text):
            yield Finding("entropy", "security", "notice", file.path, line.number, "Random text", _RANDOM)


def _looks_random(text: str) -> bool:
    quoted = f"'{text}'"
    return any(
        rule.calculate_shannon_entropy(found) > rule.entropy_limit
        for rule in _rules()[1:]
        for found in rule.analyze_string(quoted)
    )


@cache
def _rules() -> tuple[Any, ...]:
    """Rules of detect-secrets; of them only functions that are pure are called."""
    # Imported when the first text needs it: detect-secrets brings an HTTP client along, which takes a while.
    from detect_secrets.plugins import high_entropy_strings, jwt  # noqa: PLC0415

    return (
        jwt.JwtTokenDetector(),
        high_entropy_strings.HexHighEntropyString(
            limit=3.0
        ),  # bits for each character, as by its own default
        high_entropy_strings.Base64HighEntropyString(limit=4.5),
    )

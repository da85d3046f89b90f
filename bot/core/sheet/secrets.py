"""Private keys and access tokens on added lines. What is found is never repeated: only its kind and length.

The formats are those of detect-secrets, and a few it does not know. One RE2 pattern over all added lines
finds the few places that could be one; only there detect-secrets's own rules run, on a short piece of the
line, so that their time is bounded whatever the line. Only its compiled patterns
are used, which open no file and no connection, and which threads may share.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import re2

from bot.core.diffs import Diff, FileDiff, Line
from bot.core.findings import Finding, Level
from bot.core.phrases import Phrase
from bot.core.sheet.paths import is_example, is_test

_BEFORE, _AFTER = 80, 600  # characters around a hint that a rule is shown
_HINTS = 500  # places in a diff that are looked into; each takes up to 1 ms

_OPTIONS = re2.Options()
_OPTIONS.max_mem = 64 << 20  # bytes; with the usual 8 MB so many formats at once are slow
_OPTIONS.log_errors = False
_HINT = re2.compile(
    r"(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{16}"
    r"|(?i:aws[a-z_]{0,20}key)[\"']?[ \t]*(?:=|:|=>)[ \t]*[\"'][0-9a-zA-Z/+]{40}[\"']"
    r"|gh[pousr]_[A-Za-z0-9_]{36}|github_pat_[A-Za-z0-9_]{60}"
    r"|gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-[A-Za-z0-9_-]{20}|GR1348941[A-Za-z0-9_-]{20}"
    r"|(?i:xox[abposr]-[0-9]+-[0-9a-z-]+)|xapp-[0-9]-[A-Z0-9]{9,}-[0-9]{9,}-[a-f0-9]{64}"
    r"|(?i:hooks\.slack\.com/services/T[a-z0-9_]{6,}/B[a-z0-9_]{6,}/[a-z0-9_]{16})"
    r"|[rs]k_live_[0-9a-zA-Z]{24}|SG\.[a-zA-Z0-9_-]{22}\.[a-zA-Z0-9_-]{43}|pypi-Ag[A-Za-z0-9_-]{60}"
    r"|:_authToken=|npm_[A-Za-z0-9]{36}|sk-[A-Za-z0-9_-]{20,200}T3BlbkFJ|sk-ant-[a-z]|AccountKey=[a-zA-Z0-9+/=]{88}|sq0csp-"
    r"|[MNO][a-zA-Z0-9_-]{23,25}\.[a-zA-Z0-9_-]{6}\.[a-zA-Z0-9_-]{27}|\b[0-9]{8,10}:[0-9A-Za-z_-]{35}\b"
    r"|hf_[A-Za-z]{34}|AIza[0-9A-Za-z_-]{35}|dckr_pat_[A-Za-z0-9_-]{27}|dop_v1_[a-f0-9]{64}",
    _OPTIONS,
)
#: Formats that detect-secrets does not know: what the secret is called, and how it looks.
_OWN: tuple[tuple[str, Any], ...] = tuple(
    (name, re2.compile(pattern))
    for name, pattern in (
        ("GitHub Token", r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
        ("Hugging Face Token", r"hf_[A-Za-z]{34}"),
        ("Anthropic Key", r"sk-ant-[a-z]{3,8}[0-9]{2}-[A-Za-z0-9_-]{80,120}"),
        ("Google API Key", r"AIza[0-9A-Za-z_-]{35}"),
        ("npm Token", r"npm_[A-Za-z0-9]{36}"),
        ("Slack App Token", r"xapp-[0-9]-[A-Z0-9]{9,}-[0-9]{9,}-[a-f0-9]{64}"),
        ("Docker Hub Token", r"dckr_pat_[A-Za-z0-9_-]{27}"),
        ("DigitalOcean Token", r"dop_v1_[a-f0-9]{64}"),
    )
)
_PLACEHOLDER = re.compile(
    r"example|sample|dummy|fake|placeholder|your|change_?me|redacted|secret_?here|insert|xxxx|\.\.\.|\*\*\*|<|\$\{"
    r"|abcdefgh|12345678|01234567|00000000|deadbeef",
    re.IGNORECASE,
)
_DISTINCT = 8  # characters; a random token has more different ones
_SHORTEST = 16  # characters in a token
_WORD = re.compile(r"[A-Za-z0-9+_]")  # what touches a token in front makes it chance: base64, a hash

_KEY = re2.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")
_KEY_BELOW = re.compile(r"[\s\"'+#*/]*(?:[A-Za-z0-9+/=]{40,80}|Proc-Type: |DEK-Info: |Version: |Comment: )")
_KEY_BEHIND = re.compile(r"(?:\\r)?(?:\\n|\s)+[A-Za-z0-9+/=]{40}")


@cache
def _rules() -> tuple[tuple[str, Any], ...]:
    """The kind and the compiled pattern of each rule of detect-secrets that is used."""
    # Imported when the first place needs it: detect-secrets brings an HTTP client along, which takes a while.
    from detect_secrets.plugins import (  # noqa: PLC0415
        aws,
        azure_storage_key,
        discord,
        github_token,
        gitlab_token,
        npm,
        openai,
        pypi_token,
        sendgrid,
        slack,
        square_oauth,
        stripe,
        telegram_token,
    )

    detectors = (
        aws.AWSKeyDetector,
        github_token.GitHubTokenDetector,
        gitlab_token.GitLabTokenDetector,
        slack.SlackDetector,
        stripe.StripeDetector,
        sendgrid.SendGridDetector,
        pypi_token.PypiTokenDetector,
        npm.NpmDetector,
        openai.OpenAIDetector,
        azure_storage_key.AzureStorageKeyDetector,
        square_oauth.SquareOAuthDetector,
        discord.DiscordBotTokenDetector,
        telegram_token.TelegramBotTokenDetector,
    )
    return tuple((detector.secret_type, pattern) for detector in detectors for pattern in detector.denylist)


def private_keys(diff: Diff) -> Iterator[Finding]:
    """Private keys with their material; a header alone, as in code that looks for one, is none."""
    for file in diff.files:
        below = {line.number: line.text for line in file.added}
        for line, match in file.find(_KEY):
            behind = file.text[match.end() : match.end() + 100].split("\n")[0]
            if _KEY_BEHIND.match(behind) or _KEY_BELOW.match(below.get(line.number + 1, "")[:200]):
                yield _finding(
                    "private_keys", file, line, "Private key", Phrase(_GONE, {"kind": "a private key"})
                )


def tokens(diff: Diff) -> Iterator[Finding]:
    """Access tokens of well-known services, one finding for a line."""
    known: set[tuple[str, int]] = set()
    for file, line, match in diff.find(_HINT, _HINTS):
        if (file.path, line.number) in known:
            continue
        kind, secret = next(_confirmed(_around(file, match)), ("", ""))
        if kind:
            known.add((file.path, line.number))
            what = f"{'an' if kind[0] in 'AEIO' else 'a'} {kind} ({len(secret)} characters)"
            yield _finding("tokens", file, line, "Access token", Phrase(_GONE, {"kind": what}))


_GONE = (
    "This looks like {kind}. Whoever can read the pull request has it now: revoke it first, then take it out "
    "of the history of this branch. Is it none? Say so to a maintainer."
)


def _finding(check: str, file: FileDiff, line: Line, title: str, message: Phrase) -> Finding:
    level: Level = "warning" if is_test(file.path) or is_example(file.path) else "failure"
    return Finding(check, "security", level, file.path, line.number, title, message)


def _around(file: FileDiff, match: Any) -> str:
    """The piece of the line around a place, for rules whose time is not linear."""
    start = max(file.start_of(match.start()), match.start() - _BEFORE)
    return file.text[start : match.start() + _AFTER].split("\n")[0]


def _confirmed(piece: str) -> Iterator[tuple[str, str]]:
    """The kind and text of each token in a piece of a line."""
    for kind, pattern in (*_OWN, *_rules()):
        for match in pattern.finditer(piece):
            group = _group_of(match)
            before = piece[max(0, match.start(group) - 1) : match.start(group)]
            if not _WORD.match(before) and not is_placeholder(match[group]):
                yield kind, match[group]


def _group_of(match: Any) -> int:
    """The group that is the token; where groups hold a part of it only, all that matched."""
    lengths = [0, *(len(group or "") for group in match.groups())]
    return lengths.index(max(lengths)) if max(lengths) >= _SHORTEST else 0


def is_placeholder(secret: str) -> bool:
    """Whether somebody is to put a secret there, or it says itself that it is none."""
    return len(set(secret)) < _DISTINCT or _PLACEHOLDER.search(secret) is not None

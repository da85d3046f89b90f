"""Personal data in files of data: addresses and telephone numbers. Never repeated, only counted."""

from collections.abc import Iterator

import re2

from bot.core.diffs import Diff, FileDiff
from bot.core.findings import Finding
from bot.core.phrases import Phrase
from bot.core.sheet.manifests import is_manifest
from bot.core.sheet.paths import is_lock, suffix_of

_DATA = frozenset(("csv", "tsv", "json", "jsonl", "ndjson", "xml", "sql", "log", "vcf"))
_MOST = 1_000  # places that are counted in one file

_EMAIL = re2.compile(r"\b([A-Za-z0-9][A-Za-z0-9._%+-]{0,63})@((?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24})\b")
#: International form only: anything looser is mostly other numbers.
_PHONE = re2.compile(
    r"(?:^|[^\w.+/-])\+"
    r"(?:[1-9][0-9]{9,14}|[1-9][0-9]{0,2}[ -]\(?[0-9]{1,4}\)?(?:[ -]?[0-9]{2,4}){2,4})(?:[^\w.-]|$)"
)
#: Addresses of nobody: reserved names (RFC 2606 and 6761), machines, and files such as ``icon@2x.png``.
_NOBODY = re2.compile(
    r"(?i)(?:^|\.)(?:example|test|invalid|localhost)(?:\.(?:com|org|net))?$|(?:^|\.)users\.noreply\.github\.com$"
    r"|\.(?:png|jpe?g|gif|svg|webp|js|css|py|json|md)$|\.(?:local|internal)$"
)
_ROLES = re2.compile(
    r"(?i)^(?:no-?reply|do-?not-?reply|info|support|contact|admin|hello|help|security|abuse|postmaster|webmaster|git"
    r"|bot|user|username|name|email|someone|test|foo|bar|you|me)$"
)

_MESSAGE = (
    "{count} that may belong to people. Is their consent known? Otherwise make them up, or leave them out."
)


def personal_data(diff: Diff) -> Iterator[Finding]:
    """Files of data with e-mail addresses or telephone numbers that look like those of people."""
    for file in diff.files:
        if suffix_of(file.path) not in _DATA or is_lock(file.path) or is_manifest(file.path):
            continue
        emails, phones = _emails(file), [line.number for line, _match in file.find(_PHONE, _MOST)]
        for numbers, one, many in (
            (emails, "an e-mail address", "e-mail addresses"),
            (phones, "a telephone number", "telephone numbers"),
        ):
            if numbers:
                count = f"{len(numbers)} {many}" if len(numbers) > 1 else one.capitalize()
                message = Phrase(_MESSAGE, {"count": count})
                yield Finding(
                    "personal_data", "security", "warning", file.path, numbers[0], "Personal data", message
                )


def _emails(file: FileDiff) -> list[int]:
    return [
        line.number
        for line, match in file.find(_EMAIL, _MOST)
        if not _NOBODY.search(match.group(2)) and not _ROLES.search(match.group(1))
    ]

"""What a text says, apart from whom and how much: greetings that differ in a name share a fingerprint."""

import hashlib
import re
from collections.abc import Iterable

_QUOTED = re.compile(r"(?:^[ \t]*>.*\n?)+", re.MULTILINE)
# Who is greeted by a name that is no account's is known by the capital letter alone.
_GREETED = re.compile(r"\b((?i:hi|hello|hey|dear|thanks|thank you|welcome))[ ,]+[A-Z][\w-]*")
_WORD = re.compile(r"[\w-]+")
_MENTION = re.compile(r"@[\w-]+(?:/[\w-]+)?")
_NUMBER = re.compile(r"#?\d+(?:[.,:]\d+)*|\b(?=[a-f]*\d)[0-9a-f]{7,40}\b")
_STRAIGHT = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"') | dict.fromkeys("\u2018\u2019\u201a", "'")
)
_SHORT = 3  # a login of fewer letters is too often a word
_BYTES = 8


def names_of(logins: Iterable[str]) -> frozenset[str]:
    """Return these logins as ``fingerprint`` looks for them."""
    return frozenset(login.casefold() for login in logins if len(login) >= _SHORT)


def fingerprint(text: str, names: frozenset[str] = frozenset()) -> str:
    """Return 16 hexadecimal digits that stand for what a text says; "" for a blank one.

    Texts share them that differ in mentions, in these names, in the name after a greeting, in numbers, in
    what they quote, and in blanks and capital letters only.

    Args:
        names: of those who may be named in it, see ``names_of``.
    """
    if not text.strip():
        return ""
    plain = _GREETED.sub(r"\1 @", _QUOTED.sub(">\n", text)).translate(_STRAIGHT).casefold()
    plain = _MENTION.sub("@", plain)
    if not names.isdisjoint(_WORD.findall(plain)):
        plain = _WORD.sub(lambda word: "@" if word[0] in names else word[0], plain)
    plain = " ".join(_NUMBER.sub("0", plain).split())
    return hashlib.blake2b(plain.encode(), digest_size=_BYTES).hexdigest()

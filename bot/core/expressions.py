"""Regular expressions from config files, under RE2: no expression and no text can make them slow.

RE2 has no look-around. One form of it is common in other tools' examples, "must not start with", as in
``^(?![A-Z]).+$``; that one is understood.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import re2

MAX_CHARS = 500  # of an expression
_MAX_MEMORY = 1 << 20  # bytes for one compiled expression
_NOT_AHEAD = "(?!"


class Expression:
    """A regular expression that is held against whole texts.

    Args:
        pattern: in RE2's syntax; may begin with ``^(?!...)``.

    Raises:
        ValueError: it cannot be understood; the text says what was expected.
    """

    def __init__(self, pattern: str) -> None:
        forbidden, rest = _parted(pattern)
        self._forbidden = tuple(_compiled(part) for part in forbidden)
        self._rest = _compiled(rest)

    def fits(self, text: str) -> bool:
        """Whether the expression matches the text from beginning to end."""
        readable = text.encode("utf-8", "replace").decode("utf-8")
        if any(part.match(readable) for part in self._forbidden):
            return False
        return self._rest.fullmatch(readable) is not None


@lru_cache(maxsize=1_000)
def expression(pattern: str) -> Expression:
    """Compile an expression, once. Raises ValueError as ``Expression`` does."""
    return Expression(pattern)


def fits_one(text: str, patterns: tuple[str, ...]) -> bool:
    """Whether a text is one of the patterns, or matches it where it is a regular expression."""
    return any(text == pattern or _fits(text, pattern) for pattern in patterns)


def _fits(text: str, pattern: str) -> bool:
    try:
        return expression(pattern).fits(text)
    except ValueError:
        return False  # ``c++`` is a name, and no expression


def _compiled(pattern: str) -> Any:
    if len(pattern) > MAX_CHARS:
        raise ValueError(f"a regular expression of at most {MAX_CHARS} characters")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError):
        raise ValueError("a regular expression of RE2 (no look-around, no back-references)") from None


def _parted(pattern: str) -> tuple[list[str], str]:
    """``^(?!a)b`` -> (["a"], "b"): what the text must not begin with, and what it must be."""
    forbidden: list[str] = []
    rest = pattern[1:] if pattern.startswith(f"^{_NOT_AHEAD}") else pattern
    while rest.startswith(_NOT_AHEAD):
        end = next((place for place, sign, depth in _signs(rest) if sign == ")" and depth == 0), -1)
        if end < 0:
            break
        forbidden.append(rest[len(_NOT_AHEAD) : end])
        rest = rest[end + 1 :]
    if forbidden and any(sign == "|" and depth == 0 for _place, sign, depth in _signs(rest)):
        return [], pattern  # the look-ahead is for the first alternative alone
    return forbidden, rest


def _signs(pattern: str) -> Iterator[tuple[int, str, int]]:
    """Yield the brackets and bars that are no text: place, sign, and how many brackets are open there."""
    depth, is_class, place = 0, False, 0
    while place < len(pattern):
        sign = pattern[place]
        if sign == "\\":
            place += 1
        elif is_class:
            is_class = sign != "]"
        elif sign == "[":
            is_class = True
        elif sign in "()|":
            depth -= sign == ")"
            yield place, sign, depth
            depth += sign == "("
        place += 1

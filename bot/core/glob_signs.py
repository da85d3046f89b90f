"""The signs of path patterns, such as ``*``, ``[a-z]`` and ``@(a|b)``, as pieces of expressions for RE2."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import re2

_GROUPS = {"@": "", "?": "?", "*": "*", "+": "+"}
_UNIT = r"\[:[a-z]+:\]|\\."
_CLASS = re.compile(rf"\[([!^]?+)((?:{_UNIT}|\]|[^\\])(?:{_UNIT}|[^\]\\])*)\]", re.DOTALL)
_IN_CLASS = re.compile(r"(\[:[a-z]+:\])|\\?(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Not:
    """The alternatives of a ``!( )``, as an expression."""

    alternatives: str


def too_many() -> ValueError:
    """What is wrong with a pattern that says "not" more than once."""
    return ValueError("a path pattern with at most one `!( )`, which stands in no other group")


def tokens_of(part: str) -> Iterator[str | Not]:
    """Yield what the signs of one part of a pattern come to, as pieces of an expression."""
    at = 0
    while at < len(part):
        sign, end = part[at], _group_end(part, at)
        if end:
            alternatives = "|".join(map(_nested, _alternatives(part[at + 2 : end])))
            yield Not(alternatives) if sign == "!" else f"(?:{alternatives}){_GROUPS[sign]}"
            at = end
        elif sign == "\\" and at + 1 < len(part):
            at += 1
            yield re2.escape(part[at])
        elif sign == "[" and (found := _CLASS.match(part, at)):
            at = found.end() - 1
            yield _class(found[1], found[2])
        else:
            yield {"*": "[^/]*", "?": "[^/]"}.get(sign) or re2.escape(sign)
        at += 1


def _nested(alternative: str) -> str:
    tokens = list(tokens_of(alternative))
    if any(isinstance(token, Not) for token in tokens):
        raise too_many()
    return "".join(map(str, tokens))


def _group_end(part: str, at: int) -> int:
    """Where the group that begins at a place ends, such as ``@(a|b)``; 0 where none does."""
    if part[at] not in "@?*+!" or part[at + 1 : at + 2] != "(":
        return 0
    return next((place for place, sign, depth in _signs(part, at + 2) if sign == ")" and depth == 0), 0)


def _alternatives(inner: str) -> list[str]:
    bars = [place for place, sign, depth in _signs(inner, 0) if sign == "|" and depth == 0]
    return [inner[start + 1 : end] for start, end in zip([-1, *bars], [*bars, len(inner)], strict=True)]


def _signs(part: str, at: int) -> Iterator[tuple[int, str, int]]:
    """Yield the ``)`` and ``|`` that are no text: place, sign, and how many groups are open there."""
    depth = 0
    while at < len(part):
        if part[at] == "\\":
            at += 1
        elif part[at] == "[" and (found := _CLASS.match(part, at)):
            at = found.end() - 1
        elif part[at] in "@?*+!" and part[at + 1 : at + 2] == "(":
            depth, at = depth + 1, at + 1
        elif part[at] in ")|":
            yield at, part[at], depth
            depth -= part[at] == ")"
        at += 1


def _class(negation: str, inside: str) -> str:
    """``[...]``; a negated one keeps off slashes, as everything does that stays within one part."""
    signs = (
        found[1] or ("-" if found[0] == "-" else re2.escape(found[2])) for found in _IN_CLASS.finditer(inside)
    )
    return f"[{'^/' if negation else ''}{''.join(signs)}]"

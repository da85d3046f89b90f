"""Path patterns, read as the JavaScript library minimatch reads them: what other bots' config files hold.

``*``, ``?`` and ``[...]`` stay within one part of a path; ``**`` stands for any number of parts; ``{a,b}``
and ``{1..9}`` for each of several patterns; ``@( )``, ``?( )``, ``+( )``, ``*( )`` and ``!( )`` are those of
bash; ``!`` in front turns a pattern round. A ``*`` matches names that begin with a dot, too.
RE2 holds the patterns against paths, so that the time grows with the path and nothing else: a matcher that
goes back takes seconds for ``**/a/**/a/**/a/**/b`` and one long path.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import bracex
import re2

MAX_CHARS = 250  # of a pattern
MAX_BRACES = 20  # "{" in a pattern
MAX_EXPANSIONS = 200  # patterns that the braces of one pattern stand for
EXCLUSION_COST = (
    50  # a pattern with ``!( )``, in patterns without: about what it takes for a path of 60 letters
)
_EXPECTED = "a path pattern, such as `docs/**` or `**/*.md`"
_MAX_MEMORY = 1 << 20  # bytes for one compiled expression

_NAME = "[^/]+"
_GROUPS = {"@": "", "?": "?", "*": "*", "+": "+"}
_UNIT = r"\[:[a-z]+:\]|\\."
_CLASS = re.compile(rf"\[([!^]?+)((?:{_UNIT}|\]|[^\\])(?:{_UNIT}|[^\]\\])*)\]", re.DOTALL)
_IN_CLASS = re.compile(r"(\[:[a-z]+:\])|\\?(.)", re.DOTALL)


class Glob:
    """A pattern, ready for use.

    Args:
        pattern: as it is written.

    Attributes:
        cost: what holding it against a path takes; 1 for a pattern without ``!( )``.

    Raises:
        ValueError: it is too long, stands for too many patterns, or cannot be read; the text says what was
            expected.
    """

    def __init__(self, pattern: str) -> None:
        body = pattern.lstrip("!")
        self._is_negative = (len(pattern) - len(body)) % 2 == 1
        self._is_comment = pattern.startswith("#")
        self._matchers = _matchers(body.removeprefix("./"))
        self.cost = sum(EXCLUSION_COST if isinstance(each, _Exclusion) else 1 for each in self._matchers)

    def matches(self, path: str) -> bool:
        """Whether the pattern matches a path as GitHub writes it, such as ``docs/a.md``."""
        if self._is_comment:
            return False
        readable = path.encode("utf-8", "replace")
        return any(each.fullmatch(readable) for each in self._matchers) != self._is_negative


@lru_cache(maxsize=4_000)
def glob(pattern: str) -> Glob:
    """Compile a pattern, once. Raises ValueError as ``Glob`` does."""
    return Glob(pattern)


def first_match(patterns: Sequence[str], path: str) -> str | None:
    """Return the first of the patterns that matches a path, or None."""
    return next((pattern for pattern in patterns if glob(pattern).matches(path)), None)


class _Matcher(Protocol):
    def fullmatch(self, path: bytes, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class _Exclusion:
    """A pattern with ``!( )``. RE2 cannot say "not", so its pieces are tried at each place of the path.

    Args:
        before: what stands in front of the group.
        within: what must not follow: one of the group's alternatives, and the rest of that part of the path.
        behind: what must follow: anything, and the rest of the pattern.
    """

    before: _Matcher
    within: _Matcher
    behind: _Matcher

    def fullmatch(self, path: bytes, /) -> bool:
        return any(
            self.before.fullmatch(path[:place])
            and self.behind.fullmatch(path[place:])
            and not self.within.fullmatch(path[place:])
            for place in range(len(path) + 1)
        )


@dataclass(frozen=True, slots=True)
class _Not:
    """The alternatives of a ``!( )``, as an expression."""

    alternatives: str


def _matchers(pattern: str) -> tuple[_Matcher, ...]:
    """Read a pattern without its ``!``: one matcher for all its expansions, and one for each ``!( )``."""
    if len(pattern) > MAX_CHARS:
        raise ValueError(f"a path pattern of at most {MAX_CHARS} characters")
    if any("\ud800" <= sign <= "\udfff" for sign in pattern):
        raise ValueError(_EXPECTED)  # half a character, which no path has
    translated = [_translated(each) for each in _expanded(pattern)]
    plain = [each for each in translated if isinstance(each, str)]
    return (
        *([_compiled("|".join(plain))] if plain else []),
        *(_Exclusion(*map(_compiled, each)) for each in translated if not isinstance(each, str)),
    )


def _expanded(pattern: str) -> list[str]:
    try:
        if pattern.count("{") <= MAX_BRACES:
            return bracex.expand(pattern, keep_escapes=True, limit=MAX_EXPANSIONS) or [pattern]
    except bracex.ExpansionLimitException:
        pass
    raise ValueError(
        f"a path pattern with at most {MAX_BRACES} braces, which stand for at most {MAX_EXPANSIONS} patterns"
    )


def _compiled(expression: str) -> _Matcher:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    try:
        compiled: _Matcher = re2.compile(expression.encode(), options)
    except re2.error:
        raise ValueError(_EXPECTED) from None
    return compiled


def _translated(pattern: str) -> str | tuple[str, str, str]:
    """A pattern without braces to an expression, or to the three of an ``_Exclusion`` for a ``!( )``."""
    parts = pattern.split("/")
    parts = [part for n, part in enumerate(parts) if part != "**" or parts[n + 1 : n + 2] != ["**"]]
    before, within, done = "", "", ""
    for place, part in enumerate(parts):
        is_last = place == len(parts) - 1
        if part == "**":
            done += f"{_NAME}(?:/{_NAME})*" if is_last else f"(?:{_NAME}/)*"
            continue
        group = None
        for token in _tokens(part):
            if isinstance(token, str):
                done += token
            elif within or group:
                raise _too_many()
            else:
                before, group, done = done, token, ""
        if group:
            within = f"(?:{group.alternatives}){done}(?:/(?s:.*))?"
        done += "" if is_last else "/"
    return (before, within, f"[^/]*{done}") if within else done


def _too_many() -> ValueError:
    return ValueError("a path pattern with at most one `!( )`, which stands in no other group")


def _tokens(part: str) -> Iterator[str | _Not]:
    """Yield what the signs of one part of a pattern come to, as pieces of an expression."""
    at = 0
    while at < len(part):
        sign, end = part[at], _group_end(part, at)
        if end:
            alternatives = "|".join(map(_nested, _alternatives(part[at + 2 : end])))
            yield _Not(alternatives) if sign == "!" else f"(?:{alternatives}){_GROUPS[sign]}"
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
    tokens = list(_tokens(alternative))
    if any(isinstance(token, _Not) for token in tokens):
        raise _too_many()
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

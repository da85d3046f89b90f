"""Path patterns, read as the JavaScript library minimatch reads them: what other bots' config files hold.

``*``, ``?`` and ``[...]`` stay within one part of a path; ``**`` stands for any number of parts; ``{a,b}``
and ``{1..9}`` for each of several patterns; ``@( )``, ``?( )``, ``+( )``, ``*( )`` and ``!( )`` are those of
bash; ``!`` in front turns a pattern round. A ``*`` matches names that begin with a dot, too.
RE2 holds the patterns against paths, so that the time grows with the path and nothing else: a matcher that
goes back takes seconds for ``**/a/**/a/**/a/**/b`` and one long path.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Protocol

import bracex
import re2

from bot.core.glob_signs import Not, tokens_of, too_many

MAX_CHARS = 250  # of a pattern
MAX_BRACES = 20  # "{" in a pattern
MAX_EXPANSIONS = 200  # patterns that the braces of one pattern stand for
MAX_COST = 1_000  # of all patterns of a setting: well under a second for the 3,000 files that GitHub lists
EXCLUSION_COST = 50  # a pattern with ``!( )``, in patterns without
MAX_PLACES = 16  # of a name that are tried where text stands before a ``!( )``
_EXPECTED = "a path pattern, such as `docs/**` or `**/*.md`"
_MAX_MEMORY = 1 << 20  # bytes for one compiled expression

_NAME = "[^/]+"
_FITS, _DIFFERS = b"\x01", b"\x02"


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


def bounded(patterns: Sequence[str]) -> Sequence[str]:
    """Return the patterns of a setting.

    Raises:
        ValueError: one of them cannot be used, or holding all of them against a path would take too long.
    """
    if sum(glob(pattern).cost for pattern in patterns) > MAX_COST:
        raise ValueError(f"at most {MAX_COST:,} path patterns (each `!( )` counts as {EXCLUSION_COST})")
    return patterns


def first_match(patterns: Sequence[str], path: str) -> str | None:
    """Return the first of the patterns that matches a path, or None."""
    return next((pattern for pattern in patterns if glob(pattern).matches(path)), None)


class _Matcher(Protocol):
    def fullmatch(self, path: bytes, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class _Exclusion:
    """A pattern with ``!( )``, in time that grows with the path: RE2 cannot say "not".

    So each name in the path is marked by whether it fits the part with the group, and RE2 holds the pattern
    against the path with its marks.

    Args:
        near: the pattern with anything in the place of the group.
        marked: the pattern for a path with its marks.
        part: the part of the pattern with the group.
        place: which name of the path it is for, where that is the same in all paths.
    """

    near: _Matcher
    marked: _Matcher
    part: "_Part"
    place: int | None

    def fullmatch(self, path: bytes, /) -> bool:
        if not self.near.fullmatch(path):
            return False
        names = path.split(b"/")
        if self.place is not None:
            return self.part.fits(names[self.place])
        marks = (_FITS if self.part.fits(name) else _DIFFERS for name in names)
        marked = b"/".join(mark + name for mark, name in zip(marks, names, strict=True))
        return self.marked.fullmatch(marked) is not None


class _Part:
    """The part of a pattern with a ``!( )``, held against names.

    Args:
        before: what stands in front of the group.
        sign: the last sign of that, which is text: the group begins behind it and nowhere else.
        alternatives: the group's own.
        behind: what stands behind it.
    """

    def __init__(self, before: str, sign: str, alternatives: str, behind: str) -> None:
        self._before, self._sign = _compiled(before), sign.encode()
        self._within = _compiled(f"(?:{alternatives}){behind}")
        self._behind = _compiled(f"[^/]*{behind}")
        self.fits = lru_cache(maxsize=4_000)(self._fits)

    def _fits(self, name: bytes) -> bool:
        places = islice(self._places(name), MAX_PLACES)
        return any(self._before.fullmatch(name[:place]) and self._ends_in(name[place:]) for place in places)

    def _places(self, name: bytes) -> Iterator[int]:
        """Yield where in a name the group may begin."""
        if not self._sign:
            yield 0
            return
        at = name.find(self._sign)
        while at >= 0:
            yield at + len(self._sign)
            at = name.find(self._sign, at + 1)

    def _ends_in(self, rest: bytes) -> bool:
        return bool(self._behind.fullmatch(rest)) and not self._within.fullmatch(rest)


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
        *(each for each in translated if isinstance(each, _Exclusion)),
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


def _translated(pattern: str) -> str | _Exclusion:
    """A pattern without braces to an expression, or to an ``_Exclusion`` where it has a ``!( )``."""
    parts = pattern.split("/")
    parts = [part for n, part in enumerate(parts) if part != "**" or parts[n + 1 : n + 2] != ["**"]]
    excluding = _the_one_that_excludes(parts)
    if excluding is None:
        return _joined([part if part == "**" else "".join(map(str, tokens_of(part))) for part in parts])
    plain: list[str] = []
    marked: list[str] = []
    group = ("", "", "", "")
    for part in parts:
        if part == "**":
            plain, marked = [*plain, part], [*marked, part]
        elif part is excluding:
            group = _around_the_group(part)
            plain, marked = [*plain, f"{group[0]}[^/]*{group[3]}"], [*marked, f"{_FITS.decode()}[^/]*"]
        else:
            text = "".join(map(str, tokens_of(part)))
            plain, marked = [*plain, text], [*marked, f"[{(_FITS + _DIFFERS).decode()}]{text}"]
    place = _fixed_place(parts, parts.index(excluding))
    return _Exclusion(_compiled(_joined(plain)), _compiled(_joined(marked)), _Part(*group), place)


def _fixed_place(parts: Sequence[str], place: int) -> int | None:
    """Which name of a path a part is for: counted from the end where only what stands in front varies."""
    if "**" not in parts[place:]:
        return place - len(parts)
    return None if "**" in parts[:place] else place


def _joined(parts: Sequence[str]) -> str:
    """Put the expressions of the parts together; ``**`` stands for itself."""
    last = len(parts) - 1
    ends = f"{_NAME}(?:/{_NAME})*"
    return "".join(
        (ends if place == last else f"(?:{_NAME}/)*") if part == "**" else part + "/" * (place < last)
        for place, part in enumerate(parts)
    )


def _the_one_that_excludes(parts: Sequence[str]) -> str | None:
    """The part with a ``!( )``. Raises ValueError where there are several."""
    excluding = [part for part in parts if any(isinstance(token, Not) for token in tokens_of(part))]
    if len(excluding) > 1:
        raise too_many()
    return excluding[0] if excluding else None


def _around_the_group(part: str) -> tuple[str, str, str, str]:
    """What stands in front of the ``!( )`` of a part, its last sign, the alternatives, what stands behind."""
    tokens = list(tokens_of(part))
    places = [place for place, token in enumerate(tokens) if isinstance(token, Not)]
    group, before = tokens[places[0]], [str(token) for token in tokens[: places[0]]]
    if len(places) > 1:
        raise too_many()
    assert isinstance(group, Not)
    sign = before[-1][-1] if before else ""
    if before and re2.escape(sign) != before[-1]:
        raise ValueError("a path pattern whose `!( )` begins a name, or stands after text: `*.!(md)`")
    return "".join(before), sign, group.alternatives, "".join(map(str, tokens[places[0] + 1 :]))

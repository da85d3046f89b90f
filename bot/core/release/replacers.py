"""Search and replace as maintainers write it: ``/CVE-([0-9]+)/g`` and ``CVE-$1``.

The expressions run under RE2, so that none is slow, and what they make is bounded.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Annotated, Any

import re2
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MAX_TEXT = 500_000  # characters; four times what a release may hold, as replacers also shorten
MAX_MATCHES = 20_000  # replacements of one replacer
_MAX_MEMORY = 1 << 20  # bytes for one compiled expression
_SLASHED = re.compile(r"/(?P<pattern>.+)/(?P<flags>[A-Za-z]*)", re.DOTALL)
_FLAGS = frozenset("gimsu")
# What JavaScript spells in another way than RE2.
_UNICODE = re.compile(r"(?P<kept>\\\\)|\\u(?:\{(?P<long>[0-9A-Fa-f]{1,6})\}|(?P<short>[0-9A-Fa-f]{4}))")
_PIECE = re.compile(
    r"\\(?P<sign>[\\nt])|(?P<case>(?:\\[uUlL])*)\$(?P<group>&|\d{1,2}|<\w+>)|(?P<dollar>\$\$)|\\[uUlL]"
)
_SIGNS = {"\\": "\\", "n": "\n", "t": "\t"}


def _search(text: str) -> str:
    compiled(text)
    return text


class Replacer(BaseModel):
    """What is searched for in the notes, and what is put in its place."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    search: Annotated[str, AfterValidator(_search)] = Field(
        min_length=1, max_length=500, description="Text, or a regular expression (RE2) `/.../` with flags."
    )
    replace: str = Field(
        max_length=2_000, description="The replacement; `$1` is the first group, `\\u$1` with a capital."
    )


def replaced(text: str, replacers: Sequence[Replacer]) -> str:
    """Apply replacers in turn.

    Args:
        text: the notes; what is beyond 500,000 characters, before or after, is cut off, and matches after the
            first 20,000 stay as they are.
        replacers: with expressions that compile.
    """
    for replacer in replacers:
        expression, is_global = compiled(replacer.search)
        text = _substituted(text[:MAX_TEXT], expression, is_global, _writer(replacer.replace))
    return text[:MAX_TEXT]


@lru_cache(maxsize=500)
def compiled(search: str) -> tuple[Any, bool]:
    """Compile a search, once: the expression over UTF-8, and whether it replaces more than the first match.

    Raises:
        ValueError: it is no expression that RE2 understands, or has other flags than g, i, m, s and u.
    """
    slashed = _SLASHED.fullmatch(search)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    if slashed is None:
        return re2.compile(re2.escape(search).encode("utf-8", "replace"), options), True
    flags = set(slashed["flags"])
    if flags - _FLAGS:
        raise ValueError("a regular expression with no other flags than g, i, m, s and u")
    inline = "".join(sorted(flags & set("ims")))
    pattern = _UNICODE.sub(_as_re2, slashed["pattern"])
    try:
        expression = re2.compile(f"{f'(?{inline})' if inline else ''}{pattern}".encode(), options)
    except (re2.error, UnicodeEncodeError):
        raise ValueError("a regular expression of RE2 (no look-around, no back-references)") from None
    return expression, "g" in flags


def _as_re2(found: re.Match[str]) -> str:
    return found["kept"] or f"\\x{{{found['long'] or found['short']}}}"


def _substituted(text: str, expression: Any, is_global: bool, write: Callable[[Any], str]) -> str:
    data = text.encode("utf-8", "replace")
    done: list[str] = []
    size, last = 0, 0
    for match in islice(expression.finditer(data), MAX_MATCHES if is_global else 1):
        done += data[last : match.start()].decode("utf-8", "replace"), write(match)
        size, last = size + len(done[-1]) + len(done[-2]), match.end()
        if size > MAX_TEXT:
            break
    return "".join(done) + data[last:].decode("utf-8", "replace")


def _writer(template: str) -> Callable[[Any], str]:
    pieces = list(_pieces(template))

    def write(match: Any) -> str:
        return "".join(
            piece if isinstance(piece, str) else _cased(_group(match, piece[0]), piece[1]) for piece in pieces
        )

    return write


def _pieces(template: str) -> Iterator[str | tuple[str, str]]:
    """Yield text, and groups with what is done to their letters."""
    last = 0
    for found in _PIECE.finditer(template):
        yield template[last : found.start()]
        last = found.end()
        if found["group"]:
            yield found["group"], found["case"].replace("\\", "")
        elif found["sign"] or found["dollar"]:
            yield _SIGNS.get(found["sign"] or "", "$")
    yield template[last:]


def _group(match: Any, name: str) -> str:
    """A group's text; one that does not exist stays as it was written."""
    if name in {"&", "0"}:
        return _text(match.group(0))
    if name.startswith("<"):
        known = {_text(key): value for key, value in match.groupdict().items()}
        return _text(known[name[1:-1]]) if name[1:-1] in known else f"${name}"
    count = len(match.groups())
    if int(name) <= count and int(name):
        return _text(match.group(int(name)))
    if len(name) == 2 and 0 < int(name[0]) <= count:  # ``$12`` with one group: that and a 2
        return _text(match.group(int(name[0]))) + name[1]
    return f"${name}"


def _text(value: bytes | str | None) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value or ""


def _cased(text: str, changes: str) -> str:
    """Change letters as Visual Studio Code does: ``u`` and ``l`` one, ``U`` and ``L`` all that follow."""
    done, place = "", 0
    for change in changes:
        if change in "UL":
            return done + (text[place:].upper() if change == "U" else text[place:].lower())
        done += text[place : place + 1].upper() if change == "u" else text[place : place + 1].lower()
        place += 1
    return done + text[place:]

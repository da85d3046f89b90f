"""The issues that a text names, and those that GitHub closes when it is merged.

Keywords and forms are those of GitHub's documentation ("Linking a pull request to an issue", "Autolinked
references"). What Markdown shows as code, as a quote or not at all does not count.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt

from bot.core.commands import MAX_CHARS, MAX_LINES

_MAX_FOUND = 100  # references in one text

_REFERENCE = (
    r"(?:https?://[^\s/]+/(?P<url>[\w.-]{1,100}/[\w.-]{1,100})/(?:issues|pull)/"
    r"|(?P<name>[\w-]{1,100}/[\w.-]{1,100})?\#|gh-)(?P<number>[1-9]\d{0,9})(?![\w-])"
)
_CLOSING = re.compile(
    rf"(?<![\w/-])(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)(?::\s{{0,3}}|\s{{1,3}}){_REFERENCE}",
    re.IGNORECASE,
)
_ANY = re.compile(rf"(?<![\w/.&\#=\\-]){_REFERENCE}", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SHOWN_AS_IT_IS = re.compile(
    r"<(pre|code|blockquote|script|style|textarea)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"</?[a-z][^<>]{0,500}>", re.IGNORECASE)
_TICKS = re.compile(r"`+")
_QUOTES = {"blockquote_open": 1, "blockquote_close": -1}


@dataclass(frozen=True, slots=True)
class Reference:
    """An issue or pull request that a text names.

    Args:
        number: its number.
        repository: its full name; "" for the one that the text stands in.
        is_closing: True where GitHub closes it when the text is merged.
    """

    number: int
    repository: str = ""
    is_closing: bool = False

    def __str__(self) -> str:
        return f"{self.repository}#{self.number}"


def references(text: str, repository: str) -> tuple[Reference, ...]:
    """The issues and pull requests that a Markdown text names, those it closes first.

    Args:
        text: the description of a pull request; what is beyond GitHub's own limit is not read.
        repository: the full name of the repository that it stands in.
    """
    found: dict[tuple[str, int], Reference] = {}
    parts = list(_readable(text))
    for pattern in (_CLOSING, _ANY):
        for match in (match for part in parts for match in pattern.finditer(part)):
            named = match["url"] or match["name"] or ""
            other = "" if named.casefold() == repository.casefold() else named
            reference = Reference(int(match["number"]), other, is_closing=pattern is _CLOSING)
            found.setdefault((other.casefold(), reference.number), reference)
            if len(found) == _MAX_FOUND:
                return tuple(found.values())
    return tuple(found.values())


def _readable(text: str) -> Iterator[str]:
    """Yield the parts of a Markdown text that are running text."""
    text = text[:MAX_CHARS].replace("\r\n", "\n").replace("\r", "\n")
    quotes = 0
    for token in _MARKDOWN.parse("\n".join(text.split("\n", MAX_LINES)[:MAX_LINES])):
        quotes += _QUOTES.get(token.type, 0)
        if quotes == 0 and token.type in {"inline", "html_block"}:
            plain = _COMMENT.sub(" ", token.content)
            if token.type == "inline":
                plain = _without_code(plain)
            yield _TAG.sub("", _SHOWN_AS_IT_IS.sub(" ", plain))


def _without_code(text: str) -> str:
    """Take out the code spans: what stands between two runs of backticks of one length."""
    runs = list(_TICKS.finditer(text))
    later: dict[int, list[int]] = {}
    for place in range(len(runs) - 1, -1, -1):
        later.setdefault(len(runs[place][0]), []).append(place)
    parts, at, place = [], 0, 0
    while place < len(runs):
        same = later[len(runs[place][0])]
        while same and same[-1] <= place:
            same.pop()
        if same:
            parts.append(text[at : runs[place].start()])
            place = same[-1]
            at = runs[place].end()
        place += 1
    return " ".join([*parts, text[at:]])


def _markdown() -> MarkdownIt:
    """Build a parser that reads blocks only."""
    markdown = MarkdownIt("commonmark").enable("table")
    markdown.disable(["inline", "text_join"])
    return markdown


_MARKDOWN = _markdown()

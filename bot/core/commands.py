"""Comment text to commands. Grammar only: what a command means, and who may give it, is for the rules.

A command is a line of a top-level paragraph that starts with ``/word``. Whatever Markdown shows as
something else (code, quotes, lists, headings, tables, link texts, HTML) gives no command.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

MAX_COMMANDS = 20
MAX_CHARS = 65_536  # the longest comment that GitHub takes
# What Markdown costs is bounded by these; in what is beyond them, a line is not a command.
MAX_LINES = 3_000
MAX_INLINE_CHARS = 8_192  # in paragraphs where code, HTML or a link may hide a line

_OF_TWO_WORDS = {"usher": "help", "release": "check"}  # and the second word where none is given
_COMMAND = re.compile(r"^ {0,3}/([a-zA-Z][a-zA-Z0-9_-]{0,39})(?!\S)[^\S\n]*([^\n]*)", re.MULTILINE)
_SPANS_LINES = re.compile(r"[`<\[]")
_ARGUMENT = re.compile(r'"([^"\n]*)"|([^\s,"]+)')
_PIECE = re.compile(r'"([^"]*)"|([^,"]+)')
_CURLY_QUOTES = str.maketrans("\u201c\u201d\u201e", '"""')


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was written.

    Args:
        name: in lower case; of two words where the first is ``usher`` or ``release``, as ``usher why``.
        args: the rest of the line, split at commas and blanks; double quotes keep blanks together.
        text: the rest of the line as it was written.
        line: where it stands in the comment, from 1.
    """

    name: str
    args: tuple[str, ...]
    text: str
    line: int


def parse_commands(text: str, *, limit: int | None = MAX_COMMANDS) -> list[Command]:
    """Find the commands in a comment, in order.

    Args:
        text: the comment, in Markdown. What is beyond GitHub's own limit is not read.
        limit: how many commands to return at most; None for all of them.
    """
    text = text[:MAX_CHARS].replace("\r\n", "\n").replace("\r", "\n")
    if not _COMMAND.search(text):
        return []
    text = "\n".join(text.split("\n", MAX_LINES)[:MAX_LINES])
    return [_command(match, line) for match, line in _command_lines(text)][:limit]


def split_labels(text: str) -> list[str]:
    """Split ``bug, "good first issue"`` at commas and quotes; text with neither is one piece."""
    pieces = (quoted or bare for quoted, bare in _PIECE.findall(text.translate(_CURLY_QUOTES)))
    return list(dict.fromkeys(name for piece in pieces if (name := piece.strip())))


def label_names(text: str, exists: Callable[[str], bool]) -> list[str]:
    """Read the labels that ``/label`` and its like are given.

    Commas and quotes separate where there are any. Without them ``area: ui`` is one label where the
    repository has it, and otherwise as many labels as it has words.

    Args:
        text: the rest of the command's line.
        exists: says whether the repository has a label of this name.
    """
    names = split_labels(text)
    if len(names) == 1 and not re.search('[,"]', text.translate(_CURLY_QUOTES)) and not exists(names[0]):
        return list(dict.fromkeys(names[0].split()))
    return names


def _command(match: re.Match[str], line: int) -> Command:
    name, text = match[1].lower(), match[2].strip()
    if name in _OF_TWO_WORDS:
        word, text = [*text.split(maxsplit=1), "", ""][:2]
        name = f"{name} {word[:40].lower() or _OF_TWO_WORDS[name]}"
    found = _ARGUMENT.findall(text.translate(_CURLY_QUOTES))
    return Command(name, tuple(quoted or bare for quoted, bare in found if quoted or bare), text, line)


def _command_lines(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield the matches that stand in top-level paragraphs, with their line numbers."""
    env: dict[str, object] = {}
    tokens = _MARKDOWN.parse(text, env)
    inline_left = MAX_INLINE_CHARS
    for opening, inline in pairwise(tokens):
        if opening.type != "paragraph_open" or opening.level or not opening.map:
            continue
        content = inline.content
        matches = list(_COMMAND.finditer(content))
        if not matches:
            continue
        spanning = _SPANS_LINES.search(content)
        plain_until = spanning.start() if spanning else len(content)
        starts: set[int] = set()
        if matches[-1].start() > plain_until and len(content) <= inline_left:
            starts = _line_starts(content, env)
            inline_left -= len(content)
        for match in matches:
            if match.start() < plain_until or match.start() in starts:
                yield match, opening.map[0] + content.count("\n", 0, match.start()) + 1


def _line_starts(content: str, env: dict[str, object]) -> set[int]:
    """Return where lines of plain text start: not inside code, HTML or the text of a link."""
    breaks: list[int] = []
    content = content.replace("\\\n", " \n")  # a hard break is a break
    _MARKDOWN.inline.parse(content, _MARKDOWN, {**env, "breaks": breaks}, [])
    return set(breaks)


def _newline(state: StateInline, silent: bool) -> bool:
    """Take one line break, and note it where it stands in plain text."""
    if state.src[state.pos] != "\n":
        return False
    state.pos += 1
    if not silent and state.linkLevel == 0:
        state.env["breaks"].append(state.pos)
    return True


def _markdown() -> MarkdownIt:
    """Build a parser that reads blocks; inline text is read only where lines may hide in it."""
    markdown = MarkdownIt("commonmark").enable("table")
    markdown.disable(["inline", "text_join"])  # steps over the whole document
    markdown.disable(["emphasis", "image", "entity", "balance_pairs", "fragments_join"])  # never hide a line
    markdown.inline.ruler.at("newline", _newline)
    return markdown


_MARKDOWN = _markdown()

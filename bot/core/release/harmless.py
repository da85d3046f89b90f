"""Other people's words in release notes: they read the same and do nothing.

Release notes notify everybody whom they mention and are copied into changelogs, where ``fixes #1`` closes
issues. A title could also end the list that it stands in, or hide what follows it. Code in backticks stays
code.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

MAX_TITLE = 500  # characters; GitHub's own limit for a title is 256
MAX_BODY = 5_000  # characters of a pull request's description
ZERO_WIDTH_SPACE = "\u200b"
_EMPTY_COMMENT = "<!---->"
_JOINERS = "\u200c\u200d"  # between letters of some scripts, and within emoji
_FENCE = re.compile(r"[ ]{0,3}(?P<mark>`{3,}|~{3,})")
_CLOSES = (
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)(?::[ ]*|[ ]+)(?:[\w.-]{1,100}/[\w.-]{1,100})?"
    r"(?:\#(?=\d)|gh-(?=\d)|https?:(?=//))"
)
# What begins a block at the start of a line.
_LEADING = r"^(?:[-+*](?=[ ]|$)|\#{1,6}(?=[ ]|$)|>|~{3,}|[=]+$|-{2,}$|[*_ ]{3,}$)"
# Mentions, tags, ends of code, entities, escapes (which disappear), images, links.
_ANYWHERE = r"[@<`]|&(?=[\#\w])|\\(?=[!-/:-@\[-`{-~])|!(?=\[)|\](?=[(\[:])"
_ITEM = r"^\d{1,9}(?=[.)](?:[ ]|$))"


def harmless_line(text: str, escapes: str = "", template: str = "") -> str:
    """Make any text harmless in one line of Markdown.

    Args:
        text: a title, a name, a branch.
        escapes: signs that shall not format: ``@`` and ``#`` get an empty comment behind them, others a
            backslash in front. With a backtick among them, code is no longer code.
        template: what the line is put into: in code nothing can be escaped, in a table no bar may stand.
    """
    line = " ".join("".join(map(_seen, text[:MAX_TITLE])).split())
    if "`" in template:
        line = line.replace("`", "'")  # it would end the template's own code
    done = _escaped(line, escapes, starts=True)
    return re.sub(r"(?<!\\)\|", r"\\|", done) if "|" in template else done


def harmless_text(text: str) -> str:
    """Make a description of several lines harmless; its lists, headings and code stay what they are."""
    lines: list[str] = []
    fence = ""
    for line in _without_comments(text[:MAX_BODY].replace("\r\n", "\n")).strip().split("\n"):
        found = _FENCE.match(line)
        if fence:
            lines.append(line)
            if found and found["mark"].startswith(fence) and line.strip() == found["mark"]:
                fence = ""
        elif found and not (found["mark"][0] == "`" and "`" in line[found.end() :]):
            fence = found["mark"]
            lines.append(line)
        else:
            lines.append(_escaped("".join(map(_seen, line.replace("\t", "    "))), "", starts=False))
    return "\n".join([*lines, fence] if fence else lines)


def _escaped(line: str, escapes: str, *, starts: bool) -> str:
    pattern = _triggers(escapes, starts=starts)
    keeps_code = "`" not in escapes
    done = []
    for place, (part, is_code) in enumerate(_parts(line)):
        if is_code and keeps_code:
            done.append(part)
            continue
        # "^" in the pattern is the start of the line, and of no other part.
        anchored = pattern if place == 0 else _triggers(escapes, starts=False)
        done.append(anchored.sub(lambda found: _mended(found[0], escapes), part))
    return "".join(done)


@lru_cache(maxsize=200)
def _triggers(escapes: str, *, starts: bool) -> re.Pattern[str]:
    own = f"|[{re.escape(escapes)}]" if escapes else ""
    leading = f"|{_LEADING}|{_ITEM}" if starts else ""
    return re.compile(f"{_CLOSES}{leading}{own}|{_ANYWHERE}", re.IGNORECASE)


def _mended(found: str, escapes: str) -> str:
    """What stands in the place of something that would act."""
    if found[-1] in "#@" and found[-1] in escapes:
        return found + _EMPTY_COMMENT
    if len(found) > 1 and found[0].isalpha():
        return found + ZERO_WIDTH_SPACE
    if found == "@":
        return found + ZERO_WIDTH_SPACE
    if found.isdigit():
        return f"{found}\\"  # the dot behind the number
    return "\\`" * len(found) if found[0] == "`" else f"\\{found}"


def _parts(line: str) -> Iterator[tuple[str, bool]]:
    """Yield the text and the code spans of a line: as many backticks end a span as began it (CommonMark)."""
    runs = list(re.finditer("`+", line))
    follower: dict[int, int] = {}
    ends = [-1] * len(runs)
    for place in reversed(range(len(runs))):
        length = len(runs[place][0])
        ends[place] = follower.get(length, -1)
        follower[length] = place
    last, place = 0, 0
    while place < len(runs):
        if ends[place] < 0:
            place += 1
            continue
        start, end = runs[place].start(), runs[ends[place]].end()
        yield line[last:start], False
        yield line[start:end], True
        last, place = end, ends[place] + 1
    yield line[last:], False


def _without_comments(text: str) -> str:
    """The text without HTML comments: pull request templates are full of them."""
    kept, last = [], 0
    while (start := text.find("<!--", last)) >= 0:
        kept.append(text[last:start])
        end = text.find("-->", start)
        last = len(text) if end < 0 else end + 3
    return "".join([*kept, text[last:]])


def _seen(char: str) -> str:
    """The character, a blank for any kind of space, or nothing where it cannot be seen."""
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in {"Cc", "Cf", "Cs"} and char not in _JOINERS else char

"""Cleaning of an issue's Markdown, the same way in training and in serving.

What carries no meaning for the type of an issue (code, logs, addresses, template boilerplate) is replaced by
a *cue*, a short name such as `traceback`, so that its presence still counts. Whatever could identify a
person or open a door (e-mail addresses, mentions, tokens, keys) is replaced before any feature is made of it.

The work is bounded: input beyond the limits below is cut, and every pattern is linear in its input.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from model.scrub import own_name, scrub

MAX_RAW = 24_000  # characters of Markdown read; the rest of a longer body is rarely the reporter's own words
MAX_TITLE = 240  # characters kept of a cleaned title; GitHub allows 256
MAX_BODY = 2_000  # characters kept of a cleaned body
MAX_HEADINGS = 24  # section headings kept; an issue form has fewer

_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_MAX_MARKS = 30  # combining marks kept on one character, as in Unicode's stream-safe text format (UAX 15)
_SIGNS = re.compile(rf"[\W\uff9e\uff9f]{{{_MAX_MARKS + 1},}}")  # all combining marks are among these
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCE = re.compile(r"\s{0,3}(?:>\s?)?(```+|~~~+)")
_ONE_LINE_FENCE = re.compile(r"```[^`]{0,4000}```")
_HEADING = re.compile(r"\s{0,3}(?:#{1,6}\s{1,4}|\*\*(?=[^*\n]{2,80}\*\*:?\s{0,4}$))(.{1,160})$")
_BOILERPLATE = (
    (re.compile(r"\s{0,8}[-*+] \[[ xX]\]"), "checkboxes"),
    (
        re.compile(r"\s*_?(?:no response|n/?a|none|not applicable|无|暂无)_?[.。]?\s*$", re.IGNORECASE),
        "unanswered section",
    ),
)
_TRACE = re.compile(
    r"traceback \(most recent call last\)|^[ \t]{0,40}at [\w$.<>]{2,80}\s?\(|"
    r"^[ \t]{0,40}file \"[^\"]{1,200}\", line \d|"
    r"panicked at|segmentation fault|core dumped|stack ?trace|^caused by: |goroutine \d+ \[",
    re.IGNORECASE | re.MULTILINE,
)
_ERROR = re.compile(
    r"\b(?:[A-Z]\w{2,40}(?:Error|Exception)|error|fatal|failed|exception)\b[:\s]|\berrno\b", re.IGNORECASE
)
_LOG_LINE = re.compile(
    r"[ \t]{0,40}(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\[?\d\d:\d\d:\d\d|"
    r"File \"[^\"]{1,200}\", line |at [\w$.<>]{2,80}\s?\(|"
    r"\[?(?:INFO|DEBUG|WARN|WARNING|ERROR|TRACE)\b[\]:]|[IWEF]\d{4} )"
)
_DIFF = re.compile(r"^(?:diff --git|@@ -\d|\+\+\+ )", re.MULTILINE)
# Its repetitions give nothing back: where they overlap, trying every way to share would take seconds.
_IMAGE = re.compile(
    r"!\[[^\]\n]{0,200}+\]\([^)\s]{0,500}+[^)\n]{0,100}+\)|<img\b[^>]{0,600}+>", re.IGNORECASE
)
_LINK = re.compile(r"\[([^\]\n]{1,200})\]\((?:https?:|/|#|\.)[^)\s]{0,500}\)")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,300}>")
_INLINE_CODE = re.compile(r"`([^`\n]{1,200})`")
_LETTERS = re.compile(r"[^\W\d_]")

_TITLE_TAG = re.compile(
    r"\s*(?:[\[【(]([^\]】)\n]{1,32})[\]】)]|((?:bug|feat|feature|docs?|documentation|question|enhancement|request|"
    r"feature request|bug report|proposal|suggestion|chore|fix|help|rfc|support|perf|refactor|test|build|ci)"
    r"(?:\([\w ,/-]{1,24}\))?)\s?:)[\s:-]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CleanText:
    """An issue reduced to what speaks for its type. All strings are lower case and free of personal data."""

    title: str  # without leading tags such as "[Bug]:"
    body: str
    tags: tuple[str, ...]  # the leading tags of the title
    headings: tuple[str, ...]
    cues: tuple[str, ...]  # sorted names of what was seen and removed, e.g. ("code", "traceback")

    @property
    def letters(self) -> int:
        """How many letters of any script are left in title, body and headings."""
        return sum(1 for part in (self.title, self.body, *self.headings) for _ in _LETTERS.finditer(part))


def clean(title: str, body: str | None, repo: str | None = None) -> CleanText:
    """Clean a title and a Markdown body; any text is accepted, `None` is an empty body.

    The name of the project in `repo` ("owner/name") is replaced, for it says nothing about other projects.
    """
    project = own_name(repo)
    plain_title, tags = split_tags(
        project.sub("xproject", _one_line(scrub(_printable(title[: 2 * MAX_TITLE]))))
    )
    cues: set[str] = set()
    headings: list[str] = []
    lines = _prose(_COMMENT.sub(" ", _printable((body or "")[:MAX_RAW])), cues, headings)
    text = _inline("\n".join(lines), cues)
    if "?" in plain_title:
        cues.add("question mark in the title")
    return CleanText(
        title=plain_title[:MAX_TITLE].lower(),
        body=project.sub("xproject", _one_line(scrub(text)))[:MAX_BODY].lower(),
        tags=tags,
        headings=tuple(
            _one_line(scrub(heading)).strip("*: ").lower()[:80] for heading in headings[:MAX_HEADINGS]
        ),
        cues=tuple(sorted(cues)),
    )


def split_tags(title: str) -> tuple[str, tuple[str, ...]]:
    """Split leading tags off a title: "[Bug]: crash" -> ("crash", ("bug",)). At most three are taken."""
    tags: list[str] = []
    while len(tags) < 3 and (match := _TITLE_TAG.match(title)):
        tags.append((match[1] or match[2]).strip().lower())
        title = title[match.end() :]
    return title.strip(), tuple(tags)


def _printable(text: str) -> str:
    """Normal form without control characters, marks of direction, or halves of surrogate pairs."""
    valid = text.encode("utf-8", "ignore").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    # Marks are put in order by normalisation, which takes the square of their number.
    bounded = valid if valid.isascii() else _SIGNS.sub(_few_marks, valid)
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", bounded))[:MAX_RAW]


def _few_marks(signs: re.Match[str]) -> str:
    """`signs` with no more than 30 combining marks in a row."""
    kept, marks = [], 0
    for sign in signs[0]:
        marks = marks + 1 if unicodedata.combining(unicodedata.normalize("NFKD", sign)[0]) else 0
        if marks <= _MAX_MARKS:
            kept.append(sign)
    return "".join(kept)


def _prose(text: str, cues: set[str], headings: list[str]) -> Iterator[str]:
    """The lines of `text` that are prose; what the others were is added to `cues` and `headings`."""
    code: list[str] = []
    fence = ""
    for line in _ONE_LINE_FENCE.sub(lambda match: _code([match[0]], cues), text).split("\n"):
        match = _FENCE.match(line)
        if match and (not fence or line.strip("> ").startswith(fence)):
            yield _code(code, cues)
            code.clear()
            fence = "" if fence else match[1]
        elif fence:
            code.append(line)
        else:
            yield _prose_line(line, cues, headings)
    yield _code(code, cues)


def _prose_line(line: str, cues: set[str], headings: list[str]) -> str:
    """What is left of a line outside of code: nothing of a checkbox, an empty answer or a heading."""
    if _LOG_LINE.match(line):
        return _code([line], cues)
    if match := _HEADING.match(line):
        headings.append(match[1])
        return ""
    for pattern, cue in _BOILERPLATE:
        if pattern.match(line):
            cues.add(cue)
            return ""
    return line.lstrip("> ")


def _code(lines: Iterable[str], cues: set[str]) -> str:
    """Note what a code block is; of a traceback or an error, the line that names it is kept as prose."""
    block = "\n".join(lines)
    if not block.strip("`\n "):
        return ""
    cues.add("code")
    if _DIFF.search(block):
        cues.add("diff")
    if _TRACE.search(block):
        cues.add("traceback")
    errors = [line for line in block.split("\n") if _ERROR.search(line[:400])]
    if not errors:
        return ""
    cues.add("error message")
    return errors[-1][:160]


def _inline(text: str, cues: set[str]) -> str:
    """Replace images, links, tags and inline code; note images, links and what else the prose shows."""
    for pattern, replacement, cue in (
        (_IMAGE, " ", "image"),
        (_LINK, r"\1 xurl ", "link"),
        (_TAG, " ", "html"),
        (_INLINE_CODE, r"\1", "inline code"),
    ):
        text, count = pattern.subn(replacement, text)
        if count:
            cues.add(cue)
    if _TRACE.search(text):
        cues.add("traceback")
    if "?" in text:
        cues.add("question mark")
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())

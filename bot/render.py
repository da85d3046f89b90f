"""Data to Markdown and HTML. Text is data: what users wrote is shown, and does nothing.

GitHub acts on text in three ways: Markdown (links, images, HTML), names (a mention notifies people)
and references (``fixes #1`` closes an issue, the URL of an issue leaves a mark there). A zero-width
space inside the trigger stops all three, unseen, in running text, table cells and code spans alike.
Escapes would not do: they show in code spans, and mentions are looked for after escapes are resolved.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.core.actions import UpsertComment
from bot.core.limits import COMMENT, TITLE
from bot.resources import resource_dir

COMMENT_LIMIT = COMMENT - 512  # characters; what is left is for markers
FIELD_LIMIT = 500  # characters that one expression of a template may show

_CUT = "\n\n… *(cut here: the whole is longer than a comment may be)*"
_ZERO_WIDTH_SPACE = "\u200b"
_LOOK_ALIKES = str.maketrans({"`": "'", "|": "¦"})  # ends of code spans and table cells
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})  # controls, bidi, zero-width, lone surrogates
# Controls, and the Unicode marks that turn the direction of what follows; <bdi> does for the rest.
_CHECKLISTS = frozenset({"comments/checklist", "issues/release"})  # begin with what their reason says
_MARKS = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), 127, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
# The space goes behind each of these.
_TRIGGERS = re.compile(
    r"""
      @                           # mentions, e-mail addresses, owner/name@commit
    | \#(?=\d)                    # references to issues
    | \bgh-(?=\d)                 # the same, as GH-1
    | &(?=[\#a-z])                # entities, which could spell any of these
    | \\(?=[!-/:-@\[-`{-~])       # escapes, which disappear and leave any of these
    | <                           # tags, comments, <https://...>
    | --(?=>)                     # the end of an HTML comment
    | !(?=\[) | \](?=[\[(:])      # images, links, definitions of links
    | :(?=//) | \bwww(?=\.)       # URLs, which become links by themselves
    | ^(?=[>\#+=*~/-]|\d+[.)])    # blocks, and commands to other bots, at the start of a line
    """,
    re.IGNORECASE | re.VERBOSE,
)


class Trusted(str):
    """Markdown that Usher or a repository's maintainers wrote, shown as it is."""

    __slots__ = ()


def neutralise(text: str, limit: int = 200) -> str:
    """Make any text harmless in one line of Markdown, one table cell or one code span.

    It reads the same (backticks and pipes become look-alikes), on one line. Done twice, it changes
    nothing more.

    Args:
        text: anything at all.
        limit: how many visible characters to keep; an ellipsis shows where more were cut off.
    """
    line = one_line(text, limit).translate(_LOOK_ALIKES)
    return _TRIGGERS.sub(lambda trigger: trigger[0] + _ZERO_WIDTH_SPACE, line)


def one_line(text: str, limit: int = 200) -> str:
    """Return any text on one line, without what cannot be seen; harmless only where nothing acts on text.

    Args:
        text: anything at all.
        limit: how many characters to keep; an ellipsis shows where more were cut off.
    """
    line = " ".join("".join(map(_seen, text)).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _seen(char: str) -> str:
    """The character, a blank for any kind of space, or nothing where it cannot be seen."""
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in _UNSEEN else char


def render_comment(template: str, context: Mapping[str, Any], *, reason: str, section: str = "") -> str:
    """Render ``templates/comments/<template>.md.j2``, with the fold that says why.

    Args:
        template: the file's name without its ending.
        context: the template's variables; any text in them is neutralised.
        reason: one line, shown in the fold.
        section: the section of the config file that changes this behaviour, shown in the fold.

    Raises:
        jinja2.UndefinedError: the context misses a variable of the template.
    """
    return _with_fold("comments", template, context, reason=reason, section=section)


def render_answers(parts: Sequence[tuple[UpsertComment, str]]) -> str:
    """Render what there is to say to the commands of one comment, with one fold that says why.

    Args:
        parts: the answers in order, each with its section of the config file; where there are several, each
            stands below its command.

    Raises:
        jinja2.UndefinedError: a context misses a variable of its template.
    """
    reason = "; ".join(dict.fromkeys(action.reason for action, _section in parts))
    sections = {section for _action, section in parts}
    section = sections.pop() if len(sections) == 1 else ""
    if len(parts) == 1:
        action = parts[0][0]
        return render_comment(action.template, action.context, reason=reason, section=section)
    comments = _markdown_environment("comments")
    said = [
        {"command": action.command, "text": Trusted(_body(comments, action.template, action.context))}
        for action, _section in parts
    ]
    return render_comment("answers", {"answers": said}, reason=reason, section=section)


def _body(templates: Environment, template: str, context: Mapping[str, Any]) -> str:
    return templates.get_template(f"{template}.md.j2").render(context).strip()


def render_issue(template: str, context: Mapping[str, Any], *, reason: str, section: str = "") -> str:
    """Render ``templates/issues/<template>.md.j2``, with the fold that says why; as ``render_comment``.

    Raises:
        jinja2.UndefinedError: the context misses a variable of the template.
    """
    return _with_fold("issues", template, context, reason=reason, section=section)


def render_title(text: str) -> str:
    """Make any text harmless in the title of an issue, and short enough for one."""
    title = neutralise(text, TITLE)
    title = neutralise(text, TITLE)
    # No more than one space stands behind each character.
    return title if len(title) <= TITLE else neutralise(text, TITLE // 2)


def _with_fold(folder: str, template: str, context: Mapping[str, Any], *, reason: str, section: str) -> str:
    templates = _markdown_environment(folder)
    body = _body(templates, template, context)
    why = "" if f"{folder}/{template}" in _CHECKLISTS else reason
    fold = templates.get_template("_fold.md.j2").render(reason=why, section=section).strip()
    room = COMMENT_LIMIT - len(fold) - 2
    if len(body) > room:
        kept = body[: room - len(_CUT)]
        last_line = kept.rfind("\n", len(kept) - 1_000)
        body = kept[: last_line if last_line > 0 else None].rstrip() + _CUT
    return f"{body}\n\n{fold}"


def render_check(template: str, context: Mapping[str, Any], *, reason: str) -> str:
    """Render ``templates/checks/<template>.md.j2``, the summary of a check run.

    Args:
        template: the file's name without its ending.
        context: the template's variables; any text in them is neutralised.
        reason: one line that says why it was written; a variable as well.

    Raises:
        jinja2.UndefinedError: the context misses a variable of the template.
    """
    found = _markdown_environment("checks").get_template(f"{template}.md.j2")
    text = found.render(context, reason=reason).strip()
    if len(text) <= COMMENT_LIMIT:
        return text
    return text[: text.rfind("\n", 0, COMMENT_LIMIT - len(_CUT))].rstrip() + _CUT


def render_report(context: Mapping[str, Any], template: str = "report") -> str:
    """Render ``templates/reports/<template>.md.j2``, whatever its length.

    Raises:
        jinja2.UndefinedError: the context misses a variable of the template.
    """
    return _markdown_environment("reports").get_template(f"{template}.md.j2").render(context)


def marker(purpose: str, thread_key: str, secret: bytes) -> str:
    """Return the hidden line by which Usher knows its own comment again.

    It is signed for one purpose on one thread, so that nobody can make one up. It can be copied
    within the thread: whoever looks for it also checks that the comment's author is Usher.
    """
    return f"<!-- usher:{purpose}:{_signature(purpose, thread_key, secret)} -->"


def find_marker(text: str, purpose: str, thread_key: str, secret: bytes) -> bool:
    """Say whether ``text`` holds the marker of this purpose and thread; the time taken tells nothing."""
    signature = _signature(purpose, thread_key, secret)
    found: list[str] = re.findall(rf"<!-- usher:{re.escape(purpose)}:([0-9a-f]{{64}}) -->", text)
    return sum(hmac.compare_digest(signature, each) for each in found) > 0


def page_environment() -> Environment:
    """Return a fresh environment for HTML over the folder ``templates``: everything is escaped."""
    return Environment(
        loader=FileSystemLoader(resource_dir("templates")),
        autoescape=True,
        finalize=_readable,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _markdown_environment(folder: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([resource_dir("templates") / folder, resource_dir("templates")]),
        autoescape=False,  # noqa: S701 (Markdown, not HTML: `finalize` makes every expression harmless)
        finalize=_harmless,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["trusted"] = Trusted
    environment.filters["phrase"] = phrase
    return environment


def phrase(said: Mapping[str, Any]) -> Trusted:
    """What a ``Phrase`` says as Markdown: its text is Usher's own, its values are made harmless.

    Args:
        said: as ``Phrase.as_json`` gives it.
    """
    values = {name: _harmless(value) for name, value in said["values"].items()}
    return Trusted(said["text"].format_map(values))


def _readable(value: object) -> object:
    """What an expression in a page prints: texts without the marks that make one read as another."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else value.translate(_MARKS)


def _harmless(value: object) -> object:
    """What an expression in a comment's template prints."""
    if isinstance(value, int | float | Trusted):
        return value
    return neutralise(str(value), FIELD_LIMIT)


def _signature(purpose: str, thread_key: str, secret: bytes) -> str:
    return hmac.new(secret, f"{purpose}\0{thread_key}".encode(), hashlib.sha256).hexdigest()

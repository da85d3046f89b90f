import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.core.actions import UpsertComment
from bot.core.catalogue import COMMANDS
from bot.core.commands import parse_commands
from bot.core.limits import TITLE
from bot.core.pull_actions import UpsertIssue
from bot.render import (
    COMMENT_LIMIT,
    Trusted,
    _markdown_environment,
    find_marker,
    marker,
    neutralise,
    page_environment,
    render_comment,
    render_issue,
    render_title,
)
from bot.resources import resource_dir
from tests.rules.answers import ANSWERS, ISSUES

SECRET = b"a secret"
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

FRAGMENTS = [
    *("@", "@org/team", "@octocat", "fixes #1", "#1", "GH-12", "acme/widgets#3", "me@example.org"),
    *("https://github.com/acme/widgets/issues/1", "http://", "www.example.org", "//", "://", "mailto:"),
    *("![a](http://b/c.png)", "[a](b)", "[a][b]", "[a]: b", "](", "![", "[", "]", "!", "(", ")", ":"),
    *("<img src=x>", "<!--", "-->", "</details>", "<", ">", "<https://a.b>", "<a@b.c>", "--", "-", "="),
    *("&#64;", "&commat;", "&lt;", "&", "`", "``", "```", "~~~", "|", "\\", "\\|", "\\`", "*", "_", "$"),
    *("\n", "\r\n", "\n\n", "\t", " ", "    ", "\u2028", "\x00", "\x1b", "\x0b", "\x85"),
    *("\u202e", "\u2066", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\ud800", "\U000e0041"),
    *("# ", "> ", "- ", "1. ", "1) ", "+ ", "/label bug", "/usher undo", "1", "a", "é", "中", "🎉"),
]
hostile = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=4), max_size=12).map("".join)

ACTIVE = re.compile(
    r"@\w | \#\d | \bgh-\d | https?:// | \bwww\. | !\[ | \]\( | \]\[ | \]: | <[!/?a-z] | -->",
    re.IGNORECASE | re.VERBOSE,
)


def tokens(text: str) -> list[Token]:
    """The blocks of a Markdown text and, within them, the inline tokens."""
    return [each for block in MARKDOWN.parse(text) for each in (block, *(block.children or ()))]


def kinds(text: str) -> set[str]:
    return {token.type for token in tokens(text)}


@given(hostile)
@example("&#64;octocat fixes &num;1")
@example("http:\\//github.com/acme/widgets/issues/1")
@example("\u200b@\u200boctocat")
@example("@\u200bocto #\u20611 http:\u00ad//x")
def test_nothing_active_is_left(text: str) -> None:
    quiet = neutralise(text)
    assert not ACTIVE.search(quiet)
    assert not any(ACTIVE.search(token.content) for token in tokens(quiet) if token.type == "text")


@given(hostile)
def test_it_stays_one_plain_paragraph(text: str) -> None:
    active = {"html_inline", "html_block", "link_open", "image", "code_inline", "softbreak", "hardbreak"}
    assert not kinds(neutralise(text)) & active
    assert [token.type for token in MARKDOWN.parse(neutralise(text)) if token.nesting == 1] in (
        [],
        ["paragraph_open"],
    )


@given(hostile)
def test_it_stays_in_its_table_cell(text: str) -> None:
    table = f"| a | b |\n|---|---|\n| {neutralise(text)} | last |\n"
    cells = [token.content for token in MARKDOWN.parse(table) if token.type == "inline"]
    assert len(cells) == 4
    assert cells[-1] == "last"


@given(hostile)
def test_it_stays_in_its_code_span(text: str) -> None:
    quiet = neutralise(text)
    spans = [token.content for token in tokens(f"x`{quiet}`y") if token.type == "code_inline"]
    assert spans == ([quiet] if quiet else [])


@given(hostile, st.integers(1, 40))
def test_what_is_cut_is_shown_and_twice_is_once(text: str, limit: int) -> None:
    quiet = neutralise(text, limit)
    visible = quiet.replace("\u200b", "")
    assert len(visible) <= limit
    assert neutralise(quiet, limit) == quiet
    assert visible.endswith("…") or visible == neutralise(text, 10_000).replace("\u200b", "")
    quiet.encode()


@given(hostile)
def test_nobody_sees_what_is_hidden_or_turned_around(text: str) -> None:
    assert not re.search(
        "[\u200c-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x1f\x7f]", neutralise(text)
    )


@pytest.mark.parametrize(
    "text",
    [
        "Crash when saving a file",
        "area: ui",
        "kind/bug",
        "C# and F#: a <3 at 5 & 6, 50% of $10 (really?!)",
        "how do I set `proxy`?",
        "程序崩溃了",
    ],
)
def test_ordinary_text_reads_the_same(text: str) -> None:
    assert neutralise(text).replace("\u200b", "") == text.replace("`", "'")
    assert neutralise("area: ui") == "area: ui"


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.template)
def test_a_comment_is_tidy(answer: UpsertComment) -> None:
    context = json.loads(json.dumps(answer.args()["context"]))  # as it comes back from the ledger
    text = render_comment(answer.template, context, reason=answer.reason, section="triage")
    assert "\n\n\n" not in text
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
    assert text.count("<details>") == text.count("</details>") == 1
    says_why = answer.template != "checklist"  # which begins with what its reason says
    assert (answer.reason.replace("`", "'")[:20] in text.replace("\u200b", "")) is says_why
    assert parse_commands(text) == []


@settings(max_examples=30)
@given(text=hostile)
@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.template)
def test_no_template_lets_user_text_act(answer: UpsertComment, text: str) -> None:
    context = {name: _poisoned(value, text) for name, value in answer.context.items() if name != "message"}
    said = render_comment(answer.template, {"message": "", **context}, reason=text)
    shown = render_comment(answer.template, {"message": "", **_calm(context, text)}, reason="x")
    assert parse_commands(said) == []
    assert not kinds(said) & {"link_open", "image"}
    assert said.count("<") == shown.count("<") + said.count("<\u200b")
    assert re.findall(r"@\w|#\d|://", said) == re.findall(r"#\d", shown)  # Usher's own references stay


@pytest.mark.parametrize("issue", ISSUES, ids=lambda issue: issue.template)
def test_an_issue_is_tidy(issue: UpsertIssue) -> None:
    text = render_issue(issue.template, issue.args()["context"], reason=issue.reason, section="docs")
    assert "\n\n\n" not in text
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
    assert text.count("<details>") == text.count("</details>") == 1
    assert parse_commands(text) == []


@settings(max_examples=30)
@given(text=hostile.filter(bool))
@pytest.mark.parametrize("issue", ISSUES, ids=lambda issue: issue.template)
def test_no_template_of_an_issue_lets_user_text_act(issue: UpsertIssue, text: str) -> None:
    context = {name: _poisoned(value, text) for name, value in issue.context.items()}
    said = render_issue(issue.template, context, reason=text)
    shown = render_issue(issue.template, _calm(context, text), reason="x")
    assert parse_commands(said) == []
    assert not kinds(said) & {"link_open", "image"}
    assert said.count("<") == shown.count("<") + said.count("<\u200b")
    assert not re.search(r"@\w|://", said)
    assert re.findall(r"#\d+", said) == re.findall(r"#\d+", shown)  # only the numbers that are ours


@given(text=hostile | st.text(min_size=300))
def test_a_title_fits_and_does_nothing(text: str) -> None:
    title = render_title(text)
    assert len(title) <= TITLE
    assert not ACTIVE.search(title)
    assert "\n" not in title


def _poisoned(value: Any, text: str) -> Any:
    if isinstance(value, str):
        return text if value not in {"issue", "pull request"} else value
    if isinstance(value, Mapping) and value.keys() == {"text", "values"}:  # a phrase: its text is ours
        return {**value, "values": _poisoned(value["values"], text)}
    if isinstance(value, Mapping):
        return {key: _poisoned(item, text) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_poisoned(item, text) for item in value)
    return value


def _calm(context: Mapping[str, Any], text: str) -> dict[str, Any]:
    return {
        key: json.loads(json.dumps(value).replace(json.dumps(text), '"x"')) for key, value in context.items()
    }


def test_what_help_says_to_type_can_be_copied() -> None:
    (text,) = {render_comment(a.template, a.context, reason="x") for a in ANSWERS if a.template == "help"}
    assert all(f"| `/{command.usage}` |" in text for command in COMMANDS)


def test_only_the_maintainers_own_words_are_trusted() -> None:
    used = {
        found
        for path in (resource_dir("templates") / "comments").iterdir()
        for found in re.findall(r"\S+ *\| *(?:trusted|safe)\b", path.read_text())
    }
    assert used == {"message | trusted"}
    text = render_comment(
        "first-merge", {"author": "nia", "message": "Join [us](https://x.org)!"}, reason="x"
    )
    assert "Join [us](https://x.org)!" in text


def test_joining_trusted_text_with_other_text_is_not_trusted() -> None:
    template = _markdown_environment("comments").from_string("{{ (a | trusted) ~ b }}")
    assert template.render(a="@x ", b="@y") == "@\u200bx @\u200by"
    assert Trusted("@x") == "@x"


def test_a_missing_variable_is_loud() -> None:
    with pytest.raises(UndefinedError):
        render_comment("denied", {"login": "nia"}, reason="x")


@pytest.mark.parametrize("message", ["a line\n" * 20_000, "x" * 100_000])
def test_a_comment_fits_and_shows_where_it_was_cut(message: str) -> None:
    text = render_comment("first-merge", {"author": "nia", "message": message}, reason="the first merge")
    assert COMMENT_LIMIT - 20 < len(text) <= COMMENT_LIMIT == 65_024
    assert "cut here" in text
    assert "the first merge" in text


def test_a_marker_is_known_again_on_its_thread_only() -> None:
    ours = marker("welcome", "acme/widgets#7", SECRET)
    text = f"Hello\n{ours}\nworld"
    assert find_marker(text, "welcome", "acme/widgets#7", SECRET)
    assert not find_marker(text, "welcome", "acme/widgets#8", SECRET)
    assert not find_marker(text, "why", "acme/widgets#7", SECRET)
    assert not find_marker(text, "welcome", "acme/widgets#7", b"another secret")
    assert kinds(ours) == {"html_block"}


@pytest.mark.parametrize("forged", ["", "<!-- usher:welcome: -->", f"<!-- usher:welcome:{'0' * 64} -->"])
def test_a_marker_cannot_be_made_up(forged: str) -> None:
    assert not find_marker(forged, "welcome", "acme/widgets#7", SECRET)


def test_a_marker_in_user_text_is_no_marker() -> None:
    stolen = marker("denied", "acme/widgets#7", SECRET)
    text = render_comment("denied", {"login": stolen, "command": stolen, "needed": "x"}, reason=stolen)
    assert not find_marker(text, "denied", "acme/widgets#7", SECRET)


def test_a_genuine_marker_among_forgeries_is_found() -> None:
    ours = marker("why", "acme/widgets#7", SECRET)
    text = "\n".join([*(f"<!-- usher:why:{number:064x} -->" for number in range(100)), ours])
    assert find_marker(text, "why", "acme/widgets#7", SECRET)


def test_pages_escape_and_are_strict() -> None:
    pages = page_environment()
    assert pages.from_string("{{ name }}").render(name="<b>") == "&lt;b&gt;"
    with pytest.raises(UndefinedError):
        pages.from_string("{{ name }}").render()

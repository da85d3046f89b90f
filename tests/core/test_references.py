"""The issues that a pull request names and closes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.references import Reference, references
from tests.patience import must_end

HERE = "acme/widgets"


def closed(text: str) -> list[str]:
    return [str(found) for found in references(text, HERE) if found.is_closing]


def named(text: str) -> list[str]:
    return [str(found) for found in references(text, HERE)]


@pytest.mark.parametrize(
    "keyword",
    ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"],
)
def test_keywords_close(keyword: str) -> None:
    assert closed(f"{keyword} #12") == ["#12"]
    assert closed(f"{keyword.upper()}: #12") == ["#12"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Closes #12.", ["#12"]),
        ("This fixes #12, resolves #13 and closes #14", ["#12", "#13", "#14"]),
        ("Fixes other/repo#5", ["other/repo#5"]),
        ("Fixes Acme/Widgets#5", ["#5"]),
        ("Fixes https://github.com/other/repo/issues/5", ["other/repo#5"]),
        ("fixes https://github.example.org/acme/widgets/pull/5#issuecomment-1", ["#5"]),
        ("Closes GH-12", ["#12"]),
        ("- closes #12\n- fixes #13", ["#12", "#13"]),
        ("## Why\n\nFixes #12\n", ["#12"]),
        ("| Closes #12 |\n|---|\n| Fixes #13 |", ["#12", "#13"]),
        ("<details>\n\nCloses #12\n\n</details>", ["#12"]),
        ("<p>Closes #12</p>", ["#12"]),
        ("text <b>closes</b> #12", ["#12"]),
        ("a ` backtick, closes #12", ["#12"]),
        ("`code` closes #12 ``more ` code``", ["#12"]),
        ("<!-- why? -->\nCloses #12", ["#12"]),
        ("Closes #12 #13", ["#12"]),
        ("closes #12\r\n", ["#12"]),
        ("(fixes #12)", ["#12"]),
        ("closes #12\ncloses #12", ["#12"]),
    ],
)
def test_references_are_closed(text: str, expected: list[str]) -> None:
    assert closed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#12",
        "see #12",
        "closing #12",
        "fixing #12",
        "encloses #12",
        "prefix #12",
        "bug-fix #12",
        "closes issue #12",
        "closes#12",
        "closes #0",
        "closes #012",
        "closes #12abc",
        "closes #12-3",
        "closes 12",
        "closes #12345678901",
        "Fixes #(issue)",
        "`closes #12`",
        "``a ` closes #12``",
        "```\ncloses #12\n```",
        "```\ncloses #12",
        "    closes #12",
        "> closes #12",
        "> > closes #12",
        "> said\ncloses #12",
        "- > closes #12",
        "<!-- closes #12 -->",
        "<!--\nCloses #12\n\nfixes #13\n-->",
        "text <!-- closes #12 --> text",
        "<!-- closes #12",
        "<pre>\ncloses #12\n</pre>",
        "<code>closes #12</code>",
        "a <code>closes #12</code>",
        "<div><blockquote>closes #12</blockquote></div>",
        '<a title="closes #12">x</a>',
    ],
)
def test_what_is_no_such_thing_or_not_shown_closes_nothing(text: str) -> None:
    assert closed(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see #12 and other/repo#5", ["#12", "other/repo#5"]),
        ("part of https://github.com/acme/widgets/issues/12", ["#12"]),
        ("[the issue](https://github.com/acme/widgets/issues/12)", ["#12"]),
        ("see #14, fixes #12", ["#12", "#14"]),
        ("a&#12; b#12 \\#12 https://example.org/a#12 C#12", []),
        ("`#12` <!-- #13 -->", []),
    ],
)
def test_mentions_are_found_too_those_that_close_first(text: str, expected: list[str]) -> None:
    assert named(text) == expected


def test_a_reference_knows_what_it_is() -> None:
    assert references("fixes o/r#1, see #2", HERE) == (
        Reference(1, "o/r", is_closing=True),
        Reference(2),
    )


def test_a_text_names_only_so_many() -> None:
    assert len(references(" ".join(f"#{number}" for number in range(1, 500)), HERE)) == 100


@given(st.text(alphabet="`<>!-#12 \nfixes/>ab&", max_size=200))
@settings(max_examples=200)
def test_any_text_is_read(text: str) -> None:
    assert all(found.number > 0 for found in references(text, HERE))


HOSTILE = [
    *"`<[\n",
    "`a``b",
    "<!--",
    "<pre>",
    "<code>\n",
    "fixes ",
    "fix: \n",
    "#1 ",
    "a/",
    "> ",
    "| a ",
    "https://a/",
]


@must_end
@pytest.mark.parametrize("part", HOSTILE)
def test_long_text_is_read(part: str) -> None:
    for text in (part * 65_536, "a\n" + (part * 30 + "\n") * 2_000):
        assert len(references(text[:100_000], HERE)) <= 100

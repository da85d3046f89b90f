import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.core.release.harmless import MAX_BODY, harmless_line, harmless_text

Z = "\u200b"
E = "<!---->"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Fix the editor", "Fix the editor"),
        ("Follow up on #12", "Follow up on #12"),
        ("Fix `<T>` and `@cached`", "Fix `<T>` and `@cached`"),
        ("Fix ``a ` b`` and `", "Fix ``a ` b`` and \\`"),
        ("Thank @everyone", f"Thank @{Z}everyone"),
        ("Closes #1", f"Closes #{Z}1"),
        ("fix: #1 and RESOLVED acme/x#2", f"fix: #{Z}1 and RESOLVED acme/x#{Z}2"),
        ("fixes GH-3", f"fixes GH-{Z}3"),
        ("fixes https://github.com/a/b/issues/1", f"fixes https:{Z}//github.com/a/b/issues/1"),
        ("prefixes #1", "prefixes #1"),
        ("Show <details>", "Show \\<details>"),
        ("Read &amp; write", "Read \\&amp; write"),
        ("a \\@b \\n", f"a \\\\@{Z}b \\n"),
        ("![x](y) [x](y) [x][y]", "\\![x\\](y) [x\\](y) [x\\][y]"),
        ("# x", "\\# x"),
        ("#1 x", "#1 x"),
        ("- x", "\\- x"),
        ("12. x", "12\\. x"),
        ("> x", "\\> x"),
        ("---", "\\---"),
        ("~~~ x", "\\~~~ x"),
        (" a \t\n b\u202e\x00 ", "a b"),
        (
            "family: \U0001f468\u200d\U0001f469\u200d\U0001f467",
            "family: \U0001f468\u200d\U0001f469\u200d\U0001f467",
        ),
    ],
)
def test_a_title_reads_the_same_and_does_nothing(title: str, shown: str) -> None:
    assert harmless_line(title) == shown


@pytest.mark.parametrize(
    ("title", "escapes", "shown"),
    [
        ("<b> *x* _y_ &", "\\<*_&", "\\<b> \\*x\\* \\_y\\_ \\&"),
        ("a `*b*` *c*", "*", "a `*b*` \\*c\\*"),
        ("a `*b*` *c*", "*`", "a \\`\\*b\\*\\` \\*c\\*"),
        ("@a and #1", "@#", f"@{E}a and #{E}1"),
        ("closes #1", "#", f"closes #{E}1"),
        ("[x] ^y-z]", "[]^-", "\\[x\\] \\^y\\-z\\]"),
    ],
)
def test_signs_are_escaped_as_release_drafter_does(title: str, escapes: str, shown: str) -> None:
    assert harmless_line(title, escapes) == shown


def test_the_place_that_a_title_is_put_into_counts() -> None:
    assert harmless_line("Fix `a` | b", template="| $TITLE |") == "Fix `a` \\| b"
    assert harmless_line("Fix `a | b`", template="| $TITLE |") == "Fix `a \\| b`"
    assert harmless_line("Fix `@a`", template="`$TITLE`") == f"Fix '@{Z}a'"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("Does it.\r\n\r\n- one\n- two", "Does it.\n\n- one\n- two"),
        ("<!-- tell us why -->\nWhy: speed<!-- or", "Why: speed"),
        ("Fixes #1 for @you", f"Fixes #{Z}1 for @{Z}you"),
        ("</details> <img src=x>", "\\</details> \\<img src=x>"),
        ("```py\n@cached\n```\n@you", f"```py\n@cached\n```\n@{Z}you"),
        ("```py\n@cached", "```py\n@cached\n```"),
        ("~~~ `x`\n</details>\n~~~", "~~~ `x`\n</details>\n~~~"),
        ("````\n```\n````", "````\n```\n````"),
        ("```x```\n<b>", "```x```\n\\<b>"),
        ("", ""),
    ],
)
def test_a_description_keeps_its_form_and_does_nothing(body: str, shown: str) -> None:
    assert harmless_text(body) == shown


@given(st.text("\\<>@#[]()!&*_~-=+1.:;abx| ", max_size=20))
def test_a_title_reads_as_it_was_written(title: str) -> None:
    shown = MarkdownIt("commonmark").parse(f"* {harmless_line(title, '*_')} end")
    text = "".join(child.content for token in shown for child in token.children or ())
    assert text.replace(Z, "") == " ".join([*title.split(), "end"])


@given(st.text())
def test_any_text_is_one_line_without_a_mention(text: str) -> None:
    shown = harmless_line(text, "`")
    assert "\n" not in shown
    assert "@" not in shown.replace(f"@{Z}", "")


@given(st.text(max_size=MAX_BODY * 2))
def test_a_description_has_an_end(text: str) -> None:
    assert len(harmless_text(text)) < 5 * MAX_BODY

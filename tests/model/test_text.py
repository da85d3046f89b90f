"""What is left of an issue's Markdown, and that nothing can break or stall the cleaning."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.text import MAX_BODY, MAX_HEADINGS, MAX_TITLE, clean, split_tags
from tests.patience import must_end

TRACEBACK = """Saving fails:
```python
Traceback (most recent call last):
  File "app.py", line 3, in save
ValueError: bad state
```
Please help."""


def test_prose_is_kept_in_lower_case() -> None:
    text = clean("Crash when saving", "The editor **crashes** when I save.")
    assert (text.title, text.body) == ("crash when saving", "the editor **crashes** when i save.")


def test_of_code_only_its_presence_and_the_error_are_kept() -> None:
    text = clean("", TRACEBACK)
    assert text.body == "saving fails: valueerror: bad state please help."
    assert {"code", "traceback", "error message"} <= set(text.cues)


@pytest.mark.parametrize(
    ("body", "cue"),
    [
        ("![shot](https://example.org/a.png)", "image"),
        ('<img width="10" src="x.png">', "image"),
        ("see [the docs](https://example.org)", "link"),
        ("call `save()`", "inline code"),
        ("- [x] I searched the issues", "checkboxes"),
        ("### Logs\n\n_No response_", "unanswered section"),
        ("```diff\n@@ -1 +1 @@\n-a\n+b\n```", "diff"),
        ("thread 'main' panicked at src/main.rs", "traceback"),
        ("is this right?", "question mark"),
    ],
)
def test_what_is_taken_out_leaves_a_cue(body: str, cue: str) -> None:
    assert cue in clean("", body).cues


@pytest.mark.parametrize(
    "body",
    [
        "<!-- Thanks for reporting! -->",
        "<!-- never closed, so GitHub shows nothing of it",
        "- [ ] I have read the guide",
        "```\nall of it is code\n```",
        "~~~\nnever closed",
        "![only an image](https://example.org/a.png)",
        "_No response_",
        "N/A",
        "2024-01-01 10:00:00 starting the server",
    ],
)
def test_boilerplate_leaves_no_words(body: str) -> None:
    assert clean("", body).body == ""


def test_headings_are_kept_apart_from_the_body() -> None:
    text = clean("", "### Steps to reproduce\n\n1. open\n\n**Expected behavior**\nno crash")
    assert text.headings == ("steps to reproduce", "expected behavior")
    assert "steps" not in text.body


@pytest.mark.parametrize(
    ("title", "rest", "tags"),
    [
        ("[Bug]: it crashes", "it crashes", ("bug",)),
        ("【功能请求】支持暗色模式", "支持暗色模式", ("功能请求",)),
        ("[Core][Bug] it crashes", "it crashes", ("core", "bug")),
        ("feat(ui): dark mode", "dark mode", ("feat(ui)",)),
        ("Feature request: dark mode", "dark mode", ("feature request",)),
        ("TypeError: x is not a function", "TypeError: x is not a function", ()),
        ("list[0] fails", "list[0] fails", ()),
    ],
)
def test_leading_tags_of_a_title_are_split_off(title: str, rest: str, tags: tuple[str, ...]) -> None:
    assert split_tags(title) == (rest, tags)


@pytest.mark.parametrize(
    "secret",
    [
        "jane.doe@example.org",
        "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "github_pat_11ABCDEFG0123456789_abcdefghijk",
        "sk-proj-abcdefghijklmnop1234",
        "AKIAIOSFODNN7EXAMPLE",
        "xoxb-123456789012-abcdefghij",
        "password=hunter22",
        "@octocat",
        "/home/jane/project/secret.txt",
        "C:\\Users\\jane\\file.txt",
        "192.168.17.23",
        "https://intranet.example.org/jane?token=abc",
        "0123456789abcdef0123456789abcdef01234567",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_personal_data_and_secrets_do_not_survive(secret: str) -> None:
    text = clean(f"about {secret} here", f"I use {secret} and it fails")
    kept = " ".join((text.title, text.body, *text.headings))
    for part in ("jane", "octocat", "hunter", "abcdefghij", "akia", "miie", "192", "intranet", "0123"):
        assert part not in kept
    assert text.body.startswith("i use x")
    assert text.body.endswith("and it fails")


def test_the_projects_own_name_is_no_clue() -> None:
    assert clean("Tensorflow crashes", "TensorFlow 2", "tensorflow/tensorflow").title == "xproject crashes"
    assert clean("go crashes", "", "golang/go").title == "go crashes"


def test_text_is_the_same_however_lines_end_and_marks_are_hidden() -> None:
    assert clean("a\u200bb", "one\r\ntwo\rthree\u202e") == clean("ab", "one\ntwo\nthree")


@pytest.mark.parametrize("mark", ["\u0301", "\u0345", "\u0f73", "\uff9e"])
def test_no_character_keeps_more_marks_than_any_language_has(mark: str) -> None:
    assert clean("", f"a{mark * 30}b") != clean("", f"a{mark * 29}b")
    assert clean("", f"a{mark * 500}b{mark}") == clean("", f"a{mark * 30}b{mark}")


def test_rows_of_other_signs_are_kept_whole() -> None:
    assert clean("", "é " + "─" * 50 + "💥" * 50).body == "é " + "─" * 50 + "💥" * 50


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("a ![" + "x" * 200 + "](u) b", "a b"),
        ("a ![](" + "u" * 500 + " " + "t" * 99 + ") b", "a b"),
        ("a ![](" + "u" * 600 + ") b", "a b"),
        ('a ![](u "title, and more") b', "a b"),
        ('a <IMG src="u"> b', "a b"),
    ],
)
def test_an_image_is_taken_out_whole(body: str, left: str) -> None:
    assert clean("", body).body == left


def test_no_body_is_an_empty_body() -> None:
    assert clean("title", None) == clean("title", "")
    assert clean("", None).letters == 0


HOSTILE = [
    "<!--" * 250_000,
    "`" * 1_000_000,
    "[a](" * 250_000,
    "[" * 1_000_000,
    "a" * 1_000_000,
    " \n" * 500_000,
    "a@" * 500_000,
    "-----BEGIN " * 90_000,
    "```a" * 250_000,
    "\ufdfa" * 1_000_000,
    "0a" * 500_000,
    "**a" * 300_000,
    "## " * 300_000,
    'File "' * 200_000,
    "password=:" * 100_000,
    "error " * 200_000,
    "\ud800" * 1_000_000,
    "\x00" * 1_000_000,
    "\u202e\u2066" * 500_000,
    "e" + "\u0301" * 1_000_000,
    "![](" * 250_000,
    "![a](" * 200_000,
    "![a](b " * 150_000,
    "<img " * 200_000,
    "\u0345" * 12_000 + "\u0334" * 12_000,
    "\u0345\u0334" * 12_000,
    "\u0f73" * 24_000,
    "\uff9e\u0334" * 12_000,
]


@must_end
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:8]))
def test_a_megabyte_of_anything_is_cleaned(text: str) -> None:
    cleaned = clean(text, text)
    assert len(cleaned.title) <= MAX_TITLE
    assert len(cleaned.body) <= MAX_BODY
    assert len(cleaned.headings) <= MAX_HEADINGS


@given(st.text(max_size=300), st.text(max_size=2000), st.sampled_from([None, "a/b", "owner/name", "[(/\\"]))
@example("\udfff", "\ud83d", None)
def test_any_text_can_be_cleaned(title: str, body: str, repo: str | None) -> None:
    cleaned = clean(title, body, repo)
    assert cleaned == clean(title, body, repo)
    "".join((cleaned.title, cleaned.body, *cleaned.tags, *cleaned.headings)).encode("utf-8")

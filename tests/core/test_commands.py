"""The grammar of commands in comments."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.commands import MAX_COMMANDS, Command, label_names, parse_commands, split_labels
from tests.patience import must_end


def names(text: str) -> list[str]:
    return [command.name for command in parse_commands(text)]


def test_a_command_is_a_line_that_starts_with_a_slash_and_a_word() -> None:
    text = 'Thanks!\n/label bug, "good first issue"\n\n  /close not-planned\n'
    assert parse_commands(text) == [
        Command("label", ("bug", "good first issue"), 'bug, "good first issue"', 2),
        Command("close", ("not-planned",), "not-planned", 4),
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("/LGTM", "lgtm"),
        ("/good-first-issue", "good-first-issue"),
        ("/usher why", "usher why"),
        ("/Usher  WHY", "usher why"),
        ("/usher", "usher help"),
        ("/release publish", "release publish"),
        ("/release", "release check"),
        ("/unheard-of thing", "unheard-of"),
        ("/close\r\n", "close"),
        ("text\r/close", "close"),
        ("   /close", "close"),
        ("/label\tbug", "label"),
        ("see [docs](https://example.org) and `code`:\n/close", "close"),
        ("a < b and b > a\n/close", "close"),
        ("an unclosed ` backtick\n/close", "close"),
        ("`code`  \n/close", "close"),
        ("`code`\\\n/close", "close"),
        ("<details>\n\n/close\n\n</details>", "close"),
    ],
)
def test_is_a_command(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "```\n/close\n```",
        "```\n/close",
        "~~~ text\n/close\n~~~",
        "    /close",
        "text\n    /close",
        "\t/close",
        "> /close",
        "> quoted\n/close",
        "> > quoted\n/close",
        "- /close",
        "- item\n/close",
        "1. item\n\n   /close",
        "`/close`",
        "`code\n/close\n`",
        "``code ` \n/close\n``",
        "<!-- /close -->",
        "<!--\n/close\n-->",
        "<!--\n\n/close\n\n-->",
        "text <!--\n/close\n-->",
        "<div>\n/close\n</div>",
        '<span title="\n/close\n">x</span>',
        "<a href='x'>\n/close</a>",
        "[a link\n/close](https://example.org)",
        "[a link\n/close][there]\n\n[there]: https://example.org",
        '[a](b "\n/close\n")',
        "![an image\n/close](https://example.org)",
        "# /close",
        "/close\n===",
        "/close\n---",
        "| a | b |\n|---|---|\n/close",
        "\\/close",
        "&#47;close",
        "please /close",
        "/usr/bin/python crashed",
        "/close.",
        "/ close",
        "//close",
        "/1",
        "\u200b/close",
        "\u202e/close",
        "/close\u200b",
        "",
    ],
)
def test_is_not_a_command(text: str) -> None:
    assert names(text) == []


def test_an_example_beside_a_real_command_stays_an_example() -> None:
    text = "Say it like this:\n```\n/close\n```\nor `/close`. I do:\n\n/reopen\n\n> /close\n"
    assert [(command.name, command.line) for command in parse_commands(text)] == [("reopen", 7)]


def test_arguments_are_split_at_commas_and_blanks_and_kept_together_by_quotes() -> None:
    (command,) = parse_commands('/cc @a,@b  “c d” "e')
    assert command.args == ("@a", "@b", "c d", "e")
    assert command.text == '@a,@b  “c d” "e'


def test_the_words_after_ushers_own_commands_are_arguments() -> None:
    (command,) = parse_commands("/usher undo 12 now")
    assert command == Command("usher undo", ("12", "now"), "12 now", 1)


def test_in_doubt_a_line_of_a_huge_paragraph_is_not_a_command() -> None:
    code = "`code\n" + "x" * 10_000 + "\n/close\n`"
    assert names(f"/open\n{code}") == ["open"]
    assert names(f"{code}\n\n/reopen") == ["reopen"]


def test_a_comment_gives_at_most_20_commands() -> None:
    text = "/close\n" * 30
    assert len(parse_commands(text)) == MAX_COMMANDS
    assert len(parse_commands(text, limit=None)) == 30


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("area: ui", ["area: ui"]),
        ("bug, help wanted", ["bug", "help wanted"]),
        ('bug, "a, b"', ["bug", "a, b"]),
        ("“good first issue”", ["good first issue"]),
        ('"open', ["open"]),
        ("bug, bug", ["bug"]),
        (" , ,", []),
        ("", []),
    ],
)
def test_split_labels(text: str, pieces: list[str]) -> None:
    assert split_labels(text) == pieces


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("area: ui", ["area: ui"]),
        ("bug p1", ["bug", "p1"]),
        ("bug bug", ["bug"]),
        ("help wanted", ["help", "wanted"]),
        ("bug, help wanted", ["bug", "help wanted"]),
        ('"help wanted"', ["help wanted"]),
        ("", []),
    ],
)
def test_label_names_are_what_the_repository_has_or_else_words(text: str, labels: list[str]) -> None:
    assert label_names(text, {"area: ui", "bug", "p1"}.__contains__) == labels


HOSTILE = [
    *("[", "![", "[a](", "[x][", "[[]]", "[`", "`[", "[\\", "<", "<!", "<a>", "[a](<b", "`", "a_*"),
    *(">", "- ", "1. ", "> a\n/x\n", "- a\n", "# a\n", "a\n=\n", "|-|\n", "a  \n", "[a]: b\n", "[a]\n"),
    *("[a](b)\n", "```\n/x\n", "a\n/x\n", "[\n/x\n", "\n", "\t", "[\n\n/x\n\n", "<!--\n/x\n"),
]


@must_end
@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_markdown_is_read(unit: str) -> None:
    text = f"{(unit * 65_536)[:65_500]}\n/close"
    found = parse_commands(f"/open\n{text}")
    assert len(found) <= MAX_COMMANDS
    assert {command.name for command in found} <= {"open", "x", "close"}


@given(st.text(alphabet=st.sampled_from("/ab `~>-<!\"'[]()\\&#=|_*\n\t \r\0\ud800é"), max_size=200))
@settings(max_examples=200)
def test_any_text_gives_commands_that_stand_in_it(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for command in parse_commands(text):
        line = lines[command.line - 1].lstrip(" ").lower()
        assert line.startswith(f"/{command.name.split()[0]}")


@given(st.text(max_size=200), st.booleans())
def test_label_names_are_never_blank_or_double(text: str, exists: bool) -> None:
    found = label_names(text, lambda _: exists)
    assert len(set(found)) == len(found)
    assert all(name.strip() for name in found)

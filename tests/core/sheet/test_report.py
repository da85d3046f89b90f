import pytest

from bot.core.diffs import Diff, read_diff
from bot.core.findings import Finding, Level
from bot.core.phrases import Phrase
from bot.core.pulls import ChangedFile
from bot.core.sheet.points import SheetRow
from bot.core.sheet.report import context_of, counted, title_of
from tests.core.sheet.examples import diff, new

ROW = SheetRow("style", "Style", "good", Phrase("passed: {n}", {"n": "ruff"}))


def finding(level: Level) -> Finding:
    return Finding("tokens", "security", level, "a.py", 3, "Token", Phrase("see {what}", {"what": "it"}))


@pytest.mark.parametrize(
    ("levels", "title"),
    [
        ((), "Nothing stands out"),
        (("notice",), "1 note"),
        (("failure", "warning"), "2 to look at"),
        (("warning", "notice", "notice"), "1 to look at, 2 notes"),
    ],
)
def test_the_title_counts(levels: tuple[Level, ...], title: str) -> None:
    assert title_of([finding(level) for level in levels]) == title
    assert (counted(0, "note"), counted(1, "note")) == ("0 notes", "1 note")


def test_the_template_is_handed_plain_values() -> None:
    assert context_of([ROW], diff(new("a.py", "x")), [finding("warning")], 1) == {
        "points": [
            {"title": "Style", "mark": "good", "text": {"text": "passed: {n}", "values": {"n": "ruff"}}}
        ],
        "findings": [
            {
                "level": "warning",
                "path": "a.py",
                "line": 3,
                "message": {"text": "see {what}", "values": {"what": "it"}},
            }
        ],
        "more": 0,
        "notes": [],
    }


def test_the_first_are_listed_and_the_others_counted() -> None:
    context = context_of([], Diff(), [finding("notice")] * 40, 30)
    assert (len(context["findings"]), context["more"]) == (25, 15)
    assert context["notes"] == [
        {"text": "Without annotation: {more} of the findings.", "values": {"more": 10}}
    ]


def test_what_was_not_read_is_said() -> None:
    large = read_diff([ChangedFile("large.py", additions=30_000)])
    assert context_of([], large, [], 0)["notes"] == [
        {"text": "Too large to be read whole: `{n0}`.", "values": {"n0": "large.py"}}
    ]
    (note,) = context_of([], Diff(is_complete=False), [], 0)["notes"]
    assert note["text"].startswith("GitHub lists only some")

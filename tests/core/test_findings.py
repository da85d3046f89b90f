from itertools import count

import pytest

from bot.core.findings import Finding, Level, first_of, gravest_first, shown, worst
from bot.core.phrases import Phrase


def finding(level: Level = "notice", line: int = 3, text: str = "see {what}") -> Finding:
    return Finding("tokens", "security", level, "a.py", line, "Token", Phrase(text, {"what": "it"}))


def test_an_annotation_has_what_github_takes() -> None:
    assert finding().as_annotation() == {
        "path": "a.py",
        "line": 3,
        "level": "notice",
        "title": "Token",
        "message": "see it",
    }


def test_an_annotation_keeps_to_githubs_limits() -> None:
    long = Finding("tokens", "security", "notice", "a.py", 0, "t" * 999, Phrase("x" * 99_999)).as_annotation()
    assert (len(long["title"]), len(long["message"]), long["line"]) == (255, 2_000, 1)


def test_the_gravest_come_first_and_the_order_stays() -> None:
    levels: tuple[Level, ...] = ("notice", "failure", "warning", "failure")
    given = [finding(level, line) for line, level in enumerate(levels, 1)]
    assert [each.line for each in gravest_first(given)] == [2, 4, 3, 1]


def test_the_worst_level() -> None:
    assert worst([]) is None
    assert worst([finding("notice"), finding("warning")]) == "warning"


def test_a_check_is_asked_for_no_more_than_its_share() -> None:
    assert len(first_of(finding(line=line) for line in count(1))) == 50


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain", "plain"),
        ("two\nlines\tand\0more", "two lines and more"),
        ("\u202eevil", "evil"),
        ("x" * 500, "x" * 119 + "…"),
    ],
)
def test_anybodys_text_is_shown_on_one_line(text: str, line: str) -> None:
    assert shown(text) == line

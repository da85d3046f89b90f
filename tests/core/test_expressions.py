"""Regular expressions from config files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.expressions import MAX_CHARS, expression, fits_one
from tests.patience import must_end


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("[a-z]+", "abc", True),
        ("[a-z]+", "abc1", False),
        ("^[a-z]+$", "abc", True),
        ("a|bc", "bc", True),
        ("JIRA-\\d+", "JIRA-12", True),
        ("^.{1,50}$", "x" * 51, False),
        # The example that other tools document: no capital in front.
        ("^(?![A-Z]).+$", "save before closing", True),
        ("^(?![A-Z]).+$", "Save before closing", False),
        ("(?!a)(?!b).*", "cab", True),
        ("(?!a)(?!b).*", "ba", False),
        ("^(?!(add|fix)ed\\b).+", "added a button", False),
        ("^(?!(add|fix)ed\\b).+", "add a button", True),
        ("^(?![)|]).+", ")", False),
        ("^(?!\\)).+", ")", False),
        ("^(?!a)(b|c)$", "c", True),
        ("\u4fdd\u5b58.*", "\u4fdd\u5b58\u6587\u4ef6", True),
        (".*", "\ud800", True),
    ],
)
def test_is_held_against_the_whole_text(pattern: str, text: str, fits: bool) -> None:
    assert expression(pattern).fits(text) is fits


@pytest.mark.parametrize("pattern", ["(", "a++b", "(?<=a)b", "(a)\\1", "(?!a)b|c", "(?!a", "\ud800"])
def test_what_cannot_be_understood_is_said(pattern: str) -> None:
    with pytest.raises(ValueError, match="a regular expression of RE2"):
        expression(pattern)


def test_an_expression_has_an_end() -> None:
    expression("x" * MAX_CHARS)
    with pytest.raises(ValueError, match="at most"):
        expression("x" * (MAX_CHARS + 1))


def test_names_that_are_no_expressions_fit_themselves() -> None:
    assert fits_one("c++", ("c++",))
    assert fits_one("a.b", ("a.b",))
    assert fits_one("ui-2", ("api", "ui-\\d"))
    assert not fits_one("c", ("c++",))
    assert not fits_one("ui", ())


@given(st.text(max_size=50), st.text(max_size=50))
def test_any_pattern_and_text_are_answered(pattern: str, text: str) -> None:
    assert fits_one(text, (pattern,)) in {True, False}


@must_end
def test_no_expression_is_slow() -> None:
    assert not expression("(a*)*(a|aa)+b").fits("a" * 100_000)

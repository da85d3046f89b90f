"""What of a report is worth its place in an issue."""

from typing import Any

import pytest

from bot.health.figures import Metric, Unit
from bot.reports.brief import brief, says
from bot.reports.markdown import markdown
from bot.reports.view import view
from tests.reports.examples import story, told

WEB = "https://github.com"
PAGE = "https://usher.example/r/acme/widgets/report"


@pytest.mark.parametrize(
    ("id_", "unit", "fields", "expected"),
    [
        ("time_to_first_review", "seconds", {"n": 0, "pending": 3}, False),
        ("time_to_first_review", "seconds", {"n": 1}, True),
        ("closure_ratio_issues", "ratio", {"n": 0}, False),
        ("self_merged", "count", {"n": 0, "value": 0}, False),
        ("self_merged", "count", {"n": 2, "value": 0}, True),
        ("absence_factor_reviews", "people", {"n": 9, "value": 1, "details": {"people": 1}}, False),
        ("absence_factor_reviews", "people", {"n": 9, "value": 1, "details": {"people": 2}}, True),
        ("returning_contributors", "people", {"n": 40, "value": 4}, False),
        ("releases", "count", {"n": 0, "value": 0, "previous": 0}, False),
        ("releases", "count", {"n": 0, "value": 0, "previous": 1}, True),
    ],
)
def test_a_week_has_figures_that_say_nothing(
    id_: str, unit: Unit, fields: dict[str, Any], expected: bool
) -> None:
    assert says(Metric(id_, unit, definition="", **fields), 7) is expected


def test_over_a_quarter_people_may_come_back() -> None:
    assert says(Metric("returning_contributors", "people", 40, "", value=4), 90)


def test_a_headline_may_be_zero() -> None:
    assert says(Metric("issues_opened", "count", 0, "", value=0), 7, is_headline=True)
    assert not says(Metric("issues_opened", "count", 0, "", value=0), 7)


def test_without_a_page_the_tables_are_in_one_fold() -> None:
    text = markdown(story(window=7), web=WEB, is_brief=True)
    assert "### Trends" not in text
    assert text.count("### All other figures") == 1
    assert "#### Reviews" in text
    assert text.count("<details>") == text.count("</details>")
    assert "People who came back" not in text


def test_with_a_page_the_tables_are_there_alone() -> None:
    text = markdown(story(window=7), web=WEB, page=PAGE, is_brief=True)
    assert f"All other figures, their trends and the threads behind them are on [the page]({PAGE})." in text
    assert "Rounds of review" not in text
    assert "**Open issues**" in text, "what is shown is defined"
    assert "### Needs you now" in text
    assert "### Thank you" in text
    assert len(text) < 0.75 * len(markdown(story(window=7), web=WEB, page=PAGE))


def test_of_an_empty_history_little_is_left() -> None:
    shown = brief(view(told(window=7)), with_tables=True)
    assert {row.now for row in shown.headlines} == {"0"}
    assert shown.tables == ()
    assert "### All other" not in markdown(told(window=7), web=WEB, is_brief=True)

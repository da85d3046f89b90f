"""What of a report is worth its place in an issue."""

import re
from typing import Any

import pytest

from bot.core.documents import Document, Inventory
from bot.health.figures import Metric, Unit
from bot.reporting import Told
from bot.reports.brief import begins, brief, says, says_nothing
from bot.reports.markdown import markdown
from bot.reports.view import view
from tests.health.examples import at, issue
from tests.reports.examples import story, told


def in_an_issue(found: Told, now: Told | None = None, page: str | None = None) -> str:
    return markdown(found, web=WEB, page=page, now=now or found)


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
    text = in_an_issue(story(window=7))
    assert "### Trends" not in text
    assert text.count("### All other figures") == 1
    assert "#### Reviews" in text
    assert text.count("<details>") == text.count("</details>")
    assert "People who came back" not in text


def test_with_a_page_the_tables_are_there_alone() -> None:
    text = in_an_issue(story(window=7), page=PAGE)
    assert f"All other figures, their trends and the threads behind them are on [the page]({PAGE})." in text
    assert "Rounds of review" not in text
    assert "**Open issues**" in text, "what is shown is defined"
    assert "### Needs you now" in text
    assert "### Thank you" in text
    assert len(text) < 0.75 * len(markdown(story(window=7), web=WEB, page=PAGE))


def test_before_the_first_thread_there_are_no_figures_and_no_zeros() -> None:
    empty = told(window=7)
    shown = brief(view(empty), empty, with_tables=True)
    assert (shown.headlines, shown.tables) == ((), ())
    text = in_an_issue(empty)
    assert "These days end before the first issue or pull request, so there are no figures" in text
    assert not re.search("### (How it went|All other|What the figures)", text)
    assert begins(story(window=7)) == ""


def test_what_needs_somebody_is_of_the_moment_of_writing() -> None:
    week, later = (
        told(until="2026-03-30", window=7),
        told(issue(1, "2026-03-31"), until="2026-04-01 18:20", window=7),
    )
    text = in_an_issue(week, later)
    assert "### Needs you now\n\nAs of 1 April 2026, 18:20:\n" in text
    assert "**1 first-time contributor**" in text
    assert not says_nothing(week, later)
    assert says_nothing(week, week)
    assert "As of" not in in_an_issue(week, week)


def test_a_document_that_is_not_there_is_named_once() -> None:
    looked = Inventory(at("2026-03-31"), (Document("readme", "README.md", "d1"),))
    text = in_an_issue(told(issue(1, "2026-03-30"), beside={"documents": looked}, window=7))
    assert text.count("code of conduct") == 2, "below the figure, and in what it means"
    assert "`README` there" in text


def test_one_table_needs_no_heading_below_that_of_its_fold() -> None:
    looked = Inventory(at("2026-03-31"), ())
    text = in_an_issue(told(issue(1, "2026-03-30"), beside={"documents": looked}, window=7))
    assert text.count("Documentation and conduct") == 1 or "#### " in text

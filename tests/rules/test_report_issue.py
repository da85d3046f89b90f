"""The report that comes by itself: when the rule says it, and what."""

from datetime import date

import pytest

from bot.core.actors import GHOST
from bot.core.events import ReportDue
from bot.core.facts import Facts, ReportText
from bot.core.pull_actions import UpsertIssue
from bot.health.settings import HealthConfig
from bot.render import render_issue
from bot.rules.report_issue import report_issue
from tests.rules.examples import issue

WEEK = ReportDue(GHOST, issue(number=0), "weekly", date(2026, 6, 15), 7)
QUARTER = ReportDue(GHOST, issue(number=9), "quarterly", date(2026, 7, 1), 91)


def said(event: ReportDue, text: str = "## acme/widgets", **config: object) -> list[UpsertIssue]:
    facts = Facts([ReportText(text)])
    return list(report_issue.decide(event, HealthConfig(**config), facts))  # type: ignore[arg-type]


def test_a_report_that_is_due_is_one_pinned_issue() -> None:
    assert said(WEEK, issue="weekly") == [
        UpsertIssue(
            purpose="report",
            title="Weekly report",
            template="report",
            context={"report": {"text": "## acme/widgets", "values": {}}},
            is_pinned=True,
            reason="health.issue is weekly, and a week ended before 2026-06-15",
        )
    ]


def test_it_is_the_same_issue_however_often_it_comes() -> None:
    [found] = said(QUARTER, issue="quarterly")
    assert (found.purpose, found.title) == ("report", "Quarterly report")
    assert found.reason == "health.issue is quarterly, and a quarter ended before 2026-07-01"


@pytest.mark.parametrize("every", ["off", "monthly"])
def test_where_the_settings_have_changed_since_nothing_comes(every: str) -> None:
    assert said(WEEK, issue=every) == []


def test_nothing_comes_where_nothing_is_known() -> None:
    assert said(WEEK, "", issue="weekly") == []


def test_where_it_is_off_the_report_is_not_made() -> None:
    assert ReportText not in report_issue.needed(HealthConfig())
    assert ReportText in report_issue.needed(HealthConfig(issue="monthly"))


def test_what_the_report_says_is_shown_as_it_is() -> None:
    text = "| `{nia}` | **3** {{ x }} |\n\n<details><summary>Each</summary>\n\n</details>"
    [found] = said(WEEK, text, issue="weekly")
    assert render_issue(found.template, found.args()["context"], reason=found.reason).startswith(f"{text}\n")

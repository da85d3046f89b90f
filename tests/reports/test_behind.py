"""The threads behind a figure: how old they are, how they ended, and how many there are."""

from typing import Any

import pytest

from bot.health.figures import Metric
from bot.reports.behind import Behind, behind, how_many
from tests.health.examples import MAINT, event, issue, pull
from tests.reports.examples import told


def test_what_is_open_stands_first_and_the_rest_says_how_it_ended() -> None:
    merged = [event("2026-03-05 12:00", kind, MAINT) for kind in ("merged", "closed")]
    report = told(pull(1, "2026-03-05", *merged), pull(2, "2026-03-30")).report
    assert behind(report.metric("time_to_first_response_pr"), report) == (
        Behind(2, "2 days", ""),
        Behind(1, "27 days", "merged after 12 h"),
    )


def test_the_latest_stand_first() -> None:
    report = told(issue(1, "2026-03-02", event("2026-03-03", "closed")), issue(2, "2026-03-30")).report
    assert [each.number for each in behind(report.metric("issues_opened"), report)] == [2, 1]


def test_of_a_thread_that_is_not_known_nothing_is_said() -> None:
    unknown = Metric("issues_opened", "count", 1, "", value=1, items=(404,))
    assert behind(unknown, told().report) == (Behind(404, "", ""),)


@pytest.mark.parametrize(
    ("metric", "many"),
    [
        ({"id": "issues_opened", "unit": "count", "n": 56, "value": 56}, 56),
        ({"id": "merged_unreviewed", "unit": "count", "n": 40, "value": 3}, 3),
        ({"id": "time_to_merge_pr", "unit": "seconds", "n": 33, "pending": 27}, 27),
        ({"id": "time_to_close_unmerged_pr", "unit": "seconds", "n": 6, "pending": 27}, 6),
        ({"id": "age_prs_open", "unit": "seconds", "n": 74}, 74),
        ({"id": "answered_within_benchmark", "unit": "share", "n": 59, "details": {"in_time": 43}}, 16),
        ({"id": "label_precision", "unit": "share", "n": 9, "details": {"kept": 7}}, 2),
        ({"id": "label_coverage", "unit": "share", "n": 9, "details": {"abstained": 4}}, 4),
    ],
)
def test_how_many_there_are_is_known_where_not_all_are_listed(metric: dict[str, Any], many: int) -> None:
    assert how_many(Metric(definition="", **metric)) == many

"""The threads behind a figure: how old they are and how they ended."""

from bot.health.figures import Metric
from bot.reports.behind import Behind, behind
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

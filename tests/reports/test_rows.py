"""The lines of the tables: a figure, its cases, the window before, and what is usual."""

from dataclasses import replace
from typing import Any

import pytest

from bot.health.figures import Metric, Part, Usual
from bot.reports.names import HEADLINES
from bot.reports.rows import cases, headlines, row_of, tables, value
from tests.reports.examples import UNTIL, story, told


def metric(id_: str = "x", unit: Any = "seconds", n: int = 10, **more: Any) -> Metric:
    return Metric(id_, unit, n, "What it says.", **more)


@pytest.mark.parametrize(
    ("found", "shown", "over"),
    [
        (metric(n=14, median=18_000, p90=36_000, pending=3), "5 h", "median of 14; 3 still open"),
        (metric(n=2, values=(60, 7_200)), "60 s, 2 h", "2 cases"),
        (metric(unit="cycles", n=3, values=(1, 1, 4)), "1, 1, 4 rounds", "3 cases"),
        (metric(n=1, values=(7_200,)), "2 h", "1 case"),
        (metric(n=0, pending=0), "\u2013", "none yet"),
        (metric(unit="share", n=55, value=0.71), "71%", "of 55"),
        (metric(unit="share", n=3, value=2 / 3), "2 of 3", "of 3"),
        (metric(unit="share", n=0), "\u2013", "of 0"),
        (metric(unit="ratio", n=5, value=2.6), "2.60", "of 5"),
        (metric(unit="count", n=51, value=51), "51", ""),
        (metric("merged_unreviewed", "count", 36, value=0), "0 of 36", ""),
        (metric("returning_contributors", "people", 26, value=14), "14 of 26", ""),
        (
            metric("absence_factor_reviews", "people", 149, value=2, details={"people": 15}),
            "2",
            "of 149 by 15 people",
        ),
        (
            metric("time_to_first_review", n=0, pending=2, details={"pending_closed": 1}),
            "\u2013",
            "none yet; 2 without one, 1 of them closed",
        ),
        (
            metric("time_to_first_review", n=0, pending=1, details={"pending_closed": 1}),
            "\u2013",
            "none yet; 1 without one, closed",
        ),
    ],
)
def test_a_figure_in_words(found: Metric, shown: str, over: str) -> None:
    assert (value(found), cases(found)) == (shown, over)


def test_beside_it_stand_the_window_before_and_what_is_usual() -> None:
    report = told().report
    now = metric("prs_opened", "count", 9, value=9, usual=Usual(1, 3, 7, 12))
    before = metric("prs_opened", "count", 4, value=4)
    row = row_of(now, replace(report, before={"prs_opened": before}))
    assert (row.now, row.before, row.usual) == ("9", "4", "3 (1 to 7) a week")
    seldom = metric("time_to_merge_pr", "seconds", 9, median=60, usual=Usual(None, 7200, None, 3, 9))
    assert row_of(seldom, report).usual == "2 h", "too few weeks have a value of their own"
    share = metric("answered_within_benchmark", "share", 30, value=0.6, pending=2)
    row = row_of(share, replace(report, before={"answered_within_benchmark": share}))
    assert row.before == "60% (of 30; 2 too young to say)"
    assert (row.previous, row.previous_cases) == ("60%", "of 30; 2 too young to say")
    assert row_of(share, replace(report, before={})).before == "\u2013"


def test_every_figure_stands_in_one_table() -> None:
    report = replace(story().report)
    shown = [row.id for row in headlines(report)]
    assert tuple(shown) == HEADLINES
    shown += [row.id for table in tables(report) for row in table.rows]
    unsaid = {"label_precision", "label_coverage"}
    assert sorted(shown) == sorted({each.id for each in report.metrics} - unsaid)


def test_a_figure_without_a_name_is_shown_nevertheless() -> None:
    report = told().report
    more = tables(replace(report, metrics=(*report.metrics, metric("time_to_tea"))))[-1]
    assert (more.heading, more.rows[0].name) == ("More", "Time to tea")


@pytest.mark.parametrize(
    ("found", "note"),
    [
        (
            metric(median=90_000, p90=180_000, details={"business_median": 30_000, "business_p90": 60_000}),
            "in working time 8.3 h; 9 in 10 up to 17 h",
        ),
        (metric("prs_open", "count", 5, value=5, details={"drafts": 2}), "2 of them drafts"),
        (metric(details={"closed_unmerged": 6}), "6 closed unmerged"),
        (
            metric(details={"merged": 1, "closed_unmerged": 2, "abandoned": 1}),
            "1 merged, 2 closed unmerged, 1 left by their author",
        ),
        (metric(details={"since_window_began": 12}), "12 of them since the window began"),
        (metric(details={"by_ghosts": 3}), "3 by accounts that were deleted"),
        (metric(details={"prereleases": 1}), "and 1 pre-release"),
        (metric(details={"usual_gap": 42}), "usually every 42 days"),
        (metric(details={"abstained": 4}), "4 left to a person, as it was not sure"),
    ],
)
def test_what_else_is_known_stands_beside(found: Metric, note: str) -> None:
    assert row_of(found, told().report).notes == (note,)


def test_labels_releases_and_reviewers_are_told_one_by_one() -> None:
    kept = {"applied": 11, "kept": 10, "changed": 1, "removed": 0}
    for found, part in (
        (
            metric("label_precision", "share", 11, value=10 / 11, breakdown=(Part("bug", 10 / 11, kept),)),
            ("bug", "91%: 10 kept, 1 changed, 0 removed"),
        ),
        (
            metric("releases", "count", 1, value=1, breakdown=(Part("v1.2", UNTIL.timestamp()),)),
            ("v1.2", "15 June 2026"),
        ),
        (
            metric("review_load_top_share", "share", 40, value=0.5, breakdown=(Part("maya", 20),)),
            ("maya", "20 of 40"),
        ),
    ):
        assert row_of(found, told().report).parts == (part,)


def test_who_came_for_the_first_time_is_named_and_no_part() -> None:
    row = row_of(metric("new_pr_authors", "people", 1, breakdown=(Part("x", 1),)), told().report)
    assert (row.parts, row.people) == ((), ("x",))
    assert row_of(metric("returning_contributors", "people", 1), told().report).people == ()


def test_working_time_that_is_no_other_is_not_said() -> None:
    same = {"business_median": 18_000.0, "business_p90": 36_000.0}
    assert row_of(metric(median=18_000, p90=36_000, details=same), told().report).notes == ()


def test_of_working_time_only_what_differs_is_said() -> None:
    report = told().report
    slow = {"business_median": 18_000.0, "business_p90": 30_000.0}
    assert row_of(metric(median=18_000, p90=36_000, details=slow), report).notes == (
        "in working time 9 in 10 up to 8.3 h",
    )
    quick = {"business_median": 9_000.0, "business_p90": 36_000.0}
    assert row_of(metric(median=18_000, p90=36_000, details=quick), report).notes == (
        "in working time 2.5 h",
    )

from typing import Any

from bot.core.history import PastThread
from bot.health.closing import closing, cohorts
from bot.health.figures import Cohort, Metric
from tests.health.examples import DAY, event, gathered, issue, period, pull


def figure(id_: str, *threads: PastThread, **how: Any) -> Metric:
    return {metric.id: metric for metric in closing(period(*threads, **how))}[id_]


def test_the_last_close_counts_and_what_is_open_is_pending() -> None:
    found = figure(
        "time_to_close_issue",
        issue(1, "2026-03-02", event("2026-03-03", "closed")),
        issue(2, "2026-03-02", event("2026-03-03", "closed"), event("2026-03-04", "reopened")),
        issue(3, "2026-03-02", *_turns()),
        issue(4, "2026-03-02", event("2026-04-01", "closed")),
        issue(5, "2026-03-02", event("2026-03-02", "closed")),
        issue(6, "2026-02-02", event("2026-03-03", "closed")),
    )
    assert (found.values, found.pending, found.items) == ((0, DAY, 7 * DAY), 2, (2, 4))


def _turns() -> Any:
    yield event("2026-03-03", "closed")
    yield event("2026-03-04", "reopened")
    yield event("2026-03-09", "closed")


def test_merged_and_unmerged_pull_requests_are_told_apart() -> None:
    threads = [
        pull(1, "2026-03-02", event("2026-03-04", "merged"), event("2026-03-04", "closed")),
        pull(2, "2026-03-02", event("2026-03-05", "closed")),
        pull(3, "2026-03-02"),
    ]
    merged = figure("time_to_merge_pr", *threads)
    assert (merged.values, merged.pending, merged.details) == ((2 * DAY,), 1, {"closed_unmerged": 1})
    assert figure("time_to_close_unmerged_pr", *threads).values == (3 * DAY,)


def test_cohorts_are_the_quarters_of_creation_in_the_time_zone() -> None:
    threads = [issue(n, "2025-10-01", event(f"2025-10-0{n + 1}", "closed")) for n in range(1, 6)]
    threads += [issue(6, "2025-12-31 23:30"), pull(7, "2025-12-31", event("2026-01-01", "merged"))]
    threads += [pull(8, "2025-12-31", event("2026-01-01", "closed"))]
    found = list(cohorts(gathered(threads, time_zone="Europe/Berlin").outlines))
    assert found == [
        Cohort("time_to_close_issue", "2025-Q4", 5, 0, 3 * DAY, 397_440),
        Cohort("time_to_close_issue", "2026-Q1", 0, 1, None, None),
        Cohort("time_to_merge_pr", "2025-Q4", 1, 0, None, None, values=(DAY,)),
    ]


def test_the_cohorts_are_the_last_eight_quarters() -> None:
    threads = [issue(n, f"{2024 + n // 4}-{1 + 3 * (n % 4):02}-02") for n in range(9)]
    found = [cohort.quarter for cohort in cohorts(gathered(threads).outlines)]
    assert (len(found), found[0], found[-1]) == (8, "2024-Q2", "2026-Q1")


def test_of_a_quarter_with_few_cases_the_values_are_shown_instead_of_percentiles() -> None:
    threads = [issue(n, "2026-01-02", event(f"2026-01-{9 - n:02}", "closed")) for n in range(1, 5)]
    (found,) = cohorts(gathered(threads).outlines)
    assert found.values == (3 * DAY, 4 * DAY, 5 * DAY, 6 * DAY)
    (found,) = cohorts(gathered([*threads, issue(5, "2026-01-02", event("2026-01-03", "closed"))]).outlines)
    assert (found.values, found.median) == ((), 4 * DAY)

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.history import PastThread
from bot.health.figures import Metric, Series
from bot.health.flow import flow, series
from bot.health.gathered import Gathered
from tests.health.examples import DAY, NIA, event, gathered, generated, issue, period, pull


def all_series(found: Gathered) -> Iterator[Series]:
    return series(found.outlines, found.window, found.zone)


def figure(id_: str, *threads: PastThread, **how: Any) -> Metric:
    return {metric.id: metric for metric in flow(period(*threads, **how))}[id_]


def points(id_: str, bucket: str, *threads: PastThread, **how: Any) -> dict[str, int]:
    found = {(each.id, each.bucket): each for each in all_series(gathered(threads, **how))}
    return dict(found[id_, bucket].points)  # type: ignore[index]


THREADS = (
    issue(1, "2026-01-10"),
    issue(2, "2026-01-10", event("2026-03-10", "closed")),
    issue(3, "2026-03-05", event("2026-03-10", "closed"), event("2026-03-11", "reopened", NIA)),
    issue(4, "2026-03-06", event("2026-04-01", "closed")),
    issue(5, "2026-01-10", event("2026-02-28", "closed")),
    pull(6, "2026-03-01", event("2026-03-02", "merged")),
    pull(7, "2026-02-20", event("2026-03-02", "closed")),
    pull(8, "2026-03-31 23:59", is_draft=True),
)


@pytest.mark.parametrize(
    ("id_", "value", "items"),
    [
        ("issues_opened", 2, (3, 4)),
        ("issues_closed", 1, (2,)),
        ("issues_open", 3, (1, 3, 4)),
        ("prs_opened", 2, (6, 8)),
        ("prs_closed", 2, (6, 7)),
        ("prs_merged", 1, (6,)),
        ("prs_open", 1, (8,)),
    ],
)
def test_what_was_opened_closed_and_merged_is_counted(id_: str, value: int, items: tuple[int, ...]) -> None:
    found = figure(id_, *THREADS)
    assert (found.value, found.items) == (value, items)


def test_drafts_are_open_and_told_apart() -> None:
    assert figure("prs_open", *THREADS).details == {"drafts": 1}


def test_the_closure_ratio_has_both_counts_and_the_second_form() -> None:
    found = figure("closure_ratio_issues", *THREADS)
    # Of the four issues that were open at any time of March, one was closed in it.
    assert found.value == 0.5
    assert found.details == {"opened": 2, "closed": 1, "present": 4, "closed_of_present": 0.25}


def test_the_closure_ratio_of_nothing_opened_has_no_value() -> None:
    found = figure("closure_ratio_prs", THREADS[1])
    assert (found.value, found.details["closed_of_present"]) == (None, None)


def test_what_was_closed_as_the_window_began_was_open_in_it() -> None:
    closed = issue(1, "2026-01-10", event("2026-03-01", "closed"))
    found = figure(
        "closure_ratio_issues", closed, issue(2, "2026-01-10", event("2026-02-28 23:59", "closed"))
    )
    assert found.details["present"] == 1


def test_a_reopened_issue_keeps_its_age() -> None:
    turns = event("2026-03-01", "closed"), event("2026-03-30", "reopened")
    assert figure("age_issues_open", issue(1, "2026-02-01", *turns)).values == (59 * DAY,)


def test_the_ages_of_five_have_a_median() -> None:
    threads = [issue(n, f"2026-03-{n:02}") for n in (1, 11, 21, 26, 31)]
    found = figure("age_issues_open", *threads)
    assert (found.median, found.p90) == (11 * DAY, pytest.approx(27 * DAY))


def test_series_have_every_month_and_the_open_count_at_its_end() -> None:
    assert points("issues_opened", "month", *THREADS) == {"2026-01": 3, "2026-02": 0, "2026-03": 2}
    assert points("issues_closed", "month", *THREADS) == {"2026-01": 0, "2026-02": 1, "2026-03": 1}
    assert points("issues_open", "month", *THREADS) == {"2026-01": 3, "2026-02": 2, "2026-03": 3}
    assert points("prs_merged", "month", *THREADS) == {"2026-01": 0, "2026-02": 0, "2026-03": 1}


def test_series_have_every_week_to_the_last_moment() -> None:
    found = points("prs_opened", "week", *THREADS[5:])
    assert found == {
        "2026-W08": 1,
        "2026-W09": 1,
        "2026-W10": 0,
        "2026-W11": 0,
        "2026-W12": 0,
        "2026-W13": 0,
        "2026-W14": 1,
    }


def test_days_begin_in_the_time_zone() -> None:
    late = issue(1, "2026-02-28 23:30")
    assert points("issues_opened", "month", late) == {"2026-02": 1, "2026-03": 0}
    assert points("issues_opened", "month", late, until="2026-03-31 22:00", time_zone="Europe/Berlin") == {
        "2026-03": 1
    }
    # On 29 March the clocks went forward: at 22:30 the next day has begun.
    summer = issue(1, "2026-03-29 22:30")
    assert list(points("issues_opened", "week", summer, time_zone="Europe/Berlin")) == ["2026-W14"]


def test_a_history_of_nothing_has_no_series() -> None:
    assert list(all_series(gathered([]))) == []


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from(["UTC", "Asia/Kolkata", "America/New_York"]))
def test_each_open_count_is_the_one_before_and_what_came_and_went(seed: int, zone: str) -> None:
    threads, _ = generated(60, seed)
    found = {
        (each.id, each.bucket): dict(each.points)
        for each in all_series(gathered(threads, "2032-01-01", time_zone=zone))
    }
    for kind in ("issues", "prs"):
        for bucket in ("week", "month"):
            opened, closed, standing = (
                found[f"{kind}_{what}", bucket] for what in ("opened", "closed", "open")
            )
            assert sum(opened.values()) == sum(thread.is_pull == (kind == "prs") for thread in threads)
            for before, name in pairwise(standing):
                assert standing[name] == standing[before] + opened[name] - closed[name]

from datetime import timedelta

import pytest

from bot.health.calendar import Window
from bot.health.figures import Metric, Usual, count, distribution, share
from bot.health.usual import is_comparable, usual
from tests.health.examples import at


def times(*seconds: float, pending: int | None = 0, id_: str = "x") -> Metric:
    return distribution(id_, "seconds", seconds, "", pending=pending)


def test_the_usual_time_is_that_of_the_cases_of_all_weeks_however_few_one_has() -> None:
    weeks = [times(1, 1, 1, 1, 1)] * 8 + [times(9, 9, 9, 9, pending=2)] * 4
    assert usual(weeks) == Usual(1, 1, 1, weeks=8, n=56, pending=8)
    weeks = [times(1, 1, 1, 1, 1)] * 3 + [times(9, 9, 9, 9)] * 9
    assert usual(weeks) == Usual(None, 9, None, weeks=3, n=51, pending=0), "seldom five: no range"


def test_the_usual_share_is_that_of_all_cases_so_that_good_weeks_are_not_chosen() -> None:
    weeks = [share("x", 8, 8, "", pending=0)] * 4 + [share("x", 2, 4, "", pending=1)] * 8
    assert usual(weeks) == Usual(None, 48 / 64, None, weeks=4, n=64, pending=8)


def test_the_usual_ratio_counts_what_was_closed_in_weeks_without_anything_new() -> None:
    weeks = [Metric("x", "ratio", n, "", value=2 / n if n else None, part=2) for n in (5,) * 8 + (0,) * 4]
    assert usual(weeks) == Usual(0.4, 24 / 40, 0.4, weeks=8, n=40)


def test_the_usual_count_is_the_median_of_the_weeks() -> None:
    assert usual([count("x", range(n), "") for n in range(12)]) == Usual(0, 5.5, 11, weeks=12)


def test_what_is_open_for_long_is_not_a_case_of_every_week() -> None:
    weeks = [times(*[n] * 5 * n, pending=None, id_="age_issues_open") for n in range(1, 13)]
    assert usual(weeks) == Usual(1, 6.5, 12, weeks=12)
    assert usual([times(1, 2, id_="age_prs_open")] * 12) is None


@pytest.mark.parametrize("weeks", [[], [times(1, 2, 3, 4, 5)] * 7, [times()] * 11 + [times(1, 2, 3, 4)]])
def test_where_too_little_is_known_nothing_is_usual(weeks: list[Metric]) -> None:
    assert usual(weeks) is None


@pytest.mark.parametrize(("days", "alike"), [(3, False), (4, True), (7, True), (10, True), (11, False)])
def test_what_waits_needs_a_window_of_about_a_week(days: int, alike: bool) -> None:
    window = Window(at("2026-03-01"), at("2026-03-01") + timedelta(days=days))
    assert is_comparable(times(1), window) is alike
    assert is_comparable(times(1, pending=None), window)

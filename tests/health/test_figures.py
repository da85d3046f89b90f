import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.figures import LISTED, count, distribution, percentile, share, spread

VALUES = st.lists(st.integers(0, 10**9), min_size=5, max_size=40)


def test_a_percentile_lies_between_the_two_values_beside_it() -> None:
    assert percentile([1, 2, 3, 4], 0.5) == 2.5
    assert percentile([10, 20, 30, 40, 50], 0.9) == 46
    assert percentile([7], 0.9) == 7


@given(VALUES)
def test_percentiles_are_those_of_the_standard_library(values: list[int]) -> None:
    median, p90 = spread(values)
    assert median == pytest.approx(statistics.median(values))
    assert p90 == pytest.approx(statistics.quantiles(values, n=10, method="inclusive")[8])


@given(VALUES, st.randoms(use_true_random=False))
def test_the_order_of_values_changes_nothing(values: list[int], chance: object) -> None:
    assert distribution("x", "seconds", values, "") == distribution("x", "seconds", values[::-1], "")


def test_below_five_values_the_values_are_shown_and_no_percentile() -> None:
    few = distribution("x", "seconds", [30, 0, 10, 20], "", pending=2)
    assert (few.n, few.median, few.p90, few.values, few.pending) == (4, None, None, (0, 10, 20, 30), 2)
    enough = distribution("x", "seconds", [30, 0, 10, 20, 40], "")
    assert (enough.n, enough.median, enough.p90, enough.values) == (5, 20, 36, ())


def test_a_zero_is_a_value() -> None:
    zeros = distribution("x", "seconds", [0] * 5, "")
    assert (zeros.n, zeros.median, zeros.headline) == (5, 0, 0)


def test_the_threads_behind_a_figure_are_bounded() -> None:
    assert count("x", range(100), "").items == tuple(range(100 - LISTED, 100))
    assert share("x", 1, 100, "", items=range(100)).items == tuple(range(LISTED))
    assert count("x", range(100), "").of_items == 100
    assert share("x", 1, 9, "", items=range(30)).of_items == 30
    assert distribution("x", "seconds", range(9), "", items=range(50)).of_items == 50


def test_a_share_of_nothing_has_no_value() -> None:
    assert share("x", 0, 0, "").value is None
    assert share("x", 0, 4, "").value == 0
    assert share("x", 3, 4, "").value == 0.75


def test_some_of_many_are_counted_over_the_many() -> None:
    few = count("x", [4, 9], "", of=7)
    assert (few.value, few.n, few.items) == (2, 7, (4, 9))


def test_a_detail_without_a_value_is_nothing() -> None:
    figure = share("x", 1, 2, "", details={"known": 3, "unknown": None})
    assert (figure.detail("known"), figure.detail("unknown"), figure.detail("absent")) == (3, 0, 0)

"""Scores of the comparison, by hand."""

from collections.abc import Sequence

import numpy as np
import pytest

from model.baselines.measure import Costs, Measured
from model.baselines.scores import BENCHMARK, UNSEEN, UNTAGGED, Estimate, half_prior, mean_costs, score
from model.datasets.samples import Sample
from model.text import clean

COSTS = Costs(train_seconds=2.0, size_mb=1.0, median_ms=3.0, p95_ms=4.0, peak_mb=None)


def sample(label: int, repo: str = "octo/one", language: str = "en") -> Sample:
    return Sample("issue_type", clean("x", ""), label, "benchmark", repo, "", "", language, "")


def says(*labels: int, by: float = 0.2) -> np.ndarray:
    """Probabilities whose largest are those of `labels`, `by` more than the others."""
    found = np.full((len(labels), 4), (1 - by) / 4)
    found[range(len(labels)), labels] += by
    return found


def measured(benchmark: Sequence[int], unseen: Sequence[int] = (), untagged: Sequence[int] = ()) -> Measured:
    found = {BENCHMARK: says(*benchmark)}
    if unseen:
        found |= {UNSEEN: says(*unseen), UNTAGGED: says(*untagged)}
    return Measured(COSTS, found)


TWO_REPOS = [sample(0), sample(1), sample(0, "octo/two"), sample(1, "octo/two")]


def test_the_average_is_over_repositories() -> None:
    found = score([measured([0, 1, 0, 0])], None, TWO_REPOS, [])
    assert found.repositories == pytest.approx({"octo/one": 1.0, "octo/two": 1 / 3})
    assert found.average_f1 == pytest.approx(2 / 3)
    assert found.types == pytest.approx({"bug": 4 / 5, "feature": 2 / 3})
    assert found.interval[0] <= found.average_f1 <= found.interval[1]


def test_documentation_is_no_choice_on_the_benchmark() -> None:
    probabilities = np.array([[0.1, 0.3, 0.0, 0.6]])
    found = score([Measured(COSTS, {BENCHMARK: probabilities})], None, [sample(1)], [])
    assert found.average_f1 == 1.0


def test_seeds_are_averaged_and_their_spread_told() -> None:
    found = score([measured([0, 1, 0, 1]), measured([0, 1, 0, 0])], None, TWO_REPOS, [])
    assert found.average_f1 == pytest.approx((1 + 2 / 3) / 2)
    assert found.spread == pytest.approx(np.std([1, 2 / 3], ddof=1))
    assert score([measured([0, 1, 0, 1])], None, TWO_REPOS, []).spread is None


def test_half_of_the_prior_is_divided_out() -> None:
    shift = half_prior(np.array([0] * 16 + [1] * 1))  # a bug is 16 times as frequent: its root is 4
    close = Measured(COSTS, {BENCHMARK: np.array([[0.79, 0.21, 0, 0], [0.81, 0.19, 0, 0]])})
    found = score([close], shift, [sample(1), sample(0)], [])
    assert (found.average_f1, found.plain_f1) == pytest.approx((1.0, 1 / 3))


def test_what_corrects_the_prior_by_itself_has_no_plain_score() -> None:
    assert score([measured([0, 1, 0, 1])], None, TWO_REPOS, []).plain_f1 is None


def test_unseen_repositories_are_measured_with_tags_and_without() -> None:
    unseen = [sample(0), sample(3), sample(2, language="zh")]
    found = score([measured([0, 1, 0, 1], [0, 3, 2], [0, 3, 0])], None, TWO_REPOS, unseen)
    assert (found.unseen, found.unseen_chinese) == (Estimate(1.0, ()), Estimate(0.0, ()))
    assert found.unseen_untagged
    assert found.unseen_untagged.value == pytest.approx((2 / 3 + 1 + 0) / 3)


# One repository where everything is right, and one where everything is wrong.
GOOD_AND_BAD = [sample(0), sample(1), sample(0, "octo/two"), sample(1, "octo/two")]


def test_whole_repositories_are_drawn_again() -> None:
    found = score([measured([0, 1, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1])], None, TWO_REPOS, GOOD_AND_BAD)
    assert found.unseen
    assert found.unseen_untagged
    assert set(found.unseen.resampled) == {
        0.0,
        0.5,
        1.0,
    }  # twice the bad one, one of each, twice the good one
    assert found.unseen.interval == (0.0, 1.0)
    assert found.unseen_untagged.interval == (1.0, 1.0)


def test_one_repository_says_nothing_of_others() -> None:
    found = score([measured([0, 1, 0, 1], [0, 1], [0, 1])], None, TWO_REPOS, GOOD_AND_BAD[:2])
    assert found.unseen
    assert (found.unseen.value, found.unseen.interval) == (1.0, None)


def test_estimates_are_means_over_seeds() -> None:
    seeds = [measured([0, 1, 0, 1], unseen, unseen) for unseen in ([0, 1, 1, 0], [0, 1, 0, 1])]
    found = score(seeds, None, TWO_REPOS, GOOD_AND_BAD).unseen
    assert found
    assert found.value == 0.75
    assert set(found.resampled) == {0.5, 0.75, 1.0}


def test_two_baselines_are_compared_in_pairs() -> None:
    one, two = (
        score([measured([0, 1, 0, 1], unseen, unseen)], None, TWO_REPOS, GOOD_AND_BAD).unseen
        for unseen in ([0, 1, 0, 1], [0, 1, 1, 0])
    )
    assert one
    assert two
    assert (one - two).value == 0.5
    assert (one - two).interval == (0.0, 1.0)
    assert (two - two).interval == (0.0, 0.0)  # each sample with the same one of the other


def test_what_was_not_tested_has_no_score() -> None:
    found = score([measured([0, 1, 0, 1])], None, TWO_REPOS, [sample(0)])
    assert (found.unseen, found.unseen_untagged, found.unseen_chinese) == (None, None, None)


def test_costs_are_averaged() -> None:
    other = Costs(train_seconds=4.0, size_mb=1.0, median_ms=5.0, p95_ms=4.0, peak_mb=None)
    found = mean_costs([Measured(COSTS, {}), Measured(other, {})])
    assert (found.train_seconds, found.median_ms, found.peak_mb) == (3.0, 4.0, None)

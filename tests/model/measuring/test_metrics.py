"""Measures, by hand."""

import numpy as np
import pytest

from model.labels import LABELS
from model.measuring import metrics

TRUTH = np.array([0, 0, 1, 1, 2, 2])
CHOSEN = np.array([0, 1, 1, 1, 2, 0])
MACRO = (1 / 2 + 4 / 5 + 2 / 3) / 3


def test_confusion_counts_true_classes_in_rows() -> None:
    assert metrics.confusion(TRUTH, CHOSEN, 3).tolist() == [[1, 1, 0], [0, 2, 0], [1, 0, 1]]
    assert metrics.confusion(TRUTH, CHOSEN).shape == (4, 4)


def test_macro_f1_is_over_the_classes_that_occur() -> None:
    assert metrics.macro_f1(TRUTH, CHOSEN) == pytest.approx(MACRO)
    assert metrics.macro_f1(TRUTH, CHOSEN, classes=9) == pytest.approx(MACRO)


def test_f1_scores_of_several_confusions_at_once() -> None:
    counts = metrics.confusion(TRUTH, CHOSEN, 3)
    scores = metrics.f1_scores(np.stack([counts, counts * 7]))
    assert scores == pytest.approx(np.array([[1 / 2, 4 / 5, 2 / 3]] * 2))


def test_grouped_f1_is_the_mean_of_the_groups() -> None:
    groups = [np.array([0, 1]), np.array([2, 3])]
    # F1 of the only true class: 2 of 3 in the first group, 1 in the second.
    assert metrics.grouped_f1(TRUTH, CHOSEN, groups) == pytest.approx((2 / 3 + 1) / 2)


# Intervals


def test_the_interval_is_the_same_each_time_and_holds_the_score() -> None:
    truth, chosen = np.tile(TRUTH, 50), np.tile(CHOSEN, 50)
    groups = [np.arange(len(truth))]
    low, high = metrics.interval(truth, chosen, groups)
    assert (low, high) == metrics.interval(truth, chosen, groups)
    assert low < metrics.macro_f1(truth, chosen) < high


def test_the_interval_is_as_wide_as_the_spread_of_a_share() -> None:
    # One class: its F1 is 2p / (1 + p) of a share p of 0.8, whose standard deviation is 0.02 here.
    truth, chosen = np.zeros(400, dtype=int), (np.arange(400) % 5 == 0).astype(int)
    low, high = metrics.interval(truth, chosen, [np.arange(400)])
    assert high - low == pytest.approx(2 * 1.96 * 0.02 * 2 / 1.8**2, rel=0.1)


def test_groups_are_resampled_independently() -> None:
    truth, chosen = np.tile(TRUTH, 100), np.tile(CHOSEN, 100)
    one = metrics.interval(truth, chosen, [np.arange(600)])
    four = metrics.interval(np.tile(truth, 4), np.tile(chosen, 4), np.split(np.arange(2400), 4))
    assert (four[1] - four[0]) == pytest.approx((one[1] - one[0]) / 2, rel=0.15)


def test_repositories_that_differ_give_a_wider_interval_than_their_issues() -> None:
    # Ten repositories, half of them always right, half always wrong.
    truth, repos = np.zeros(1000, dtype=int), [f"octo/{n // 100}" for n in range(1000)]
    chosen = np.array([n // 100 % 2 for n in range(1000)])
    found = metrics.score(truth, chosen, LABELS, repos)
    assert found["repositories"] == 10
    assert found["interval"][1] - found["interval"][0] > 5 * (
        found["interval_rows"][1] - found["interval_rows"][0]
    )
    assert found == metrics.score(truth, chosen, LABELS, repos)


def test_repositories_that_are_alike_give_an_interval_without_width() -> None:
    found = metrics.score(
        np.tile(TRUTH, 4), np.tile(CHOSEN, 4), LABELS, [f"octo/{n // 6}" for n in range(24)]
    )
    assert found["interval"] == (round(MACRO, 4), round(MACRO, 4))


def test_one_repository_says_nothing_of_others() -> None:
    found = metrics.score(TRUTH, CHOSEN, LABELS, ["octo/app"] * 6)
    assert found["interval"] is None
    assert found["interval_rows"] == metrics.score(TRUTH, CHOSEN, LABELS)["interval"]


def test_counts_of_clusters_add_up_to_those_of_all() -> None:
    parts = metrics.by_cluster(TRUTH, CHOSEN, ["b", "a", "b", "a", "b", "a"], 3)
    assert parts.sum(axis=0).tolist() == metrics.confusion(TRUTH, CHOSEN, 3).tolist()
    assert parts[0].tolist() == [[0, 1, 0], [0, 1, 0], [1, 0, 0]]


# Classes, coverage, ranking


def test_per_class() -> None:
    found = metrics.per_class(metrics.confusion(TRUTH, CHOSEN), LABELS)
    assert found["feature"] == {"precision": 0.6667, "recall": 1.0, "f1": 0.8, "n": 2}
    assert "documentation" not in found


def test_coverage_counts_what_passes_its_threshold() -> None:
    probabilities = np.eye(4)[CHOSEN] * 0.8 + 0.05
    thresholds = {"bug": 0.9, "feature": 0.5, "question": 0.5, "documentation": 0.5}
    found = metrics.coverage(TRUTH, probabilities, thresholds)
    assert (found["n"], found["labelled"], found["coverage"]) == (6, 4, round(4 / 6, 4))
    # Wilson's interval for 3 of 4.
    assert (found["precision"], found["precision_interval"]) == (0.75, [0.3006, 0.9544])
    assert found["classes"]["bug"]["precision"] is None
    assert found["classes"]["question"] == {
        "coverage": 0.5,
        "precision": 1.0,
        "precision_interval": [0.2065, 1.0],
    }


def test_the_curve_labels_the_most_confident_first() -> None:
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.6, 0.4]])
    curve = metrics.coverage_curve(np.array([0, 0, 1, 0]), probabilities, points=4)
    assert curve == [(0.25, 1.0), (0.5, 1.0), (0.75, 0.6667), (1.0, 0.75)]


def test_a_curve_has_no_more_points_than_examples() -> None:
    assert len(metrics.coverage_curve(np.array([0, 1]), np.array([[0.9, 0.1], [0.2, 0.8]]))) == 2


def test_average_precision_by_hand() -> None:
    truth = np.array([True, False, True, False])
    # The positives come first and third: precision 1 at recall 1/2, 2/3 at recall 1.
    assert metrics.average_precision(truth, np.array([0.9, 0.8, 0.7, 0.1])) == pytest.approx(
        0.5 + 0.5 * 2 / 3
    )


def test_equal_scores_are_one_step() -> None:
    truth = np.array([True, False, False, False])
    assert metrics.average_precision(truth, np.full(4, 0.5)) == pytest.approx(1 / 4)


def test_a_share_of_nothing_is_not_known() -> None:
    assert (metrics.share(1, 3), metrics.share(0, 0)) == (0.3333, None)

"""Measures, by hand."""

import numpy as np
import pytest

from model import metrics

TRUTH = np.array([0, 0, 1, 1, 2, 2])
CHOSEN = np.array([0, 1, 1, 1, 2, 0])


def test_confusion_counts_true_types_in_rows() -> None:
    assert metrics.confusion(TRUTH, CHOSEN)[:3, :3].tolist() == [[1, 1, 0], [0, 2, 0], [1, 0, 1]]


def test_macro_f1_is_over_the_types_that_occur() -> None:
    assert metrics.macro_f1(TRUTH, CHOSEN) == pytest.approx((1 / 2 + 4 / 5 + 2 / 3) / 3)


def test_grouped_f1_is_the_mean_of_the_groups() -> None:
    groups = [np.array([0, 1]), np.array([2, 3])]
    # F1 of the only true type: 2 of 3 in the first group, 1 in the second.
    assert metrics.grouped_f1(TRUTH, CHOSEN, groups) == pytest.approx((2 / 3 + 1) / 2)


def test_the_interval_is_the_same_each_time_and_holds_the_score() -> None:
    truth = np.tile(TRUTH, 50)
    chosen = np.tile(CHOSEN, 50)
    groups = [np.arange(len(truth))]
    low, high = metrics.interval(truth, chosen, groups)
    assert (low, high) == metrics.interval(truth, chosen, groups)
    assert low < metrics.macro_f1(truth, chosen) < high


def test_per_type() -> None:
    assert metrics.per_type(TRUTH, CHOSEN)["feature"] == {
        "precision": 0.6667,
        "recall": 1.0,
        "f1": 0.8,
        "issues": 2,
    }


def test_coverage_counts_what_passes_its_threshold() -> None:
    probabilities = np.eye(4)[CHOSEN] * 0.8 + 0.05
    thresholds = {"bug": 0.9, "feature": 0.5, "question": 0.5, "documentation": 0.5}
    found = metrics.coverage(TRUTH, probabilities, thresholds)
    assert (found["coverage"], found["precision"]) == (round(4 / 6, 4), 0.75)
    assert found["types"]["bug"]["precision"] is None


def test_nested_coverage_never_uses_a_folds_own_labels() -> None:
    # Fold 0 is always wrong, fold 1 always right: each gets the thresholds of the other.
    truth = np.repeat([0, 0], 200)
    probabilities = np.vstack(
        [np.tile([0.2, 0.6, 0.1, 0.1], (200, 1)), np.tile([0.6, 0.2, 0.1, 0.1], (200, 1))]
    )
    folds = np.repeat([0, 1], 200)
    found = metrics.nested_coverage(truth, probabilities, folds, 0.9)
    assert found["coverage"] == 0.0

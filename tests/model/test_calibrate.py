"""Calibration, by numbers that can be checked by hand or by simulation."""

import numpy as np
import pytest

from model import calibrate
from model.labels import LABELS

RANDOM = np.random.default_rng(7)


def simulated(temperature: float, size: int = 20_000) -> tuple[calibrate.Array, calibrate.Integers]:
    """Logits that are too sharp by `temperature`, and labels drawn from the true probabilities."""
    true = RANDOM.normal(size=(size, len(LABELS))) * 1.5
    probabilities = calibrate.to_probabilities(true, 1.0)
    labels = (probabilities.cumsum(axis=1) > RANDOM.random((size, 1))).argmax(axis=1)
    return true * temperature, labels


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_finds_the_temperature_that_was_put_in(temperature: float) -> None:
    logits, labels = simulated(temperature)
    assert calibrate.fit_temperature(logits, labels) == pytest.approx(temperature, rel=0.05)


def test_the_right_temperature_removes_the_calibration_error() -> None:
    logits, labels = simulated(2.5)
    found = calibrate.fit_temperature(logits, labels)
    before = calibrate.calibration_error(calibrate.to_probabilities(logits, 1.0), labels)
    after = calibrate.calibration_error(calibrate.to_probabilities(logits, found), labels)
    assert before > 0.1
    assert after < 0.02


def test_calibration_error_by_hand() -> None:
    probabilities = np.array([[0.9, 0.1, 0, 0], [0.9, 0.1, 0, 0], [0.6, 0.4, 0, 0], [0.6, 0.4, 0, 0]])
    labels = np.array([0, 1, 0, 0])
    assert calibrate.calibration_error(probabilities, labels) == pytest.approx(0.5 * 0.4 + 0.5 * 0.4)


def test_reliability_groups_by_confidence() -> None:
    probabilities = np.array([[0.9, 0.1], [0.91, 0.09], [0.6, 0.4], [1.0, 0.0]])
    found = calibrate.reliability(probabilities, np.array([0, 1, 0, 0]), bins=10)
    assert [(part.size, part.accuracy) for part in found] == [(1, 1.0), (3, 2 / 3)]
    assert found[1].confidence == pytest.approx(2.81 / 3)


def test_negative_log_likelihood_of_a_coin_among_four() -> None:
    assert calibrate.negative_log_likelihood(np.zeros((5, 4)), np.zeros(5, dtype=int)) == pytest.approx(
        np.log(4)
    )


def test_wilson_interval_against_published_numbers() -> None:
    # Newcombe, "Two-sided confidence intervals for the single proportion", 1998: 81 of 263.
    assert calibrate.wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert calibrate.wilson_interval(0, 20)[0] == pytest.approx(0.0)


def test_a_threshold_reaches_its_precision() -> None:
    confidence = RANDOM.random(5_000)
    correct = RANDOM.random(5_000) < confidence
    threshold = calibrate.threshold_for_precision(confidence, correct, 0.9)
    assert correct[confidence >= threshold].mean() >= 0.89
    assert 0.75 < threshold < 0.95


def test_a_higher_precision_needs_a_higher_threshold() -> None:
    logits, labels = simulated(1.0)
    table = calibrate.threshold_table(calibrate.to_probabilities(logits, 1.0), labels)
    for label in LABELS:
        values = [table[precision][label] for precision in sorted(table)]
        assert values == sorted(values)


def test_without_predictions_there_is_no_threshold() -> None:
    assert calibrate.threshold_for_precision(np.zeros(0), np.zeros(0, dtype=bool), 0.9) == calibrate.NEVER


def test_of_few_predictions_their_own_confidence_is_believed() -> None:
    few = np.ones(3, dtype=bool)
    assert calibrate.threshold_for_precision(np.full(3, 0.99), few, 0.9) == 0.99
    assert calibrate.threshold_for_precision(np.full(3, 0.7), few, 0.9) == calibrate.NEVER


def test_a_large_repository_does_not_decide_alone() -> None:
    probabilities = np.tile([[0.8, 0.2]], (1_000, 1))
    labels = np.zeros(1_000, dtype=np.int64)
    labels[-60:] = 1  # sixty repositories with one issue each, all of them wrong
    groups = ["large"] * 940 + [f"small-{number}" for number in range(60)]
    names = ("bug", "feature")
    assert calibrate.threshold_table(probabilities, labels, [0.9], names)["0.90"]["bug"] == 0.8
    table = calibrate.threshold_table(probabilities, labels, [0.9], names, groups)
    assert table["0.90"]["bug"] == calibrate.NEVER


def test_equal_confidences_stand_or_fall_together() -> None:
    confidence = np.full(1_000, 0.8)
    correct = np.arange(1_000) < 500
    assert calibrate.threshold_for_precision(confidence, correct, 0.9) == calibrate.NEVER


def test_nothing_is_accepted_where_the_precision_was_never_reached() -> None:
    probabilities = np.array([[1.0, 0, 0, 0], [0, 1.0, 0, 0]])
    thresholds = {"bug": calibrate.NEVER, "feature": 0.9, "question": 0.9, "documentation": 0.9}
    assert calibrate.accepted(probabilities, thresholds).tolist() == [False, True]


def test_thresholds_of_other_classes_have_their_names() -> None:
    probabilities = np.tile([[0.1, 0.9], [0.8, 0.2]], (200, 1))
    table = calibrate.threshold_table(probabilities, np.tile([1, 0], 200), [0.9], names=("civil", "uncivil"))
    assert table == {"0.90": {"civil": 0.8, "uncivil": 0.9}}
    assert calibrate.accepted(probabilities, table["0.90"], ("civil", "uncivil")).all()


def test_prior_shift_makes_the_expected_mix_even() -> None:
    labels = np.repeat(np.arange(4), [700, 200, 50, 50])
    prior = np.bincount(labels) / len(labels)
    full = np.exp(np.log(prior) + calibrate.prior_shift(labels, 1.0))
    assert full == pytest.approx(np.ones(4))
    assert calibrate.prior_shift(labels, 0.0) == pytest.approx(np.zeros(4))

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


def test_negative_log_likelihood_of_a_coin_among_four() -> None:
    assert calibrate.negative_log_likelihood(np.zeros((5, 4)), np.zeros(5, dtype=int)) == pytest.approx(
        np.log(4)
    )


def test_wilson_lower_bound_against_published_numbers() -> None:
    # Wilson's interval for 8 of 10 at 90% two-sided confidence starts at 0.541.
    assert calibrate.wilson_lower(np.array([8.0]), np.array([10.0]))[0] == pytest.approx(0.541, abs=0.002)


def test_a_threshold_reaches_its_precision() -> None:
    confidence = RANDOM.random(5_000)
    correct = RANDOM.random(5_000) < confidence
    threshold = calibrate.threshold_for_precision(confidence, correct, 0.9)
    assert correct[confidence >= threshold].mean() >= 0.9
    assert 0.75 < threshold < 0.95


def test_a_higher_precision_needs_a_higher_threshold() -> None:
    logits, labels = simulated(1.0)
    table = calibrate.threshold_table(calibrate.to_probabilities(logits, 1.0), labels)
    for label in LABELS:
        values = [table[precision][label] for precision in sorted(table)]
        assert values == sorted(values)


@pytest.mark.parametrize("size", [0, 3])
def test_too_few_predictions_prove_nothing(size: int) -> None:
    found = calibrate.threshold_for_precision(np.full(size, 0.99), np.ones(size, dtype=bool), 0.9)
    assert found == calibrate.NEVER


def test_equal_confidences_stand_or_fall_together() -> None:
    confidence = np.full(1_000, 0.8)
    correct = np.arange(1_000) < 500
    assert calibrate.threshold_for_precision(confidence, correct, 0.9) == calibrate.NEVER


def test_nothing_is_accepted_where_the_precision_was_never_reached() -> None:
    probabilities = np.array([[1.0, 0, 0, 0], [0, 1.0, 0, 0]])
    thresholds = {"bug": calibrate.NEVER, "feature": 0.9, "question": 0.9, "documentation": 0.9}
    assert calibrate.accepted(probabilities, thresholds).tolist() == [False, True]


def test_prior_shift_makes_the_expected_mix_even() -> None:
    labels = np.repeat(np.arange(4), [700, 200, 50, 50])
    prior = np.bincount(labels) / len(labels)
    full = np.exp(np.log(prior) + calibrate.prior_shift(labels, 1.0))
    assert full == pytest.approx(np.ones(4))
    assert calibrate.prior_shift(labels, 0.0) == pytest.approx(np.zeros(4))

"""What each member may say is learnt from who was right."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="fitting needs scipy")

from model.calibrate import Integers, calibration_error
from model.fitting.stacking import fit_pool, stack
from model.serving.ensemble import Array

CLASSES = ("bug", "feature", "question", "documentation")
RANDOM = np.random.default_rng(3)


def opinions(size: int = 1_200) -> tuple[Array, Integers, list[str]]:
    """True logits, labels drawn from them, and forty repositories."""
    logits = RANDOM.normal(size=(size, 4)) * 2
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = (shares.cumsum(axis=1) > RANDOM.random((size, 1))).argmax(axis=1)
    return logits, labels, [f"octo/{number % 40}" for number in range(size)]


def noise(logits: Array, strength: float) -> Array:
    return logits + RANDOM.normal(size=logits.shape) * strength


def test_a_member_that_knows_nothing_is_left_out() -> None:
    logits, labels, repos = opinions()
    found = stack(CLASSES, {"linear": noise(0 * logits, 1.0), "network": logits}, labels, repos)
    weights = found.head.members
    assert weights["network"] == pytest.approx(1.0, rel=0.15)
    assert weights.get("linear", 0.0) < 0.1


def test_members_with_different_mistakes_are_better_together() -> None:
    logits, labels, repos = opinions()
    found = stack(CLASSES, {"linear": noise(logits, 2.0), "network": noise(logits, 2.0)}, labels, repos)
    scores = found.report["members"]
    assert found.report["chosen"] == "together"
    assert scores["together"]["nll"] < min(scores["linear"]["nll"], scores["network"]["nll"])
    assert scores["together"]["macro_f1"] > max(scores["linear"]["macro_f1"], scores["network"]["macro_f1"])
    assert set(found.head.members) == {"linear", "network"}


def test_the_better_member_has_the_greater_weight() -> None:
    logits, labels, _ = opinions()
    pool = fit_pool({"linear": noise(logits, 3.0), "network": noise(logits, 1.0)}, labels)
    assert pool.weights["network"] > 2 * pool.weights["linear"] > 0


def test_a_member_that_is_always_wrong_gets_no_weight_rather_than_a_negative_one() -> None:
    logits, labels, _ = opinions()
    members = {"linear": noise(-logits, 1.0), "network": noise(logits, 1.0)}
    assert fit_pool(members, labels).weights["linear"] == 0.0


def test_a_member_that_leans_to_one_class_is_set_upright() -> None:
    logits, labels, repos = opinions()
    head = stack(CLASSES, {"network": np.add(logits, [3.0, 0.0, 0.0, 0.0])}, labels, repos).head
    assert head.bias[0] - head.bias[1:].mean() == pytest.approx(-3.0, abs=0.5)


@pytest.mark.parametrize("sharpness", [0.3, 4.0])
def test_what_comes_out_is_calibrated_however_sharp_the_member(sharpness: float) -> None:
    logits, labels, repos = opinions()
    head = stack(CLASSES, {"network": logits * sharpness}, labels, repos).head
    probabilities = head.probabilities({"network": logits * sharpness})
    assert calibration_error(probabilities, labels) < 0.04


def test_correcting_the_prior_favours_what_is_rare() -> None:
    logits, labels, repos = opinions(2_000)
    rare = (labels != 3) | (RANDOM.random(len(labels)) < 0.2)
    args = {"network": logits[rare]}, labels[rare], np.array(repos)[rare].tolist()
    plain, corrected = (stack(CLASSES, *args, prior_correction=share).head for share in (0.0, 1.0))
    assert (corrected.bias - plain.bias).argmax() == 3
    counts = np.bincount(labels[rare])
    assert corrected.bias - plain.bias == pytest.approx(-np.log(counts / counts.sum()), abs=1e-6)


def test_thresholds_are_of_the_classes_of_the_head() -> None:
    logits, labels, repos = opinions()
    head = stack(("civil", "uncivil"), {"network": logits[:, :2]}, labels % 2, repos).head
    assert head.classes == ("civil", "uncivil")
    assert all(set(row) == {"civil", "uncivil"} for row in head.thresholds.values())


def test_texts_of_one_repository_can_be_validated_on() -> None:
    logits, labels, _ = opinions(100)
    assert stack(CLASSES, {"network": logits}, labels, ["octo/app"] * 100).report["chosen"] == "network"


def test_the_same_numbers_give_the_same_head() -> None:
    logits, labels, repos = opinions(300)
    first, second = (stack(CLASSES, {"network": logits}, labels, repos).head.to_json() for _ in range(2))
    assert first == second

"""From the members' logits to probabilities, by numbers that can be checked by hand."""

import json
from typing import Any

import numpy as np
import pytest

from model.serving.ensemble import NEVER, Head

HEAD = Head(
    classes=("bug", "feature"),
    members={"linear": 0.5, "network": 2.0},
    bias=np.array([0.0, 1.0]),
    temperature=2.0,
    thresholds={0.8: {"bug": 0.6, "feature": 0.7}, 0.9: {"bug": 0.8, "feature": NEVER}},
)
LOGITS = {"linear": np.array([[2.0, 0.0], [0.0, 0.0]]), "network": np.array([[1.0, 0.0], [0.0, 0.0]])}


def test_logits_are_weighed_added_and_cooled() -> None:
    # First text: (0.5 * 2 + 2 * 1, 1) / 2 = (1.5, 0.5); second: (0, 1) / 2.
    found = HEAD.probabilities(LOGITS)
    assert found[0, 0] == pytest.approx(1 / (1 + np.exp(-1.0)))
    assert found[1, 1] == pytest.approx(1 / (1 + np.exp(-0.5)))
    assert found.sum(axis=1) == pytest.approx(np.ones(2))


def test_what_is_pooled_is_not_cooled_yet() -> None:
    assert HEAD.pooled(LOGITS).tolist() == [[3.0, 1.0], [0.0, 1.0]]


def test_a_member_without_weight_is_not_asked() -> None:
    alone = Head(HEAD.classes, {"network": 1.0}, np.zeros(2), 1.0, {})
    assert alone.probabilities({"network": LOGITS["network"]}).shape == (2, 2)
    assert np.array_equal(alone.probabilities(LOGITS), alone.probabilities({"network": LOGITS["network"]}))


def test_of_two_measured_precisions_the_next_higher_one_counts() -> None:
    assert HEAD.needed(0.8) == HEAD.needed(0.75) == {"bug": 0.6, "feature": 0.7}
    assert HEAD.needed(0.81) == HEAD.needed(0.9) == {"bug": 0.8, "feature": NEVER}
    assert HEAD.needed(0.91) == {"bug": NEVER, "feature": NEVER}


def test_comes_back_as_it_was_written() -> None:
    found = Head.from_json(json.loads(json.dumps(HEAD.to_json())))
    assert (found.classes, found.members, found.temperature) == (HEAD.classes, HEAD.members, HEAD.temperature)
    assert found.bias.tolist() == HEAD.bias.tolist()
    assert {precision: dict(row) for precision, row in found.thresholds.items()} == HEAD.thresholds


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bias", [0.0]),
        ("bias", "none"),
        ("members", {}),
        ("members", {"linear": "much"}),
        ("bias", [0.0, float("nan")]),
        ("members", {"linear": float("nan")}),
        ("members", {"linear": 0.5, "network": float("inf")}),
        ("members", {"linear": -1.0}),
        ("temperature", 0),
        ("temperature", None),
        ("temperature", float("nan")),
        ("temperature", float("inf")),
        ("thresholds", {"0.90": {"bug": 0.8, "feature": float("nan")}}),
        ("thresholds", {"0.90": {"bug": 0.8, "feature": -0.1}}),
        ("thresholds", {"0.90": {"bug": 0.8, "feature": 1.1}}),
        ("thresholds", {"nan": {"bug": 0.8, "feature": 0.8}}),
        ("thresholds", {"90": {"bug": 0.8, "feature": 0.8}}),
        ("thresholds", {"0.90": {"bug": 0.8}}),
        ("classes", 2),
    ],
)
def test_what_makes_no_sense_is_refused(name: str, value: Any) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Head.from_json({**HEAD.to_json(), name: value})

"""The shipped classifier among the baselines."""

from pathlib import Path

import numpy as np
import pytest

from model.baselines.base import Unavailable
from model.baselines.shipped import Shipped
from model.predict import Classifier
from tests.model.baselines.contract import TEST, TRAIN

TEXTS, _ = TEST
HOMES = dict.fromkeys(TEXTS, "facebook/react")


@pytest.mark.parametrize("homes", [{}, HOMES])
def test_it_says_what_the_classifier_says(run: Path, homes: dict) -> None:
    repos = [homes.get(text) for text in TEXTS]
    expected = Classifier.load(run / "artifact").probabilities(TEXTS, repos)
    assert (Shipped(homes, run / "artifact").probabilities(TEXTS) == expected).all()


def test_training_changes_nothing(run: Path) -> None:
    baseline = Shipped(path=run / "artifact")
    before = baseline.probabilities(TEXTS)
    baseline.fit(TRAIN[0], np.flip(TRAIN[1]), 1)
    assert (baseline.probabilities(TEXTS) == before).all()
    assert baseline.size_bytes() > sum(len(text.body) for text in TEXTS)


def test_without_a_classifier_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"^no classifier in .*: manifest\.json is missing$"):
        Shipped(path=tmp_path)

"""The network of the shipped classifier among the baselines."""

from pathlib import Path

import numpy as np
import pytest

from model.baselines.base import Unavailable
from model.baselines.tuned import Tuned
from model.labels import LABELS
from model.predict import PRETRAINED
from model.serving.artifact import size_bytes
from model.text import CleanText, clean


@pytest.fixture(scope="module")
def tuned() -> Tuned:
    return Tuned()


@pytest.fixture(scope="module")
def texts() -> list[CleanText]:
    return [
        clean("Crash on start", "It crashes with a segmentation fault since the last update."),
        clean("Add a dark theme", "It would be nice to have an option for a dark theme."),
    ]


def test_it_says_what_the_network_says(tuned: Tuned, texts: list[CleanText]) -> None:
    found = tuned.probabilities(texts)
    assert found.sum(axis=1) == pytest.approx(1)
    assert [LABELS[number] for number in found.argmax(axis=1)] == ["bug", "feature"]
    assert (np.vstack([tuned.probabilities([text]) for text in texts]) == found).all()
    assert tuned.probabilities([]).shape == (0, len(LABELS))


def test_training_changes_nothing(tuned: Tuned, texts: list[CleanText]) -> None:
    before = tuned.probabilities(texts)
    tuned.fit(texts, np.array([1, 0]), 1)
    assert (tuned.probabilities(texts) == before).all()


def test_it_is_smaller_than_the_whole_classifier(tuned: Tuned) -> None:
    assert 0 < tuned.size_bytes() < size_bytes(PRETRAINED)


def test_without_a_network_it_says_so(run: Path, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"^the shipped classifier has no network$"):
        Tuned(run / "artifact")
    with pytest.raises(Unavailable, match=r"^no classifier in .*: manifest\.json is missing$"):
        Tuned(tmp_path)

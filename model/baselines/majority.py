"""The floor: always the most frequent type."""

from collections.abc import Sequence

import numpy as np

from model.baselines.base import present_types
from model.calibrate import Array, Integers
from model.labels import LABELS
from model.text import CleanText


class Majority:
    """Knows how frequent each type is, and nothing of the text."""

    def fit(self, texts: Sequence[CleanText], labels: Integers, seed: int) -> None:
        present_types(labels)
        self._shares: Array = np.bincount(labels, minlength=len(LABELS)) / len(labels)

    def probabilities(self, texts: Sequence[CleanText]) -> Array:
        return np.tile(self._shares, (len(texts), 1))

    def size_bytes(self) -> int:
        return self._shares.nbytes

"""The floor."""

import numpy as np
import pytest

from model.baselines.majority import Majority
from model.errors import DataError
from tests.model.baselines.contract import TEST


def test_everything_is_of_the_most_frequent_type() -> None:
    majority = Majority()
    texts, _ = TEST
    majority.fit(texts[:5], np.array([1, 1, 0, 3, 1]), 1)
    assert majority.probabilities(texts[:2]).tolist() == [[0.2, 0.6, 0, 0.2]] * 2
    assert majority.size_bytes() == 32


def test_a_single_type_is_refused() -> None:
    with pytest.raises(DataError, match="nothing to learn"):
        Majority().fit(TEST[0][:2], np.array([2, 2]), 1)

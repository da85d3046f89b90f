"""The project's own regression among the baselines."""

import pytest

from model.errors import DataError
from tests.model.baselines.contract import TRAIN, Contract

pytest.importorskip("sklearn", reason="training needs scikit-learn")

from model.baselines.linear import Linear

REPOS = [f"octo/{number % 4}" for number in range(len(TRAIN[0]))]


class TestLinear(Contract):
    def make(self) -> Linear:
        return Linear(REPOS)


def test_what_only_one_repository_says_does_not_count() -> None:
    lonely = Linear(["octo/only"] * len(REPOS))
    with pytest.raises(DataError, match=r"^no word occurs often enough in two repositories"):
        lonely.fit(*TRAIN, 1)

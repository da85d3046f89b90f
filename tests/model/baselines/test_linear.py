"""The project's own regression among the baselines."""

import pytest

from model.errors import DataError
from tests.model.baselines import contract

pytest.importorskip("sklearn", reason="training needs scikit-learn")

from model.baselines.linear import Linear

REPOS = [f"octo/{number % 4}" for number in range(len(contract.TRAIN[0]))]


def make() -> Linear:
    return Linear(REPOS)


def test_it_learns() -> None:
    contract.assert_it_learns(make())


def test_one_text_is_judged_as_among_others() -> None:
    contract.assert_one_text_is_judged_as_among_others(make())


def test_a_single_type_is_refused() -> None:
    contract.assert_it_refuses_a_single_type(make())


def test_a_seed_decides_all() -> None:
    contract.assert_a_seed_decides_all(make)


def test_what_only_one_repository_says_does_not_count() -> None:
    lonely = Linear(["octo/only"] * len(REPOS))
    with pytest.raises(DataError, match=r"^no word occurs often enough in two repositories"):
        lonely.fit(*contract.TRAIN, 1)

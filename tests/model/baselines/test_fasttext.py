"""fastText, where it is installed."""

import pytest

from tests.model.baselines import contract

pytest.importorskip("fasttext", reason="fastText is only compared with where it is installed")

from model.baselines.fasttext import FastText


def make() -> FastText:
    return FastText(epochs=50, buckets=1_000, least=1)


def test_it_learns() -> None:
    contract.assert_it_learns(make())


def test_one_text_is_judged_as_among_others() -> None:
    contract.assert_one_text_is_judged_as_among_others(make())


def test_a_single_type_is_refused() -> None:
    contract.assert_it_refuses_a_single_type(make())


def test_a_type_that_is_absent_is_never_chosen() -> None:
    contract.assert_a_type_that_is_absent_is_never_chosen(make())


def test_a_seed_decides_all() -> None:
    contract.assert_a_seed_decides_all(make)

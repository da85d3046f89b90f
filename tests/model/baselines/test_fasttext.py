"""fastText, where it is installed."""

import pytest

from tests.model.baselines.contract import Contract

pytest.importorskip("fasttext", reason="fastText is only compared with where it is installed")

from model.baselines.fasttext import FastText


class TestFastText(Contract):
    def make(self) -> FastText:
        return FastText(epochs=50, buckets=1_000, least=1)

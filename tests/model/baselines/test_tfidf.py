"""TF-IDF with a logistic regression."""

import pytest

from tests.model.baselines.contract import Contract

pytest.importorskip("sklearn", reason="training needs scikit-learn")

from model.baselines.tfidf import TfIdf


class TestTfIdf(Contract):
    def make(self) -> TfIdf:
        return TfIdf(least=1)

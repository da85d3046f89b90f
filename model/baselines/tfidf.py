"""The yardstick: TF-IDF of words and characters with a logistic regression, as scikit-learn brings them."""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from model.baselines.base import flat, over_all_types, present_types
from model.calibrate import Array, Integers
from model.text import CleanText


class TfIdf:
    """One or two words, and three to five characters within a word. The seed changes nothing."""

    def __init__(
        self, *, least: int = 3, features: int = 100_000, inverse_regularization: float = 3.0
    ) -> None:
        """`least`: texts a feature must occur in; `features`: the most of each kind; chosen on validation."""
        words = TfidfVectorizer(
            token_pattern=r"\S+",  # noqa: S106 -- a pattern, no password
            ngram_range=(1, 2),
            min_df=least,
            max_features=features,
            sublinear_tf=True,
            dtype=np.float32,
        )
        characters = TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(3, 5),
            min_df=least,
            max_features=features,
            sublinear_tf=True,
            dtype=np.float32,
        )
        self._vectorizer = FeatureUnion([("words", words), ("characters", characters)])
        self._regression = LogisticRegression(C=inverse_regularization, max_iter=300, tol=1e-3)

    def fit(self, texts: Sequence[CleanText], labels: Integers, seed: int) -> None:
        self._present = present_types(labels)
        self._regression.fit(self._vectorizer.fit_transform(_joined(texts)), labels)

    def probabilities(self, texts: Sequence[CleanText]) -> Array:
        found = self._regression.predict_proba(self._vectorizer.transform(_joined(texts)))
        return over_all_types(np.asarray(found, dtype=np.float64), self._present)

    def size_bytes(self) -> int:
        """Words, frequencies and coefficients, these as 32-bit numbers."""
        vectorizers = [vectorizer for _, vectorizer in self._vectorizer.transformer_list]
        names = sum(len(name.encode()) + 1 for each in vectorizers for name in each.vocabulary_)
        return int(names + sum(each.idf_.nbytes for each in vectorizers) + 4 * self._regression.coef_.size)


def _joined(texts: Sequence[CleanText]) -> list[str]:
    return [" ".join(flat(text)) for text in texts]

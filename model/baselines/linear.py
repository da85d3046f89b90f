"""The project's own regression, trained on the issues that the other baselines have."""

from collections.abc import Sequence

from model.baselines.base import present_types
from model.calibrate import Array, Integers
from model.errors import DataError
from model.fitting.matrix import build_vocabulary, to_matrix
from model.fitting.regression import Recipe, fit
from model.serving.linear import softmax
from model.text import CleanText
from model.train import without_tags


class Linear:
    """What all repositories share; nothing that only familiar ones have. The seed changes nothing."""

    def __init__(self, repos: Sequence[str]) -> None:
        """`repos` are those of the texts it will be fitted on: a feature must occur in two of them."""
        self._repos = repos

    def fit(self, texts: Sequence[CleanText], labels: Integers, seed: int) -> None:
        present_types(labels)
        self._vocabulary = build_vocabulary(texts, self._repos)
        if not self._vocabulary.features:
            raise DataError("no word occurs often enough in two repositories; there is nothing to learn")
        matrix = to_matrix(texts, self._repos, self._vocabulary)
        # The comparison corrects the prior itself, alike for all.
        recipe = Recipe(prior_correction=0.0)
        self._found = fit(matrix, without_tags(matrix, self._vocabulary), labels, recipe)

    def probabilities(self, texts: Sequence[CleanText]) -> Array:
        return softmax(self._found.logits(to_matrix(texts, [""] * len(texts), self._vocabulary)))

    def size_bytes(self) -> int:
        """As it would be shipped: names, frequencies and weights, these in half precision."""
        names = sum(len(feature.encode()) + 1 for feature in self._vocabulary.features)
        return names + 2 * (len(self._vocabulary.features) + self._found.weights.size + self._found.bias.size)

"""The learner: what it finds in made-up issues, and what familiar repositories add."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="training needs scikit-learn")

from scipy import sparse

from model.fitting.matrix import build_vocabulary, to_matrix
from model.fitting.regression import Recipe, fit, fit_own, log_count_scale
from model.labels import LABELS
from model.text import clean
from model.train import without_tags
from tests.model.examples import rows

RECIPE = Recipe(folds=3, own_penalty=1.0)


def trained_on(types: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Logits on issues of `types` that were learnt from, and their labels."""
    issues = rows(types)
    labels = np.array([LABELS.index(issue["label"]) for issue in issues])
    texts = [clean(issue["title"], issue["body"], issue["repo"]) for issue in issues]
    repos = [issue["repo"] for issue in issues]
    vocabulary = build_vocabulary(texts, repos)
    matrix = to_matrix(texts, repos, vocabulary)
    return fit(matrix, without_tags(matrix, vocabulary), labels, RECIPE).logits(matrix), labels


@pytest.mark.parametrize(
    "types", [list(LABELS), ["bug", "feature", "question"], ["feature", "documentation"]]
)
def test_learns_the_types_that_are_there_and_never_says_another(types: list[str]) -> None:
    logits, labels = trained_on(types)
    assert (logits.argmax(axis=1) == labels).mean() > 0.95
    absent = [number for number, label in enumerate(LABELS) if label not in types]
    assert (logits[:, absent] < -5).all()


def test_a_familiar_repository_can_mean_something_else_by_the_same_words() -> None:
    """One word in each of two repositories; "bug" to everyone, but the second one calls it "question"."""
    matrix = sparse.csr_matrix(np.repeat(np.eye(2, dtype=np.float32), 50, axis=0))
    logits = np.tile([2.0, 0.0, 0.0, 0.0], (100, 1))
    labels = np.repeat([0, 2], 50)
    weights = fit_own(matrix, logits, labels, RECIPE)
    assert (logits + matrix @ weights).argmax(axis=1).tolist() == labels.tolist()


def test_a_familiar_repository_that_agrees_adds_little() -> None:
    matrix = sparse.csr_matrix(np.ones((100, 1), dtype=np.float32))
    logits = np.tile([8.0, 0.0, 0.0, 0.0], (100, 1))
    assert np.abs(fit_own(matrix, logits, np.zeros(100, dtype=int), RECIPE)).max() < 0.1


def test_columns_that_every_type_uses_alike_are_scaled_down() -> None:
    matrix = sparse.csr_matrix(np.array([[1, 1], [1, 0], [1, 1], [1, 0]], dtype=np.float32))
    even, telling = log_count_scale(matrix, np.array([0, 1, 0, 1]), np.ones(4), RECIPE)
    assert even < telling

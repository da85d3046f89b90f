"""Training the linear classifier: held-out predictions for calibration first, then the final fit on
everything.

The learner is a multinomial logistic regression on TF-IDF blocks, each column scaled beforehand by how
unevenly the types use it: Wang and Manning, "Baselines and Bigrams: Simple, Good Sentiment and Topic
Classification", ACL 2012 (the log-count ratio; its root, which did better in cross-validation). The scale is
folded into the coefficients.
"""

import os
import platform
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from model.artifact import Artifact, save
from model.calibrate import Array, Integers, fit_temperature, prior_shift, threshold_table, to_probabilities
from model.data import Dataset, held_out_folds, label_numbers
from model.heldout import HeldOut
from model.labels import LABELS
from model.matrix import Vocabulary, build_vocabulary, to_matrix

_UNSEEN = -12.0  # the logit of a type that the training data does not hold

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What can be chosen; the defaults were chosen on held-out repositories and on folds of nlbse24_train."""

    inverse_regularization: float = 0.5  # C of the regression
    prior_correction: float = 0.5  # 0: the mix of types in the training data is expected, 1: all types alike
    tag_dropout: float = 0.5  # share of the weight of a tagged title that is learnt without its tags
    scale_power: float = 0.5  # exponent of the log-count ratio
    smoothing: float = 0.5  # added to the counts of the log-count ratio
    folds: int = 5  # of whole repositories, for calibration
    max_iterations: int = 100


@dataclass(frozen=True, slots=True)
class Coefficients:
    """`weights` (features, types) and `bias` (types,): logits = x @ weights + bias."""

    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    def logits(self, matrix: sparse.csr_matrix) -> Array:
        """Shape (rows of `matrix`, types)."""
        return np.asarray(matrix @ self.weights + self.bias, dtype=np.float64)


def train(dataset: Dataset, output: Path, *, name: str, recipe: Recipe, say: Say) -> None:
    """Train on `dataset.train` and write the artifact and the held-out predictions into `output`."""
    started = time.monotonic()
    repos = [example.repo for example in dataset.train]
    labels = label_numbers(dataset.train)
    vocabulary = build_vocabulary(dataset.train_texts, repos)
    matrix = to_matrix(dataset.train_texts, repos, vocabulary)
    say(f"{matrix.shape[0]:,} issues of {len(set(repos)):,} repositories, {matrix.shape[1]:,} features")
    untagged = without_tags(matrix, vocabulary)
    folds = held_out_folds(dataset.train, recipe.folds)
    held_out = predict_held_out(matrix, untagged, labels, folds, recipe=recipe, say=say)
    temperature = fit_temperature(held_out[0], labels)
    final = fit(matrix, untagged, labels, recipe)
    seconds = time.monotonic() - started
    manifest = {
        "name": name,
        "labels": LABELS,
        "temperature": round(temperature, 4),
        "thresholds": threshold_table(to_probabilities(held_out[0], temperature), labels),
        "familiar": vocabulary.familiar,
        "recipe": asdict(recipe),
        "data": {
            "counts": dataset.counts(),
            "dropped": dict(dataset.dropped),
            "repositories": len(set(repos)),
        },
        "training": {
            "seconds": round(seconds, 1),
            "hardware": f"CPU ({platform.machine()}), {os.cpu_count()} cores",
        },
    }
    stacked = np.vstack([final.weights, final.bias]).astype(np.float16)
    save(output, Artifact(vocabulary.features, vocabulary.idf, stacked, manifest))
    HeldOut.of(dataset.train, labels, folds, held_out).save(output)
    say(f"trained in {seconds:.0f} s, temperature {temperature:.2f}; written to {output}")


def predict_held_out(
    matrix: sparse.csr_matrix,
    untagged: sparse.csr_matrix,
    labels: Integers,
    folds: Integers,
    *,
    recipe: Recipe,
    say: Say,
) -> tuple[Array, Array]:
    """Logits of every issue by a classifier that saw nothing of its repository: with title tags, and without.

    Both of shape (issues, types).
    """
    tagged_logits = np.zeros((len(labels), len(LABELS)))
    untagged_logits = np.zeros_like(tagged_logits)
    for fold in range(recipe.folds):
        inside = folds == fold
        if not inside.any() or inside.all():
            continue
        found = fit(matrix[~inside], untagged[~inside], labels[~inside], recipe)
        tagged_logits[inside] = found.logits(matrix[inside])
        untagged_logits[inside] = found.logits(untagged[inside])
        right = (tagged_logits[inside].argmax(axis=1) == labels[inside]).mean()
        say(f"fold {fold + 1} of {recipe.folds}: {inside.sum():,} unseen issues, {right:.1%} right")
    return tagged_logits, untagged_logits


def fit(
    matrix: sparse.csr_matrix, untagged: sparse.csr_matrix, labels: Integers, recipe: Recipe
) -> Coefficients:
    """Fit the regression; `untagged` is `matrix` without the tags of titles, row by row."""
    tagged = np.flatnonzero(np.asarray(matrix.getnnz(axis=1) != untagged.getnnz(axis=1)))
    rows = sparse.vstack([matrix, untagged[tagged]]).tocsr()
    targets = np.concatenate([labels, labels[tagged]])
    weights = np.ones(len(targets))
    weights[tagged] -= recipe.tag_dropout
    weights[len(labels) :] = recipe.tag_dropout
    scale = log_count_scale(rows, targets, weights, recipe)
    regression = LogisticRegression(C=recipe.inverse_regularization, max_iter=recipe.max_iterations, tol=1e-3)
    with warnings.catch_warnings():
        # Stopping early is part of the recipe: what was chosen was chosen at this number of iterations.
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(rows @ sparse.diags(scale), targets, sample_weight=weights)
    coefficients, bias = regression.coef_, regression.intercept_
    if (
        len(regression.classes_) == 2
    ):  # one logit for two types: half of it for the one, half against the other
        coefficients, bias = np.vstack([-coefficients, coefficients]) / 2, np.array([-bias[0], bias[0]]) / 2
    found = Coefficients(
        np.zeros((matrix.shape[1], len(LABELS)), np.float32), np.full(len(LABELS), _UNSEEN, np.float32)
    )
    found.weights[:, regression.classes_] = (coefficients * scale).T
    found.bias[regression.classes_] = bias + prior_shift(labels, recipe.prior_correction)[regression.classes_]
    return found


def log_count_scale(rows: sparse.csr_matrix, labels: Integers, weights: Array, recipe: Recipe) -> Array:
    """For each feature, how far its weighted log-count ratio is from zero for the type where it is
    farthest.
    """
    total = np.asarray(rows.T @ weights).ravel()
    scale = np.zeros(rows.shape[1])
    for number in range(len(LABELS)):
        inside = np.asarray(rows.T @ (weights * (labels == number))).ravel()
        own, rest = inside + recipe.smoothing, total - inside + recipe.smoothing
        scale = np.maximum(scale, np.abs(np.log((own / own.sum()) / (rest / rest.sum()))))
    return np.asarray(scale**recipe.scale_power)


def without_tags(matrix: sparse.csr_matrix, vocabulary: Vocabulary) -> sparse.csr_matrix:
    """The matrix as if no title had opened with a tag such as "[Bug]:"."""
    keep = np.array([feature[0] != "g" for feature in vocabulary.features], dtype=np.float32)
    result = (matrix @ sparse.diags(keep)).tocsr()
    result.eliminate_zeros()
    return result

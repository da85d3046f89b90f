"""Fitting the linear member: what all repositories share, and what familiar ones have of their own."""

import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse

from model.artifact import Artifact, save
from model.calibrate import Array, Integers
from model.errors import DataError
from model.labels import LABELS
from model.matrix import Vocabulary, build_vocabulary, to_matrix
from model.regression import Coefficients, Recipe, fit, fit_own
from model.samples import Sample

_SEED = 20_240_501  # any; fixed, so that training twice gives the same bytes
_LEAST_OWN_WEIGHT = 0.03  # nearly half of the own features weigh less and would only cost memory

Say = Callable[[str], None]


def train_linear(samples: Sequence[Sample], output: Path, *, name: str, recipe: Recipe, say: Say) -> Array:
    """Fit the linear member to the issues of `samples` and write its files into `output`.

    They become a classifier once `model.export` has found what the member may say. Returned are the logits of
    each issue by a regression that did not learn from it: shape (issues, types).

    Raises DataError where there is nothing to learn, ModelError where `output` holds something else.
    """
    started = time.monotonic()
    labels = label_numbers(samples)
    if len(np.unique(labels)) < 2:
        raise DataError("the issues to train on are of fewer than two types; there is nothing to learn")
    texts, repos = [sample.text for sample in samples], [sample.repo for sample in samples]
    vocabulary = build_vocabulary(texts, repos)
    matrix = to_matrix(texts, repos, vocabulary)
    say(f"{len(repos):,} issues of {len(set(repos)):,} repositories, {vocabulary.common:,} features")
    common, own = matrix[:, : vocabulary.common], matrix[:, vocabulary.common :]
    untagged = without_tags(common, vocabulary)
    unseen = _cross_fitted(common, untagged, labels, recipe=recipe, say=say)
    own_weights = _fit_familiar(own, unseen, labels, recipe)
    final = fit(common, untagged, labels, recipe)
    telling = _telling(vocabulary, own_weights)
    vocabulary, own_weights = vocabulary.keeping(telling), own_weights[telling]
    seconds = time.monotonic() - started
    manifest = {
        "name": name,
        "familiar": vocabulary.familiar,
        "recipe": asdict(recipe),
        "training": {
            "issues": len(repos),
            "repositories": len(set(repos)),
            "seconds": round(seconds, 1),
            "hardware": f"CPU ({platform.machine()}), {os.cpu_count()} cores",
        },
    }
    save(output, Artifact(vocabulary.features, vocabulary.idf, _stack(final, own_weights), manifest))
    say(f"the linear member took {seconds:.0f} s and is in {output}")
    return unseen


def label_numbers(samples: Sequence[Sample]) -> Integers:
    """The label of each sample, shape (samples,)."""
    return np.array([sample.label for sample in samples], dtype=np.int64)


def without_tags(matrix: sparse.csr_matrix, vocabulary: Vocabulary) -> sparse.csr_matrix:
    """The common columns as if no title had opened with a tag such as "[Bug]:"."""
    features = vocabulary.features[: vocabulary.common]
    keep = np.array([feature[0] != "g" for feature in features], dtype=np.float32)
    result = (matrix @ sparse.diags(keep)).tocsr()
    result.eliminate_zeros()
    return result


def _cross_fitted(
    matrix: sparse.csr_matrix, untagged: sparse.csr_matrix, labels: Integers, *, recipe: Recipe, say: Say
) -> Array:
    """Logits of every issue by a regression that did not learn from it: shape (issues, types)."""
    folds = np.random.default_rng(_SEED).permutation(len(labels)) % recipe.folds
    logits = np.zeros((len(labels), len(LABELS)))
    for fold in range(recipe.folds):
        inside = folds == fold
        found = fit(matrix[~inside], untagged[~inside], labels[~inside], recipe)
        logits[inside] = found.logits(matrix[inside])
        right = (logits[inside].argmax(axis=1) == labels[inside]).mean()
        say(f"fold {fold + 1} of {recipe.folds}: {inside.sum():,} issues held out, {right:.1%} of them right")
    return logits


def _fit_familiar(
    own: sparse.csr_matrix, unseen: Array, labels: Integers, recipe: Recipe
) -> npt.NDArray[np.float32]:
    """Weights of the features of familiar repositories, shape (own features, types), on top of `unseen`."""
    familiar = np.flatnonzero(own.getnnz(axis=1))
    if not len(familiar):
        return np.zeros((own.shape[1], len(LABELS)), dtype=np.float32)
    return fit_own(own[familiar], unseen[familiar], labels[familiar], recipe)


def _telling(vocabulary: Vocabulary, weights: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Which own features weigh enough to be served, shape (own features,); marks always do."""
    features = vocabulary.features[vocabulary.common :]
    marks = np.array([feature.startswith("@") for feature in features], dtype=np.bool_)
    return np.asarray(marks | (np.abs(weights).max(axis=1) >= _LEAST_OWN_WEIGHT), dtype=np.bool_)


def _stack(final: Coefficients, own: npt.NDArray[np.float32]) -> npt.NDArray[np.float16]:
    """All weights in the order of the vocabulary, the bias last, in half precision."""
    return np.vstack([final.weights, own, final.bias]).astype(np.float16)

"""Fitting the linear member: words and characters that mean the same in all repositories."""

import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from scipy import sparse

from model.calibrate import Array, Integers
from model.datasets.samples import Sample, label_numbers
from model.errors import DataError
from model.fitting.matrix import Vocabulary, build_vocabulary, to_matrix
from model.fitting.regression import Recipe, fit
from model.labels import LABELS
from model.serving.artifact import Artifact, save

_SEED = 20_240_501  # any; fixed, so that training twice gives the same bytes

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
    say(f"{len(repos):,} issues of {len(set(repos)):,} repositories, {len(vocabulary.features):,} features")
    untagged = without_tags(matrix, vocabulary)
    unseen = _cross_fitted(matrix, untagged, labels, recipe=recipe, say=say)
    final = fit(matrix, untagged, labels, recipe)
    weights = np.vstack([final.weights, final.bias]).astype(np.float16)
    seconds = time.monotonic() - started
    manifest = {
        "name": name,
        "recipe": asdict(recipe),
        "training": {
            "issues": len(repos),
            "repositories": len(set(repos)),
            "seconds": round(seconds, 1),
            "hardware": f"CPU ({platform.machine()}), {os.cpu_count()} cores",
        },
    }
    save(output, Artifact(vocabulary.features, vocabulary.idf, weights, manifest))
    say(f"the linear member took {seconds:.0f} s and is in {output}")
    return unseen


def without_tags(matrix: sparse.csr_matrix, vocabulary: Vocabulary) -> sparse.csr_matrix:
    """The columns as if no title had opened with a tag such as "[Bug]:"."""
    keep = np.array([feature[0] != "g" for feature in vocabulary.features], dtype=np.float32)
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

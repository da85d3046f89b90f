"""Training: predictions on what was held out first, for calibration, then the final fit on everything."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from model.artifact import Artifact, save
from model.calibrate import Array, Integers, fit_temperature, threshold_table, to_probabilities
from model.data import Dataset, held_out_folds, label_numbers
from model.heldout import HeldOut
from model.labels import LABELS
from model.matrix import Vocabulary, build_vocabulary, to_matrix
from model.regression import Coefficients, Recipe, fit, fit_own

_SEED = 20_240_501  # any; fixed, so that training twice gives the same bytes
_LEAST_OWN_WEIGHT = 0.03  # nearly half of the own features weigh less and would only cost memory

Say = Callable[[str], None]


def train(dataset: Dataset, output: Path, *, name: str, recipe: Recipe, say: Say) -> None:
    """Train on `dataset.train` and write the artifact and the held-out predictions into `output`."""
    started = time.monotonic()
    repos = [example.repo for example in dataset.train]
    labels = label_numbers(dataset.train)
    vocabulary = build_vocabulary(dataset.train_texts, repos)
    matrix = to_matrix(dataset.train_texts, repos, vocabulary)
    say(f"{len(repos):,} issues of {len(set(repos)):,} repositories, {vocabulary.common:,} features")
    common, own = matrix[:, : vocabulary.common], matrix[:, vocabulary.common :]
    untagged = without_tags(common, vocabulary)
    folds = held_out_folds(dataset.train, recipe.folds)
    held_out = predict_held_out(common, untagged, labels, folds, recipe=recipe, say=say)
    temperature = fit_temperature(held_out[0], labels)
    final = fit(common, untagged, labels, recipe)
    own_weights = _fit_familiar(common, untagged, own, labels, recipe=recipe, say=say)
    telling = _telling(vocabulary, own_weights)
    vocabulary, own_weights = vocabulary.keeping(telling), own_weights[telling]
    seconds = time.monotonic() - started
    manifest = {
        "name": name,
        "labels": LABELS,
        "temperature": round(temperature, 4),
        "thresholds": threshold_table(to_probabilities(held_out[0], temperature), labels),
        "familiar": vocabulary.familiar,
        "recipe": asdict(recipe),
        **_provenance(dataset, seconds),
    }
    save(output, Artifact(vocabulary.features, vocabulary.idf, _stack(final, own_weights), manifest))
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
    """Logits of every issue by a regression that saw nothing of its fold: with title tags, and without.

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
        say(f"fold {fold + 1} of {recipe.folds}: {inside.sum():,} issues held out, {right:.1%} of them right")
    return tagged_logits, untagged_logits


def _provenance(dataset: Dataset, seconds: float) -> dict[str, Any]:
    """What the manifest says of data and hardware; `seconds` is how long training took."""
    return {
        "data": {
            "counts": dataset.counts(),
            "dropped": dict(dataset.dropped),
            "repositories": len({example.repo for example in dataset.train}),
        },
        "training": {
            "seconds": round(seconds, 1),
            "hardware": f"CPU ({platform.machine()}), {os.cpu_count()} cores",
        },
    }


def without_tags(matrix: sparse.csr_matrix, vocabulary: Vocabulary) -> sparse.csr_matrix:
    """The common columns as if no title had opened with a tag such as "[Bug]:"."""
    features = vocabulary.features[: vocabulary.common]
    keep = np.array([feature[0] != "g" for feature in features], dtype=np.float32)
    result = (matrix @ sparse.diags(keep)).tocsr()
    result.eliminate_zeros()
    return result


def _fit_familiar(
    common: sparse.csr_matrix,
    untagged: sparse.csr_matrix,
    own: sparse.csr_matrix,
    labels: Integers,
    *,
    recipe: Recipe,
    say: Say,
) -> npt.NDArray[np.float32]:
    """Weights of the own features, shape (own features, types), learnt on issues that were held out."""
    if not own.shape[1]:
        return np.zeros((0, len(LABELS)), dtype=np.float32)
    say("familiar repositories")
    folds = np.random.default_rng(_SEED).permutation(len(labels)) % recipe.folds
    logits, _ = predict_held_out(common, untagged, labels, folds, recipe=recipe, say=say)
    familiar = np.flatnonzero(own.getnnz(axis=1))
    return fit_own(own[familiar], logits[familiar], labels[familiar], recipe)


def _telling(vocabulary: Vocabulary, weights: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Which own features weigh enough to be served, shape (own features,); marks always do."""
    features = vocabulary.features[vocabulary.common :]
    marks = np.array([feature.startswith("@") for feature in features], dtype=np.bool_)
    return np.asarray(marks | (np.abs(weights).max(axis=1) >= _LEAST_OWN_WEIGHT), dtype=np.bool_)


def _stack(final: Coefficients, own: npt.NDArray[np.float32]) -> npt.NDArray[np.float16]:
    """All weights in the order of the vocabulary, the bias last, in half precision."""
    return np.vstack([final.weights, own, final.bias]).astype(np.float16)

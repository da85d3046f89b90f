"""Getting to know single repositories: what each means by its words, learnt on top of all members together.

Needs scipy; serving does not. What the members say of these issues must come from members that did not learn
from them, or nothing would be left to learn (stacking: Wolpert, "Stacked Generalization", Neural Networks
5(2), 1992).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.calibrate import Array, Integers, fit_temperature, threshold_table, to_probabilities
from model.datasets.samples import Sample, label_numbers
from model.fitting.matrix import to_matrix, with_own_features
from model.fitting.regression import Recipe, fit_own
from model.measuring.metrics import grouped_f1
from model.serving.artifact import Artifact
from model.serving.ensemble import Head
from model.serving.linear import own_mark

_SEED = 20_240_501  # any; fixed, so that adapting twice gives the same bytes
_LEAST_WEIGHT = 0.03  # nearly half of the own features weigh less and would only cost memory


@dataclass(frozen=True, slots=True)
class Adapted:
    """A linear member with own features of `repositories`, and what holds for their issues."""

    member: Artifact
    head: Head  # its temperature and thresholds are those of the familiar repositories
    repositories: tuple[str, ...]
    report: dict[str, Any]


def adapt(member: Artifact, head: Head, pooled: Array, samples: Sequence[Sample], recipe: Recipe) -> Adapted:
    """Learn what the repositories of `samples` have of their own, on top of the `pooled` logits of `head`.

    `pooled` has shape (samples, types). What is not promised to other repositories is found by
    cross-validation on these: temperature and thresholds.
    """
    labels, repos = label_numbers(samples), [sample.repo for sample in samples]
    texts = [sample.text for sample in samples]
    common = len(member.vocabulary)
    vocabulary = with_own_features(member.vocabulary, member.idf, texts, repos)
    own = to_matrix(texts, repos, vocabulary)[:, common:]
    held_out = np.zeros_like(pooled)
    folds = np.random.default_rng(_SEED).permutation(len(labels)) % recipe.folds
    for fold in range(recipe.folds):
        inside = folds == fold
        held_out[inside] = own[inside] @ fit_own(own[~inside], pooled[~inside], labels[~inside], recipe)
    logits = pooled + held_out
    temperature = fit_temperature(logits, labels)
    table = threshold_table(to_probabilities(logits, temperature), labels, groups=repos)
    thresholds = {float(precision): row for precision, row in table.items()}
    weights = fit_own(own, pooled, labels, recipe)
    features = vocabulary.features[common:]
    marks = {own_mark(repo) for repo in repos}
    kept = [number for number, name in enumerate(features) if name in marks or _tells(weights[number])]
    grown = replace(
        member,
        vocabulary=[*member.vocabulary, *(features[number] for number in kept)],
        idf=np.concatenate([member.idf, np.ones(len(kept), dtype=np.float16)]),
        weights=np.vstack([member.weights[:-1], weights[kept].astype(np.float16), member.weights[-1:]]),
    )
    report = {
        "issues": len(labels),
        "average_f1": {
            "before": _average_f1(labels, pooled, repos),
            "after": _average_f1(labels, logits, repos),
        },
    }
    return Adapted(
        grown,
        replace(head, temperature=temperature, thresholds=thresholds),
        tuple(sorted(set(repos))),
        report,
    )


def _tells(weights: Array) -> bool:
    return bool(np.abs(weights).max() >= _LEAST_WEIGHT)


def _average_f1(labels: Integers, logits: Array, repos: Sequence[str]) -> float:
    """The mean over repositories of the macro F1 among the types that occur."""
    names = np.asarray(repos)
    present = np.unique(labels)
    chosen = present[logits[:, present].argmax(axis=1)]
    return round(grouped_f1(labels, chosen, [np.flatnonzero(names == name) for name in np.unique(names)]), 4)

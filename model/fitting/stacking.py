"""Finding what each member of the ensemble may say, on the validation split. Needs scipy; serving does not.

Stacking: Wolpert, "Stacked Generalization", Neural Networks 5(2), 1992. The members are as they will be
served, the network in eight bits, so that what is fitted is what is used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from model.calibrate import (
    Integers,
    fit_temperature,
    negative_log_likelihood,
    prior_shift,
    threshold_table,
    to_probabilities,
)
from model.datasets.splits import deal
from model.measuring.metrics import macro_f1
from model.serving.ensemble import Array, Head
from model.serving.linear import softmax

_FOLDS = 5
_PENALTY = 1.0  # of the squared bias, in texts: a class hardly seen keeps the members' own opinion of it


@dataclass(frozen=True, slots=True)
class Pool:
    """logits = sum of weight * logits of a member + bias."""

    weights: Mapping[str, float]  # 0 and above
    bias: Array  # (classes,)

    def logits(self, logits: Mapping[str, Array]) -> Array:
        """Of shape (texts, classes)."""
        return self.bias + sum(weight * logits[member] for member, weight in self.weights.items())


@dataclass(frozen=True, slots=True)
class Stacked:
    """A head, and what led to it, as it is written into the manifest."""

    head: Head
    report: dict[str, Any]


def stack(
    classes: Sequence[str],
    logits: Mapping[str, Array],
    labels: Integers,
    groups: Sequence[str],
    *,
    prior_correction: float = 0.0,
) -> Stacked:
    """The head for members with these `logits` (texts, classes) on validation texts of `labels` (texts,).

    A member stays where, on groups that the pool was not fitted on, the members together predict better with
    it than without it; `groups` names the repository of each text. The prior is then corrected by
    `prior_correction` (0 to 1), the temperature and the thresholds found on what comes out.
    """
    folds = _folds(groups, labels)
    scores = {
        name: _score(_cross_fitted(part, labels, folds), labels) for name, part in _choices(logits).items()
    }
    best = min(scores, key=lambda name: scores[name]["nll"])
    chosen = _choices(logits)[best]
    pool = fit_pool(chosen, labels)
    shift = prior_shift(labels, prior_correction) if prior_correction else np.zeros(len(classes))
    pooled = pool.logits(chosen) + shift
    temperature = fit_temperature(pooled, labels)
    table = threshold_table(to_probabilities(pooled, temperature), labels, names=classes, groups=groups)
    head = Head(
        classes=tuple(classes),
        members={member: weight for member, weight in pool.weights.items() if weight > 0},
        bias=pool.bias + shift,
        temperature=temperature,
        thresholds={float(precision): row for precision, row in table.items()},
    )
    final = _score(to_probabilities(pooled, temperature), labels)
    return Stacked(head, {"texts": len(labels), "chosen": best, "members": scores, "served": final})


def fit_pool(logits: Mapping[str, Array], labels: Integers) -> Pool:
    """Weights (0 and above) and bias with the least cross-entropy: a logistic regression on the logits.

    Of a single member, it is a scale and a bias for each class: as vector scaling, but with one scale (Guo,
    Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", ICML 2017, section 4.2).
    """
    names, stacked = list(logits), np.stack(list(logits.values()))
    count, (texts, classes) = len(names), stacked.shape[1:]
    truth = np.eye(classes)[labels]

    def loss(flat: Array) -> tuple[float, Array]:
        weights, bias = flat[:count], flat[count:]
        pooled = np.tensordot(weights, stacked, 1) + bias
        slope = (softmax(pooled) - truth) / texts
        gradient = np.concatenate(
            [np.tensordot(stacked, slope, 2), slope.sum(axis=0) + _PENALTY / texts * bias]
        )
        value = negative_log_likelihood(pooled, labels) + _PENALTY / 2 / texts * (bias**2).sum()
        return value, gradient

    start = np.concatenate([np.full(count, 1 / count), np.zeros(classes)])
    bounds = [(0.0, None)] * count + [(None, None)] * classes
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return Pool(dict(zip(names, map(float, found[:count]), strict=True)), found[count:])


def _choices(logits: Mapping[str, Array]) -> dict[str, Mapping[str, Array]]:
    """Each member alone, and where there are several, all of them together."""
    alone: dict[str, Mapping[str, Array]] = {name: {name: rows} for name, rows in logits.items()}
    return alone | ({"together": logits} if len(logits) > 1 else {})


def _folds(groups: Sequence[str], labels: Integers) -> Integers:
    """A fold for each text; the texts of a group share one, unless there are too few groups for that."""
    if len(set(groups)) < 2 * _FOLDS:
        return np.arange(len(labels), dtype=np.int64) % _FOLDS
    fold_of = deal(((group, str(label)) for group, label in zip(groups, labels, strict=True)), _FOLDS)
    return np.array([fold_of[group] for group in groups], dtype=np.int64)


def _cross_fitted(logits: Mapping[str, Array], labels: Integers, folds: Integers) -> Array:
    """Probabilities of each text by a pool that was fitted on the other folds."""
    probabilities = np.zeros_like(next(iter(logits.values())))
    for fold in np.unique(folds):
        inside = folds == fold
        pool = fit_pool({name: rows[~inside] for name, rows in logits.items()}, labels[~inside])
        probabilities[inside] = softmax(pool.logits({name: rows[inside] for name, rows in logits.items()}))
    return probabilities


def _score(probabilities: Array, labels: Integers) -> dict[str, float]:
    """Macro F1, and the mean negative log-likelihood in nats."""
    likelihood = np.maximum(probabilities[np.arange(len(labels)), labels], 1e-12)
    chosen, classes = probabilities.argmax(axis=1), probabilities.shape[1]
    return {
        "macro_f1": round(macro_f1(labels, chosen, classes), 4),
        "nll": round(float(-np.log(likelihood).mean()), 4),
    }

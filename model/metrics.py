"""Measures of a classifier, as pure functions of predictions. `truth` and `chosen` have shape (examples,)."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from model.calibrate import Array, Integers, accepted, calibration_error, threshold_table
from model.labels import LABELS

RESAMPLES = 1_000
_SEED = 20_240_501  # any; fixed, so that the same predictions give the same interval


def confusion(truth: Integers, chosen: Integers) -> Integers:
    """Counts of shape (types, types): row = true type, column = chosen type."""
    size = len(LABELS)
    return np.bincount(truth * size + chosen, minlength=size * size).reshape(size, size)


def f1_scores(counts: Integers) -> Array:
    """F1 of each type, 2 tp / (2 tp + fp + fn), from `confusion`; NaN for a type that never occurs."""
    right = counts.diagonal().astype(np.float64)
    true, chosen = counts.sum(axis=1), counts.sum(axis=0)
    scores = 2 * right / np.maximum(true + chosen, 1)
    return np.where(true > 0, scores, np.nan)


def macro_f1(truth: Integers, chosen: Integers) -> float:
    """Mean F1 over the types that occur."""
    return float(np.nanmean(f1_scores(confusion(truth, chosen))))


def grouped_f1(truth: Integers, chosen: Integers, groups: Sequence[Integers]) -> float:
    """Mean over `groups` (row numbers of each) of the macro F1: how the NLBSE'24 competition ranks."""
    return float(np.mean([macro_f1(truth[rows], chosen[rows]) for rows in groups]))


def interval(truth: Integers, chosen: Integers, groups: Sequence[Integers]) -> tuple[float, float]:
    """The 95% percentile bootstrap interval of `grouped_f1`, resampling within each group.

    Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
    """
    random = np.random.default_rng(_SEED)
    scores = [
        grouped_f1(truth, chosen, [random.choice(rows, size=len(rows)) for rows in groups])
        for _ in range(RESAMPLES)
    ]
    low, high = np.percentile(scores, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def per_type(truth: Integers, chosen: Integers) -> dict[str, dict[str, float | None]]:
    """Precision, recall, F1 and number of issues of each type that occurs."""
    counts = confusion(truth, chosen)
    scores = f1_scores(counts)
    return {
        label: {
            "precision": _share(counts[number, number], counts[:, number].sum()),
            "recall": _share(counts[number, number], counts[number].sum()),
            "f1": round(float(scores[number]), 4),
            "issues": int(counts[number].sum()),
        }
        for number, label in enumerate(LABELS)
        if counts[number].sum()
    }


def summary(truth: Integers, probabilities: Array) -> dict[str, Any]:
    """Macro F1 with its interval, each type, accuracy and calibration error of one set of predictions."""
    chosen = probabilities.argmax(axis=1)
    everything = [np.arange(len(truth))]
    return {
        "issues": len(truth),
        "macro_f1": round(macro_f1(truth, chosen), 4),
        "interval": interval(truth, chosen, everything),
        "accuracy": round(float((truth == chosen).mean()), 4),
        "calibration_error": round(calibration_error(probabilities, truth), 4),
        "types": per_type(truth, chosen),
    }


def coverage(truth: Integers, probabilities: Array, thresholds: Mapping[str, float]) -> dict[str, Any]:
    """What share of issues is labelled at `thresholds`, and what share of those labels is right."""
    return _coverage(truth, probabilities, accepted(probabilities, thresholds))


def nested_coverage(
    truth: Integers, probabilities: Array, folds: Integers, precision: float
) -> dict[str, Any]:
    """`coverage` where the thresholds of each fold were chosen on the other folds, so on other
    repositories.
    """
    labelled = np.zeros(len(truth), dtype=np.bool_)
    for fold in np.unique(folds):
        inside = folds == fold
        table = threshold_table(probabilities[~inside], truth[~inside], [precision])
        labelled[inside] = accepted(probabilities[inside], table[f"{precision:.2f}"])
    return _coverage(truth, probabilities, labelled)


def _coverage(
    truth: Integers, probabilities: Array, labelled: np.ndarray[Any, np.dtype[np.bool_]]
) -> dict[str, Any]:
    chosen = probabilities.argmax(axis=1)
    right = labelled & (chosen == truth)
    return {
        "coverage": _share(labelled.sum(), len(truth)),
        "precision": _share(right.sum(), labelled.sum()),
        "types": {
            label: {
                "coverage": _share((labelled & (truth == number)).sum(), (truth == number).sum()),
                "precision": _share(
                    (right & (chosen == number)).sum(), (labelled & (chosen == number)).sum()
                ),
            }
            for number, label in enumerate(LABELS)
        },
    }


def _share(part: int, whole: int) -> float | None:
    """part / whole to four digits; None of nothing."""
    return round(float(part) / float(whole), 4) if whole else None

"""Measures of a classifier, as pure functions of predictions. `truth` and `chosen` have shape (examples,).

Shares and scores are from 0 to 1. Counts of a confusion have one row for each true class, one column for each
chosen one. Resampling works on counts: drawing examples with replacement is drawing cells of their confusion.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from model.calibrate import Array, Integers, accepted, calibration_error, wilson_interval
from model.labels import LABELS

RESAMPLES = 1_000
_SEED = 20_240_501  # any; fixed, so that the same predictions give the same interval

Mask = npt.NDArray[np.bool_]


def confusion(truth: Integers, chosen: Integers, classes: int = len(LABELS)) -> Integers:
    """Counts of shape (classes, classes)."""
    cells = np.bincount(truth * classes + chosen, minlength=classes * classes)
    return cells.reshape(classes, classes)


def f1_scores(counts: Integers) -> Array:
    """F1 of each class, 2 tp / (2 tp + fp + fn); NaN for a class that never occurs.

    `counts` of shape (..., classes, classes), the result (..., classes).
    """
    right = np.diagonal(counts, axis1=-2, axis2=-1).astype(np.float64)
    true, chosen = counts.sum(axis=-1), counts.sum(axis=-2)
    return np.where(true > 0, 2 * right / np.maximum(true + chosen, 1), np.nan)


def macro(counts: Integers) -> Array:
    """Mean F1 over the classes that occur: (..., classes, classes) -> (...)."""
    result: Array = np.nanmean(f1_scores(counts), axis=-1)
    return result


def macro_f1(truth: Integers, chosen: Integers, classes: int = len(LABELS)) -> float:
    """Mean F1 over the classes that occur."""
    return float(macro(confusion(truth, chosen, classes)))


def grouped_f1(truth: Integers, chosen: Integers, groups: Sequence[Integers]) -> float:
    """Mean over `groups` (row numbers of each) of the macro F1: how the NLBSE'24 competition ranks."""
    return float(np.mean([macro_f1(truth[rows], chosen[rows]) for rows in groups]))


def seeded() -> np.random.Generator:
    """The random numbers of one interval; those of parts of one interval must come from one generator."""
    return np.random.default_rng(_SEED)


def resample(counts: Integers, random: np.random.Generator) -> Integers:
    """The counts of bootstrap samples of the examples behind `counts`: (RESAMPLES, classes, classes).

    Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 6.
    """
    total = counts.sum()
    drawn: Integers = random.multinomial(total, counts.ravel() / total, size=RESAMPLES)
    return drawn.reshape(RESAMPLES, *counts.shape)


def resample_clusters(counts: Integers, random: np.random.Generator) -> Integers:
    """The counts of samples of whole clusters, drawn with replacement: (RESAMPLES, classes, classes).

    `counts` has shape (clusters, classes, classes). Examples of one cluster resemble each other, so the
    clusters are what varies: Field and Welsh, "Bootstrapping Clustered Data", Journal of the Royal
    Statistical Society B 69(3), 2007.
    """
    clusters = len(counts)
    times = random.multinomial(clusters, np.full(clusters, 1 / clusters), size=RESAMPLES)
    drawn: Integers = np.tensordot(times, counts, axes=1)
    return drawn


def bounds(scores: Array) -> tuple[float, float]:
    """The middle 95% of what bootstrap samples scored: the percentile interval.

    Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
    """
    low, high = np.nanpercentile(scores, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def interval(truth: Integers, chosen: Integers, groups: Sequence[Integers]) -> tuple[float, float]:
    """The 95% interval of `grouped_f1`, resampling examples within each group."""
    random = seeded()
    scores = [macro(resample(confusion(truth[rows], chosen[rows]), random)) for rows in groups]
    return bounds(np.mean(scores, axis=0))


def by_cluster(truth: Integers, chosen: Integers, clusters: Sequence[str], classes: int) -> Integers:
    """The confusion of each cluster, (clusters, classes, classes); `clusters` names that of each example."""
    names, number = np.unique(np.asarray(clusters), return_inverse=True)
    cells = (number * classes + truth) * classes + chosen
    counts = np.bincount(cells, minlength=len(names) * classes * classes)
    return counts.reshape(len(names), classes, classes)


def score(
    truth: Integers, chosen: Integers, names: Sequence[str], clusters: Sequence[str] | None = None
) -> dict[str, Any]:
    """Macro F1 with its 95% interval, accuracy, and each class in `names`.

    With `clusters` (the repository of each example) the interval is that of whole repositories resampled, and
    "interval_rows" that of single examples; one cluster says nothing of others, so it has no such interval.
    """
    counts = confusion(truth, chosen, len(names))
    found: dict[str, Any] = {
        "n": len(truth),
        "macro_f1": round(float(macro(counts)), 4),
        "interval": bounds(macro(resample(counts, seeded()))),
        "accuracy": share(int(np.diagonal(counts).sum()), len(truth)),
        "classes": per_class(counts, names),
    }
    if clusters is not None:
        parts = by_cluster(truth, chosen, clusters, len(names))
        found["repositories"] = len(parts)
        found["interval_rows"] = found["interval"]
        found["interval"] = bounds(macro(resample_clusters(parts, seeded()))) if len(parts) > 1 else None
    return found


def per_class(counts: Integers, names: Sequence[str] = LABELS) -> dict[str, dict[str, float | None]]:
    """Precision, recall, F1 and number of examples of each class that occurs."""
    scores = f1_scores(counts)
    return {
        name: {
            "precision": share(int(counts[number, number]), int(counts[:, number].sum())),
            "recall": share(int(counts[number, number]), int(counts[number].sum())),
            "f1": round(float(scores[number]), 4),
            "n": int(counts[number].sum()),
        }
        for number, name in enumerate(names)
        if counts[number].sum()
    }


def calibration(truth: Integers, probabilities: Array) -> float:
    """Expected calibration error, to four digits."""
    return round(calibration_error(probabilities, truth), 4)


def coverage(
    truth: Integers, probabilities: Array, thresholds: Mapping[str, float], names: Sequence[str] = LABELS
) -> dict[str, Any]:
    """What share of examples is labelled at `thresholds`, and what share of those labels is right.

    "precision_interval" is Wilson's 95% interval; "classes" counts coverage by the true class and precision
    by the chosen one.
    """
    chosen = probabilities.argmax(axis=1)
    labelled = accepted(probabilities, thresholds, names)
    right = labelled & (chosen == truth)
    return {
        "n": len(truth),
        "labelled": int(labelled.sum()),
        "coverage": share(int(labelled.sum()), len(truth)),
        **_precision(right, labelled),
        "classes": {
            name: {
                "coverage": _part(labelled, truth == number),
                **_precision(right & (chosen == number), labelled & (chosen == number)),
            }
            for number, name in enumerate(names)
        },
    }


def coverage_curve(truth: Integers, probabilities: Array, points: int = 50) -> list[tuple[float, float]]:
    """(coverage, precision) where the most confident share is labelled, for `points` shares up to all."""
    confidence = probabilities.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    right = np.cumsum((probabilities.argmax(axis=1) == truth)[order])
    sizes = np.unique(np.ceil(np.arange(1, points + 1) * len(truth) / points).astype(np.int64))
    return [(round(float(size / len(truth)), 4), round(float(right[size - 1] / size), 4)) for size in sizes]


def average_precision(truth: Mask, scores: Array) -> float:
    """The area under the precision-recall curve, as the sum of precision times the step in recall.

    `truth` must hold a positive. Equal scores are one step. Zhu, "Recall, precision and average precision",
    University of Waterloo, 2004.
    """
    order = np.argsort(-scores, kind="stable")
    last_of_ties = np.append(scores[order][1:] < scores[order][:-1], True)
    found = np.cumsum(truth[order])[last_of_ties].astype(np.float64)
    chosen = np.flatnonzero(last_of_ties) + 1
    steps = np.diff(found, prepend=0.0) / found[-1]
    return float((steps * found / chosen).sum())


def share(part: int, whole: int) -> float | None:
    """part / whole to four digits; None of nothing."""
    return round(part / whole, 4) if whole else None


def _part(what: Mask, among: Mask) -> float | None:
    return share(int((what & among).sum()), int(among.sum()))


def _precision(right: Mask, labelled: Mask) -> dict[str, Any]:
    hits, total = int(right.sum()), int(labelled.sum())
    low_high = [round(bound, 4) for bound in wilson_interval(hits, total)] if total else None
    return {"precision": share(hits, total), "precision_interval": low_high}

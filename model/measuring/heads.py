"""Measuring the other heads: the type of a change and the tone of a comment.

Pure functions of samples and probabilities; `probabilities` have shape (samples, classes).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from model.calibrate import NEVER, Array, Integers
from model.datasets.samples import Sample, label_numbers
from model.measuring.metrics import (
    Mask,
    average_precision,
    bounds,
    calibration,
    confusion,
    f1_scores,
    per_class,
    resample,
    score,
    seeded,
)
from model.tasks import PR_TYPES, TONES

CORE_CHANGES = PR_TYPES[:6]  # feat, fix, docs, test, refactor, chore: the others are rare
_UNCIVIL = TONES.index("uncivil")


def measure_pr_types(samples: Sequence[Sample], probabilities: Array) -> dict[str, Any]:
    """The score among the six core types, on the changes of these types; and among all, on all changes."""
    truth = label_numbers(samples)
    core = truth < len(CORE_CHANGES)
    repos = np.asarray([sample.repo for sample in samples])
    chosen = probabilities[:, : len(CORE_CHANGES)].argmax(axis=1)
    return {
        "core": score(truth[core], chosen[core], CORE_CHANGES),
        "all": score(truth, probabilities.argmax(axis=1), PR_TYPES),
        "repositories": {
            str(repo): score(truth[rows], chosen[rows], CORE_CHANGES)
            for repo in np.unique(repos)
            if (rows := core & (repos == repo)).any()
        },
        "calibration_error": calibration(truth, probabilities),
    }


def measure_tones(
    samples: Sequence[Sample], probabilities: Array, thresholds: Mapping[str, float]
) -> dict[str, Any]:
    """How well uncivil comments are found in each data set, at each of `thresholds` (name -> probability)."""
    datasets = np.asarray([sample.dataset for sample in samples])
    truth, uncivil = label_numbers(samples), probabilities[:, _UNCIVIL]
    return {
        str(name): _tone(truth[rows], uncivil[rows], thresholds)
        for name in np.unique(datasets)
        if (truth[rows := datasets == name] == _UNCIVIL).any()
    }


def _tone(truth: Integers, uncivil: Array, thresholds: Mapping[str, float]) -> dict[str, Any]:
    positive = truth == _UNCIVIL
    return {
        "n": len(truth),
        "uncivil": int(positive.sum()),
        "average_precision": round(average_precision(positive, uncivil), 4),
        "at": {
            name: {"threshold": threshold, **_found(truth, (uncivil >= threshold) & (threshold < NEVER))}
            for name, threshold in thresholds.items()
        },
    }


def _found(truth: Integers, marked: Mask) -> dict[str, Any]:
    """Precision, recall and F1 of the uncivil ones; the 95% interval is of the F1."""
    chosen = np.where(marked, _UNCIVIL, 1 - _UNCIVIL)
    counts = confusion(truth, chosen, len(TONES))
    scores = f1_scores(resample(counts, seeded()))[:, _UNCIVIL]
    return {**per_class(counts, TONES)[TONES[_UNCIVIL]], "interval": bounds(scores)}

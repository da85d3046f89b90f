"""Measuring the issue type: on the public benchmark, and on repositories that were held out.

Pure functions of samples and probabilities; `probabilities` have shape (samples, types).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from model.calibrate import Array, Integers, reliability
from model.datasets.samples import Sample, label_numbers
from model.labels import LABELS
from model.measuring.metrics import (
    Mask,
    calibration,
    confusion,
    coverage,
    coverage_curve,
    grouped_f1,
    interval,
    macro_f1,
    per_class,
    score,
)
from model.measuring.slices import VARIANTS, large_repositories, slices

CORE = LABELS[:3]  # bug, feature, question: the types of the public benchmark
_LARGE = 30  # issues from which a repository is looked at by itself
_SHOWN = 10  # of the best and of the worst repositories

Thresholds = Mapping[str, Mapping[str, float]]  # target precision, as "0.90" -> type -> probability


def measure_benchmark(
    samples: Sequence[Sample], named: Array, unnamed: Array, thresholds: Thresholds
) -> dict[str, Any]:
    """The mean over repositories of the macro F1 among the benchmark's three types, and what else is known.

    `named` are the probabilities where the classifier is told the repository, `unnamed` where it is not.
    """
    truth = label_numbers(samples)
    repos = np.asarray([sample.repo for sample in samples])
    rows = {str(repo): np.flatnonzero(repos == repo) for repo in np.unique(repos)}
    groups = list(rows.values())
    chosen, without = named[:, : len(CORE)].argmax(axis=1), unnamed[:, : len(CORE)].argmax(axis=1)
    return {
        "n": len(samples),
        "average_f1": round(grouped_f1(truth, chosen, groups), 4),
        "interval": interval(truth, chosen, groups),
        "average_f1_unnamed": round(grouped_f1(truth, without, groups), 4),
        "interval_unnamed": interval(truth, without, groups),
        "average_f1_of_all_types": round(grouped_f1(truth, named.argmax(axis=1), groups), 4),
        "repositories": {
            repo: {"n": len(each), "f1": round(macro_f1(truth[each], chosen[each]), 4)}
            for repo, each in rows.items()
        },
        "classes": per_class(confusion(truth, chosen)),
        "calibration_error": calibration(truth, named),
        "coverage": _coverages(truth, named, thresholds),
    }


def measure_unseen(
    samples: Sequence[Sample], variants: Mapping[str, Array], thresholds: Thresholds
) -> dict[str, Any]:
    """Everything about repositories held out; `variants` holds the probabilities of each of VARIANTS."""
    truth, repos = label_numbers(samples), [sample.repo for sample in samples]
    languages = np.asarray([sample.language for sample in samples])
    parts: dict[str, Mask] = {"all": np.ones(len(samples), dtype=np.bool_)}
    parts |= {name: languages == code for code, name in (("en", "English"), ("zh", "Chinese"))}
    parts = {name: rows for name, rows in parts.items() if rows.any()}
    plain = variants[next(iter(VARIANTS))]
    chosen = plain.argmax(axis=1)
    return {
        "variants": {
            variant: {part: _both(truth, found, repos, rows) for part, rows in parts.items()}
            for variant, found in variants.items()
        },
        "coverage": {
            variant: {part: _coverages(truth[rows], found[rows], thresholds) for part, rows in parts.items()}
            for variant, found in variants.items()
        },
        "coverage_curve": {
            variant: {part: coverage_curve(truth[rows], found[rows]) for part, rows in parts.items()}
            for variant, found in variants.items()
        },
        "reliability": [part._asdict() for part in reliability(plain, truth)],
        "confusion": confusion(truth, chosen).tolist(),
        "slices": {
            kind: {name: _core(truth, plain, repos, rows) for name, rows in masks.items()}
            for kind, masks in slices(samples).items()
        },
        "repositories": _repositories(samples, truth, plain),
    }


def _both(truth: Integers, found: Array, repos: Sequence[str], rows: Mask) -> dict[str, Any]:
    """Scores among the three core types and among all four, and calibration, of some rows."""
    names = [repo for repo, inside in zip(repos, rows, strict=True) if inside]
    return {
        "core": _core(truth, found, repos, rows),
        "all": score(truth[rows], found[rows].argmax(axis=1), LABELS, names),
        "calibration_error": calibration(truth[rows], found[rows]),
    }


def _core(truth: Integers, found: Array, repos: Sequence[str], rows: Mask) -> dict[str, Any] | None:
    """The score of those rows that are of a core type, choosing among these; None without any."""
    rows = rows & (truth < len(CORE))
    if not rows.any():
        return None
    names = [repo for repo, inside in zip(repos, rows, strict=True) if inside]
    return score(truth[rows], found[rows, : len(CORE)].argmax(axis=1), CORE, names)


def _repositories(samples: Sequence[Sample], truth: Integers, found: Array) -> dict[str, Any]:
    """The best and worst of the repositories with enough issues, by accuracy among all types."""
    right = found.argmax(axis=1) == truth
    rows = [
        {"repo": repo, "n": int(mask.sum()), "accuracy": round(float(right[mask].mean()), 4)}
        for repo, mask in large_repositories(samples, _LARGE).items()
    ]
    rows.sort(key=lambda row: (-float(str(row["accuracy"])), row["repo"]))
    worst = rows[max(_SHOWN, len(rows) - _SHOWN) :]
    return {"least": _LARGE, "n": len(rows), "best": rows[:_SHOWN], "worst": worst[::-1]}


def _coverages(truth: Integers, found: Array, thresholds: Thresholds) -> dict[str, Any]:
    return {target: coverage(truth, found, row) for target, row in thresholds.items()}

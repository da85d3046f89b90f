"""Measuring a trained classifier: the public benchmark, repositories it never saw, and what serving costs.

The benchmark is classified by the served code from the files on disk. Predictions on unseen repositories
come from the folds of training. The result is `metrics.json`, from which the card is written.
"""

import json
import platform
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from model.artifact import FILES, METRICS
from model.calibrate import Array, to_probabilities
from model.data import Dataset, Example, label_numbers
from model.errors import DataError
from model.heldout import HeldOut
from model.labels import LABELS
from model.metrics import coverage, grouped_f1, interval, nested_coverage, per_type, summary
from model.predict import Classifier

_TARGETS = (0.90, 0.95)
_BENCHMARK_TYPES = 3  # bug, feature, question: the benchmark has no documentation
_TIMED = 200  # issues


def evaluate(run: Path, dataset: Dataset) -> dict[str, Any]:
    """Measure the artifact in `run`, write `metrics.json` beside it and return what it holds.

    Raises ModelError for a broken artifact, DataError without the benchmark or the held-out predictions.
    """
    if not dataset.test:
        raise DataError("the benchmark nlbse24_test is not there; nothing can be measured")
    held_out = HeldOut.load(run)
    started = time.perf_counter()
    classifier = Classifier.load(run)
    load_seconds = time.perf_counter() - started
    metrics = {
        "version": classifier.version,
        "benchmark": _benchmark(classifier, dataset.test),
        "unseen_repositories": _unseen(held_out, classifier),
        "serving": {
            "load_ms": round(1e3 * load_seconds, 1),
            "files_mb": round(sum((run / name).stat().st_size for name in FILES) / 1e6, 2),
            **_latency(classifier, dataset.test),
            "machine": f"CPU ({platform.machine()}), one thread",
        },
    }
    (run / METRICS).write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    return metrics


def _benchmark(classifier: Classifier, examples: Sequence[Example]) -> dict[str, Any]:
    truth = label_numbers(examples)
    probabilities = _classify(classifier, examples, named=True)
    unnamed = _classify(classifier, examples, named=False)[:, :_BENCHMARK_TYPES].argmax(axis=1)
    chosen = probabilities[:, :_BENCHMARK_TYPES].argmax(axis=1)
    repos = sorted({example.repo for example in examples})
    rows = {repo: np.flatnonzero([example.repo == repo for example in examples]) for repo in repos}
    groups = list(rows.values())
    return {
        "issues": len(examples),
        "average_f1": round(grouped_f1(truth, chosen, groups), 4),
        "interval": interval(truth, chosen, groups),
        "average_f1_of_four_types": round(grouped_f1(truth, probabilities.argmax(axis=1), groups), 4),
        "average_f1_unnamed": round(grouped_f1(truth, unnamed, groups), 4),
        "interval_unnamed": interval(truth, unnamed, groups),
        "repositories": {repo: round(grouped_f1(truth, chosen, [rows[repo]]), 4) for repo in repos},
        "types": per_type(truth, chosen),
        "calibration_error": summary(truth, probabilities)["calibration_error"],
        "coverage": {
            f"{target:.2f}": coverage(truth, probabilities, classifier.thresholds(target))
            for target in _TARGETS
        },
    }


def _classify(classifier: Classifier, examples: Sequence[Example], *, named: bool) -> Array:
    """Probabilities of shape (examples, types), by the served code, told the repository or not."""
    rows = []
    for example in examples:
        found = classifier.classify(example.title, example.body, repo=example.repo if named else None)
        rows.append([found.probabilities[label] for label in LABELS])
    return np.array(rows)


def _unseen(held_out: HeldOut, classifier: Classifier) -> dict[str, Any]:
    truth, folds = held_out.labels, held_out.folds
    tagged = to_probabilities(held_out.tagged, classifier.temperature)
    untagged = to_probabilities(held_out.untagged, classifier.temperature)
    many = held_out.dataset == "many_repos"
    slices = {
        "all": np.ones(len(truth), dtype=np.bool_),
        "many_repos": many,
        "many_repos, English": many & (held_out.language == "en"),
        "many_repos, Chinese": many & (held_out.language == "zh"),
    }
    return {
        "slices": {
            name: {
                "tagged": summary(truth[rows], tagged[rows]),
                "untagged": summary(truth[rows], untagged[rows]),
            }
            for name, rows in slices.items()
            if rows.any()
        },
        "coverage": {f"{target:.2f}": nested_coverage(truth, tagged, folds, target) for target in _TARGETS},
        "coverage_untagged": {
            f"{target:.2f}": nested_coverage(truth, untagged, folds, target) for target in _TARGETS
        },
        "coverage_chinese": {
            f"{target:.2f}": coverage(
                truth[slices["many_repos, Chinese"]],
                tagged[slices["many_repos, Chinese"]],
                classifier.thresholds(target),
            )
            for target in _TARGETS
        },
    }


def _latency(classifier: Classifier, examples: Sequence[Example]) -> dict[str, float]:
    """Median and 99th percentile of the time to classify one issue, in milliseconds."""
    times = []
    for example in examples[:_TIMED]:
        started = time.perf_counter()
        classifier.classify(example.title, example.body, repo=example.repo)
        times.append(1e3 * (time.perf_counter() - started))
    median, slow = np.percentile(times, [50, 99])
    return {"classify_median_ms": round(float(median), 2), "classify_p99_ms": round(float(slow), 2)}

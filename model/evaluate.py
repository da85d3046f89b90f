"""Measuring a classifier as it is served: from its files, by the code that serves, on texts it never saw.

The result is `metrics.json`, from which report and card are written. What could not be measured is named
there with the reason.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from model import layout
from model.data import TEST_SET, existing, read
from model.datasets.samples import Samples
from model.errors import DataError
from model.measuring.costs import Issue, measure_costs, spread
from model.measuring.duplicate_sets import duplicate_sets
from model.measuring.heads import measure_pr_types, measure_tones
from model.measuring.recall import measure as measure_duplicates
from model.measuring.slices import VARIANTS
from model.measuring.types import measure_benchmark, measure_unseen
from model.predict import Classifier
from model.reporting.parts import TARGET_OF_TONE
from model.serving.artifact import METRICS, read_json
from model.tasks import TASKS
from model.text import clean

Say = Callable[[str], None]

TARGETS = (0.90, 0.95)  # precisions whose coverage is measured
_TIMED = 200  # issues
_NO_HEAD = "the artifact has no head for it"


def evaluate(artifact: Path, samples: Samples, *, duplicates: Path | None, say: Say) -> dict[str, Any]:
    """Measure the artifact, write `metrics.json` into it and return what that holds. Takes minutes.

    `duplicates` is the directory of all data, for pairs of duplicates and for issues as written to time.
    Raises ModelError for a broken artifact, DataError without issues to measure on or for unreadable data.
    """
    bench, unseen = samples.of("issue_type", "benchmark"), samples.of("issue_type", "unseen")
    if not bench and not unseen:
        raise DataError("neither the benchmark nor repositories held out are there; nothing can be measured")
    classifier = Classifier.load(artifact, threads=os.cpu_count() or 1)
    steps: Mapping[str, Callable[[], dict[str, Any] | str]] = {
        "benchmark": lambda: _benchmark(classifier, samples),
        "unseen": lambda: _unseen(classifier, samples),
        "pr_type": lambda: _pr_types(classifier, samples),
        "tone": lambda: _tones(classifier, samples),
        "duplicates": lambda: _duplicates(classifier, duplicates, say),
        "serving": lambda: _serving(artifact, samples, duplicates),
        "training": lambda: _beside(artifact, layout.TRAINING),
        "compression": lambda: _beside(artifact, Path(layout.COMPRESSION)),
    }
    metrics: dict[str, Any] = {"version": classifier.version, "data": count(samples), "not_measured": {}}
    for name, measured in steps.items():
        say(f"measuring {name.replace('_', ' ')}")
        found = measured()
        (metrics["not_measured"] if isinstance(found, str) else metrics)[name] = found
    building = artifact / f".{METRICS}"
    building.write_text(json.dumps(metrics, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    building.replace(artifact / METRICS)
    return metrics


def count(samples: Samples) -> dict[str, Any]:
    """How many texts of each class each collection has in each split, and of how many repositories each split
    is known to be; what was left out.
    """
    rows = Counter((row.task, row.split, f"{row.dataset}/{row.source}", row.label) for row in samples.rows)
    counts: dict[str, Any] = {}
    for (task, split, source, label), number in sorted(rows.items()):
        collection = counts.setdefault(task, {}).setdefault(source, {}).setdefault(split, {})
        collection[TASKS[task][label]] = number
    known = {(row.task, row.split, row.repo.lower()) for row in samples.rows if "/" in row.repo}
    repositories: dict[str, Counter[str]] = {task: Counter() for task in samples.tasks}
    for task, split, _ in known:
        repositories[task][split] += 1
    return {"counts": counts, "repositories": repositories, "left_out": dict(samples.dropped)}


def _benchmark(classifier: Classifier, samples: Samples) -> dict[str, Any] | str:
    rows = samples.of("issue_type", "benchmark")
    if not rows:
        return "the benchmark nlbse24_test is not there"
    texts = [row.text for row in rows]
    named = classifier.probabilities(texts, [row.repo for row in rows])
    unnamed = classifier.probabilities(texts, [None] * len(rows))
    return measure_benchmark(rows, named, unnamed, _thresholds(classifier, rows[0].repo))


def _unseen(classifier: Classifier, samples: Samples) -> dict[str, Any] | str:
    rows = samples.of("issue_type", "unseen")
    if not rows:
        return "no repositories are held out"
    repos = [row.repo for row in rows]
    variants = {
        name: classifier.probabilities([hide(row.text) for row in rows], repos)
        for name, hide in VARIANTS.items()
    }
    return measure_unseen(rows, variants, _thresholds(classifier))


def _pr_types(classifier: Classifier, samples: Samples) -> dict[str, Any] | str:
    rows = samples.of("pr_type", "test")
    if not rows or "pr_type" not in classifier.heads:
        return "no changes to measure on" if not rows else _NO_HEAD
    texts = [replace(row.text, tags=()) for row in rows]  # as `Classifier.pr_type` reads them
    return measure_pr_types(rows, classifier.head_probabilities("pr_type", texts))


def _tones(classifier: Classifier, samples: Samples) -> dict[str, Any] | str:
    rows = samples.of("tone", "test")
    if not rows or "tone" not in classifier.heads:
        return "no comments to measure on" if not rows else _NO_HEAD
    needed = classifier.thresholds(TARGETS[0], "tone")["uncivil"]
    thresholds = {"more likely than not": 0.5, f"{TARGET_OF_TONE}{TARGETS[0]:.2f}": needed}
    found = classifier.head_probabilities("tone", [row.text for row in rows])
    return measure_tones(rows, found, thresholds)


def _duplicates(classifier: Classifier, directory: Path | None, say: Say) -> dict[str, Any] | str:
    """Recall in each set; without a network, by words alone."""
    found: dict[str, Any] = {}
    for each in duplicate_sets(directory) if directory else ():
        say(f"{each.name}: {len(each.issues):,} issues, {len(each.pairs):,} pairs of duplicates")
        texts = [clean(title, body) for title, body in each.issues] if classifier.has_network else []
        vectors = classifier.embed(texts) if classifier.has_network else None
        found[each.name] = measure_duplicates(each, vectors)
    return found or "no pairs of duplicates are there"


def _serving(artifact: Path, samples: Samples, directory: Path | None) -> dict[str, Any]:
    issues, origin = _as_written(directory), f"issues of {TEST_SET}, as written"
    if not issues:
        rows = samples.of("issue_type", "unseen") or samples.of("issue_type", "benchmark")
        issues = [(row.text.title, row.text.body) for row in rows[:_TIMED]]
        origin = f"issues of {rows[0].split} repositories, already cleaned"
    return {**measure_costs(artifact, issues), "issues": origin}


def _as_written(directory: Path | None) -> list[Issue]:
    """Issues of all parts of the benchmark, with all that cleaning will have to take out."""
    if directory is None:
        return []
    rows = read(existing(directory / "issue_type", TEST_SET))
    return spread([(row.title, row.body) for row in rows], _TIMED)


def _beside(artifact: Path, path: Path) -> dict[str, Any] | str:
    """What training or compression left in the directory of the run."""
    file = artifact.parent / path
    return read_json(file.parent, file.name) if file.exists() else f"{path} is not there"


def _thresholds(classifier: Classifier, repo: str | None = None) -> dict[str, Mapping[str, float]]:
    """Those of all familiar repositories, if `repo` is one of them."""
    return {f"{target:.2f}": classifier.thresholds(target, repo=repo) for target in TARGETS}

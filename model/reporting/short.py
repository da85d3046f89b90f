"""What to expect of a classifier in a few lines, and where it fails; every number is from the metrics."""

from collections.abc import Iterator, Mapping
from typing import Any

from model.reporting.parts import TARGET_OF_TONE
from model.reporting.tables import number, percent, scored

_TARGET = "0.90"
_WRITTEN = "as written"
_WEAK = 0.6  # an F1 below it is said to be a weakness
_LIKELY = "more likely than not"

Metrics = Mapping[str, Any]


def in_short(metrics: Metrics) -> Iterator[str]:
    """At most five lines on what was measured: issues, the benchmark, other tasks, the worst, the cost."""
    unseen, bench = metrics.get("unseen"), metrics.get("benchmark")
    if unseen and unseen["variants"][_WRITTEN]["all"]["core"]:
        yield _issues(unseen)
    if bench:
        score = scored(bench["average_f1"], bench["interval"])
        yield f"On the public benchmark NLBSE'24 its average F1 is {score}; it knows these repositories."
    if others := list(_other_tasks(metrics)):
        yield f"Beside issues: {'; '.join(others)}."
    if worst := next(_weak_types(metrics), None):
        yield f"At its worst: {worst}. More of this under Limits."
    if cost := metrics.get("serving"):
        size, wait = cost["size_mb"], cost["median_ms"]
        yield f"It takes {size:.0f} MB, and {wait:.0f} ms for an issue on one CPU thread."


def failures(metrics: Metrics) -> Iterator[str]:
    """Where less was right than was asked for, and which types it hardly finds; a line each."""
    weak = list(_weak_types(metrics))
    if weak:
        yield f"In repositories it never saw, do not rely on: {'; '.join(weak)}."
    for part, targets in _covered(metrics).items():
        found = targets.get(_TARGET)
        if found and _short_of(found["precision"], _TARGET):
            yield (
                f"Of {part} issues that it labelled when asked for a precision of {_TARGET},"
                f" {percent(found['precision'])} were right (n = {found['labelled']:,})."
            )
    for name, part in (metrics.get("tone") or {}).items():
        for at, row in part["at"].items():
            target = at.removeprefix(TARGET_OF_TONE)
            if target != at and _short_of(row["precision"], target):
                yield (
                    f"Of comments of {name} that it marked as uncivil when asked for a precision of {target},"
                    f" {percent(row['precision'])} were."
                )


def _issues(unseen: Metrics) -> str:
    score = unseen["variants"][_WRITTEN]["all"]["core"]
    covered = unseen["coverage"][_WRITTEN]["all"][_TARGET]
    labelled, right = percent(covered["coverage"]), percent(covered["precision"])
    return (
        "In repositories it never saw, macro F1 of bug, feature and question is"
        f" {scored(score['macro_f1'], score['interval'])}; asked for a precision of {_TARGET}, it labels"
        f" {labelled} of the issues, and {right} of these labels are right."
    )


def _other_tasks(metrics: Metrics) -> Iterator[str]:
    if changes := metrics.get("pr_type"):
        yield f"types of changes, macro F1 {number(changes['core']['macro_f1'])}"
    for name, part in (metrics.get("tone") or {}).items():
        yield f"uncivil comments of {name}, F1 {number(part['at'][_LIKELY]['f1'])}"
    found = [
        f"{number(part['older']['both']['recall@5'], 2)} ({name})"
        for name, part in (metrics.get("duplicates") or {}).items()
        if "both" in part["older"]
    ]
    if found:
        yield f"duplicates among the first five suggestions, {', '.join(found)}"


def _weak_types(metrics: Metrics) -> Iterator[str]:
    """Types that are hardly found in a group of issues, the weakest first."""
    parts = ((metrics.get("unseen") or {}).get("variants") or {}).get(_WRITTEN, {})
    rows = [
        (row["f1"], f"{part}, {label}", row["n"])
        for part, scores in parts.items()
        for label, row in scores["all"]["classes"].items()
    ]
    for score, name, n in sorted(rows):
        if score < _WEAK:
            yield f"{name}: F1 {score:.3f} (n = {n:,})"


def _covered(metrics: Metrics) -> Metrics:
    covered: Metrics = ((metrics.get("unseen") or {}).get("coverage") or {}).get(_WRITTEN, {})
    return covered


def _short_of(precision: float | None, target: str) -> bool:
    return precision is not None and precision < float(target)

"""What classifying issues costs: time and memory of fresh processes, and the size of what they load."""

from collections.abc import Mapping
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import yaml

from model.data import TEST_SET, read
from model.measuring.costs import Issue, measure_costs, spread
from model.predict import PRETRAINED
from tests.benchmarks.table import Row
from tests.shared import SHARED

COUNT = 200
WRITTEN = Path(__file__).with_name("issues.yaml")


def bench(artifact: Path = PRETRAINED) -> list[Row]:
    real = [(row.title, row.body) for row in read(SHARED / "data/issue_type" / f"{TEST_SET}.csv.gz")]
    origin = f"issues of {TEST_SET}" if real else f"issues written for this, {TEST_SET} is absent"
    return rows(measure_costs(artifact, spread(real, COUNT) if real else written()), origin)


def written() -> list[Issue]:
    """`COUNT` issues of our own; each has a number in its title, so that no two are the same."""
    issues = islice(cycle(yaml.safe_load(WRITTEN.read_text("utf-8"))), COUNT)
    return [(f"{issue['title']} ({turn})", issue["body"]) for turn, issue in enumerate(issues)]


def rows(costs: Mapping[str, Any], origin: str) -> list[Row]:
    """A row for each number of `measure_costs`."""
    busy, peak = costs["busy_cores_before"], costs["peak_mb"]
    how = f"{costs['n']} {origin}" + ("" if busy is None else f", {busy} cores busy before")
    return [
        Row(
            "type of one issue, one thread",
            f"p50 {costs['median_ms']:.0f} ms, p95 {costs['p95_ms']:.0f} ms",
            "p95 30 ms, at most 60",
            how,
        ),
        Row(
            f"types of many issues, {costs['batch_threads']} threads",
            f"{costs['batch_per_second']:.0f} a second",
            "150 a second, at least 40",
            how,
        ),
        Row(
            "memory of a process that classifies",
            "skipped" if peak is None else f"{peak:.0f} MB",
            "200 MB, at most 300",
            "only Linux tells the peak" if peak is None else "peak resident, one thread, Python included",
        ),
        Row(
            "classifier is loaded",
            f"{costs['load_ms'] / 1000:.2f} s",
            "1 s",
            "every file checked by its hash",
        ),
        Row(
            "size of the classifier",
            f"{costs['size_mb']:.0f} MB",
            "35 MB, at most 60",
            "the files that serve",
        ),
    ]

"""Costs: a fresh process measures itself, and says in one line why it cannot."""

from pathlib import Path

import pytest

from model.errors import ModelError
from model.measuring.costs import measure_costs
from model.serving.artifact import size_bytes
from tests.model.measured import write_artifact

ISSUES = [(f"App crashes {n}", "It stops.") for n in range(8)]


def test_a_fresh_process_measures_time_and_memory(tmp_path: Path) -> None:
    artifact = write_artifact(tmp_path / "artifact")
    found = measure_costs(artifact, ISSUES)
    assert (found["n"], found["batch_threads"]) == (8, 2)
    assert found["size_mb"] == round(size_bytes(artifact) / 1e6, 2)
    assert 0 < found["median_ms"] <= found["p95_ms"]
    assert found["load_ms"] > 0
    assert found["batch_per_second"] > 0
    # Of that process alone: this one, with its tests, may hold far more.
    assert found["peak_mb"] is None or 10 < found["peak_mb"] < 2_000


def test_a_process_that_fails_says_why(tmp_path: Path) -> None:
    artifact = write_artifact(tmp_path / "artifact")
    (artifact / "weights.npy").write_bytes(b"")
    with pytest.raises(ModelError, match=r"exit code 1: .*weights.npy was altered"):
        measure_costs(artifact, ISSUES)

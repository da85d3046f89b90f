"""Evaluation: what was measured, of which version, and what it needs."""

import shutil
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="training needs scikit-learn")

from model.artifact import METRICS, read_json
from model.data import Dataset
from model.data import load as load_data
from model.errors import DataError
from model.evaluate import evaluate
from model.heldout import FILE
from model.predict import Classifier


def test_metrics_are_of_the_version_that_was_measured(run: Path) -> None:
    metrics = read_json(run, METRICS)
    assert metrics["version"] == Classifier.load(run).version
    assert metrics["benchmark"]["issues"] == 9
    assert metrics["unseen_repositories"]["slices"]["all"]["tagged"]["issues"] == 86
    assert metrics["serving"]["classify_median_ms"] > 0


def test_without_a_benchmark_nothing_is_measured(run: Path, data_directory: Path) -> None:
    found = load_data(data_directory)
    empty = Dataset(found.train, found.train_texts, (), (), {})
    with pytest.raises(DataError, match="nlbse24_test is not there"):
        evaluate(run, empty)


def test_without_held_out_predictions_nothing_is_measured(
    run: Path, tmp_path: Path, data_directory: Path
) -> None:
    copy = Path(shutil.copytree(run, tmp_path / "copy"))
    (copy / FILE).unlink()
    with pytest.raises(DataError, match="train first"):
        evaluate(copy, load_data(data_directory))

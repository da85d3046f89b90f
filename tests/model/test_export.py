"""Evaluation, publishing and the card: what is shipped was measured, and the card says how."""

import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="training needs scikit-learn")

from model.artifact import CARD, FILES, MANIFEST, METRICS, load, read_json
from model.data import load as load_data
from model.errors import ModelError
from model.export import export
from model.matrix import Vocabulary, to_matrix
from model.predict import Classifier


@pytest.fixture
def copy(run: Path, tmp_path: Path) -> Path:
    """A copy of the measured run that a test may spoil."""
    return Path(shutil.copytree(run, tmp_path / "copy"))


def test_what_is_published_is_what_was_measured(run: Path, tmp_path: Path) -> None:
    version = export(run, tmp_path / "out")
    assert Classifier.load(tmp_path / "out").version == version == load(run).manifest["version"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        [*FILES, MANIFEST, METRICS, CARD]
    )


def test_served_probabilities_are_those_of_training(run: Path, tmp_path: Path, data_directory: Path) -> None:
    """One path goes through scipy's sparse matrices, the other through the served code."""
    from model.calibrate import to_probabilities

    export(run, tmp_path / "out")
    artifact, classifier = load(tmp_path / "out"), Classifier.load(tmp_path / "out")
    dataset = load_data(data_directory)
    index = {feature: position for position, feature in enumerate(artifact.vocabulary)}
    repos = [example.repo for example in dataset.train]
    matrix = to_matrix(
        dataset.train_texts, repos, Vocabulary(artifact.vocabulary, index, artifact.idf, len(index), [])
    )
    weights = artifact.weights.astype("float32")
    trained = to_probabilities(matrix @ weights[:-1] + weights[-1], artifact.manifest["temperature"])
    for example, expected in zip(dataset.train, trained, strict=True):
        found = classifier.classify(example.title, example.body, repo=example.repo)
        assert list(found.probabilities.values()) == pytest.approx(list(expected), abs=1e-4)


def test_a_run_that_was_not_measured_is_refused(copy: Path, tmp_path: Path) -> None:
    (copy / METRICS).unlink()
    with pytest.raises(ModelError, match="was not measured; evaluate first"):
        export(copy, tmp_path / "out")


def test_metrics_of_another_run_are_refused(copy: Path, tmp_path: Path) -> None:
    metrics = read_json(copy, METRICS)
    (copy / METRICS).write_text(json.dumps({**metrics, "version": "other-1"}))
    with pytest.raises(ModelError, match="the metrics are of other-1"):
        export(copy, tmp_path / "out")


def test_an_altered_run_is_refused_and_nothing_is_written(copy: Path, tmp_path: Path) -> None:
    (copy / "weights.npy").write_bytes(b"\x00" * 100)
    with pytest.raises(ModelError, match="was altered"):
        export(copy, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_is_too_large_is_refused(copy: Path, tmp_path: Path) -> None:
    metrics = read_json(copy, METRICS)
    metrics["serving"]["files_mb"] = 99.0
    (copy / METRICS).write_text(json.dumps(metrics))
    with pytest.raises(ModelError, match=r"99.0 MB is more than the 12.0 MB"):
        export(copy, tmp_path / "out")

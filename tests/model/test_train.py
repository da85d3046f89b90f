"""The learner, and what training leaves behind."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="training needs scikit-learn")

from model.artifact import load
from model.data import load as load_data
from model.heldout import HeldOut
from model.labels import LABELS
from model.matrix import build_vocabulary, to_matrix
from model.train import Recipe, fit, train, without_tags
from tests.model.examples import rows, write_json_lines

RECIPE = Recipe(folds=3)


def trained_on(types: list[str], directory: Path) -> tuple[np.ndarray, np.ndarray]:
    """Logits on the training issues of `types`, and their labels."""
    write_json_lines(directory / "many_repos.jsonl.gz", rows(types))
    dataset = load_data(directory)
    labels = np.array([LABELS.index(example.label) for example in dataset.train])
    repos = [example.repo for example in dataset.train]
    vocabulary = build_vocabulary(dataset.train_texts, repos)
    matrix = to_matrix(dataset.train_texts, repos, vocabulary)
    return fit(matrix, without_tags(matrix, vocabulary), labels, RECIPE).logits(matrix), labels


@pytest.mark.parametrize(
    "types", [list(LABELS), ["bug", "feature", "question"], ["feature", "documentation"]]
)
def test_learns_the_types_that_are_there_and_never_says_another(types: list[str], tmp_path: Path) -> None:
    logits, labels = trained_on(types, tmp_path)
    assert (logits.argmax(axis=1) == labels).mean() > 0.95
    absent = [number for number, label in enumerate(LABELS) if label not in types]
    assert (logits[:, absent] < -5).all()


def test_without_tags_only_tags_are_gone(data_directory: Path) -> None:
    dataset = load_data(data_directory)
    repos = [example.repo for example in dataset.train]
    vocabulary = build_vocabulary(dataset.train_texts, repos)
    matrix = to_matrix(dataset.train_texts, repos, vocabulary)
    gone = (matrix - without_tags(matrix, vocabulary)).tocoo()
    assert {vocabulary.features[column] for column in gone.col[gone.data != 0]} == {"gbug"}


def test_training_twice_gives_the_same_bytes(data_directory: Path, run: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    train(load_data(data_directory), again, name="tiny", recipe=RECIPE, say=lambda _: None)
    first, second = load(run).manifest, load(again).manifest
    for key in ("sha256", "version", "thresholds", "temperature", "data"):
        assert first[key] == second[key]


def test_the_manifest_says_where_the_classifier_comes_from(run: Path) -> None:
    manifest = load(run).manifest
    assert manifest["version"].startswith("tiny-")
    assert manifest["labels"] == list(LABELS)
    assert manifest["data"]["counts"]["many_repos/made up"]["bug"] == 20
    assert manifest["data"]["repositories"] == 7
    assert manifest["recipe"]["folds"] == 3


def test_held_out_predictions_are_of_every_training_issue(run: Path, data_directory: Path) -> None:
    held_out = HeldOut.load(run)
    count = len(load_data(data_directory).train)
    assert held_out.tagged.shape == held_out.untagged.shape == (count, len(LABELS))
    assert (held_out.tagged.argmax(axis=1) == held_out.labels).mean() > 0.8


def test_progress_is_told(data_directory: Path, tmp_path: Path) -> None:
    said: list[str] = []
    train(load_data(data_directory), tmp_path / "run", name="tiny", recipe=RECIPE, say=said.append)
    assert said[0].startswith("86 issues of 7 repositories")
    assert said[1].startswith("fold 1 of 3")
    assert "trained in" in said[-1]

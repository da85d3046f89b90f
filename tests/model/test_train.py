"""The learner, and what training leaves behind."""

from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="training needs scikit-learn")

from model.artifact import load
from model.data import load as load_data
from model.labels import LABELS
from model.matrix import build_vocabulary, to_matrix
from model.regression import Recipe
from model.train import train, without_tags

RECIPE = Recipe(folds=3)


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


def test_progress_is_told(data_directory: Path, tmp_path: Path) -> None:
    said: list[str] = []
    train(load_data(data_directory), tmp_path / "run", name="tiny", recipe=RECIPE, say=said.append)
    assert said[0].startswith("86 issues of 7 repositories")
    assert said[1].startswith("fold 1 of 3")
    assert "trained in" in said[-1]

"""The linear member: what fitting leaves behind, and that it is the same each time."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="training needs scikit-learn")

from model.datasets.samples import Sample, label_numbers
from model.errors import DataError, ModelError
from model.fitting.matrix import build_vocabulary, to_matrix
from model.fitting.regression import Recipe
from model.labels import LABELS
from model.predict import Classifier
from model.serving.artifact import LINEAR_FILES, MANIFEST, load
from model.serving.linear_member import LinearMember
from model.text import clean
from model.train import train_linear, without_tags
from tests.model.examples import rows
from tests.model.measured import sample

RECIPE = Recipe(folds=3)
ISSUES = [
    sample(clean(row["title"], row["body"], row["repo"]), row["label"], repo=row["repo"], split="train")
    for row in rows()
]


def fitted(issues: list[Sample], output: Path, recipe: Recipe = RECIPE) -> np.ndarray:
    return train_linear(issues, output, name="tiny", recipe=recipe, say=lambda _: None)


@pytest.fixture(scope="module")
def linear(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("run") / "linear"
    fitted(ISSUES, output)
    return output


def test_without_tags_only_tags_are_gone() -> None:
    texts, repos = [issue.text for issue in ISSUES], [issue.repo for issue in ISSUES]
    vocabulary = build_vocabulary(texts, repos)
    matrix = to_matrix(texts, repos, vocabulary)
    gone = (matrix - without_tags(matrix, vocabulary)).tocoo()
    assert {vocabulary.features[column] for column in gone.col[gone.data != 0]} == {"gbug"}


def test_it_learns_the_issues_and_says_what_it_would_have_said_without_each(tmp_path: Path) -> None:
    unseen = fitted(ISSUES, tmp_path / "linear")
    assert unseen.shape == (len(ISSUES), len(LABELS))
    assert (unseen.argmax(axis=1) == label_numbers(ISSUES)).mean() > 0.9
    found = load(tmp_path / "linear")
    member = LinearMember(found.vocabulary, found.idf, found.weights)
    logits = member.logits(member.vectors([i.text for i in ISSUES], [i.repo for i in ISSUES]))
    assert (logits.argmax(axis=1) == label_numbers(ISSUES)).mean() > 0.9
    assert not np.allclose(logits, unseen)


def test_served_logits_are_those_of_training(linear: Path) -> None:
    """One path goes through scipy's sparse matrices, the other through the served code."""
    found = load(linear)
    texts, repos = [issue.text for issue in ISSUES], [issue.repo for issue in ISSUES]
    vocabulary = build_vocabulary(texts, repos)
    assert list(found.vocabulary) == list(vocabulary.features)
    weights = found.weights.astype(np.float32)
    expected = to_matrix(texts, repos, vocabulary) @ weights[:-1] + weights[-1]
    member = LinearMember(found.vocabulary, found.idf, found.weights)
    assert member.logits(member.vectors(texts, repos)) == pytest.approx(expected, abs=1e-4)


def test_fitting_twice_gives_the_same_bytes(linear: Path, tmp_path: Path) -> None:
    fitted(ISSUES, tmp_path / "again")
    for name in LINEAR_FILES:
        assert (tmp_path / "again" / name).read_bytes() == (linear / name).read_bytes()


def test_the_manifest_says_where_the_member_comes_from(linear: Path) -> None:
    manifest = load(linear).manifest
    assert manifest["version"].startswith("tiny-")
    assert (manifest["training"]["issues"], manifest["training"]["repositories"]) == (len(ISSUES), 6)
    assert manifest["recipe"]["folds"] == 3


def test_a_member_is_no_classifier_yet(linear: Path) -> None:
    with pytest.raises(ModelError, match=r"^[^\n]*the manifest lacks or misstates 'heads'$"):
        Classifier.load(linear)


def test_progress_is_told(tmp_path: Path) -> None:
    said: list[str] = []
    train_linear(ISSUES, tmp_path / "linear", name="tiny", recipe=RECIPE, say=said.append)
    assert said[0].startswith("80 issues of 6 repositories")
    assert said[1].startswith("fold 1 of 3")
    assert said[-1].endswith(f"is in {tmp_path / 'linear'}")


@pytest.mark.parametrize("issues", [[], [issue for issue in ISSUES if issue.label == 0]])
def test_with_nothing_to_learn_nothing_is_written(issues: list[Sample], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="fewer than two types; there is nothing to learn"):
        fitted(issues, tmp_path / "linear")
    assert not (tmp_path / "linear").exists()


def test_something_else_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(ModelError, match="holds other files"):
        fitted(ISSUES, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    assert MANIFEST not in {path.name for path in tmp_path.iterdir()}

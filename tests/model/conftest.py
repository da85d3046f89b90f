"""A classifier trained on made-up issues once for all tests, and the shipped one."""

from pathlib import Path

import pytest

from model.predict import Classifier
from tests.model.examples import write_data


@pytest.fixture(scope="session")
def data_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def run(data_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a training run that was measured."""
    from model.data import load
    from model.evaluate import evaluate
    from model.regression import Recipe
    from model.train import train

    pytest.importorskip("sklearn", reason="training needs scikit-learn")
    output = tmp_path_factory.mktemp("runs") / "linear"
    dataset = load(data_directory)
    train(dataset, output, name="tiny", recipe=Recipe(folds=3), say=lambda _: None)
    evaluate(output, dataset)
    return output


@pytest.fixture(scope="session")
def shipped() -> Classifier:
    return Classifier.load()

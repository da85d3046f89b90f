"""A classifier trained on made-up issues once for all tests, and the shipped one."""

from pathlib import Path

import pytest

from model.predict import Classifier
from tests.model.many_tasks import write_all


@pytest.fixture(scope="session")
def data_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data of every task."""
    return write_all(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def run(data_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a run that was measured; of the linear member alone, for a network needs torch."""
    from rich.console import Console

    from model import pipeline
    from model.datasets.samples import load_samples
    from model.training.claim import claimed
    from model.training.config import EncoderSection, TrainingConfig
    from model.training.material import Material

    pytest.importorskip("sklearn", reason="training needs scikit-learn")
    output, quiet = tmp_path_factory.mktemp("runs") / "tiny", Console(quiet=True)
    samples = load_samples(data_directory)
    config = TrainingConfig(name="tiny", encoder=EncoderSection(source="none"))
    with claimed(output, config, Material.of(samples, ())):
        pipeline.fit_linear(output, samples, quiet)
        pipeline.export(output, samples, name="tiny", console=quiet)
        pipeline.evaluate(output, samples, data_directory, quiet)
    return output


@pytest.fixture(scope="session")
def shipped() -> Classifier:
    return Classifier.load()

"""A frozen encoder and a logistic regression; the encoder here is a tiny one that was never trained."""

from pathlib import Path

import numpy as np
import pytest

from tests.model.baselines.contract import TEST, TRAIN, Contract

pytest.importorskip("torch", reason="torch is only in the training environment")

from model.baselines import frozen
from model.baselines.base import silent
from model.baselines.frozen import Frozen
from model.errors import DataError
from tests.training.tiny import write_encoder


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_encoder(tmp_path_factory.mktemp("encoder"))


class TestFrozen(Contract):
    @pytest.fixture(autouse=True)
    def _with_encoder(self, encoder: Path, tmp_path: Path) -> None:
        self._places = encoder, tmp_path

    def make(self) -> Frozen:
        return Frozen(*self._places, say=silent, inverse_regularization=10_000.0)


def test_embeddings_are_read_from_the_cache(
    encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frozen, "_CHUNK", 32)
    said: list[str] = []
    first = Frozen(encoder, tmp_path, say=said.append)
    first.fit(*TRAIN, 1)
    assert said[-1] == "embeddings: 64 of 64 texts"
    assert first.saved_seconds == 0
    files = list((tmp_path / "embeddings").iterdir())
    assert len(files) == 2
    second = Frozen(encoder, tmp_path, say=silent)
    second.fit(*TRAIN, 1)
    assert second.saved_seconds > 0
    texts = TEST[0]
    assert (first.probabilities(texts) == second.probabilities(texts)).all()
    files[0].write_bytes(b"half of a file")
    third = Frozen(encoder, tmp_path, say=silent)
    third.fit(*TRAIN, 1)
    assert np.allclose(third.probabilities(texts), first.probabilities(texts))


def test_a_directory_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"model\.safetensors"):
        Frozen(tmp_path, tmp_path, say=silent)

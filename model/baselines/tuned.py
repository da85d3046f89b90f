"""The network of the shipped classifier by itself: what tuning the encoder gives, and no more."""

from collections.abc import Sequence
from pathlib import Path

from model.baselines.base import Unavailable
from model.calibrate import Array, Integers
from model.errors import ModelError
from model.predict import ISSUE_TYPE, PRETRAINED
from model.serving.artifact import NETWORK_FILES, load
from model.serving.linear import softmax
from model.serving.onnx_network import OnnxNetwork
from model.serving.tokens import Limits
from model.text import CleanText


class Tuned:
    """Classifies by the compressed network as it serves. It was trained before and learns nothing here."""

    def __init__(self, path: Path = PRETRAINED) -> None:
        """Raises Unavailable where there is no classifier with a network that can be loaded."""
        self._files = [path / name for name in NETWORK_FILES]
        try:
            artifact = load(path)
            if artifact.network is None:
                raise Unavailable("the shipped classifier has no network")
            self._network = OnnxNetwork(artifact.network, Limits(**artifact.manifest["limits"]))
        except ModelError as error:
            raise Unavailable(str(error)) from error

    def fit(self, texts: Sequence[CleanText], labels: Integers, seed: int) -> None:
        """Nothing: it was trained before."""

    def probabilities(self, texts: Sequence[CleanText]) -> Array:
        return softmax(self._network.read(texts, ISSUE_TYPE))

    def size_bytes(self) -> int:
        return sum(path.stat().st_size for path in self._files)

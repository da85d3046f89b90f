"""The classifier that is shipped, as it is: it learns nothing here."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from model.baselines.base import Unavailable
from model.calibrate import Array, Integers
from model.errors import ModelError
from model.predict import PRETRAINED, Classifier
from model.serving.artifact import MANIFEST, read_json, size_bytes
from model.text import CleanText


class Shipped:
    """Classifies by the code that serves. It was trained without the repositories that are held out."""

    def __init__(self, repos: Mapping[CleanText, str] | None = None, path: Path = PRETRAINED) -> None:
        """`repos` tells it the repository ("owner/name") of each text.

        Raises Unavailable where there is no classifier that can be loaded.
        """
        self._repos = repos or {}
        self._path = path
        try:
            self._classifier = Classifier.load(path)
        except ModelError as error:
            raise Unavailable(str(error)) from error

    def fit(self, texts: Sequence[CleanText], labels: Integers, seed: int) -> None:
        """Nothing: it was trained before."""

    def probabilities(self, texts: Sequence[CleanText]) -> Array:
        return self._classifier.probabilities(texts, [self._repos.get(text) for text in texts])

    def size_bytes(self) -> int:
        return size_bytes(self._path)


def shipped_version() -> str:
    """Which classifier is shipped, "" for none."""
    try:
        return str(read_json(PRETRAINED, MANIFEST).get("version", ""))
    except ModelError:
        return ""

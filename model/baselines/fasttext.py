"""fastText, the published baseline of the benchmark, where it is installed.

Joulin, Grave, Bojanowski and Mikolov, "Bag of Tricks for Efficient Text Classification", EACL 2017. On
issues: Kallis, Di Sorbo, Canfora and Panichella, "Ticket Tagger", ICSME 2019. Any package that is imported as
`fasttext` will do; `fasttext-community` has wheels for current Python and NumPy.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import fasttext
import numpy as np

from model.baselines.base import flat, present_types
from model.calibrate import Array, Integers
from model.labels import LABELS
from model.text import CleanText

_PREFIX = "__label__"


class FastText:
    """The mean of the vectors of words and pairs of words, and a softmax on it."""

    def __init__(
        self, *, epochs: int = 5, rate: float = 0.25, width: int = 20, buckets: int = 200_000, least: int = 2
    ) -> None:
        """`width` of the vectors, `buckets` for pairs of words, `least` occurrences of a word."""
        self._settings = {
            "epoch": epochs,
            "lr": rate,
            "dim": width,
            "bucket": buckets,
            "minCount": least,
            "wordNgrams": 2,
        }

    def fit(self, texts: Sequence[CleanText], labels: Integers, seed: int) -> None:
        present_types(labels)
        with tempfile.TemporaryDirectory(prefix="fasttext-") as folder:  # it learns from a file alone
            lines = Path(folder, "train.txt")
            lines.write_text(
                "".join(
                    f"{_PREFIX}{label} {' '.join(flat(text))}\n"
                    for text, label in zip(texts, labels, strict=True)
                ),
                encoding="utf-8",
            )
            # With more than one thread, the result would be another every time.
            self._model = fasttext.train_supervised(
                str(lines), **self._settings, seed=seed, thread=1, verbose=0
            )

    def probabilities(self, texts: Sequence[CleanText]) -> Array:
        result = np.zeros((len(texts), len(LABELS)))
        found, shares = self._model.predict([" ".join(flat(text)) for text in texts], k=len(LABELS))
        for row, (names, values) in enumerate(zip(found, shares, strict=True)):
            result[row, [int(name.removeprefix(_PREFIX)) for name in names]] = values
        return result

    def size_bytes(self) -> int:
        with tempfile.TemporaryDirectory(prefix="fasttext-") as folder:
            path = Path(folder, "model.bin")
            self._model.save_model(str(path))
            return path.stat().st_size

"""The arithmetic of the linear classifier: TF-IDF by namespace, logits, probabilities. NumPy only.

Training and serving share this file, so what is measured is what is served.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.features import extract
from model.text import CleanText

Floats = npt.NDArray[np.float32]

#: How much each namespace may speak: its block is scaled to this length. Chosen by cross-validation.
BLOCKS: Mapping[str, float] = {
    "t": 1.0,
    "s": 0.5,
    "b": 1.0,
    "f": 0.7,
    "T": 0.7,
    "B": 0.5,
    "h": 0.7,
    "g": 0.5,
    "c": 0.5,
}


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector: `values[k]` at position `columns[k]`, both of shape (features present,)."""

    columns: npt.NDArray[np.int64]
    values: Floats


def vectorize(text: CleanText, index: Mapping[str, int], idf: Floats) -> Vector:
    """TF-IDF with sublinear term frequency, each namespace scaled to unit length and then to its share in
    `BLOCKS`.

    (1 + ln tf) * idf, normalised by the Euclidean length: Manning, Raghavan and Schuetze, "Introduction to
    Information Retrieval", 2008, sections 6.2 to 6.4. `index` maps a feature to its position in `idf`.
    """
    counts = extract(text)
    columns: list[npt.NDArray[np.int64]] = []
    values: list[Floats] = []
    for namespace, length in BLOCKS.items():
        present = [
            (index[feature], count) for feature, count in counts[namespace].items() if feature in index
        ]
        if not present:
            continue
        table = np.array(present, dtype=np.int64)
        block = (1 + np.log(table[:, 1], dtype=np.float32)) * idf[table[:, 0]]
        columns.append(table[:, 0])
        values.append(block * np.float32(length) / np.float32(np.linalg.norm(block)))
    if not columns:
        return Vector(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))
    return Vector(np.concatenate(columns), np.concatenate(values).astype(np.float32))


def softmax(logits: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Probabilities along the last axis; shifted by the maximum, so that no exponent overflows."""
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    exponents = np.exp(shifted)
    probabilities: npt.NDArray[np.float64] = exponents / exponents.sum(axis=-1, keepdims=True)
    return probabilities

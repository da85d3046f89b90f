"""The arithmetic of the linear classifier: TF-IDF by namespace, logits, probabilities. NumPy only.

Training and serving share this file, so what is measured is what is served.
"""

import zlib
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


#: Namespaces in which a familiar repository has features of its own, and the value of the feature that stands
#: for the repository itself. Chosen by cross-validation.
OWN_NAMESPACES = "tsbfhgc"
OWN_BIAS = 3.0


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector: `values[k]` at position `columns[k]`, both of shape (features present,)."""

    columns: npt.NDArray[np.int64]
    values: Floats


def vectorize(text: CleanText, index: Mapping[str, int], idf: Floats, repo: str | None = None) -> Vector:
    """TF-IDF with sublinear term frequency, each namespace scaled to unit length and then to its share.

    (1 + ln tf) * idf, normalised by the Euclidean length: Manning, Raghavan and Schuetze, "Introduction to
    Information Retrieval", 2008, sections 6.2 to 6.4. `index` maps a feature to its position in `idf`.

    A familiar `repo` ("owner/name") has features of its own beside the common ones, so that the same word can
    mean something else there.
    """
    counts = extract(text)
    mark = own_mark(repo)
    columns: list[int] = []
    values: list[float] = []
    for namespace, length in BLOCKS.items():
        present = [feature for feature in counts[namespace] if feature in index]
        if not present:
            continue
        places = [index[feature] for feature in present]
        frequencies = np.array([counts[namespace][feature] for feature in present], dtype=np.float32)
        block = (1 + np.log(frequencies)) * idf[places]
        block *= np.float32(length) / np.float32(np.linalg.norm(block))
        columns += places
        values += block.tolist()
        if mark in index and namespace in OWN_NAMESPACES:
            for feature, value in zip(present, block.tolist(), strict=True):
                if feature + mark in index:
                    columns.append(index[feature + mark])
                    values.append(value)
    if mark in index:
        columns.append(index[mark])
        values.append(OWN_BIAS)
    return Vector(np.array(columns, dtype=np.int64), np.array(values, dtype=np.float32))


def own_mark(repo: str | None) -> str:
    """What marks the features of one repository; by itself it is the feature of their mix of types.

    A checksum keeps the vocabulary small and free of names. "" without a repository.
    """
    return f"@{zlib.crc32(repo.lower().encode(errors='replace')):08x}" if repo else ""


def softmax(logits: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Probabilities along the last axis; shifted by the maximum, so that no exponent overflows."""
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    exponents = np.exp(shifted)
    probabilities: npt.NDArray[np.float64] = exponents / exponents.sum(axis=-1, keepdims=True)
    return probabilities

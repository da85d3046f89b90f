"""The arithmetic of the linear classifier: TF-IDF by namespace, logits, probabilities. NumPy only.

Training and serving share this file, so what is measured is what is served.
"""

import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.serving.features import extract
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

_LENGTHS = np.array(list(BLOCKS.values()))
_OWNED = np.array([namespace in OWN_NAMESPACES for namespace in BLOCKS])


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector: `values[k]` at position `columns[k]`, both of shape (features present,)."""

    columns: npt.NDArray[np.int64]
    values: Floats


class Index:
    """The place of each feature in a vocabulary, found by its hash: a tenth of the memory of a dictionary.

    Python's hashes of text have 64 bits and differ from process to process, so nobody can prepare two
    features that share one; that any two of a million do is one chance in forty million.
    """

    def __init__(self, features: Iterable[str]) -> None:
        hashes = _hashes(features)
        order = np.argsort(hashes)
        self._hashes, self._places = hashes[order], order.astype(np.int32)

    def __len__(self) -> int:
        return len(self._hashes)

    def find(self, features: Collection[str]) -> npt.NDArray[np.int64]:
        """The place of each feature, -1 where it is unknown: shape (features,)."""
        if not len(self):
            return np.full(len(features), -1, dtype=np.int64)
        wanted = _hashes(features)
        nearest = np.minimum(np.searchsorted(self._hashes, wanted), len(self) - 1)
        return np.where(self._hashes[nearest] == wanted, self._places[nearest], -1).astype(np.int64)


def vectorize(text: CleanText, index: Index, idf: Floats, repo: str | None = None) -> Vector:
    """TF-IDF with sublinear term frequency, each namespace scaled to unit length and then to its share.

    (1 + ln tf) * idf, normalised by the Euclidean length: Manning, Raghavan and Schuetze, "Introduction to
    Information Retrieval", 2008, sections 6.2 to 6.4. `index` knows the position of a feature in `idf`.

    A familiar `repo` ("owner/name") has features of its own beside the common ones, so that the same word can
    mean something else there.
    """
    counts = extract(text)
    names = [feature for namespace in BLOCKS for feature in counts[namespace]]
    blocks = np.repeat(np.arange(len(BLOCKS)), [len(counts[namespace]) for namespace in BLOCKS])
    frequencies = np.fromiter((n for namespace in BLOCKS for n in counts[namespace].values()), np.float32)
    places = index.find(names)
    present = np.flatnonzero(places >= 0)
    columns, blocks = places[present], blocks[present]
    values = (1 + np.log(frequencies[present])) * idf[columns]
    norms = np.sqrt(np.bincount(blocks, values * values, minlength=len(BLOCKS)))
    values *= (_LENGTHS / np.maximum(norms, 1e-12)).astype(np.float32)[blocks]
    mark = own_mark(repo)
    if mark and (bias := index.find([mark]))[0] >= 0:
        shared = np.flatnonzero(_OWNED[blocks])
        own = index.find([names[place] + mark for place in present[shared]])
        columns = np.concatenate([columns, own[own >= 0], bias])
        values = np.concatenate([values, values[shared][own >= 0], np.array([OWN_BIAS], np.float32)])
    return Vector(columns, values)


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


def _hashes(features: Iterable[str]) -> npt.NDArray[np.int64]:
    return np.fromiter(map(hash, features), dtype=np.int64)

"""The linear classifier where it serves: one member of the ensemble, and the one that can say what it saw."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from model.serving.evidence import explain
from model.serving.linear import Index, Vector, vectorize
from model.text import CleanText

_NEWLINE = ord("\n")


class LinearMember:
    """A regression over words and characters. Read-only after it was made, so threads may share it."""

    def __init__(
        self,
        vocabulary: Sequence[str],
        idf: npt.NDArray[np.floating],
        weights: npt.NDArray[np.floating],
        common: int | None = None,
    ) -> None:
        """`idf` has shape (features,), `weights` (features + 1, types) with the bias as its last row.

        Of the features, the first `common` are those of all repositories, all unless given; what follows are
        features that single repositories have of their own. Raises ValueError where there are not so many.
        """
        self._common = len(vocabulary) if common is None else common
        if not 0 < self._common <= len(vocabulary):
            raise ValueError(f"common features: {common} of {len(vocabulary)}")
        self._index = Index(vocabulary)
        self._names = _Lines("\n".join(vocabulary).encode("utf-8"))
        self._idf = idf.astype(np.float32)
        self._weights = weights[:-1].astype(np.float32)
        self._bias = weights[-1].astype(np.float32)

    @property
    def types(self) -> int:
        """How many types it tells apart."""
        return len(self._bias)

    def vectors(self, texts: Sequence[CleanText], repos: Sequence[str | None]) -> list[Vector]:
        """The features of each text; those of a familiar repository ("owner/name") among them."""
        return [
            vectorize(text, self._index, self._idf, repo) for text, repo in zip(texts, repos, strict=True)
        ]

    def logits(self, vectors: Sequence[Vector]) -> npt.NDArray[np.float64]:
        """What the words mean in all repositories, of shape (texts, types)."""
        found: npt.NDArray[np.float64] = (
            self._sums(vectors, lambda columns: columns < self._common) + self._bias
        )
        return found

    def own(self, vectors: Sequence[Vector]) -> npt.NDArray[np.float64]:
        """What a familiar repository adds to the logits of all members together, of shape (texts, types)."""
        return self._sums(vectors, lambda columns: columns >= self._common)

    def explain(self, vector: Vector, label: int) -> tuple[str, ...]:
        """Up to three cues that spoke for type number `label`."""
        return explain(vector, self._weights, self._names, label)

    def _sums(
        self, vectors: Sequence[Vector], choose: Callable[[npt.NDArray[np.int64]], npt.NDArray[np.bool_]]
    ) -> npt.NDArray[np.float64]:
        """The weights of the features that `choose` takes, times their values: shape (texts, types)."""
        rows = []
        for vector in vectors:
            chosen = choose(vector.columns)
            rows.append(vector.values[chosen] @ self._weights[vector.columns[chosen]])
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self._bias))


class _Lines:
    """The lines of a text by their number, in a tenth of the memory of as many strings."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        breaks = np.flatnonzero(np.frombuffer(content, dtype=np.uint8) == _NEWLINE)
        self._starts = np.concatenate([[0], breaks + 1, [len(content) + 1]]).astype(np.int32)

    def __getitem__(self, number: int) -> str:
        return self._content[self._starts[number] : self._starts[number + 1] - 1].decode("utf-8")

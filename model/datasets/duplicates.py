"""Finding exact and near duplicates among cleaned texts, in time that grows with their number, not its
square.
"""

import zlib
from collections import defaultdict

from model.serving.features import words
from model.text import CleanText

_SHINGLE = 3  # words
_SKETCH = 8  # smallest hashes kept of a text
_MAX_BUCKET = 40  # texts remembered under one hash; more share a template, and finding them costs time
_ALIKE = 0.8  # Jaccard similarity of the shingles from which two texts are the same issue


class Deduplicator:
    """Remembers texts, and says of each new one whether it was there before.

    Near duplicates share at least one of the smallest hashes of their word triples (bottom-k sketch: Broder,
    "On the resemblance and containment of documents", 1997); those are then compared by Jaccard similarity.
    """

    def __init__(self) -> None:
        self._exact: dict[tuple[str, str], int] = {}
        self._shingles: list[frozenset[int]] = []
        self._buckets: defaultdict[int, list[int]] = defaultdict(list)

    def match(self, text: CleanText) -> int | None:
        """The number of the remembered text that is like `text`; `None` for a new one, now remembered.

        Remembered texts are numbered from 0, in the order in which they came.
        """
        shingles = _shingles(text)
        twin = self._find(text, shingles)
        if twin is None:
            self._exact[_key(text)] = len(self._shingles)
            for value in sorted(shingles)[:_SKETCH]:
                if len(self._buckets[value]) < _MAX_BUCKET:
                    self._buckets[value].append(len(self._shingles))
            self._shingles.append(shingles)
        return twin

    def find(self, text: CleanText) -> int | None:
        """Like `match`, but nothing is remembered."""
        return self._find(text, _shingles(text))

    def _find(self, text: CleanText, shingles: frozenset[int]) -> int | None:
        exact = self._exact.get(_key(text))
        return self._nearest(shingles) if exact is None else exact

    def _nearest(self, shingles: frozenset[int]) -> int | None:
        """The number of the earliest remembered text that is alike."""
        candidates = {
            number for value in sorted(shingles)[:_SKETCH] for number in self._buckets.get(value, ())
        }
        for number in sorted(candidates):
            other = self._shingles[number]
            if len(shingles & other) >= _ALIKE * len(shingles | other):
                return number
        return None


def _key(text: CleanText) -> tuple[str, str]:
    return text.title, text.body


def _shingles(text: CleanText) -> frozenset[int]:
    tokens = words(text.title) + words(text.body)
    triples = zip(tokens, tokens[1:], tokens[2:], strict=False)
    return frozenset(zlib.crc32(" ".join(triple).encode()) for triple in triples)

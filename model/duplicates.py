"""Finding exact and near duplicates among cleaned texts, in time that grows with their number, not its
square.
"""

import zlib
from collections import defaultdict

from model.features import words
from model.text import CleanText

_SHINGLE = 3  # words
_SKETCH = 8  # smallest hashes kept of a text
_MAX_BUCKET = 40  # texts under one hash; a fuller bucket is a template, not a duplicate
_ALIKE = 0.8  # Jaccard similarity of the shingles from which two texts are the same issue


class Deduplicator:
    """Remembers texts, and says of each new one whether it was there before.

    Near duplicates share at least one of the smallest hashes of their word triples (bottom-k sketch: Broder,
    "On the resemblance and containment of documents", 1997); those are then compared by Jaccard similarity.
    """

    def __init__(self) -> None:
        self._exact: set[tuple[str, str]] = set()
        self._shingles: list[frozenset[int]] = []
        self._buckets: defaultdict[int, list[int]] = defaultdict(list)
        self._sealed = 0

    def seal(self) -> None:
        """What was added so far is the test set: from now on, being like it is reported as such."""
        self._sealed = len(self._shingles)

    def add(self, text: CleanText) -> str:
        """Remember `text`. Returns why it is a duplicate, or "" for a text that is new."""
        key = (text.title, text.body)
        shingles = _shingles(text)
        twin = self._nearest(shingles)
        if twin is not None:
            if twin < self._sealed:
                return "near duplicate of the test set"
            return "duplicate" if key in self._exact else "near duplicate"
        if not shingles and key in self._exact:
            return "duplicate"
        self._exact.add(key)
        for value in sorted(shingles)[:_SKETCH]:
            self._buckets[value].append(len(self._shingles))
        self._shingles.append(shingles)
        return ""

    def _nearest(self, shingles: frozenset[int]) -> int | None:
        """The number of the earliest remembered text that is alike."""
        candidates = {
            number
            for value in sorted(shingles)[:_SKETCH]
            if len(self._buckets[value]) <= _MAX_BUCKET
            for number in self._buckets[value]
        }
        for number in sorted(candidates):
            other = self._shingles[number]
            if len(shingles & other) >= _ALIKE * len(shingles | other):
                return number
        return None


def _shingles(text: CleanText) -> frozenset[int]:
    tokens = words(text.title) + words(text.body)
    triples = zip(tokens, tokens[1:], tokens[2:], strict=False)
    return frozenset(zlib.crc32(" ".join(triple).encode()) for triple in triples)

"""The training side of the features: a vocabulary, and sparse matrices of whole data sets."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from model.features import extract
from model.linear import Floats, vectorize
from model.text import CleanText

#: A feature must occur in so many issues of so many repositories. Fewer would carry names of people and
#: projects.
MIN_ISSUES, MIN_REPOSITORIES = 5, 2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Features in sorted order, the position of each, and their inverse document frequency."""

    features: Sequence[str]
    index: Mapping[str, int]
    idf: npt.NDArray[np.float16]  # (features,)


def build_vocabulary(texts: Iterable[CleanText], repos: Iterable[str]) -> Vocabulary:
    """The features of `texts` that are common enough to keep.

    idf = 1 + ln((1 + n) / (1 + df)), the smoothed form of Manning, Raghavan and Schuetze, "Introduction to
    Information Retrieval", 2008, section 6.2.1; it is rounded to half precision here, so that training sees
    the numbers that are served.
    """
    issues: Counter[str] = Counter()
    seen_in: dict[str, set[int] | None] = {}  # None: in enough repositories already
    numbers: dict[str, int] = {}
    total = 0
    for text, repo in zip(texts, repos, strict=True):
        total += 1
        number = numbers.setdefault(repo, len(numbers))
        present = {feature for counts in extract(text).values() for feature in counts}
        issues.update(present)
        for feature in present:
            where = seen_in.setdefault(feature, set())
            if where is not None:
                where.add(number)
                if len(where) >= MIN_REPOSITORIES:
                    seen_in[feature] = None
    kept = sorted(
        feature for feature, where in seen_in.items() if where is None and issues[feature] >= MIN_ISSUES
    )
    frequency = np.array([issues[feature] for feature in kept], dtype=np.float64)
    idf = (1 + np.log((1 + total) / (1 + frequency))).astype(np.float16)
    return Vocabulary(kept, {feature: position for position, feature in enumerate(kept)}, idf)


def to_matrix(texts: Iterable[CleanText], vocabulary: Vocabulary) -> sparse.csr_matrix:
    """One row a text, one column a feature: shape (texts, features), float32."""
    idf: Floats = vocabulary.idf.astype(np.float32)
    columns, values, ends = array("i"), array("f"), [0]
    for text in texts:
        vector = vectorize(text, vocabulary.index, idf)
        columns.extend(vector.columns.tolist())
        values.extend(vector.values.tolist())
        ends.append(len(columns))
    shape = (len(ends) - 1, len(vocabulary.features))
    parts = (np.frombuffer(values, np.float32), np.frombuffer(columns, np.int32), np.array(ends))
    return sparse.csr_matrix(parts, shape=shape)

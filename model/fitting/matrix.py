"""The training side of the features: a vocabulary, and sparse matrices of whole data sets."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from model.serving.features import extract
from model.serving.linear import OWN_NAMESPACES, Floats, Index, own_mark, vectorize
from model.text import CleanText

#: A feature must occur in so many issues of so many repositories: what is rarer may name people or secrets.
MIN_ISSUES, MIN_REPOSITORIES = 5, 2
MIN_OWN_ISSUES = 3  # a feature of one repository by itself must occur in so many of its issues


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Features, the position of each, and their inverse document frequency."""

    features: Sequence[str]
    index: Index
    idf: npt.NDArray[np.float16]  # (features,)


def build_vocabulary(texts: Sequence[CleanText], repos: Sequence[str]) -> Vocabulary:
    """The features of `texts` that are common enough to keep; `repos` names the repository of each text.

    idf = 1 + ln((1 + n) / (1 + df)), the smoothed form of Manning, Raghavan and Schuetze, "Introduction to
    Information Retrieval", 2008, section 6.2.1; it is rounded to half precision here, so that training sees
    the numbers that are served.
    """
    issues: Counter[str] = Counter()
    first_seen: dict[str, str] = {}
    shared: set[str] = set()  # features of two repositories
    for text, repo in zip(texts, repos, strict=True):
        present = {feature for counts in extract(text).values() for feature in counts}
        issues.update(present)
        shared.update(feature for feature in present if first_seen.setdefault(feature, repo) != repo)
    features = sorted(feature for feature in shared if issues[feature] >= MIN_ISSUES)
    frequency = np.array([issues[feature] for feature in features], dtype=np.float64)
    idf = (1 + np.log((1 + len(texts)) / (1 + frequency))).astype(np.float16)
    return Vocabulary(features, Index(features), idf)


def with_own_features(
    vocabulary: Sequence[str], idf: npt.NDArray[np.float16], texts: Sequence[CleanText], repos: Sequence[str]
) -> Vocabulary:
    """A vocabulary followed by features that each of `repos` has of its own, and its mark among them.

    They are the features of its `texts` that the vocabulary has and that occur in enough of them. The value
    of an own feature is that of the common one, so its frequency is never read.
    """
    own: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text, repo in zip(texts, repos, strict=True):
        counts = extract(text)
        own[own_mark(repo)].update(feature for name in OWN_NAMESPACES for feature in counts[name])
    common, features = set(vocabulary), list(vocabulary)
    for mark, found in sorted(own.items()):
        kept = (feature for feature, count in found.items() if count >= MIN_OWN_ISSUES and feature in common)
        features += [mark, *sorted(feature + mark for feature in kept)]
    padded = np.concatenate([idf, np.ones(len(features) - len(idf), dtype=np.float16)])
    return Vocabulary(features, Index(features), padded)


def to_matrix(texts: Sequence[CleanText], repos: Sequence[str], vocabulary: Vocabulary) -> sparse.csr_matrix:
    """One row a text, one column a feature: shape (texts, features), float32."""
    idf: Floats = vocabulary.idf.astype(np.float32)
    columns, values, ends = array("i"), array("f"), [0]
    for text, repo in zip(texts, repos, strict=True):
        vector = vectorize(text, vocabulary.index, idf, repo)
        columns.extend(vector.columns.tolist())
        values.extend(vector.values.tolist())
        ends.append(len(columns))
    shape = (len(ends) - 1, len(vocabulary.features))
    parts = (np.frombuffer(values, np.float32), np.frombuffer(columns, np.int32), np.array(ends))
    return sparse.csr_matrix(parts, shape=shape)

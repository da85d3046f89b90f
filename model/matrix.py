"""The training side of the features: a vocabulary, and sparse matrices of whole data sets."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from model.features import extract
from model.linear import OWN_NAMESPACES, Floats, Index, own_mark, vectorize
from model.text import CleanText

#: A feature must occur in so many issues of so many repositories: what is rarer may name people or secrets.
MIN_ISSUES, MIN_REPOSITORIES = 5, 2
#: A repository of so many issues gets features of its own, for what occurs in so many of them.
FAMILIAR_ISSUES, MIN_OWN_ISSUES = 200, 3


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Features, first the common ones, the position of each, and their inverse document frequency."""

    features: Sequence[str]
    index: Index
    idf: npt.NDArray[np.float16]  # (features,)
    common: int  # how many of the features are those of all repositories
    familiar: Sequence[str]  # repositories that have features of their own

    def keeping(self, own: npt.NDArray[np.bool_]) -> "Vocabulary":
        """This vocabulary with all common features and the chosen own ones, shape (own features,)."""
        kept = np.concatenate([np.ones(self.common, dtype=np.bool_), own])
        features = [feature for feature, keep in zip(self.features, kept, strict=True) if keep]
        return Vocabulary(features, Index(features), self.idf[kept], self.common, self.familiar)


def build_vocabulary(texts: Sequence[CleanText], repos: Sequence[str]) -> Vocabulary:
    """The features of `texts` that are common enough to keep; `repos` names the repository of each text.

    idf = 1 + ln((1 + n) / (1 + df)), the smoothed form of Manning, Raghavan and Schuetze, "Introduction to
    Information Retrieval", 2008, section 6.2.1; it is rounded to half precision here, so that training sees
    the numbers that are served.
    """
    familiar = familiar_repositories(repos)
    own: dict[str, Counter[str]] = {repo: Counter() for repo in familiar}
    issues: Counter[str] = Counter()
    first_seen: dict[str, str] = {}
    shared: set[str] = set()  # features of two repositories
    for text, repo in zip(texts, repos, strict=True):
        present = {feature for counts in extract(text).values() for feature in counts}
        issues.update(present)
        shared.update(feature for feature in present if first_seen.setdefault(feature, repo) != repo)
        if repo in own:
            own[repo].update(feature for feature in present if feature[0] in OWN_NAMESPACES)
    common = sorted(feature for feature in shared if issues[feature] >= MIN_ISSUES)
    frequency = np.array([issues[feature] for feature in common], dtype=np.float64)
    idf = (1 + np.log((1 + len(texts)) / (1 + frequency))).astype(np.float16)
    owned = _owned(own, set(common))
    features = common + owned
    # The value of an own feature is that of the common one, so it needs no frequency.
    padded = np.concatenate([idf, np.ones(len(owned), dtype=np.float16)])
    return Vocabulary(features, Index(features), padded, len(common), familiar)


def familiar_repositories(repos: Sequence[str]) -> list[str]:
    """Repositories with enough issues to have habits of their own; a collection without a name is none."""
    return sorted(repo for repo, count in Counter(repos).items() if count >= FAMILIAR_ISSUES and "/" in repo)


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


def _owned(own: Mapping[str, Counter[str]], common: set[str]) -> list[str]:
    """The features of familiar repositories, and for each the one that stands for itself."""
    features = []
    for repo, counts in own.items():
        mark = own_mark(repo)
        kept = (feature for feature, count in counts.items() if count >= MIN_OWN_ISSUES and feature in common)
        features += [mark, *sorted(feature + mark for feature in kept)]
    return features

"""The training side of the features agrees with the serving side."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="training needs scikit-learn and scipy")

from model.linear import own_mark, vectorize
from model.matrix import FAMILIAR_ISSUES, MIN_ISSUES, MIN_REPOSITORIES, build_vocabulary, to_matrix
from model.text import clean

TEXTS = [
    clean(f"common title {number}", "a common body" + " rare" * (number == 0)) for number in range(MIN_ISSUES)
]
REPOS = [f"owner/{number % MIN_REPOSITORIES}" for number in range(MIN_ISSUES)]


def test_rare_features_are_left_out() -> None:
    features = build_vocabulary(TEXTS, REPOS).features
    assert "tcommon" in features
    assert "brare" not in features


def test_features_of_one_repository_are_left_out() -> None:
    assert build_vocabulary(TEXTS, ["owner/one"] * len(TEXTS)).features == []


def test_the_vocabulary_is_sorted_and_indexed() -> None:
    vocabulary = build_vocabulary(TEXTS, REPOS)
    assert vocabulary.features == sorted(vocabulary.features)
    assert vocabulary.index.find(vocabulary.features).tolist() == list(range(len(vocabulary.features)))


def test_a_repository_of_many_issues_is_familiar_and_has_features_of_its_own() -> None:
    texts = [clean(f"common title {number}", "") for number in range(FAMILIAR_ISSUES + 10)]
    repos = ["owner/large"] * FAMILIAR_ISSUES + ["owner/small"] * 10
    vocabulary = build_vocabulary(texts, repos)
    mark = own_mark("owner/large")
    assert vocabulary.familiar == ["owner/large"]
    assert {mark, "tcommon" + mark} <= set(vocabulary.features)
    assert not [feature for feature in vocabulary.features if feature.endswith(own_mark("owner/small"))]


def test_own_features_can_be_dropped_and_the_common_ones_stay() -> None:
    texts = [clean(f"common title {number}", "") for number in range(FAMILIAR_ISSUES + 10)]
    full = build_vocabulary(texts, ["owner/large"] * FAMILIAR_ISSUES + ["owner/small"] * 10)
    own = np.array([feature.startswith("@") for feature in full.features[full.common :]])
    kept = full.keeping(own)
    assert list(kept.features) == [*full.features[: full.common], own_mark("owner/large")]
    assert len(kept.idf) == len(kept.index) == full.common + 1


def test_a_collection_without_a_name_is_no_repository() -> None:
    assert build_vocabulary(TEXTS * 100, ["collection"] * 100 * len(TEXTS)).familiar == []


def test_a_row_of_the_matrix_is_the_vector_that_is_served() -> None:
    vocabulary = build_vocabulary(TEXTS, REPOS)
    matrix = to_matrix(TEXTS, REPOS, vocabulary)
    for number, (text, repo) in enumerate(zip(TEXTS, REPOS, strict=True)):
        vector = vectorize(text, vocabulary.index, vocabulary.idf.astype(np.float32), repo)
        dense = np.zeros(len(vocabulary.features), dtype=np.float32)
        dense[vector.columns] = vector.values
        assert np.array_equal(matrix[[number]].toarray()[0], dense)


def test_a_text_without_known_features_is_a_row_of_zeros() -> None:
    vocabulary = build_vocabulary(TEXTS, REPOS)
    assert to_matrix([clean("", None)], ["owner/0"], vocabulary).nnz == 0

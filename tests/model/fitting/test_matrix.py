"""The training side of the features agrees with the serving side."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="training needs scikit-learn and scipy")

from model.fitting.matrix import (
    MIN_ISSUES,
    MIN_OWN_ISSUES,
    MIN_REPOSITORIES,
    build_vocabulary,
    to_matrix,
    with_own_features,
)
from model.serving.linear import own_mark, vectorize
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


def test_a_repository_has_features_of_its_own_for_the_common_ones_it_uses() -> None:
    vocabulary = build_vocabulary(TEXTS, REPOS)
    own = [clean("common rare words", "")] * MIN_OWN_ISSUES + [clean("title", "")]
    found = with_own_features(vocabulary.features, vocabulary.idf, own, ["octo/app"] * len(own))
    mark = own_mark("octo/app")
    common = len(vocabulary.features)
    assert found.features[:common] == vocabulary.features
    assert found.features[common] == mark
    assert "tcommon" + mark in found.features
    assert "trare" + mark not in found.features  # no common feature
    assert "ttitle" + mark not in found.features  # in too few of its issues
    assert "Tcom" + mark not in found.features  # characters mean the same everywhere
    assert found.index.find(found.features).tolist() == list(range(len(found.features)))
    assert len(found.idf) == len(found.features)
    assert found.idf[:common].tolist() == vocabulary.idf.tolist()


def test_each_repository_counts_its_own_issues() -> None:
    texts = [clean("common", "")] * (2 * MIN_OWN_ISSUES - 1)
    repos = ["octo/many"] * MIN_OWN_ISSUES + ["octo/few"] * (MIN_OWN_ISSUES - 1)
    found = with_own_features(["tcommon"], np.ones(1, np.float16), texts, repos)
    few, many = own_mark("octo/few"), own_mark("octo/many")
    assert sorted(found.features) == sorted(["tcommon", few, many, "tcommon" + many])


def test_spellings_of_a_name_are_one_repository() -> None:
    repos = ["octo/app"] + ["Octo/App"] * (MIN_OWN_ISSUES - 1)
    texts = [clean("common", "")] * len(repos)
    found = with_own_features(["tcommon"], np.ones(1, np.float16), texts, repos)
    assert found.features == ["tcommon", own_mark("octo/app"), "tcommon" + own_mark("octo/app")]


def test_own_features_have_the_values_of_the_common_ones() -> None:
    vocabulary = build_vocabulary(TEXTS, REPOS)
    grown = with_own_features(vocabulary.features, vocabulary.idf, TEXTS, ["octo/app"] * len(TEXTS))
    common = len(vocabulary.features)
    before, after = (to_matrix(TEXTS, ["octo/app"] * len(TEXTS), known) for known in (vocabulary, grown))
    assert np.array_equal(after[:, :common].toarray(), before.toarray())
    mark = own_mark("octo/app")
    owned = [feature for feature in vocabulary.features if feature + mark in grown.features]
    assert "tcommon" in owned
    places = [grown.index.find([feature + ending for feature in owned]) for ending in ("", mark)]
    assert np.array_equal(*(after[:, place].toarray() for place in places))


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

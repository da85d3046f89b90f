"""The arithmetic that training and serving share."""

import numpy as np
import pytest

from model.serving.features import NAMESPACES
from model.serving.linear import BLOCKS, OWN_BIAS, Index, own_mark, softmax, vectorize
from model.text import clean

FEATURES = ["tcrash", "tapp", "bcrash"]
INDEX = Index(FEATURES)
IDF = np.array([2.0, 1.0, 3.0], dtype=np.float32)


def test_the_place_of_a_feature_is_found_and_an_unknown_one_has_none() -> None:
    features = [f"b{number}" for number in range(1_000)]
    index = Index(features)
    assert len(index) == 1_000
    assert index.find(["b999", "c0", "b0", ""]).tolist() == [999, -1, 0, -1]
    assert index.find([]).tolist() == []


def test_in_an_empty_vocabulary_nothing_is_found() -> None:
    assert Index([]).find(["b0"]).tolist() == [-1]


def test_every_namespace_has_its_share() -> None:
    assert set(BLOCKS) == set(NAMESPACES)


def test_each_block_is_scaled_to_its_share() -> None:
    vector = vectorize(clean("app crash", "crash crash"), INDEX, IDF)
    found = dict(zip(vector.columns.tolist(), vector.values.tolist(), strict=True))
    assert found[0] == pytest.approx(BLOCKS["t"] * 2 / np.sqrt(5))
    assert found[1] == pytest.approx(BLOCKS["t"] * 1 / np.sqrt(5))
    assert found[2] == pytest.approx(BLOCKS["b"])


def test_repetition_counts_by_its_logarithm() -> None:
    index, idf = Index(["bcrash", "bapp"]), np.ones(2, dtype=np.float32)
    vector = vectorize(clean("", "crash crash crash app"), index, idf)
    found = dict(zip(vector.columns.tolist(), vector.values.tolist(), strict=True))
    assert found[0] / found[1] == pytest.approx(1 + np.log(3), rel=1e-5)


def test_a_familiar_repository_has_features_of_its_own() -> None:
    mark = own_mark("Octo/App")
    index = Index([*FEATURES, mark, "tcrash" + mark])
    idf = np.append(IDF, [1, 1]).astype(np.float32)
    common = vectorize(clean("app crash", ""), index, idf)
    named = vectorize(clean("app crash", ""), index, idf, "octo/app")
    found = dict(zip(named.columns.tolist(), named.values.tolist(), strict=True))
    assert set(found) == {*common.columns.tolist(), 3, 4}
    assert found[3] == OWN_BIAS
    assert found[4] == found[0]


def test_another_repository_has_none() -> None:
    index = Index([*FEATURES, own_mark("octo/app")])
    idf = np.append(IDF, 1).astype(np.float32)
    assert 3 not in vectorize(clean("app crash", ""), index, idf, "octo/other").columns
    assert 3 not in vectorize(clean("app crash", ""), index, idf, None).columns


def test_unknown_words_are_no_features() -> None:
    assert len(vectorize(clean("nothing known", None), INDEX, IDF).columns) == 0


def test_softmax_is_stable_and_sums_to_one() -> None:
    assert softmax(np.array([[1e4, 0.0], [0.0, 0.0]])) == pytest.approx(np.array([[1.0, 0.0], [0.5, 0.5]]))

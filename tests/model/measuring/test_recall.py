"""Recall of duplicates: who asks, who may be suggested, and what counts as found."""

import numpy as np
import pytest

from model.measuring.recall import DuplicateSet, measure, rank, recalls

ISSUES = [
    ("editor crashes on start", "it stops"),
    ("dark theme", "please"),
    ("crashes when the editor starts", "stops"),
    ("editor crashes on start again", "it stops"),
]


def of(pairs: list[tuple[int, int]], age: list[int] | None = None) -> DuplicateSet:
    return DuplicateSet("made up", ISSUES, np.array(age or [0, 1, 2, 3]), pairs)


def unit(*rows: tuple[float, float]) -> np.ndarray:
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_a_rank_counts_the_candidates_that_score_as_much() -> None:
    scores = np.array([0.9, 0.5, 0.5, 0.1], dtype=np.float32)
    everyone = np.ones(4, dtype=bool)
    assert rank(scores, 0, everyone) == 0
    assert rank(scores, 1, everyone) == 2  # a tie may have been shown first
    assert rank(scores, 1, np.array([False, True, False, True])) == 0


def test_recall_is_the_share_of_ranks_among_the_first() -> None:
    found = recalls([0, 4, 5, 12])
    assert (found["n"], found["recall@5"], found["recall@10"]) == (4, 0.5, 0.75)
    assert found["interval@5"] == pytest.approx((0.15, 0.85), abs=0.001)


def test_only_older_issues_are_candidates() -> None:
    # Issue 2 asks for issue 0, than which issue 3 is more like it: but that one is newer.
    crowd = [*ISSUES[:2], *[ISSUES[2]] * 12, ISSUES[3]]
    found = DuplicateSet("made up", crowd, np.arange(15), [(2, 0)])
    assert measure(found)["older"]["lexical"]["recall@5"] == 1.0
    assert measure(found)["all"]["lexical"]["recall@5"] == 0.0


def test_age_decides_who_is_older_not_the_place_in_the_file() -> None:
    found = DuplicateSet("made up", ISSUES, np.array([3, 2, 1, 0]), [(0, 3)])
    assert measure(found)["older"]["lexical"]["n"] == 1
    assert measure(found)["all"]["lexical"]["n"] == 2


def test_without_vectors_only_words_are_measured() -> None:
    assert list(measure(of([(3, 0)]))["older"]) == ["lexical"]


def test_meaning_finds_what_words_do_not_and_both_find_either() -> None:
    issues = [("quits at once", ""), *((f"crash {word}", "") for word in "abcdefgh"), ("crash on start", "")]
    vectors = unit((1, 0), *[(0, 1)] * 8, (1, 0.1))
    found = measure(DuplicateSet("made up", issues, np.arange(10), [(9, 0)]), vectors)["older"]
    assert found["lexical"]["recall@5"] == 0.0
    assert found["embedding"]["recall@5"] == found["both"]["recall@5"] == 1.0


def test_a_set_without_pairs_has_no_recall() -> None:
    assert measure(of([]))["older"]["lexical"]["recall@5"] is None

"""Retrieval: BM25 by hand on three short texts, and the sum of two rankings."""

import math

import numpy as np
import pytest

from model.measuring.retrieval import Bm25, terms, together

TEXTS = [["crash", "on", "start"], ["crash", "crash", "on", "save", "file"], ["new", "theme"]]


def weight(count: int, length: int, held_by: int) -> float:
    """What a word is worth that occurs `count` times in one of TEXTS, whose mean length is 10 / 3."""
    rarity = math.log(1 + (3 - held_by + 0.5) / (held_by + 0.5))
    return rarity * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / (10 / 3)))


def test_scores_by_hand() -> None:
    found = Bm25(TEXTS).scores(["crash", "theme", "unheard"])
    assert found == pytest.approx([weight(1, 3, 2), weight(2, 5, 2), weight(1, 2, 1)], rel=1e-5)


def test_a_word_that_the_query_repeats_counts_more_but_not_as_often() -> None:
    index = Bm25(TEXTS)
    once, thrice = index.scores(["theme"])[2], index.scores(["theme"] * 3)[2]
    assert thrice / once == pytest.approx(9 * 3 / (8 + 3))


def test_a_text_that_shares_no_word_scores_nothing() -> None:
    assert Bm25(TEXTS).scores(["theme"]).tolist()[:2] == [0.0, 0.0]
    assert Bm25(TEXTS).scores([]).tolist() == [0.0, 0.0, 0.0]


def test_no_texts_and_texts_without_words_are_no_error() -> None:
    assert Bm25([]).scores(["crash"]).tolist() == []
    assert Bm25([[], []]).scores(["crash"]).tolist() == [0.0, 0.0]


def test_words_of_the_title_count_three_times() -> None:
    assert terms("Crash", "on start") == ["crash", "crash", "crash", "on", "start"]
    assert terms("Crash", None) == ["crash"] * 3


def test_parts_of_identifiers_and_single_han_characters_are_words() -> None:
    assert terms("", "open_file() 闪退 v2.0") == ["open", "file", "闪", "退", "v2", "0"]


def test_both_scores_weigh_the_same_whatever_their_scale() -> None:
    lexical, meaning = np.array([0, 10, 20], dtype=np.float32), np.array([0.5, 0.3, 0.1], dtype=np.float32)
    assert together(lexical, meaning) == pytest.approx([0, 0, 0], abs=1e-5)


def test_a_score_that_is_the_same_everywhere_decides_nothing() -> None:
    meaning = np.array([0.1, 0.9], dtype=np.float32)
    assert together(np.zeros(2, dtype=np.float32), meaning).argmax() == 1

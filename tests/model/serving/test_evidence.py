"""Cues for people."""

import numpy as np

from model.serving.evidence import MAX_CUES, explain
from model.serving.linear import Vector

VOCABULARY = ["Bcras", "bcrash", "bcrash on", "bof the", "ctraceback", "gbug", "hsteps", "txurl here"]


def cues(*strengths: float, label: int = 0) -> tuple[str, ...]:
    """Evidence for `label` where feature number k speaks with `strengths[k]` for type 0 and for no other."""
    weights = np.zeros((len(VOCABULARY), 4), dtype=np.float32)
    weights[: len(strengths), 0] = strengths
    vector = Vector(np.arange(len(VOCABULARY)), np.ones(len(VOCABULARY), dtype=np.float32))
    return explain(vector, weights, VOCABULARY, label)


def test_the_strongest_come_first() -> None:
    assert cues(0, 1, 0, 0, 3, 2) == ("a stack trace", 'the title tag "bug"', '"crash"')


def test_there_are_three_at_most() -> None:
    assert len(cues(*[1.0] * len(VOCABULARY))) == MAX_CUES


def test_a_phrase_and_its_words_count_once() -> None:
    assert cues(0, 1, 2) == ('"crash on"',)


def test_forms_of_one_word_count_once() -> None:
    weights = np.eye(4, dtype=np.float32)[[0, 0]]
    vector = Vector(np.arange(2), np.array([2, 1], dtype=np.float32))
    assert explain(vector, weights, ["bcrashes", "bcrash"], 0) == ('"crashes"',)


def test_parts_of_words_grammar_and_placeholders_say_nothing() -> None:
    assert cues(5, 0, 0, 5, 0, 0, 0, 5) == ()


def test_what_speaks_against_is_no_evidence() -> None:
    assert cues(0, -1) == ()
    assert cues(0, 1, label=2) == ()


def test_a_repositorys_own_features_read_like_the_common_ones() -> None:
    weights = np.eye(4, dtype=np.float32)[[0, 0, 0]]
    vector = Vector(np.arange(3), np.ones(3, dtype=np.float32))
    assert explain(vector, weights, ["bcrash@0000abcd", "@0000abcd", "bcrash"], 0) == ('"crash"',)


def test_sections_are_named_as_such() -> None:
    assert cues(0, 0, 0, 0, 0, 0, 1) == ('the section "steps"',)

"""What all baselines share."""

import numpy as np
import pytest

from model.baselines.base import flat, over_all_types, present_types
from model.errors import DataError
from model.text import clean


def test_a_text_becomes_one_run_of_words_with_the_body_last() -> None:
    text = clean("[Feature Request] Add a dark theme", "### Why\nMy eyes hurt, see `theme.py`.")
    found = flat(text)
    assert found[:5] == ["[feature-request]", "add", "a", "dark", "theme"]
    assert found[found.index("|") + 1 :][:2] == ["my", "eyes"]
    assert "why" in found[: found.index("|")]
    assert "<inline-code>" in found[: found.index("|")]


def test_no_word_holds_a_space_or_a_line_break() -> None:
    text = clean(
        "[a b\u2003c] x", "### d\u00a0e\n\n- [ ] box\n\n```\nTraceback (most recent call last):\n```"
    )
    assert [word for word in flat(text) if len(word.split()) != 1] == []


def test_a_text_of_nothing_is_not_empty() -> None:
    assert flat(clean("", None)) == ["|"]


def test_two_types_are_the_least() -> None:
    assert present_types(np.array([3, 1, 3])).tolist() == [1, 3]
    with pytest.raises(DataError, match="nothing to learn"):
        present_types(np.array([3, 3]))


def test_types_that_were_not_learnt_get_nothing() -> None:
    found = over_all_types(np.array([[0.25, 0.75]]), np.array([1, 3]))
    assert found.tolist() == [[0, 0.25, 0, 0.75]]

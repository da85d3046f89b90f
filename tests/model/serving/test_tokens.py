from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.errors import ModelError
from model.serving.tokens import Limits, Parts, Tokens
from model.text import clean
from tests.model.word_pieces import SPECIAL, word_pieces

VOCABULARY = [*SPECIAL, "[", "]", ",", ".", "crash", "bug", "it", "stops", "code", "steps"]
LIMITS = Limits(title=4, body=8, extras=3)


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(word_pieces(VOCABULARY), LIMITS)


def words(tokens: Tokens, ids: list[int]) -> str:
    return " ".join(VOCABULARY[number] for number in ids)


def test_a_text_is_title_then_body_then_headings_and_cues(tokens: Tokens) -> None:
    [found] = tokens.encode([clean("[Bug]: crash", "### Steps\nit stops\n```\nx\n```")])
    assert words(tokens, found.ids) == "[CLS] [ bug crash [SEP] it stops [SEP] steps . code [SEP]"
    assert found.segments == [0] * 5 + [1] * 7


def test_a_long_body_takes_nothing_from_the_title_and_keeps_its_ends(tokens: Tokens) -> None:
    [parts] = tokens.parts([clean("crash crash crash crash crash", "stops " + "it " * 50 + "code crash")])
    assert words(tokens, parts.title) == "crash crash crash crash"
    assert words(tokens, parts.body) == "stops it it it it it code crash"
    assert (
        max(len(found.ids) for found in tokens.encode([clean("crash " * 9, "it " * 99 + "\n# steps\n" * 9)]))
        <= LIMITS.longest
    )


def test_tags_leave_half_of_the_title_to_its_words(tokens: Tokens) -> None:
    [parts] = tokens.parts([clean("[Bug][Bug][Bug] crash it stops", "")])
    assert (len(parts.tags), len(parts.title)) == (2, 2)


def test_tags_and_extras_can_be_hidden(tokens: Tokens) -> None:
    parts = Parts(tags=[10], title=[9], body=[11], extras=[13])
    assert words(tokens, tokens.assemble(parts, tags=False, extras=False).ids) == "[CLS] crash [SEP] it [SEP]"


def test_an_empty_text_is_still_a_sequence(tokens: Tokens) -> None:
    [found] = tokens.encode([clean("", None)])
    assert words(tokens, found.ids) == "[CLS] [SEP] [SEP]"


def test_a_batch_is_padded_to_its_longest(tokens: Tokens) -> None:
    batch = tokens.batch(tokens.encode([clean("crash", "it stops"), clean("crash", "")]))
    assert batch.input_ids.shape == batch.attention_mask.shape == batch.token_type_ids.shape == (2, 6)
    assert words(tokens, batch.input_ids[1]) == "[CLS] crash [SEP] [SEP] [PAD] [PAD]"
    assert np.array_equal(batch.attention_mask.sum(axis=1), [6, 4])


def test_a_broken_tokenizer_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match=r"tokenizer\.json is no tokenizer that can be read"):
        Tokens.load(tmp_path / "tokenizer.json", LIMITS)


@pytest.mark.parametrize("limit", ["76", 0, -1, None, 7.5, True])
def test_what_is_no_number_of_tokens_is_refused(limit: Any) -> None:
    with pytest.raises(ValueError, match="is no number of tokens"):
        Limits(body=limit)

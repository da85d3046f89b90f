import hashlib

import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training environment")

from pathlib import Path

from tokenizers import Tokenizer

from model.errors import DataError, ModelError
from model.text import clean
from model.training.encoder import add_characters, load_encoder, locate, widen
from tests.training.tiny import write_encoder


@pytest.fixture
def encoder(tmp_path):
    return write_encoder(tmp_path / "encoder")


def tokenizer(encoder) -> Tokenizer:
    return Tokenizer.from_file(str(encoder / "tokenizer.json"))


def test_a_directory_is_taken_and_its_hash_checked(encoder: Path) -> None:
    right = hashlib.sha256((encoder / "model.safetensors").read_bytes()).hexdigest()
    assert locate(str(encoder), right) == encoder
    assert locate(str(encoder), "") == encoder
    with pytest.raises(DataError, match=r"another file than the one asked for: its SHA-256 is " + right):
        locate(str(encoder), "0" * 64)


def test_a_name_on_the_hub_needs_a_hash() -> None:
    with pytest.raises(DataError, match="needs its sha256"):
        locate("nobody/nothing-of-this-name", "")


@pytest.mark.parametrize("missing", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named_even_where_a_pickle_lies_beside_it(encoder: Path, missing: str) -> None:
    (encoder / missing).unlink()
    (encoder / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(DataError, match=f"holds no {missing}"):
        locate(str(encoder), "")


def test_broken_weights_are_one_clear_line(encoder: Path) -> None:
    (encoder / "model.safetensors").write_bytes(b"nonsense")
    with pytest.raises(ModelError, match="the encoder cannot be loaded"):
        load_encoder(encoder, dropout=0.0, attention="eager")


def test_dropout_is_set_throughout(encoder: Path) -> None:
    found = load_encoder(encoder, dropout=0.25, attention="eager")
    assert {m.p for m in found.modules() if isinstance(m, torch.nn.Dropout)} == {0.25}


def test_frequent_han_characters_that_are_unknown_become_tokens(encoder: Path) -> None:
    plain = tokenizer(encoder)
    wider, added = add_characters(plain, [clean("崩溃崩溃崩", "溃 é é é é")], least=3)
    assert added == 2
    assert wider.encode("崩溃", add_special_tokens=False).ids == [
        plain.get_vocab_size(),
        plain.get_vocab_size() + 1,
    ]
    assert wider.encode("é").ids == plain.encode("é").ids
    assert add_characters(wider, [clean("崩溃崩溃崩", "溃")], least=3)[1] == 0


def test_wider_tables_keep_what_was_known_and_start_near_its_mean(encoder: Path) -> None:
    found = load_encoder(encoder, dropout=0.0, attention="eager")
    before = found.get_input_embeddings().weight.detach().clone()
    widen(found, len(before) + 5, seed=1)
    after = found.get_input_embeddings().weight
    assert torch.equal(after[: len(before)], before)
    assert len(after) == len(before) + 5
    assert (after[len(before) :] - before.mean(0)).abs().max() < 4 * before.std()
    assert found.config.vocab_size == len(before) + 5

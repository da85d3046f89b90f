import hashlib

import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training environment")

from pathlib import Path

from tokenizers import Tokenizer

from model.errors import DataError, ModelError
from model.training.encoder import load_encoder, locate, widen
from tests.training.tiny import write_encoder


@pytest.fixture
def encoder(tmp_path):
    return write_encoder(tmp_path / "encoder")


def test_a_directory_is_taken_and_its_hash_checked(encoder: Path) -> None:
    right = hashlib.sha256((encoder / "model.safetensors").read_bytes()).hexdigest()
    assert locate(str(encoder), right) == encoder
    assert locate(str(encoder), "") == encoder
    said = f"its SHA-256 is {right}, expected is {'0' * 64}, which the configuration sets as sha256"
    with pytest.raises(DataError, match=said):
        locate(str(encoder), "0" * 64)


def test_a_name_on_the_hub_needs_a_hash() -> None:
    with pytest.raises(DataError, match="needs its sha256"):
        locate("nobody/nothing-of-this-name", "")


def test_what_the_hub_does_not_have_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> str:
        raise OSError("cannot be reached\nand more of it")

    monkeypatch.setattr("huggingface_hub.snapshot_download", fails)
    said = "the encoder nobody/nothing is neither a directory nor on the model hub: cannot be reached$"
    with pytest.raises(DataError, match=said):
        locate("nobody/nothing", "0" * 64)


@pytest.mark.parametrize("place", ["/nosuch/place", "./nosuch", "../nosuch/place"])
@pytest.mark.parametrize("sha256", ["", "0" * 64])
def test_a_directory_that_is_not_there_is_not_looked_for_on_the_hub(place: str, sha256: str) -> None:
    with pytest.raises(
        DataError, match=f"^{place}: no such directory; name one that holds model.safetensors"
    ):
        locate(place, sha256)


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


# New tokens


@pytest.fixture
def plain(encoder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(encoder / "tokenizer.json"))


def widened(encoder: Path, plain: Tokenizer, *meanings: str, rows: int = 0, seed: int = 1):
    """The table of an encoder before and after it learnt tokens that mean this; `rows` of it are spare."""
    found = load_encoder(encoder, dropout=0.0, attention="eager")
    size = plain.get_vocab_size()
    found.resize_token_embeddings(size + rows, mean_resizing=False)
    before = found.get_input_embeddings().weight.detach().clone()
    widen(found, plain, dict(enumerate(meanings, start=size)), seed)
    after = found.get_input_embeddings().weight.detach()
    assert found.config.vocab_size == len(after)
    return before, after


def test_what_was_known_stays_as_it_was(encoder: Path, plain: Tokenizer) -> None:
    before, after = widened(encoder, plain, "crash", "", "how do i")
    assert torch.equal(after[: len(before)], before)
    assert len(after) == len(before) + 3


def test_a_new_token_starts_at_the_mean_of_its_meaning(encoder: Path, plain: Tokenizer) -> None:
    before, after = widened(encoder, plain, "crash", "how do i")
    number = plain.token_to_id
    assert torch.equal(after[-2], before[number("crash")])
    how, do, i = (before[number(word)] for word in ("how", "do", "i"))
    assert torch.allclose(after[-1], (how + do + i) / 3, atol=1e-6)


def test_one_of_unknown_meaning_starts_near_the_mean_of_all(encoder: Path, plain: Tokenizer) -> None:
    before, after = widened(encoder, plain, "", "")
    assert (after[-2:] - before.mean(0)).abs().max() < 4 * before.std()
    assert not torch.equal(after[-1], after[-2])


def test_a_seed_decides_the_noise(encoder: Path, plain: Tokenizer) -> None:
    rows = [widened(encoder, plain, "", seed=seed)[1][-1] for seed in (1, 1, 2)]
    assert torch.equal(rows[0], rows[1])
    assert not torch.equal(rows[0], rows[2])


def test_without_new_tokens_nothing_changes(encoder: Path, plain: Tokenizer) -> None:
    before, after = widened(encoder, plain, rows=3)
    assert torch.equal(before, after)


def test_spare_rows_of_the_table_are_used_first(encoder: Path, plain: Tokenizer) -> None:
    before, after = widened(encoder, plain, "crash", rows=3)
    assert len(after) == len(before)
    assert torch.equal(after[-3], before[plain.token_to_id("crash")])
    assert torch.equal(after[-2:], before[-2:])

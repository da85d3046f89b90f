"""Compression keeps what the network says: in ONNX to the last digits, in eight bits nearly."""

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training environment")

import onnx
import onnxruntime
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from model.fitting import compress
from model.fitting.compress import prune, quantise, to_onnx
from model.net import Network
from model.serving.onnx_network import INPUTS
from model.serving.tokens import Limits, Tokens
from model.tasks import TASKS
from model.text import clean
from model.training.glossary import teach
from tests.training.tiny import WORDS, write_encoder

HEADS = {task: len(classes) for task, classes in TASKS.items()}
NAMES = [*HEADS, "embedding"]
SMALL = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
SHAPES = [(1, 3), (3, 9), (2, 40)]


@pytest.fixture(scope="module")
def network() -> Network:
    """An encoder wide enough that its weights fill more than one block of eight bits."""
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=1_200, hidden_size=96, num_hidden_layers=2, num_attention_heads=4, intermediate_size=160,
        max_position_embeddings=64,
    )  # fmt: skip
    return Network(BertModel(config, add_pooling_layer=False), HEADS).eval()


@pytest.fixture(scope="module")
def plain(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plain") / "network.onnx"
    to_onnx(network, path)
    return path


@pytest.fixture(scope="module")
def small(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "network.onnx"
    quantise(plain, path)
    return path


def batch(rows: int, length: int) -> dict[str, np.ndarray]:
    """Texts of different lengths, padded, with a title and a body."""
    random = np.random.default_rng(rows)
    mask = (np.arange(length) < np.linspace(length, 2, rows)[:, None]).astype(np.int64)
    segments = np.broadcast_to(np.arange(length) >= length // 3, (rows, length)).astype(np.int64)
    arrays = (random.integers(5, 1_200, (rows, length)) * mask, mask, segments * mask)
    return dict(zip(INPUTS, arrays, strict=True))


def in_torch(network: Network, arrays: dict[str, np.ndarray]) -> list[np.ndarray]:
    with torch.no_grad():
        found = network(*(torch.from_numpy(array) for array in arrays.values()))
    return [found[name].numpy() for name in NAMES]


def in_onnx(path: Path, arrays: dict[str, np.ndarray]) -> list[np.ndarray]:
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]).run(NAMES, arrays)


@pytest.mark.parametrize("shape", SHAPES)
def test_onnx_says_what_torch_says(network: Network, plain: Path, shape: tuple[int, int]) -> None:
    for expected, found in zip(in_torch(network, batch(*shape)), in_onnx(plain, batch(*shape)), strict=True):
        assert found == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
def test_eight_bits_say_nearly_the_same(plain: Path, small: Path, shape: tuple[int, int]) -> None:
    for expected, found in zip(in_onnx(plain, batch(*shape)), in_onnx(small, batch(*shape)), strict=True):
        assert found == pytest.approx(expected, abs=0.03)
        assert np.abs(found - expected).max() > 0


def test_in_eight_bits_a_text_does_not_depend_on_its_neighbours(small: Path) -> None:
    arrays = batch(4, 24)
    together = in_onnx(small, arrays)
    for row in range(4):
        length = int(arrays["attention_mask"][row].sum())
        alone = in_onnx(small, {name: array[row : row + 1, :length] for name, array in arrays.items()})
        for expected, found in zip(together, alone, strict=True):
            assert found[0] == pytest.approx(expected[row], abs=0.01)


def test_names_and_order_are_those_of_the_contract(small: Path) -> None:
    graph = onnx.load(small).graph
    assert {value.name for value in graph.input} == set(INPUTS)
    assert [value.name for value in graph.output] == NAMES


def test_it_is_one_file_of_less_than_half_the_size(plain: Path, small: Path) -> None:
    assert [path.name for path in plain.parent.iterdir()] == ["network.onnx"]
    assert [path.name for path in small.parent.iterdir()] == ["network.onnx"]
    assert small.stat().st_size < 0.5 * plain.stat().st_size


def test_all_weights_worth_it_have_eight_bits(small: Path) -> None:
    large = [value for value in onnx.load(small).graph.initializer if np.prod(value.dims) > 10_000]
    assert len(large) > 10
    assert {value.data_type for value in large} <= {onnx.TensorProto.INT8, onnx.TensorProto.UINT8}


def test_weights_that_are_all_zero_stay_zero(plain: Path, tmp_path: Path) -> None:
    model = onnx.load(plain)
    for value in model.graph.initializer:
        if value.name.endswith("word_embeddings.weight"):
            value.CopyFrom(onnx.numpy_helper.from_array(np.zeros(value.dims, np.float32), value.name))
    onnx.save(model, tmp_path / "zero.onnx")
    quantise(tmp_path / "zero.onnx", tmp_path / "small.onnx")
    for expected, found in zip(
        in_onnx(tmp_path / "zero.onnx", batch(1, 5)),
        in_onnx(tmp_path / "small.onnx", batch(1, 5)),
        strict=True,
    ):
        assert found == pytest.approx(expected, abs=0.03)


# Pruning


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens.load(write_encoder(tmp_path_factory.mktemp("encoder")) / "tokenizer.json", Limits())


@pytest.fixture(scope="module")
def tiny(tokens: Tokens) -> Network:
    config = BertConfig(vocab_size=tokens.tokenizer.get_vocab_size(), **SMALL)
    return Network(BertModel(config, add_pooling_layer=False), HEADS).eval()


SEEN = [clean("crash error", "how do i use the app")]


def test_what_was_seen_is_said_as_before(tiny: Network, tokens: Tokens) -> None:
    smaller, fewer = prune(tiny, tokens, SEEN, general=0)
    assert fewer.tokenizer.get_vocab_size() < tokens.tokenizer.get_vocab_size()
    assert smaller.encoder.config.vocab_size == fewer.tokenizer.get_vocab_size()
    before, after = (
        in_torch(net, dict(zip(INPUTS, reader.batch(reader.encode(SEEN)), strict=True)))
        for net, reader in ((tiny, tokens), (smaller, fewer))
    )
    for expected, found in zip(before, after, strict=True):
        assert found == pytest.approx(expected, abs=1e-6)


def test_a_word_that_was_not_seen_falls_into_its_parts_and_is_not_unknown(
    tiny: Network, tokens: Tokens
) -> None:
    _, fewer = prune(tiny, tokens, SEEN, general=0)
    assert "rubbish" in WORDS
    whole, parts = (each.encode([clean("rubbish", "")])[0].ids for each in (tokens, fewer))
    assert len(parts) > len(whole)
    assert fewer.tokenizer.token_to_id("[UNK]") not in parts


def test_tokens_that_are_frequent_in_general_stay(tiny: Network, tokens: Tokens) -> None:
    _, all_of_them = prune(tiny, tokens, [], general=1_000)
    assert all_of_them.tokenizer.get_vocab() == tokens.tokenizer.get_vocab()


def test_special_tokens_keep_their_meaning(tiny: Network, tokens: Tokens) -> None:
    _, fewer = prune(tiny, tokens, SEEN, general=0)
    (text,) = fewer.encode(SEEN)
    names = [fewer.tokenizer.id_to_token(number) for number in text.ids]
    assert names[0] == "[CLS]"
    assert names.count("[SEP]") >= 2
    assert fewer.tokenizer.token_to_id("[MASK]") is not None


def test_words_that_were_taught_keep_their_rows(tokens: Tokens) -> None:
    found = teach(tokens.tokenizer, [clean("如何配置", "无法")], 1, {"如何": "how", "配置": "", "无法": ""})
    taught = Tokens(found.tokenizer, tokens.limits)
    wide = Network(BertModel(BertConfig(vocab_size=taught.tokenizer.get_vocab_size(), **SMALL)), {})
    smaller, fewer = prune(wide, taught, [clean("如何配置 crash", "")], general=0)
    written = json.loads(fewer.tokenizer.to_str())
    assert {token["content"]: token["id"] for token in written["added_tokens"]}.items() <= (
        written["model"]["vocab"].items()
    )
    assert sorted(written["model"]["vocab"].values()) == list(range(fewer.tokenizer.get_vocab_size()))
    before, after = (
        reader.tokenizer.encode("无法 如何配置 crash", add_special_tokens=False) for reader in (taught, fewer)
    )
    assert after.tokens == before.tokens == ["无法", "如何", "配置", "crash"]
    tables = [net.encoder.get_input_embeddings().weight for net in (wide, smaller)]
    assert torch.equal(tables[0][before.ids], tables[1][after.ids])


def test_the_trained_network_is_left_as_it_was(tiny: Network, tokens: Tokens) -> None:
    size = tokens.tokenizer.get_vocab_size()
    prune(tiny, tokens, SEEN, general=0)
    assert tiny.encoder.get_input_embeddings().weight.shape[0] == size == tokens.tokenizer.get_vocab_size()


def test_another_kind_of_vocabulary_is_left_alone(tiny: Network, tokens: Tokens) -> None:
    words = {word: number for number, word in enumerate(("[UNK]", "[CLS]", "[SEP]", "[PAD]", "crash"))}
    from tokenizers.models import WordLevel

    other = Tokens(Tokenizer(WordLevel(words, unk_token="[UNK]")), Limits())
    assert prune(tiny, other, SEEN, general=0) == (tiny, other)


def test_blocks_are_of_a_size_that_onnxruntime_takes() -> None:
    assert compress._BLOCK >= 16
    assert compress._BLOCK & (compress._BLOCK - 1) == 0

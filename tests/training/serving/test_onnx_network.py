"""The network where it serves: what it answers, and that a broken file is one clear line."""

from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="onnx is only in the training environment")

from model.errors import ModelError
from model.serving.artifact import NETWORK, TOKENIZER, network_files
from model.serving.onnx_network import OnnxNetwork
from model.serving.tokens import Limits
from model.tasks import TASKS
from model.text import clean
from tests.training.served import LIMITS, STRENGTH, WIDTHS, WORDS, write_network


@pytest.fixture
def network(tmp_path: Path) -> OnnxNetwork:
    return OnnxNetwork(network_files(write_network(tmp_path)), Limits(**LIMITS))


def test_it_says_what_its_outputs_are(network: OnnxNetwork) -> None:
    assert network.outputs == WIDTHS


def test_each_text_is_answered_in_order(network: OnnxNetwork) -> None:
    found = network.read([clean(word, "the the") for word in WORDS], "issue_type")
    expected = np.zeros((len(WORDS), 4))
    for row, spoken in enumerate(WORDS.values()):
        if "issue_type" in spoken:
            expected[row, TASKS["issue_type"].index(spoken["issue_type"])] = STRENGTH
    assert found.tolist() == expected.tolist()


def test_a_text_gets_the_same_answer_alone_and_among_others(network: OnnxNetwork) -> None:
    texts = [clean("how", "crash " * n) for n in range(6)]
    together = network.read(texts, "tone")
    assert [network.read([text], "tone")[0].tolist() for text in texts] == together.tolist()


def test_of_no_text_there_is_nothing_to_say(network: OnnxNetwork) -> None:
    assert network.read([], "pr_type").shape == (0, len(TASKS["pr_type"]))


def test_an_empty_text_is_read_like_any_other(network: OnnxNetwork) -> None:
    assert network.read([clean("", None)], "issue_type").tolist() == [[0.0] * 4]


def test_no_more_is_read_than_the_limits_allow(network: OnnxNetwork) -> None:
    found = network.read([clean("how " * 50, "crash " * 50)], "issue_type")
    assert found.tolist() == [[STRENGTH * LIMITS["body"], 0.0, STRENGTH * LIMITS["title"], 0.0]]


def test_an_embedding_has_unit_length(network: OnnxNetwork) -> None:
    (found,) = network.read([clean("how crash the", "the typo")], "embedding")
    assert np.linalg.norm(found) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("content", [b"", b"not a network", b"\x08\x0a\xff\xff"])
def test_a_file_that_is_no_network_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    write_network(tmp_path)
    (tmp_path / NETWORK).write_bytes(content)
    with pytest.raises(ModelError, match=r"^[^\n]*network\.onnx cannot be loaded: [^\n]+$"):
        OnnxNetwork(network_files(tmp_path), Limits(**LIMITS))


def test_a_network_that_reads_something_else_is_refused(tmp_path: Path) -> None:
    write_network(tmp_path, inputs=["pixels"])
    with pytest.raises(ModelError, match="does not read input_ids, attention_mask, token_type_ids"):
        OnnxNetwork(network_files(tmp_path), Limits(**LIMITS))


def test_outputs_of_another_shape_are_refused(tmp_path: Path) -> None:
    write_network(tmp_path, {"tone": 2})
    model = onnx.load(tmp_path / NETWORK)
    model.graph.node[1].attribute[0].i = 1  # it keeps the dimension that it sums over
    model.graph.output[0].type.tensor_type.ClearField("shape")
    onnx.save(model, tmp_path / NETWORK)
    with pytest.raises(ModelError, match=r"an output of another shape than \(texts, numbers\)"):
        OnnxNetwork(network_files(tmp_path), Limits(**LIMITS))


def test_a_tokenizer_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    write_network(tmp_path)
    (tmp_path / TOKENIZER).write_text("{")
    with pytest.raises(ModelError, match=r"^[^\n]*tokenizer\.json[^\n]*$"):
        OnnxNetwork(network_files(tmp_path), Limits(**LIMITS))

"""What each step of compression costs is measured on the way."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training environment")

from transformers import AutoModel

from model.datasets.samples import Samples
from model.fitting.compression import compress, disagreement
from model.net import Network
from model.serving.artifact import NETWORK_FILES, network_files
from model.serving.onnx_network import OnnxNetwork
from model.serving.tokens import Limits, Tokens
from model.tasks import TASKS
from model.text import clean
from tests.training.tiny import samples, write_encoder

LIMITS = Limits(title=12, body=12, extras=6)


def test_disagreement_by_hand() -> None:
    first = np.array([[0.0, 0.0], [9.0, 0.0]])
    second = np.array([[0.0, np.log(3.0)], [9.0, 0.0]])
    assert disagreement(first, second) == (0.25, 0.5)
    assert disagreement(first, first) == (0.0, 0.0)
    assert disagreement(first[:0], second[:0]) == (0.0, 0.0)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, Path]:
    place = tmp_path_factory.mktemp("compression")
    encoder = write_encoder(place / "encoder")
    torch.manual_seed(0)
    network = Network(
        AutoModel.from_pretrained(encoder), {task: len(TASKS[task]) for task in ("issue_type", "tone")}
    )
    tokens = Tokens.load(encoder / "tokenizer.json", LIMITS)
    rows = [row for task in TASKS for split in ("train", "validation") for row in samples(task, split, 5)]
    (place / "small").mkdir()
    return compress(
        network, tokens, Samples(tuple(rows), {}), place / "small", lambda _: None
    ), place / "small"


def test_every_step_has_a_row(found: tuple[dict, Path]) -> None:
    report, _ = found
    rows = report["rows"]
    assert [row["step"] for row in rows] == [
        "torch, fp32", "ONNX, fp32", "ONNX, int8", "ONNX, int8, rare tokens dropped",
    ]  # fmt: skip
    assert rows[1]["size_mb"] > rows[2]["size_mb"] >= rows[3]["size_mb"] > 0
    assert all(row["median_ms"] > 0 for row in rows)
    assert report["texts"] == {"issue_type": 20, "tone": 10}
    assert 0 < report["vocabulary"]["served"] <= report["vocabulary"]["trained"]


def test_a_row_says_how_far_it_is_from_what_was_trained(found: tuple[dict, Path]) -> None:
    first, plain, small, pruned = found[0]["rows"]
    assert set(first["macro_f1"]) == set(first["changed_labels"]) == {"issue_type", "tone"}
    assert first["largest_difference"] == {"issue_type": 0.0, "tone": 0.0}
    assert plain["largest_difference"]["tone"] <= 1e-4
    assert 0 < small["largest_difference"]["tone"] < 0.05
    assert first["similarity"] == plain["similarity"] == pytest.approx(1.0, abs=1e-4)
    assert pruned["similarity"] > 0.99


def test_what_is_left_can_be_served_and_nothing_else_is_left(found: tuple[dict, Path]) -> None:
    assert {path.name for path in found[1].iterdir()} == set(NETWORK_FILES)
    network = OnnxNetwork(network_files(found[1]), LIMITS)
    assert network.read([clean("crash", "the app")], "issue_type").shape == (1, 4)

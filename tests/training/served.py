"""A network made by hand that can be served: it knows a few words, and each speaks for one class."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from model.serving.artifact import NETWORK, TOKENIZER, Artifact, network_files, save
from model.serving.ensemble import Head
from model.serving.onnx_network import INPUTS
from model.tasks import TASKS

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
#: Word -> task -> the class it speaks for.
WORDS: Mapping[str, Mapping[str, str]] = {
    "crash": {"issue_type": "bug", "pr_type": "fix"},
    "please": {"issue_type": "feature", "tone": "civil"},
    "how": {"issue_type": "question"},
    "typo": {"issue_type": "documentation", "pr_type": "docs"},
    "idiot": {"tone": "uncivil"},
    "the": {},
}
WIDTHS = {**{task: len(classes) for task, classes in TASKS.items()}, "embedding": len(WORDS)}
STRENGTH = 4.0  # what a word adds to the logit of its class
LIMITS = {"title": 8, "body": 8, "extras": 4}


def write_network(
    directory: Path, widths: Mapping[str, int] = WIDTHS, inputs: Sequence[str] = INPUTS
) -> Path:
    """Write the files of a network each of whose outputs is a sum of rows of a table, one for each token."""
    directory.mkdir(parents=True, exist_ok=True)
    vocabulary = {word: number for number, word in enumerate((*SPECIAL, *WORDS))}
    model = {"type": "WordLevel", "unk_token": "[UNK]", "vocab": vocabulary}
    tokenizer = {"version": "1.0", "pre_tokenizer": {"type": "Whitespace"}, "model": model}
    (directory / TOKENIZER).write_text(json.dumps(tokenizer), encoding="utf-8")
    nodes, tables = [], []
    for name, width in widths.items():
        tables.append(numpy_helper.from_array(_table(name, width), f"{name}.table"))
        summed = name if name != "embedding" else "sum"
        nodes += [
            helper.make_node("Gather", [f"{name}.table", inputs[0]], [f"{name}.rows"]),
            helper.make_node("ReduceSum", [f"{name}.rows", "axis"], [summed], keepdims=0),
        ]
    if "embedding" in widths:
        nodes.append(helper.make_node("LpNormalization", ["sum"], ["embedding"], axis=1, p=2))
    tables.append(numpy_helper.from_array(np.array([1]), "axis"))
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"]) for name in inputs],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", n]) for name, n in widths.items()],
        tables,
    )
    opset = [helper.make_opsetid("", 18)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=10), directory / NETWORK)
    return directory


def write_classifier(
    directory: Path, network: Path | None, tasks: Sequence[str] = tuple(TASKS), linear: float = 0.0
) -> Path:
    """Write a classifier of that network and a linear member that calls everything with "typo" a bug."""
    heads = {
        task: Head(
            classes=TASKS[task],
            members=({"linear": linear} if linear and task == "issue_type" else {})
            | ({"network": 1.0} if network else {}),
            bias=np.zeros(len(TASKS[task])),
            temperature=1.0,
            thresholds={0.9: dict.fromkeys(TASKS[task], 0.6)},
        ).to_json()
        for task in tasks
    }
    weights = np.zeros((2, 4), dtype=np.float16)
    weights[0, 0] = 10.0
    manifest = {"name": "tiny", "heads": heads, "limits": LIMITS}
    files = network_files(network) if network else None
    save(directory, Artifact(["ttypo"], np.ones(1, dtype=np.float16), weights, manifest, files))
    return directory


def _table(name: str, width: int) -> np.ndarray:
    """What each token adds to an output; a word has a direction of its own in the embedding."""
    table = np.zeros((len(SPECIAL) + len(WORDS), width), dtype=np.float32)
    for number, spoken in enumerate(WORDS.values()):
        if name == "embedding":
            table[len(SPECIAL) + number, number % width] = 1.0
        elif name in spoken:
            table[len(SPECIAL) + number, TASKS[name].index(spoken[name]) % width] = STRENGTH
    return table

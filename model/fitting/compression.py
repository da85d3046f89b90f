"""Compressing a network step by step, and measuring on validation texts what each step costs and gains.

Needs torch and onnx, so nothing that serves imports this file.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from model.datasets.samples import Sample, Samples, label_numbers
from model.fitting.compress import prune, quantise, to_onnx
from model.measuring.metrics import macro_f1
from model.net import EMBEDDING, Network
from model.serving.artifact import NETWORK, TOKENIZER, network_files
from model.serving.linear import softmax
from model.serving.onnx_network import Floats, OnnxNetwork
from model.serving.tokens import Tokens
from model.tasks import TASKS
from model.text import CleanText

_TEXTS = 400  # of each task that are measured
_TIMED = 100  # of these, those that are timed

Say = Callable[[str], None]
Read = Callable[[Sequence[CleanText], str], Floats]  # texts, name of an output -> its numbers for each text


class Disagreement(NamedTuple):
    """How far two networks are apart on the same texts."""

    largest: float  # difference of a probability, 0 to 1
    changed: float  # share of texts that get another label, 0 to 1


def disagreement(first: Floats, second: Floats) -> Disagreement:
    """Compare logits of shape (texts, classes)."""
    largest = np.abs(softmax(first) - softmax(second)).max(initial=0.0)
    changed = (first.argmax(axis=1) != second.argmax(axis=1)).mean() if len(first) else 0.0
    return Disagreement(round(float(largest), 4), round(float(changed), 4))


def compress(network: Network, tokens: Tokens, samples: Samples, target: Path, say: Say) -> dict[str, Any]:
    """Write `network.onnx` and `tokenizer.json` into `target`, in eight bits; return the cost of each step.

    Of the rare tokens, those stay that the "train" split of `samples` holds. The result has a row for each
    step: size in MB of 10^6 bytes, median CPU time of one text in milliseconds, macro F1 by task,
    how far its answers are from those of the network as it was trained, and the mean cosine of embeddings.
    """
    bench = _Bench(samples, network.heads)
    say("compressing the network and measuring every step")
    rows = [bench.row("torch, fp32", _in_torch(network, tokens), _weights(network))]
    smaller, fewer = prune(network, tokens, [row.text for row in samples.rows if row.split == "train"])
    for name, module, reader, small in (
        ("ONNX, fp32", network, tokens, False),
        ("ONNX, int8", network, tokens, True),
        ("ONNX, int8, rare tokens dropped", smaller, fewer, True),
    ):
        _write(module, reader, target, small=small)
        size = sum((target / file).stat().st_size for file in (NETWORK, TOKENIZER))
        rows.append(bench.row(name, OnnxNetwork(network_files(target), reader.limits).read, size))
        say(f"{name}: {rows[-1]['size_mb']} MB, {rows[-1]['median_ms']} ms")
    trained, served = (each.tokenizer.get_vocab_size() for each in (tokens, fewer))
    return {"rows": rows, "texts": bench.texts, "vocabulary": {"trained": trained, "served": served}}


class _Bench:
    """Validation texts, and what the first network that was measured said of them."""

    def __init__(self, samples: Samples, tasks: Iterable[str]) -> None:
        rows = {task: _spread(samples.of(task, "validation")) for task in tasks}
        self._texts = {task: [row.text for row in found] for task, found in rows.items() if found}
        self._truth = {task: label_numbers(found) for task, found in rows.items() if found}
        self._first: dict[str, Floats] = {}
        self._embedded: Floats | None = None

    @property
    def texts(self) -> dict[str, int]:
        """How many texts of each task are measured."""
        return {task: len(texts) for task, texts in self._texts.items()}

    def row(self, name: str, read: Read, size: int) -> dict[str, Any]:
        """Measure one network of `size` bytes."""
        said = {task: read(texts, task) for task, texts in self._texts.items()}
        some = next(iter(self._texts.values()))[:_TIMED]
        embedded = read(some, EMBEDDING)
        if self._embedded is None:
            self._first, self._embedded = said, embedded
        apart = {task: disagreement(self._first[task], logits) for task, logits in said.items()}
        return {
            "step": name,
            "size_mb": round(size / 1e6, 2),
            "median_ms": round(1e3 * float(np.median([_seconds(read, text) for text in some])), 2),
            "macro_f1": {task: self._score(task, logits) for task, logits in said.items()},
            "largest_difference": {task: found.largest for task, found in apart.items()},
            "changed_labels": {task: found.changed for task, found in apart.items()},
            "similarity": round(float((embedded * self._embedded).sum(axis=1).mean()), 5),
        }

    def _score(self, task: str, logits: Floats) -> float:
        return round(macro_f1(self._truth[task], logits.argmax(axis=1), len(TASKS[task])), 4)


def _in_torch(network: Network, tokens: Tokens) -> Read:
    """Reads texts with the network as it was trained, one at a time."""
    network.eval()

    def read(texts: Sequence[CleanText], output: str) -> Floats:
        with torch.no_grad():
            rows = [
                network(*map(torch.from_numpy, tokens.batch([text])))[output] for text in tokens.encode(texts)
            ]
        return np.concatenate([row.numpy() for row in rows])

    return read


def _write(network: Network, tokens: Tokens, target: Path, *, small: bool) -> None:
    plain = target / f"plain-{NETWORK}"
    to_onnx(network, plain)
    if small:
        quantise(plain, target / NETWORK)
        plain.unlink()
    else:
        plain.replace(target / NETWORK)
    (target / TOKENIZER).write_text(tokens.tokenizer.to_str(), encoding="utf-8", newline="\n")


def _spread(rows: Sequence[Sample]) -> Sequence[Sample]:
    """At most `_TEXTS` of them, from all over: those of one collection stand together."""
    return rows[:: max(1, -(-len(rows) // _TEXTS))]


def _weights(network: Network) -> int:
    """Bytes of the weights."""
    return sum(weights.numel() * weights.element_size() for weights in network.parameters())


def _seconds(read: Read, text: CleanText) -> float:
    """CPU time, for other work on the machine is not what is measured."""
    started = time.process_time()
    read([text], EMBEDDING)
    return time.process_time() - started

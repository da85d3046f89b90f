"""From the trained network to the file that is served: a smaller vocabulary, ONNX, eight bits.

Needs torch and onnx, so nothing that serves imports this file.
"""

import json
import warnings
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import NodeProto, helper, numpy_helper
from tokenizers import Tokenizer
from torch import Tensor, nn

from model.net import Network
from model.serving.onnx_network import INPUTS
from model.serving.tokens import Tokens
from model.text import CleanText

_OPSET = 20
_BLOCK = 64  # weights of a column that share a scale; a power of two, 16 or more
_ZERO = 128  # what stands for zero in eight bits without a sign
_COMPUTE_INT8 = 4  # the "accuracy level" of onnxruntime at which products are of eight bits
_LARGE_TABLE = 100  # rows; a smaller table is not worth eight bits
_GENERAL = 15_000  # tokens that stay unseen: the first in BERT's vocabulary are the frequent words of English
_CONTRIB = "com.microsoft"  # onnxruntime's own operators


def prune(
    network: Network, tokens: Tokens, texts: Sequence[CleanText], *, general: int = _GENERAL
) -> tuple[Network, Tokens]:
    """A copy without the rare tokens that none of `texts` holds; a word that was one falls into its parts.

    The first `general` tokens stay, for what is frequent elsewhere will come here as well; so do special
    tokens and single characters, so that every text that could be written down still can. Only a WordPiece
    vocabulary is pruned; with another one, what is given is returned as it is.
    """
    written = json.loads(tokens.tokenizer.to_str())
    vocabulary: dict[str, int] = written["model"]["vocab"]
    if written["model"]["type"] != "WordPiece":
        return network, tokens
    seen = {number for text in tokens.encode(texts) for number in text.ids}
    seen |= {token["id"] for token in written["added_tokens"]} | {tokens.start, tokens.end, tokens.pad}
    kept = sorted(
        number
        for word, number in vocabulary.items()
        if number in seen
        or len(word.removeprefix("##")) == 1
        or word == written["model"]["unk_token"]
        or (number < general and not word.startswith("[unused"))
    )
    place = {number: new for new, number in enumerate(kept)}
    written["model"]["vocab"] = {word: place[old] for word, old in vocabulary.items() if old in place}
    for token in written["added_tokens"]:
        token["id"] = place[token["id"]]
    written["post_processor"] = None  # special tokens are put in by `Tokens`, and it would hold old numbers
    smaller = deepcopy(network)
    table = smaller.encoder.get_input_embeddings().weight.detach()[kept]
    smaller.encoder.set_input_embeddings(nn.Embedding.from_pretrained(table, padding_idx=place[tokens.pad]))
    smaller.encoder.config.vocab_size = len(kept)
    return smaller, Tokens(Tokenizer.from_str(json.dumps(written)), tokens.limits)


def to_onnx(network: Network, path: Path) -> None:
    """Write the network as one ONNX file that takes any number of texts of any length, in fp32.

    Inputs are named as in `INPUTS`, outputs as the heads and "embedding".
    """
    network.eval()
    # Three tensors: the exporter takes one that is given twice for one input.
    example = tuple(torch.full((2, 8), value, dtype=torch.int64) for value in (1, 1, 0))
    names = list(network(*example))
    batch, length = torch.export.Dim("batch"), torch.export.Dim("tokens", max=_longest(network))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the exporter's own code
        program = torch.onnx.export(
            _InOrder(network).eval(),
            example,
            input_names=list(INPUTS),
            output_names=[f"output.{name}" for name in names],
            dynamic_shapes=({0: batch, 1: length},) * len(INPUTS),
            opset_version=_OPSET,
            dynamo=True,
            verbose=False,
        )
    model = program.model_proto
    # What the exporter takes out of a table it calls "embedding" as well.
    renamed = {f"output.{name}": name for name in names} | {name: f"inner.{name}" for name in names}
    for node in model.graph.node:
        node.input[:] = [renamed.get(value, value) for value in node.input]
        node.output[:] = [renamed.get(value, value) for value in node.output]
    for value in model.graph.output:
        value.name = renamed[value.name]
    del model.graph.value_info[:]  # shapes from before the exporter folded constants
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def quantise(source: Path, target: Path) -> None:
    """Write the ONNX network of `source` with weights of eight bits, computed with in eight bits.

    Weights share a scale in blocks along a column; the large table of token embeddings has one for each row.
    What is multiplied with them is brought to eight bits block by block as well, for every token anew: a
    single scale for all tokens of all texts would make room for the largest number among them, and lose the
    small ones (Dettmers et al., "LLM.int8()", NeurIPS 2022, on such outliers).
    """
    model = onnx.load(source)
    graph = model.graph
    small = _EightBits({value.name: numpy_helper.to_array(value) for value in graph.initializer})
    nodes = [part for node in graph.node for part in small.replace(node)]
    used = {name for node in nodes for name in node.input}
    kept = [value for value in graph.initializer if value.name in used]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept)
    graph.initializer.extend(numpy_helper.from_array(array, name) for name, array in small.made.items())
    model.opset_import.append(helper.make_opsetid(_CONTRIB, 1))
    onnx.save(model, target)


class _EightBits:
    """Nodes with constant weights, replaced by such with weights of eight bits."""

    def __init__(self, constants: dict[str, npt.NDArray[np.generic]]) -> None:
        self._constants = constants
        self.made: dict[str, npt.NDArray[np.generic]] = {}  # new constants by name

    def replace(self, node: NodeProto) -> Iterator[NodeProto]:
        """The nodes that stand for `node`; itself where it has no weights worth it."""
        if node.op_type in {"MatMul", "Gemm"} and node.input[1] in self._constants:
            yield from self._linear(node, self._constants[node.input[1]])
        elif node.op_type == "Gather" and len(self._constants.get(node.input[0], ())) >= _LARGE_TABLE:
            yield from self._rows(node, self._constants[node.input[0]])
        else:
            yield node

    def _linear(self, node: NodeProto, weights: npt.NDArray[np.generic]) -> Iterator[NodeProto]:
        attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
        columns = weights.T if attributes.get("transB") else weights
        biased = len(node.input) > 2
        product = f"{node.output[0]}.product" if biased else node.output[0]
        yield self._product(node.input[0], node.input[1], columns, product)
        if biased:
            yield helper.make_node("Add", [product, node.input[2]], node.output)

    def _product(self, left: str, name: str, weights: npt.NDArray[np.generic], output: str) -> NodeProto:
        """left (..., K) times weights (K, N), as onnxruntime's MatMulNBits."""
        inner, columns = weights.shape
        padded = np.pad(weights.T.astype(np.float32), ((0, 0), (0, -inner % _BLOCK)))
        blocks = padded.reshape(columns, -1, _BLOCK)
        scales = np.maximum(np.abs(blocks).max(axis=2), 1e-12) / (_ZERO - 1)
        self.made[f"{name}.int8"] = (np.rint(blocks / scales[:, :, None]) + _ZERO).astype(np.uint8)
        self.made[f"{name}.scales"] = scales
        return helper.make_node(
            "MatMulNBits",
            [left, f"{name}.int8", f"{name}.scales"],
            [output],
            domain=_CONTRIB,
            K=inner,
            N=columns,
            bits=8,
            block_size=_BLOCK,
            accuracy_level=_COMPUTE_INT8,
        )

    def _rows(self, node: NodeProto, table: npt.NDArray[np.generic]) -> Iterator[NodeProto]:
        """Rows of a table, each with a scale of its own."""
        name, numbers, output = node.input[0], node.input[1], node.output[0]
        scales = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-12) / (_ZERO - 1)
        self.made[f"{name}.int8"] = np.rint(table / scales).astype(np.int8)
        self.made[f"{name}.scales"] = scales.astype(np.float32)
        yield helper.make_node("Gather", [f"{name}.int8", numbers], [f"{output}.int8"])
        yield helper.make_node("Gather", [f"{name}.scales", numbers], [f"{output}.scales"])
        yield helper.make_node("Cast", [f"{output}.int8"], [f"{output}.float"], to=onnx.TensorProto.FLOAT)
        yield helper.make_node("Mul", [f"{output}.float", f"{output}.scales"], [output])


class _InOrder(nn.Module):
    """A network whose outputs have an order instead of names."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, ...]:
        return tuple(self.network(input_ids, attention_mask, token_type_ids).values())


def _longest(network: Network) -> int:
    """The most tokens that the encoder has positions for."""
    return int(getattr(network.encoder.config, "max_position_embeddings", 512))

"""The network where it serves: onnxruntime and the tokenizer, neither torch nor transformers."""

import os
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from model.errors import ModelError
from model.serving.artifact import NETWORK, TOKENIZER
from model.serving.tokens import Limits, Tokens
from model.text import CleanText

Floats = npt.NDArray[np.float32]

EMBEDDING = "embedding"
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class OnnxNetwork:
    """A network that only answers. Read-only after it was loaded, so threads may share it.

    Texts are read one at a time, on the thread that asks. On a CPU that is no slower than several side by
    side, nothing is computed for padding, and a text gets the same answer whatever else is asked: the range
    of numbers that eight bits stand for is chosen anew for every call, over all that is in it.
    """

    def __init__(self, files: Mapping[str, bytes], limits: Limits) -> None:
        """`files` are the contents of `network.onnx` and `tokenizer.json`.

        Raises ModelError where they cannot be used.
        """
        # The tokenizer would start as many threads as there are cores, and complain about them after a fork.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        # Some builds of onnxruntime report how they are used; nothing of ours may leave the machine.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime  # noqa: PLC0415 -- a classifier without a network does without it

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # it would remember every length of text
        options.log_severity_level = 3  # errors
        try:
            self._session = onnxruntime.InferenceSession(
                files[NETWORK], options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the library raises a dozen classes, most of them bare
            reason = str(error).strip().partition("\n")[0]
            raise ModelError(f"{NETWORK} cannot be loaded: {reason}") from error
        self._session._model_bytes = None  # noqa: SLF001 -- kept for other providers alone, and as large
        self.tokens = Tokens.read(files[TOKENIZER], limits)
        if {node.name for node in self._session.get_inputs()} != set(INPUTS):
            raise ModelError(f"{NETWORK} does not read {', '.join(INPUTS)}")
        shapes = {node.name: node.shape for node in self._session.get_outputs()}
        if not all(len(shape) == 2 and isinstance(shape[1], int) for shape in shapes.values()):
            raise ModelError(f"{NETWORK} has an output of another shape than (texts, numbers)")
        #: Name of each output -> how many numbers it has for each text.
        self.outputs: Mapping[str, int] = {name: shape[1] for name, shape in shapes.items()}

    def read(self, texts: Sequence[CleanText], output: str) -> Floats:
        """One of `outputs` for each text: shape (texts, numbers)."""
        rows = [
            self._session.run([output], dict(zip(INPUTS, self.tokens.batch([text]), strict=True)))[0]
            for text in self.tokens.encode(texts)
        ]
        return np.concatenate([np.zeros((0, self.outputs[output]), dtype=np.float32), *rows])

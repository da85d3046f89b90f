"""A sentence encoder as it was pretrained, and a logistic regression on its embeddings.

SetFit without its tuning: Tunstall et al., "Efficient Few-Shot Learning Without Prompts", 2022.
"""

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import torch
from sklearn.linear_model import LogisticRegression
from torch.nn import functional
from transformers.utils.logging import disable_progress_bar

from model.baselines.base import Say, over_all_types, present_types
from model.calibrate import Array, Integers
from model.net import mean
from model.serving.tokens import Limits, Tokens
from model.text import CleanText
from model.training.encoder import TOKENIZER, WEIGHTS, load_encoder, locate

_CHUNK = 1_024  # texts whose embeddings are kept together; of fewer, none are kept
_BATCH = 32


class Frozen:
    """Embeddings are kept in `cache`, so an interrupted run goes on. The seed changes nothing."""

    def __init__(self, encoder: Path, cache: Path, *, say: Say, inverse_regularization: float = 10.0) -> None:
        """`encoder` is a directory with weights and tokenizer."""
        directory = locate(str(encoder), "")
        self.saved_seconds = 0.0  # what embeddings that were found in the cache took when they were made
        self._files = [directory / WEIGHTS, directory / TOKENIZER]
        self._tokens = Tokens.load(directory / TOKENIZER, Limits())
        disable_progress_bar()  # of loading: it would run into the lines that we say
        self._encoder = load_encoder(directory, dropout=0.0, attention="sdpa").eval()
        self._cache = cache / "embeddings"
        self._say = say
        self._regression = LogisticRegression(C=inverse_regularization, max_iter=1_000)
        self._key = _hash(self._files[0].read_bytes() + repr(Limits()).encode())

    def fit(self, texts: Sequence[CleanText], labels: Integers, seed: int) -> None:
        self._present = present_types(labels)
        self._regression.fit(self._embeddings(texts), labels)

    def probabilities(self, texts: Sequence[CleanText]) -> Array:
        found = self._regression.predict_proba(self._embeddings(texts))
        return over_all_types(np.asarray(found, dtype=np.float64), self._present)

    def size_bytes(self) -> int:
        return int(sum(path.stat().st_size for path in self._files) + 4 * self._regression.coef_.size)

    def _embeddings(self, texts: Sequence[CleanText]) -> npt.NDArray[np.float32]:
        """Of unit length, shape (texts, width)."""
        chunks = []
        for start in range(0, len(texts), _CHUNK):
            chunks.append(self._chunk(texts[start : start + _CHUNK]))
            if len(texts) > _CHUNK:
                self._say(f"embeddings: {min(start + _CHUNK, len(texts)):,} of {len(texts):,} texts")
        return np.vstack(chunks)

    def _chunk(self, texts: Sequence[CleanText]) -> npt.NDArray[np.float32]:
        if len(texts) < _CHUNK:
            return self._embed(texts)
        path = self._cache / f"{_hash(self._key.encode() + repr(texts).encode())}.npz"
        try:
            with np.load(path, allow_pickle=False) as file:
                self.saved_seconds += float(file["seconds"])
                found: npt.NDArray[np.float32] = file["embeddings"]
                return found
        except (OSError, EOFError, ValueError, KeyError, BadZipFile):
            started = time.process_time()
            found = self._embed(texts)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as target:
                np.savez(target, embeddings=found, seconds=time.process_time() - started)
            return found

    def _embed(self, texts: Sequence[CleanText]) -> npt.NDArray[np.float32]:
        encoded = self._tokens.encode(texts)
        order = sorted(range(len(texts)), key=lambda row: len(encoded[row].ids))  # so that little is padding
        result = np.zeros((len(texts), int(self._encoder.config.hidden_size)), dtype=np.float32)
        with torch.inference_mode():
            for start in range(0, len(order), _BATCH):
                rows = order[start : start + _BATCH]
                ids, mask, _ = map(torch.from_numpy, self._tokens.batch([encoded[row] for row in rows]))
                # All of it is one segment to this encoder, as in its own training.
                states = self._encoder(input_ids=ids, attention_mask=mask).last_hidden_state
                result[rows] = functional.normalize(mean(states, mask), dim=1).numpy()
        return result


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:24]

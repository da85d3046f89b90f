"""Embedding, LSTM and pooling, learnt from nothing or from predicting the next word first.

The second, and the pooling of last state, maximum and mean: Howard and Ruder, "Universal Language Model
Fine-tuning for Text Classification", ACL 2018.
"""

import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from model.baselines.base import Say, flat, present_types
from model.calibrate import Array, Integers
from model.errors import TrainingError
from model.labels import LABELS
from model.measuring.metrics import macro_f1
from model.text import CleanText

PADDING, UNKNOWN = 0, 1  # the word numbers that stand for no word
_CHUNK = 50  # batches among which texts are ordered by length, so that little is padding


@dataclass(frozen=True, slots=True)
class Settings:
    """Small enough for one CPU core."""

    vocabulary: int = 20_000  # the most frequent words
    words: int = 100  # read of a text
    embedding: int = 128
    hidden: int = 160
    dropout: float = 0.4
    batch: int = 64
    rate: float = 2e-3
    epochs: int = 8  # at most
    patience: int = 2  # epochs without a better F1 on validation before it stops
    language_epochs: int = 1


class Network(nn.Module):
    """B texts of T word numbers in, logits of shape (B, types) or of each next word out."""

    def __init__(self, size: int, settings: Settings) -> None:
        """`size` of the vocabulary."""
        super().__init__()
        self.embedding = nn.Embedding(size, settings.embedding, padding_idx=PADDING)
        self.lstm = nn.LSTM(settings.embedding, settings.hidden, batch_first=True)
        self.dropout = nn.Dropout(settings.dropout)
        self.types = nn.Linear(3 * settings.hidden, len(LABELS))

    def states(self, words: Tensor) -> Tensor:
        """The state after each word, (B, T, hidden). Padding stands at the end, where it changes nothing."""
        states: Tensor = self.lstm(self.dropout(self.embedding(words)))[0]
        return states

    def forward(self, words: Tensor) -> Tensor:
        """Logits of the types, from the last state, the maximum and the mean."""
        states, present = self.states(words), (words != PADDING).unsqueeze(-1)
        lengths = present.sum(dim=1)
        last = states[torch.arange(len(states)), lengths.squeeze(-1) - 1]
        most = states.masked_fill(~present, -torch.inf).amax(dim=1)
        mean = (states * present).sum(dim=1) / lengths
        logits: Tensor = self.types(self.dropout(torch.cat([last, most, mean], dim=1)))
        return logits


class Lstm:
    """The classifier; `unlabelled` texts are what it learns to predict words on, if any."""

    def __init__(
        self,
        validation: tuple[Sequence[CleanText], Integers],
        unlabelled: Sequence[CleanText] = (),
        *,
        say: Say,
        settings: Settings = Settings(),
    ) -> None:
        """`validation` texts and labels say when to stop; without any, all epochs are run."""
        self._validation = validation
        self._unlabelled = unlabelled
        self._say = say
        self._settings = settings

    def fit(self, texts: Sequence[CleanText], labels: Integers, seed: int) -> None:
        present_types(labels)
        words = Counter(chain.from_iterable(flat(text) for text in texts))
        kept = [word for word, count in words.most_common(self._settings.vocabulary) if count > 1]
        self._numbers = {word: number for number, word in enumerate(kept, start=UNKNOWN + 1)}
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self._random = np.random.default_rng(seed)
            self._network = Network(len(kept) + 2, self._settings)
            if self._unlabelled:
                self._learn_language()
            self._learn_types(self._encode(texts), torch.from_numpy(labels))

    def probabilities(self, texts: Sequence[CleanText]) -> Array:
        result = np.zeros((len(texts), len(LABELS)))
        self._network.eval()
        with torch.inference_mode():
            encoded = self._encode(texts)
            for rows in _batches(encoded, self._settings.batch):
                logits = self._network(_padded(encoded, rows))
                result[rows] = functional.softmax(logits.double(), dim=1).numpy()
        return result

    def size_bytes(self) -> int:
        names = sum(len(word.encode()) + 1 for word in self._numbers)
        return names + sum(int(each.nbytes) for each in self._network.parameters())

    def _encode(self, texts: Sequence[CleanText]) -> list[Tensor]:
        known, most = self._numbers, self._settings.words
        return [
            torch.tensor([known.get(word, UNKNOWN) for word in flat(text)[:most]], dtype=torch.int64)
            for text in texts
        ]

    def _learn_language(self) -> None:
        """Passes over the unlabelled texts, predicting each next word.

        The head is the adaptive softmax of Grave, Joulin, Cisse, Grangier and Jegou, "Efficient softmax
        approximation for GPUs", ICML 2017: frequent words cost most of the work, rare ones little.
        """
        settings, size = self._settings, len(self._numbers) + 2
        head = nn.AdaptiveLogSoftmaxWithLoss(
            settings.hidden, size, [max(1, size // 10), max(2, size * 2 // 5)]
        )
        learner = torch.optim.AdamW([*self._network.parameters(), *head.parameters()], lr=settings.rate)
        encoded = [text for text in self._encode(self._unlabelled) if len(text) > 1]
        self._network.train()
        for epoch in range(1, settings.language_epochs + 1):
            losses: list[float] = []
            for rows in _batches(encoded, settings.batch, self._random):
                words = _padded(encoded, rows)
                following = words[:, 1:]
                present = following != PADDING
                states = self._network.dropout(self._network.states(words[:, :-1])[present])
                losses.append(_step(learner, head(states, following[present]).loss))
                if len(losses) % 200 == 0:
                    done = f"{len(losses) * settings.batch:,} of {len(encoded):,} texts"
                    self._say(f"next word: {done}, loss {np.mean(losses[-200:]):.2f}")
            self._say(f"next word: pass {epoch} of {settings.language_epochs}, loss {np.mean(losses):.2f}")

    def _learn_types(self, encoded: list[Tensor], labels: Tensor) -> None:
        """Passes over the labelled texts until validation gets no better; the best is kept."""
        learner = torch.optim.AdamW(self._network.parameters(), lr=self._settings.rate)
        best, best_epoch, kept = -1.0, 0, self._network.state_dict()
        for epoch in range(1, self._settings.epochs + 1):
            self._network.train()
            losses: list[float] = []
            for rows in _batches(encoded, self._settings.batch, self._random):
                logits = self._network(_padded(encoded, rows))
                losses.append(_step(learner, functional.cross_entropy(logits, labels[rows])))
            score = self._validate(epoch)
            self._say(f"epoch {epoch}: loss {np.mean(losses):.3f}, validation {score:.3f}")
            if score > best:
                best, best_epoch, kept = score, epoch, copy.deepcopy(self._network.state_dict())
            elif epoch - best_epoch >= self._settings.patience:
                break
        self._network.load_state_dict(kept)

    def _validate(self, epoch: int) -> float:
        """Macro F1 on validation; without any, the number of the epoch, so that the last one is the best."""
        texts, labels = self._validation
        return macro_f1(labels, self.probabilities(texts).argmax(axis=1)) if len(labels) else float(epoch)


def _step(learner: torch.optim.Optimizer, loss: Tensor) -> float:
    """One step of gradient descent. Raises TrainingError where the loss is not a finite number."""
    value = float(loss.detach())
    if not np.isfinite(value):
        raise TrainingError(f"LSTM: the loss became {value}; a smaller learning rate may help")
    learner.zero_grad()
    loss.backward()
    for group in learner.param_groups:
        nn.utils.clip_grad_norm_(group["params"], 1.0)
    learner.step()
    return value


def _batches(
    texts: Sequence[Tensor], size: int, random: np.random.Generator | None = None
) -> Iterator[Integers]:
    """Row numbers of all texts, `size` at a time, those of like length together; shuffled by `random`."""
    lengths = np.array([len(text) for text in texts])
    if random is None:
        order = np.argsort(lengths, kind="stable")
        yield from (order[start : start + size] for start in range(0, len(order), size))
        return
    order = random.permutation(len(texts))
    for start in range(0, len(order), _CHUNK * size):
        chunk = order[start : start + _CHUNK * size]
        chunk = chunk[np.argsort(lengths[chunk], kind="stable")]
        for first in random.permutation(range(0, len(chunk), size)):
            yield chunk[first : first + size]


def _padded(texts: Sequence[Tensor], rows: Integers) -> Tensor:
    """Texts side by side, (rows, words), filled up at the end."""
    return nn.utils.rnn.pad_sequence([texts[row] for row in rows], batch_first=True, padding_value=PADDING)

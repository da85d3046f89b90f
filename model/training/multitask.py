"""Learning several tasks at once: what is read of each text, and what each batch is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from model.net import EMBEDDING, Network
from model.serving.tokens import Encoded, Parts, Tokens
from model.training.batching import Step
from model.training.config import TasksSection

_EVALUATED = 64  # texts read together when nothing is learnt


@dataclass(frozen=True, slots=True)
class TaskTexts:
    """The texts of one task: n texts of `parts`, `labels` (n,) int64."""

    parts: Sequence[Parts]
    labels: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float32]  # (n,) what each is worth; their mean is 1
    reference: npt.NDArray[np.float16] | None = None  # (n, width) embeddings whose similarities are kept
    teacher: npt.NDArray[np.float32] | None = None  # (n, classes) logits of a teacher

    def of(self, rows: npt.NDArray[np.int64]) -> "TaskTexts":
        """Some of the texts."""
        return TaskTexts(
            [self.parts[row] for row in rows],
            self.labels[rows],
            self.weights[rows],
            None if self.reference is None else self.reference[rows],
            None if self.teacher is None else self.teacher[rows],
        )

    def and_(self, others: "TaskTexts") -> "TaskTexts":
        """These texts and then others; a teacher's opinion is kept only where both have one."""
        return TaskTexts(
            [*self.parts, *others.parts],
            np.concatenate([self.labels, others.labels]),
            np.concatenate([self.weights, others.weights]),
            _both(self.reference, others.reference),
            _both(self.teacher, others.teacher),
        )

    def lengths(self) -> list[int]:
        """Tokens of each text, special ones included."""
        return [sum(map(len, parts)) + (4 if parts.extras else 3) for parts in self.parts]


@dataclass(frozen=True, slots=True)
class Lesson:
    """Makes losses of batches."""

    tokens: Tokens
    tasks: Mapping[str, TaskTexts]
    section: TasksSection
    device: torch.device

    def loss(self, module: nn.Module, step: Step) -> tuple[Tensor, int, int]:
        """The loss of one batch, its tokens, and its tokens with padding.

        Cross-entropy with softened labels; with a teacher, part of it is the distance to the teacher's
        softened opinion (Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015),
        scaled by the square of the softness; with a reference, the distance to its embeddings is added.
        """
        texts, rows = self.tasks[step.task], list(step.rows)
        batch, real = to_tensors(self.tokens, [self._shown(texts.parts[row]) for row in rows], self.device)
        found = module(*batch)
        logits = found[step.task].float()
        truth = torch.from_numpy(texts.labels[rows]).to(self.device)
        worth = torch.from_numpy(texts.weights[rows]).to(self.device)
        smoothing = self.section.smoothing
        losses = functional.cross_entropy(logits, truth, label_smoothing=smoothing, reduction="none")
        loss = (worth * losses).mean()
        if texts.teacher is not None:
            soft, share = self.section.softness, self.section.distil
            opinion = torch.from_numpy(texts.teacher[rows]).to(self.device) / soft
            distance = functional.kl_div(
                functional.log_softmax(logits / soft, dim=1),
                functional.softmax(opinion, dim=1),
                reduction="batchmean",
            )
            loss = (1 - share) * loss + share * soft**2 * distance
        if texts.reference is not None and self.section.similarity:
            wanted = torch.from_numpy(texts.reference[rows]).to(self.device).float()
            loss = loss + self.section.similarity * _distance(found[EMBEDDING], wanted)
        return loss, real, batch[0].numel()

    def _shown(self, parts: Parts) -> Encoded:
        """The text, at times without its tags or without headings and cues, so that neither is leant on."""
        dice = torch.rand(2)
        return self.tokens.assemble(
            parts,
            tags=bool(dice[0] >= self.section.hide_tags),
            extras=bool(dice[1] >= self.section.hide_extras),
        )


def _both(
    first: npt.NDArray[np.floating] | None, second: npt.NDArray[np.floating] | None
) -> npt.NDArray[np.floating] | None:
    return None if first is None or second is None else np.concatenate([first, second])


def _distance(own: Tensor, wanted: Tensor) -> Tensor:
    """How far embeddings (B, width) of unit length are from those wanted (B, any width).

    Of the same width, one minus their cosine; else the squared distance of all similarities within the batch
    (Park et al., "Relational Knowledge Distillation", CVPR 2019, in spirit).
    """
    if own.shape == wanted.shape:
        return (1 - (own * wanted).sum(dim=1)).mean()
    return (own @ own.T - wanted @ wanted.T).square().mean()


def to_tensors(
    tokens: Tokens, texts: Sequence[Encoded], device: torch.device
) -> tuple[tuple[Tensor, Tensor, Tensor], int]:
    """A batch on the device: numbers, mask and segments, each (B, T); and how many tokens are no padding."""
    ids, mask, segments = (torch.from_numpy(array).to(device) for array in tokens.batch(texts))
    return (ids, mask, segments), sum(len(text.ids) for text in texts)


@torch.inference_mode()
def predict(
    network: Network, tokens: Tokens, texts: Sequence[Encoded], names: Sequence[str], device: torch.device
) -> dict[str, npt.NDArray[np.float32]]:
    """What the network says of each text: by output name, an array (texts, classes or width), in order."""
    order = sorted(range(len(texts)), key=lambda row: len(texts[row].ids))
    found: dict[str, list[npt.NDArray[np.float32]]] = {name: [] for name in names}
    network.eval()
    for start in range(0, len(order), _EVALUATED):
        batch, _ = to_tensors(tokens, [texts[row] for row in order[start : start + _EVALUATED]], device)
        said = network(*batch)
        for name in names:
            found[name].append(said[name].float().cpu().numpy())
    back = np.argsort(order)
    return {name: np.concatenate(parts)[back] for name, parts in found.items()}

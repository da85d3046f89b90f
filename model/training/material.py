"""What a run learns from: which texts, and what each is worth."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt

from model.datasets.samples import Sample, Samples
from model.errors import DataError
from model.serving.tokens import Parts
from model.tasks import TASKS
from model.text import CleanText

ISSUE_TYPE = "issue_type"  # the task without which there is no classifier
_LEAST_OF_A_LANGUAGE, _MOST_WEIGHT = 200, 4.0


@dataclass(frozen=True, slots=True)
class Material:
    """Texts with labels by task, to learn and to validate, and texts without."""

    train: Mapping[str, Sequence[Sample]]
    validation: Mapping[str, Sequence[Sample]]
    unlabelled: Sequence[CleanText]
    adaptation: Sequence[Sample] = ()  # issues of single repositories, learnt last

    @classmethod
    def of(cls, samples: Samples, unlabelled: Sequence[CleanText]) -> "Material":
        """The parts of `samples` that training may see."""
        tasks = samples.tasks
        train, validation = (
            {task: samples.of(task, split) for task in tasks} for split in ("train", "validation")
        )
        return cls(train, validation, unlabelled, samples.of(ISSUE_TYPE, "adaptation"))

    def check(self) -> None:
        """Raises DataError where a task cannot be learnt."""
        if not self.train.get(ISSUE_TYPE):
            raise DataError("there are no issues to train on")
        for task, samples in self.train.items():
            if len({sample.label for sample in samples}) < 2:
                raise DataError(
                    f"{task}: all {len(samples):,} texts are of one class; there is nothing to learn"
                )
            if not self.validation.get(task):
                raise DataError(f"{task}: no texts to validate on")

    def fingerprint(self) -> dict[str, str]:
        """Digests of all that is looked at: of the texts that are "labelled", and of those "unlabelled"."""
        splits = (self.train, self.validation, {ISSUE_TYPE: self.adaptation})
        labelled = (
            (number, task, sample.label, sample.repo, sample.language, *astuple(sample.text))
            for number, split in enumerate(splits)
            for task, samples in sorted(split.items())
            for sample in samples
        )
        return {"labelled": _digest(labelled), "unlabelled": _digest(map(astuple, self.unlabelled))}


def chosen(parts: Sequence[Parts], limit: int, seed: int) -> Sequence[Parts]:
    """At most `limit` texts by chance, half of them those with the highest token numbers on average.

    The highest numbers are the words that were just added, of which an encoder has most to learn. 0 takes
    all.
    """
    if not limit or len(parts) <= limit:
        return parts
    order = np.random.default_rng(seed).permutation(len(parts))
    newest = np.array([np.mean(parts[row].title + parts[row].body or [0]) for row in order])
    first = order[np.argsort(-newest, kind="stable")[: limit // 2]]
    rest = order[~np.isin(order, first)][: limit - len(first)]
    return [parts[row] for row in np.sort(np.concatenate([first, rest]))]


def balance(labels: npt.NDArray[np.int64], languages: Sequence[str]) -> npt.NDArray[np.float32]:
    """A weight for each text, shape (texts,), mean 1: a language says nothing about the class of its texts.

    In each language of 200 texts or more, a class weighs what it has of all texts by what it has there, a
    quarter to four. Of the Chinese issues that we learn from, far fewer are questions than of the others.
    """
    weights = np.ones(len(labels))
    everywhere = np.bincount(labels, minlength=int(labels.max(initial=0)) + 1) / max(len(labels), 1)
    families = np.array(["zh" if "zh" in language else language for language in languages])
    for family in np.unique(families):
        inside = families == family
        if inside.sum() >= _LEAST_OF_A_LANGUAGE:
            there = np.bincount(labels[inside], minlength=len(everywhere)) / inside.sum()
            ratio = np.clip(everywhere / np.maximum(there, 1e-9), 1 / _MOST_WEIGHT, _MOST_WEIGHT)
            weights[inside] = ratio[labels[inside]]
    return (weights / weights.mean()).astype(np.float32)


def tasks_of(samples: Mapping[str, Sequence[Sample]]) -> dict[str, int]:
    """The heads there is something to learn for: task -> number of classes."""
    return {task: len(TASKS[task]) for task in TASKS if samples.get(task)}


def _digest(rows: Iterable[Sequence[object]]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps(row).encode() + b"\n")
    return digest.hexdigest()

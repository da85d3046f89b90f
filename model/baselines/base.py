"""What a baseline is, and what all of them share."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from model.calibrate import Array, Integers
from model.errors import DataError
from model.labels import LABELS
from model.serving.features import words
from model.text import CleanText

Say = Callable[[str], None]


class Unavailable(Exception):
    """A baseline cannot be measured here; the message says in a few words what is missing."""


class Baseline(Protocol):
    """A classifier of issues that is trained and measured like every other."""

    def fit(self, texts: Sequence[CleanText], labels: Integers, seed: int) -> None:
        """Learn from texts and their `labels`, positions in LABELS: shape (texts,).

        The same seed gives the same again. Raises DataError where all labels are the same,
        TrainingError where training fails.
        """

    def probabilities(self, texts: Sequence[CleanText]) -> Array:
        """Of each type for each text, shape (texts, types)."""

    def size_bytes(self) -> int:
        """What has to be stored to classify with it."""


def present_types(labels: Integers) -> Integers:
    """The types that occur, in order. Raises DataError where that is fewer than two."""
    present: Integers = np.unique(labels)
    if len(present) < 2:
        raise DataError("all texts are of one type; there is nothing to learn")
    return present


def over_all_types(probabilities: Array, present: Integers) -> Array:
    """Probabilities of the types that were learnt, shape (texts, len(present)), with zeros for the others."""
    result = np.zeros((len(probabilities), len(LABELS)))
    result[:, present] = probabilities
    return result


def flat(text: CleanText) -> list[str]:
    """All of a text as one run of words, none of which holds a space.

    The body comes last, so that a limit on words cuts nothing else. Tags and cues, which are not prose, are
    marked as what they are.
    """
    marked = [f"[{'-'.join(words(tag))}]" for tag in text.tags]
    cues = [f"<{cue.replace(' ', '-')}>" for cue in text.cues]
    headings = [word for heading in text.headings for word in words(heading)]
    return [*marked, *words(text.title), *cues, *headings, "|", *words(text.body)]


def silent(_line: str) -> None:
    """Progress that nobody wants to see."""

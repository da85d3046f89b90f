"""Serving: the type of an issue from its title and body, with a calibrated probability and a reason.

Needs NumPy and the files of `model/pretrained`, nothing else. A `Classifier` is read-only after loading, so
any number of threads may share it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from model.artifact import Artifact, load
from model.errors import ModelError
from model.evidence import explain
from model.labels import LABELS
from model.language import TRAINED, guess_language
from model.linear import softmax, vectorize
from model.text import CleanText, clean

__all__ = ["PRETRAINED", "Classifier", "ModelError", "TypePrediction"]

PRETRAINED = Path(__file__).parent / "pretrained"
NEVER = 1.0  # the threshold of a type that never reached the precision asked for


@dataclass(frozen=True, slots=True)
class TypePrediction:
    """What the classifier says about one issue."""

    label: str  # the most probable type, one of LABELS
    probability: float  # of that type, calibrated, 0 to 1
    probabilities: Mapping[str, float]  # of all types; they sum to 1
    abstained: bool  # nothing should be done on this prediction; `reason` says why
    reason: str  # one line for people
    threshold: float  # what `probability` was held against, 0 to 1
    evidence: tuple[str, ...]  # up to three cues that spoke for the label, safe to show


class Classifier:
    """A trained classifier. Make one with `Classifier.load()` and share it."""

    def __init__(self, artifact: Artifact) -> None:
        self.version: str = artifact.manifest["version"]
        self._vocabulary = artifact.vocabulary
        self._index = {feature: position for position, feature in enumerate(artifact.vocabulary)}
        self._idf = artifact.idf.astype(np.float32)
        self._weights = artifact.weights[:-1].astype(np.float32)
        self._bias = artifact.weights[-1].astype(np.float32)
        self.temperature = float(artifact.manifest["temperature"])
        self._thresholds: dict[float, dict[str, float]] = {
            float(precision): {label: float(row[label]) for label in LABELS}
            for precision, row in artifact.manifest["thresholds"].items()
        }

    @classmethod
    def load(cls, path: Path | None = None) -> "Classifier":
        """Load from a directory, the shipped one by default. Raises ModelError where it cannot."""
        artifact = load(path or PRETRAINED)
        try:
            return cls(artifact)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelError(f"{path or PRETRAINED}: the manifest lacks or misstates {error}") from error

    def thresholds(self, precision: float = 0.9) -> Mapping[str, float]:
        """The probability each type must reach for `precision` (0 to 1), as found on repositories held out.

        Of the precisions measured, the next higher one is taken; 1.0 means that the type never reached it.
        """
        measured = [known for known in self._thresholds if known >= precision - 1e-9]
        return MappingProxyType(self._thresholds[min(measured)] if measured else dict.fromkeys(LABELS, NEVER))

    def classify(
        self,
        title: str,
        body: str | None,
        *,
        repo: str | None = None,
        precision: float = 0.9,
        threshold: float | None = None,
    ) -> TypePrediction:
        """Classify one issue; any text is accepted.

        `repo` ("owner/name") keeps the project's name from being taken for a cue; where the classifier was
        trained on many issues of it, what it learnt of that project's own habits is used as well.

        It abstains below the threshold of the most probable type for `precision` (0 to 1), or below
        `threshold` (0 to 1) where one is given, and on text that is empty or in a language it was not
        trained on.
        """
        text = clean(title, body, repo)
        vector = vectorize(text, self._index, self._idf, repo)
        logits = vector.values @ self._weights[vector.columns] + self._bias
        probabilities = softmax(logits / self.temperature)
        best = int(probabilities.argmax())
        label, probability = LABELS[best], float(probabilities[best])
        needed = self.thresholds(precision)[label] if threshold is None else threshold
        doubt = _unreadable(text) or _too_low(label, probability, needed)
        return TypePrediction(
            label=label,
            probability=probability,
            probabilities=MappingProxyType(dict(zip(LABELS, map(float, probabilities), strict=True))),
            abstained=doubt is not None,
            reason=doubt or f"{label} with probability {probability:.2f}, above the threshold {needed:.2f}",
            threshold=needed,
            evidence=explain(vector, self._weights, self._vocabulary, best),
        )

    def classify_many(self, items: Sequence[tuple[str, str | None]]) -> list[TypePrediction]:
        """Classify (title, body) pairs, in order, at the default precision."""
        return [self.classify(title, body) for title, body in items]


def _unreadable(text: CleanText) -> str | None:
    """Why this text cannot be judged at all, or None where it can."""
    if text.letters < 2:
        return "the text is empty"
    language = guess_language(f"{text.title} {text.body}")
    return (
        None
        if language in TRAINED
        else f"the text seems to be in {language}, which the classifier was not trained on"
    )


def _too_low(label: str, probability: float, needed: float) -> str | None:
    """Why this probability is not enough, or None where it is."""
    if needed >= NEVER:
        return f"{label} never reached the precision asked for on repositories held out"
    if probability < needed:
        return f"below the threshold for {label} ({probability:.2f} < {needed:.2f})"
    return None

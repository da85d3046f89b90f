"""From probabilities to a prediction: what is most probable, and whether it is enough to act on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType

from model.serving.ensemble import NEVER, Array
from model.serving.language import TRAINED, guess_language
from model.text import CleanText


@dataclass(frozen=True, slots=True)
class HeadPrediction:
    """What the classifier says about one text."""

    label: str  # the most probable class
    probability: float  # of that class, calibrated, 0 to 1
    probabilities: Mapping[str, float]  # of all classes; they sum to 1
    abstained: bool  # nothing should be done on this prediction; `reason` says why
    reason: str  # one line for people
    threshold: float  # what `probability` was held against, 0 to 1
    readable: bool  # where it is not, label and probabilities say nothing: too little text, or a language


@dataclass(frozen=True, slots=True)
class TypePrediction(HeadPrediction):
    """What the classifier says about the type of an issue; `label` is one of LABELS."""

    evidence: tuple[str, ...]  # up to three cues that spoke for the label, safe to show

    @classmethod
    def of(cls, said: HeadPrediction, evidence: tuple[str, ...]) -> "TypePrediction":
        """A prediction together with what spoke for it."""
        return cls(**{field.name: getattr(said, field.name) for field in fields(said)}, evidence=evidence)


def judge(
    classes: Sequence[str], probabilities: Array, needed: Mapping[str, float], text: CleanText
) -> HeadPrediction:
    """The most probable of `classes`, of shape (classes,), held against the probability that it needs.

    It abstains where that is not reached, and on text that is too short or in a language that was not learnt.
    """
    best = int(probabilities.argmax())
    label, probability = classes[best], float(probabilities[best])
    unreadable = _unreadable(text)
    doubt = unreadable or _too_low(label, probability, needed[label])
    return HeadPrediction(
        label=label,
        probability=probability,
        probabilities=MappingProxyType(dict(zip(classes, map(float, probabilities), strict=True))),
        abstained=doubt is not None,
        reason=doubt
        or f"{label} with probability {probability:.2f}, above the threshold {needed[label]:.2f}",
        threshold=needed[label],
        readable=unreadable is None,
    )


def _unreadable(text: CleanText) -> str | None:
    """Why this text cannot be judged at all, or None where it can."""
    if text.letters < 2:
        something = text.title or text.body or text.tags or text.headings or text.cues
        return "too little text to judge" if something else "the text is empty"
    language = guess_language(f"{text.title} {text.body}")
    return (
        None
        if language in TRAINED
        else f"the text seems to be in {language}, which the classifier was not trained on"
    )


def _too_low(label: str, probability: float, needed: float) -> str | None:
    """Why this probability is not enough, or None where it is."""
    if needed >= NEVER:
        return f"{label} never reached the precision asked for on data held out"
    if not probability >= needed:  # what is no number reaches nothing
        return f"below the threshold for {label} ({probability:.2f} < {needed:.2f})"
    return None

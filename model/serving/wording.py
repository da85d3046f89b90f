"""A prediction as it is shown: in words, and as JSON for scripts. All commands share this form."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from model.serving.judge import HeadPrediction, TypePrediction

_NAMED = 3  # classes that an unsure answer is shown with


def in_words(said: HeadPrediction) -> str:
    """A prediction as people read it: a label, or that there is none and why, then what led to it."""
    if not said.readable:
        return f"no label: {said.reason}"
    if said.abstained:
        best = sorted(said.probabilities.items(), key=lambda each: -each[1])[:_NAMED]
        likely = ", ".join(f"{label} {share:.0%}" for label, share in best)
        first = f"no label: {said.reason}\nmost likely: {likely}"
    else:
        first = f"{said.label}  {said.probability:.0%} (threshold {said.threshold:.0%})"
    seen = said.evidence if isinstance(said, TypePrediction) else ()
    return f"{first}\nit saw: {', '.join(seen)}" if seen else first


def as_json(
    said: TypePrediction, others: Mapping[str, HeadPrediction] = MappingProxyType({})
) -> dict[str, Any]:
    """A prediction as scripts read it, with those of other heads; the manual says what the keys mean."""
    return {
        "type": _shares(said),
        "abstained": said.abstained,
        "reason": said.reason,
        "evidence": list(said.evidence),
        **{
            head: {**_shares(other), "abstained": other.abstained, "reason": other.reason}
            for head, other in others.items()
        },
    }


def _shares(said: HeadPrediction) -> dict[str, Any]:
    return {
        "label": said.label,
        "probability": round(said.probability, 4),
        "probabilities": {label: round(value, 4) for label, value in said.probabilities.items()},
        "threshold": round(said.threshold, 4),
    }

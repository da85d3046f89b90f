"""Making probabilities mean what they say, and thresholds that reach a target precision. Pure functions.

Shapes: `logits` and `probabilities` (examples, types), `labels` (examples,) with numbers of types.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.labels import LABELS
from model.serving.linear import softmax

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

PRECISIONS = (0.70, 0.75, 0.80, 0.85, 0.90, 0.95, 0.98)
NEVER = 1.0  # the threshold of a type that does not reach a precision
BINS = 15
_STAND_IN = 40.0  # predictions that the calibrated confidence counts for beside those seen


def fit_temperature(logits: Array, labels: Integers) -> float:
    """The temperature T > 0 for which softmax(logits / T) has the least negative log-likelihood.

    Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", ICML 2017, section 4.2. The
    loss is convex in 1 / T; a golden-section search over ln T in [ln 0.05, ln 20] finds it to four digits.
    """
    low, high = np.log(0.05), np.log(20.0)
    golden = (np.sqrt(5.0) - 1) / 2
    while high - low > 1e-4:
        left, right = high - golden * (high - low), low + golden * (high - low)
        if negative_log_likelihood(logits / np.exp(left), labels) < negative_log_likelihood(
            logits / np.exp(right), labels
        ):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def negative_log_likelihood(logits: Array, labels: Integers) -> float:
    """Mean negative log-likelihood in nats."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    return float((log_sum - shifted[np.arange(len(labels)), labels]).mean())


class Bin(NamedTuple):
    """Predictions of about the same confidence."""

    size: int  # how many
    confidence: float  # mean probability of the chosen class, 0 to 1
    accuracy: float  # share of them that is right, 0 to 1


def reliability(probabilities: Array, labels: Integers, bins: int = BINS) -> list[Bin]:
    """Predictions grouped by confidence into bins of equal width; those that are not empty, in order."""
    confidence, correct = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    return [
        Bin(int(inside.sum()), float(confidence[inside].mean()), float(correct[inside].mean()))
        for inside in (bin_of == number for number in np.unique(bin_of))
    ]


def calibration_error(probabilities: Array, labels: Integers, bins: int = BINS) -> float:
    """Expected calibration error, 0 to 1: the mean distance of confidence and accuracy over equal-width bins.

    Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI
    2015.
    """
    found = reliability(probabilities, labels, bins)
    return sum(part.size * abs(part.accuracy - part.confidence) for part in found) / len(labels)


def wilson_interval(right: int, total: int) -> tuple[float, float]:
    """The 95% interval of a share, `right` of `total` (1 or more)."""
    low, high = _wilson(np.array(float(right)), np.array(float(total)), 1.96)
    return float(low), float(high)


def _wilson(right: Array, total: Array, z: float) -> tuple[Array, Array]:
    """Both bounds of a share, `z` standard deviations away.

    Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22, 1927.
    """
    share, spread = right / total, z * z / total
    root = np.sqrt(share * (1 - share) / total + spread / (4 * total))
    middle = share + spread / 2
    return (middle - z * root) / (1 + spread), (middle + z * root) / (1 + spread)


def threshold_for_precision(
    confidence: Array, correct: npt.NDArray[np.bool_], precision: float, weights: Array | None = None
) -> float:
    """The lowest confidence from which predictions are right with at least `precision`, or `NEVER`.

    `confidence`, `correct` and `weights` (above 0; all alike where not given) have shape (predictions of one
    type,). Where there are few predictions, their own calibrated confidence stands in for more of them: it
    counts like `_STAND_IN` predictions, the mean of a beta prior. How many there are is Kish's effective
    size, "Survey Sampling", 1965, section 8.2. The result is cut to four digits.
    """
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    weight = np.ones(len(order)) if weights is None else weights[order]
    total = np.cumsum(weight)
    size = total**2 / np.cumsum(weight**2)
    right, expected = np.cumsum(weight * correct[order]) / total, np.cumsum(weight * ranked) / total
    reached = (size * right + _STAND_IN * expected) / (size + _STAND_IN) >= precision
    # Only the last of several equal confidences can be a threshold: all of them pass it.
    last_of_ties = np.append(ranked[1:] < ranked[:-1], True)[: len(ranked)]
    usable = np.flatnonzero(reached & last_of_ties)
    if not len(usable):
        return NEVER
    return min(float(np.floor(ranked[usable[-1]] * 1e4) / 1e4), 0.9999)


def threshold_table(
    probabilities: Array,
    labels: Integers,
    precisions: Sequence[float] = PRECISIONS,
    names: Sequence[str] = LABELS,
    groups: Sequence[str] | None = None,
) -> dict[str, dict[str, float]]:
    """For each target precision, written with two digits, the threshold of each class in `names`.

    `groups` names the repository of each example. A target is promised to repositories that come, not to more
    of the same; so of n predictions of one class in one repository each weighs 1 / sqrt(n): half-way between
    counting examples, where the largest would decide, and counting repositories, where the smallest would.
    """
    chosen, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    table: dict[str, dict[str, float]] = {f"{precision:.2f}": {} for precision in precisions}
    for number, name in enumerate(names):
        inside = np.flatnonzero(chosen == number)
        weights = _weights([groups[int(row)] for row in inside]) if groups is not None else None
        for precision in precisions:
            table[f"{precision:.2f}"][name] = threshold_for_precision(
                confidence[inside], labels[inside] == number, precision, weights
            )
    return table


def _weights(groups: Sequence[str]) -> Array:
    sizes = Counter(groups)
    return np.array([1 / np.sqrt(sizes[group]) for group in groups], dtype=np.float64)


def accepted(
    probabilities: Array, thresholds: Mapping[str, float], names: Sequence[str] = LABELS
) -> npt.NDArray[np.bool_]:
    """Which predictions reach the threshold of their class: shape (examples,)."""
    needed = np.array([thresholds[name] for name in names])[probabilities.argmax(axis=1)]
    return np.asarray((probabilities.max(axis=1) >= needed) & (needed < NEVER))


def prior_shift(labels: Integers, strength: float) -> Array:
    """What to add to the logits, shape (types,), to expect another mix of types than that of `labels`.

    The expected prior is proportional to trained ** (1 - strength): 0 expects the training mix, 1 all types
    alike. p(type | text) * expected / trained, in logarithms: Saerens, Latinne and Decaestecker, "Adjusting
    the Outputs of a Classifier to New a Priori Probabilities", Neural Computation 14(1), 2002, equation 2.4.
    """
    counts = np.bincount(labels, minlength=len(LABELS)).astype(np.float64)
    result: Array = -strength * np.log(np.maximum(counts, 1) / len(labels))
    return result


def to_probabilities(logits: Array, temperature: float) -> Array:
    """softmax(logits / temperature)."""
    return softmax(logits / temperature)

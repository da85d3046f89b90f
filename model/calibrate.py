"""Making probabilities mean what they say, and thresholds that reach a target precision. Pure functions.

Shapes: `logits` and `probabilities` (examples, types), `labels` (examples,) with numbers of types.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from model.labels import LABELS
from model.linear import softmax

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

PRECISIONS = (0.70, 0.75, 0.80, 0.85, 0.90, 0.95, 0.98)
NEVER = 1.0  # the threshold of a type that does not reach a precision
BINS = 15


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


def calibration_error(probabilities: Array, labels: Integers, bins: int = BINS) -> float:
    """Expected calibration error, 0 to 1: the mean distance of confidence and accuracy over equal-width bins.

    Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI
    2015.
    """
    confidence, correct = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    error = 0.0
    for number in np.unique(bin_of):
        inside = bin_of == number
        error += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return float(error)


def wilson_lower(right: Array, total: Array) -> Array:
    """The lower bound of a share at 95% one-sided confidence; `right` of `total`, of any equal shapes.

    Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22, 1927.
    """
    z = 1.645
    share, spread = right / total, z * z / total
    root = np.sqrt(share * (1 - share) / total + spread / (4 * total))
    result: Array = (share + spread / 2 - z * root) / (1 + spread)
    return result


def threshold_for_precision(confidence: Array, correct: npt.NDArray[np.bool_], precision: float) -> float:
    """The lowest confidence from which predictions are right with at least `precision`, or `NEVER`.

    `confidence` and `correct` have shape (predictions of one type,). Few predictions prove little, so it is
    the lower bound of their precision that must reach the target. The result is cut to four digits.
    """
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    numbers = np.arange(1, len(order) + 1, dtype=np.float64)
    reached = wilson_lower(np.cumsum(correct[order]).astype(np.float64), numbers) >= precision
    # Only the last of several equal confidences can be a threshold: all of them pass it.
    last_of_ties = np.append(ranked[1:] < ranked[:-1], True)[: len(ranked)]
    usable = np.flatnonzero(reached & last_of_ties)
    if not len(usable):
        return NEVER
    return min(float(np.floor(ranked[usable[-1]] * 1e4) / 1e4), 0.9999)


def threshold_table(
    probabilities: Array, labels: Integers, precisions: Sequence[float] = PRECISIONS
) -> dict[str, dict[str, float]]:
    """For each target precision, written with two digits, the threshold of each type."""
    chosen, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    return {
        f"{precision:.2f}": {
            label: threshold_for_precision(
                confidence[chosen == number], labels[chosen == number] == number, precision
            )
            for number, label in enumerate(LABELS)
        }
        for precision in precisions
    }


def accepted(probabilities: Array, thresholds: Mapping[str, float]) -> npt.NDArray[np.bool_]:
    """Which predictions reach the threshold of their type: shape (examples,)."""
    needed = np.array([thresholds[label] for label in LABELS])[probabilities.argmax(axis=1)]
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

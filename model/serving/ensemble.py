"""From the logits of the members to a decision: weights, bias, temperature and thresholds. NumPy only.

A *head* decides one task. Its members are the linear classifier and the network, or one of them; what each
of them may say was found on the validation split (`model.fitting.stacking`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from model.serving.linear import softmax

Array = npt.NDArray[np.float64]

LINEAR, NETWORK = "linear", "network"  # the members
NEVER = 1.0  # the threshold of a class that never reached the precision asked for


@dataclass(frozen=True, slots=True)
class Head:
    """How the members' opinions on one task become probabilities, and when these are enough to act on."""

    classes: tuple[str, ...]
    members: Mapping[str, float]  # name of a member -> its weight, above 0
    bias: Array  # (classes,)
    temperature: float
    thresholds: Mapping[float, Mapping[str, float]]  # precision -> class -> least probability

    def pooled(self, logits: Mapping[str, Array]) -> Array:
        """Sum of weight * logits + bias, of shape (texts, classes).

        `logits` holds an array (texts, classes) for each member. A weighted sum of logits is a logarithmic
        opinion pool: Genest and Zidek, "Combining Probability Distributions", Statistical Science 1(1), 1986.
        """
        return self.bias + sum(weight * logits[member] for member, weight in self.members.items())

    def probabilities(self, logits: Mapping[str, Array]) -> Array:
        """softmax(pooled logits / temperature), of shape (texts, classes)."""
        return softmax(self.pooled(logits) / self.temperature)

    def needed(self, precision: float) -> Mapping[str, float]:
        """The probability that each class must reach for `precision` (0 to 1).

        Of the precisions measured, the next higher one is taken; `NEVER` where a class did not reach it.
        """
        measured = [known for known in self.thresholds if known >= precision - 1e-9]
        return self.thresholds[min(measured)] if measured else dict.fromkeys(self.classes, NEVER)

    def to_json(self) -> dict[str, Any]:
        """As it is written into a manifest."""
        return {
            "classes": list(self.classes),
            "members": {member: round(weight, 6) for member, weight in self.members.items()},
            "bias": [round(float(value), 6) for value in self.bias],
            "temperature": round(self.temperature, 6),
            "thresholds": {f"{precision:.2f}": dict(row) for precision, row in self.thresholds.items()},
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> "Head":
        """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError where it is something else."""
        classes = tuple(map(str, written["classes"]))
        head = cls(
            classes=classes,
            members={str(member): float(weight) for member, weight in written["members"].items()},
            bias=np.array(written["bias"], dtype=np.float64),
            temperature=float(written["temperature"]),
            thresholds={
                float(precision): MappingProxyType({name: float(row[name]) for name in classes})
                for precision, row in written["thresholds"].items()
            },
        )
        if head.bias.shape != (len(classes),) or not np.isfinite(head.bias).all():
            raise ValueError("bias")
        if not head.members or not all(0 <= weight < np.inf for weight in head.members.values()):
            raise ValueError("members")
        if not 0 < head.temperature < np.inf:
            raise ValueError("temperature")
        for precision, row in head.thresholds.items():
            if not all(0 <= share <= 1 for share in (precision, *row.values())):
                raise ValueError("thresholds")
        return head

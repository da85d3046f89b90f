"""Predictions on repositories that were held out: what training leaves for evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from model.data import Example
from model.errors import DataError

FILE = "heldout.npz"


@dataclass(frozen=True, slots=True)
class HeldOut:
    """One row for each training issue, classified by a model that saw nothing of its repository."""

    labels: npt.NDArray[np.int64]  # (issues,)
    folds: npt.NDArray[np.int64]  # (issues,)
    tagged: npt.NDArray[np.float64]  # logits (issues, types), titles as written
    untagged: npt.NDArray[np.float64]  # logits (issues, types), titles without their tags
    dataset: npt.NDArray[np.str_]  # (issues,)
    language: npt.NDArray[np.str_]  # (issues,)

    @classmethod
    def of(
        cls,
        examples: Sequence[Example],
        labels: npt.NDArray[np.int64],
        folds: npt.NDArray[np.int64],
        logits: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
    ) -> "HeldOut":
        """Predictions beside what is known of the examples; `logits` with title tags, then without."""
        datasets = np.array([example.dataset for example in examples])
        languages = np.array([example.language for example in examples])
        return cls(labels, folds, logits[0], logits[1], datasets, languages)

    def save(self, directory: Path) -> None:
        """Write `heldout.npz` into `directory`."""
        np.savez_compressed(directory / FILE, **{name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def load(cls, directory: Path) -> "HeldOut":
        """Read what `save` wrote. Raises DataError, one clear line, where it cannot be read."""
        try:
            with np.load(directory / FILE, allow_pickle=False) as file:
                return cls(**file)
        except (OSError, EOFError, BadZipFile, ValueError, TypeError) as error:
            raise DataError(f"{directory / FILE} cannot be read, train first: {error}") from error

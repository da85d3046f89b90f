"""Invented baselines that other processes can import: one fails, one is not installed, and so on."""

import os
from collections.abc import Sequence

import numpy as np

from model.baselines.base import Baseline
from model.baselines.majority import Majority
from model.baselines.registry import Context
from model.calibrate import Integers
from model.errors import TrainingError
from model.text import CleanText


class Noted(Majority):
    """Notes each training in a file."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def fit(self, texts: Sequence[CleanText], labels: Integers, seed: int) -> None:
        super().fit(texts, labels, seed)
        self._context.say(f"{len(texts)} texts, {os.environ['OMP_NUM_THREADS']} thread")
        with (self._context.cache / "fitted").open("a") as file:
            file.write(f"{seed} ")


class Failing(Majority):
    def fit(self, texts: Sequence[CleanText], labels: Integers, seed: int) -> None:
        raise TrainingError("the loss became nan")


class Dying(Majority):
    def fit(self, texts: Sequence[CleanText], labels: Integers, seed: int) -> None:
        os._exit(3)


class Knowing(Majority):
    """Finished: says question to everything, without any training."""

    def fit(self, texts: Sequence[CleanText], labels: Integers, seed: int) -> None:
        self._shares = np.array([0.1, 0.1, 0.7, 0.1])


def noted(context: Context) -> Baseline:
    return Noted(context)


def failing(_context: Context) -> Baseline:
    return Failing()


def dying(_context: Context) -> Baseline:
    return Dying()


def knowing(_context: Context) -> Baseline:
    return Knowing()


def not_installed(_context: Context) -> Baseline:
    import a_library_of_others.parts

    baseline: Baseline = a_library_of_others.parts.Baseline()
    return baseline


def broken(_context: Context) -> Baseline:
    import model.a_module_that_is_gone

    baseline: Baseline = model.a_module_that_is_gone.Baseline()
    return baseline

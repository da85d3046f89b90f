"""Which texts are read together: batches of one task and of similar length, the same for the same seed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

_POOL = 50  # batches sorted by length together: enough for little padding, few enough to stay shuffled


class Step(NamedTuple):
    """One batch: the rows of one task."""

    task: str
    rows: tuple[int, ...]


def plan_epoch(
    lengths: Mapping[str, Sequence[int]], shares: Mapping[str, float], batch: int, seed: int, epoch: int
) -> list[Step]:
    """The batches of one epoch, tasks mixed at random.

    `lengths` are the tokens of each text by task. A task with a share below 1 shows that part of its texts,
    another part each epoch. The same arguments give the same plan, so an interrupted run can go on in it.
    """
    steps: list[Step] = []
    for number, (task, sizes) in enumerate(sorted(lengths.items())):
        random = np.random.default_rng([seed, epoch, number])
        order = random.permutation(len(sizes))[: round(len(sizes) * shares.get(task, 1.0))]
        for start in range(0, len(order), _POOL * batch):
            pool = sorted(order[start : start + _POOL * batch], key=lambda row: -sizes[row])
            steps += [
                Step(task, tuple(int(row) for row in pool[first : first + batch]))
                for first in range(0, len(pool), batch)
            ]
    mixed = np.random.default_rng([seed, epoch]).permutation(len(steps))
    return [steps[position] for position in mixed]


def deal(steps: Sequence[Step], processes: int, process: int) -> list[Step]:
    """The steps of one of several processes; all get the same number, so none waits at the end."""
    whole = len(steps) - len(steps) % processes
    return list(steps[process:whole:processes])


def share_of_padding(steps: Sequence[Step], lengths: Mapping[str, Sequence[int]]) -> float:
    """How much of what is computed is padding, 0 to 1."""
    real = sum(lengths[step.task][row] for step in steps for row in step.rows)
    shown = sum(max(lengths[step.task][row] for row in step.rows) * len(step.rows) for step in steps)
    return 1 - real / shown if shown else 0.0

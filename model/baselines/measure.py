"""Training and measuring one baseline, in a process of its own and on one thread.

So the memory is that of this baseline alone, and times can be compared: they are CPU time, which other work
hardly changes. Peak memory is the most that process ever held, with Python, libraries and texts in it: what
the majority baseline needs is what all of them start from. It is read where Linux keeps it, and not measured
elsewhere: `getrusage` would do everywhere, but on Linux it also counts what the parent held before the
process became another program.
"""

import multiprocessing
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from model.baselines.base import Baseline, Say, Unavailable
from model.baselines.registry import Context
from model.calibrate import Array, Integers
from model.errors import DataError, ModelError, TrainingError
from model.text import CleanText

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")
_WARM_UP = 5  # texts classified before the clock starts


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be measured."""

    make: Callable[[Context], Baseline]
    context: Context
    seed: int
    texts: Sequence[CleanText]
    labels: Integers  # (texts,)
    tests: Mapping[str, Sequence[CleanText]]
    timed: Sequence[CleanText]  # classified one by one


@dataclass(frozen=True, slots=True)
class Costs:
    """What a baseline costs on one thread of this machine: CPU time, and megabytes of 10^6 bytes."""

    train_seconds: float
    size_mb: float
    median_ms: float  # to classify one issue
    p95_ms: float
    peak_mb: float | None


@dataclass(frozen=True, slots=True)
class Measured:
    """What came out of a job."""

    costs: Costs
    probabilities: Mapping[str, Array]  # name of the test -> (texts, types)


def measure(job: Job, say: Say) -> Measured:
    """Train and measure in this process.

    Raises Unavailable where a library is not installed, and what the baseline raises.
    """
    try:
        baseline = job.make(replace(job.context, say=say))
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == __name__.partition(".")[0]:
            raise
        raise Unavailable(f"not installed: {(error.name or str(error)).partition('.')[0]}") from error
    started = time.process_time()
    baseline.fit(job.texts, job.labels, job.seed)
    seconds = time.process_time() - started + getattr(baseline, "saved_seconds", 0.0)
    probabilities = {name: baseline.probabilities(texts) for name, texts in job.tests.items()}
    median, slow = _latency(baseline, job.timed)
    costs = Costs(seconds, baseline.size_bytes() / 1e6, median, slow, _peak_mb())
    return Measured(costs, probabilities)


def measure_alone(job: Job, say: Say) -> Measured:
    """Like `measure`, in a new process on one thread. Raises TrainingError where that process dies."""
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe(duplex=False)
    process = spawning.Process(target=_work, args=(theirs, job), daemon=True)
    with _environment(dict.fromkeys(_THREADS, "1")):
        process.start()
    theirs.close()
    try:
        while True:
            kind, content = ours.recv()
            if kind == "said":
                say(content)
            elif kind == "failed":
                raise content
            else:
                return Measured(**content)
    except EOFError as error:
        process.join()
        raise TrainingError(
            f"the measuring process ended early, with exit code {process.exitcode}"
        ) from error
    finally:
        process.terminate()
        process.join()


def _work(connection: Connection, job: Job) -> None:
    """What the new process does: say what happens, then hand over the result or the reason for none."""
    outcome: tuple[str, Any]
    try:
        found = measure(job, lambda line: connection.send(("said", line)))
        outcome = ("measured", {"costs": found.costs, "probabilities": found.probabilities})
    except (Unavailable, DataError, ModelError, TrainingError) as error:
        outcome = ("failed", error)
    connection.send(outcome)


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Environment variables that only processes started inside will see."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _latency(baseline: Baseline, texts: Sequence[CleanText]) -> tuple[float, float]:
    """Median and 95th percentile of the milliseconds that one text takes."""
    for text in texts[:_WARM_UP]:
        baseline.probabilities([text])
    times = []
    for text in texts:
        started = time.process_time()
        baseline.probabilities([text])
        times.append(1e3 * (time.process_time() - started))
    median, slow = np.percentile(times, [50, 95])
    return float(median), float(slow)


def _peak_mb() -> float | None:
    status = Path("/proc/self/status")
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status.read_text(), re.MULTILINE) if status.exists() else None
    return int(found[1]) * 1024 / 1e6 if found else None

"""Measuring a baseline in a process of its own."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from model.baselines.base import Baseline, Unavailable, silent
from model.baselines.measure import Job, measure, measure_alone
from model.baselines.registry import Context
from model.errors import TrainingError
from tests.model.baselines import odd
from tests.model.baselines.contract import TEST, TRAIN


def job(make: Callable[[Context], Baseline], cache: Path, seed: int = 1) -> Job:
    return Job(
        make=make,
        context=Context(cache=cache, repos=[""] * len(TRAIN[0])),
        seed=seed,
        texts=TRAIN[0],
        labels=TRAIN[1],
        tests={"benchmark": TEST[0], "unseen": TEST[0][:3]},
        timed=TEST[0],
    )


def test_a_baseline_is_trained_with_its_seed_and_measured(tmp_path: Path) -> None:
    found = measure_alone(job(odd.noted, tmp_path, seed=5), silent)
    assert (tmp_path / "fitted").read_text() == "5 "
    assert found.probabilities["benchmark"].shape == (len(TEST[0]), 4)
    assert found.probabilities["unseen"].shape == (3, 4)
    assert 0 < found.costs.median_ms <= found.costs.p95_ms
    assert found.costs.size_mb == 32e-6
    assert found.costs.train_seconds > 0


def test_the_other_process_has_one_thread_and_says_what_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("MKL_NUM_THREADS", "7")
    before, said = dict(os.environ), []
    measure_alone(job(odd.noted, tmp_path), said.append)
    assert said == [f"{len(TRAIN[0])} texts, 1 thread"]
    assert dict(os.environ) == before


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak of memory")
def test_peak_memory_is_that_of_the_process(tmp_path: Path) -> None:
    held = b"x" * 400_000_000  # of this process, and not to be counted
    peak = measure_alone(job(odd.noted, tmp_path), silent).costs.peak_mb
    assert len(held) == 400_000_000
    assert peak is not None
    assert 10 < peak < 400


def test_what_fails_there_fails_here(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"^the loss became nan$"):
        measure_alone(job(odd.failing, tmp_path), silent)


def test_a_process_that_dies_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"^the measuring process ended early, with exit code 3$"):
        measure_alone(job(odd.dying, tmp_path), silent)


def test_a_library_that_is_not_installed_is_named(tmp_path: Path) -> None:
    for run in (measure, measure_alone):
        with pytest.raises(Unavailable, match=r"^not installed: a_library_of_others$"):
            run(job(odd.not_installed, tmp_path), silent)


def test_a_module_of_ours_that_is_missing_is_no_library(tmp_path: Path) -> None:
    with pytest.raises(ModuleNotFoundError):
        measure(job(odd.broken, tmp_path), silent)

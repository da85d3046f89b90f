"""Comparing classifiers: every baseline trained on the same issues and measured alike.

What was measured is kept, one JSON file for each baseline, seed and state of the data, so that an interrupted
comparison goes on where it was and a further baseline joins the others.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from model.baselines.base import Say, Unavailable
from model.baselines.measure import Costs, Job, Measured, measure_alone
from model.baselines.registry import REGISTRY, Context, Entry
from model.baselines.scores import (
    BENCHMARK,
    UNSEEN,
    UNTAGGED,
    Row,
    half_prior,
    mean_costs,
    score,
)
from model.baselines.table import render
from model.datasets.samples import Sample, label_numbers, load_samples, unlabelled
from model.errors import DataError
from model.text import CleanText

__all__ = ["compare", "render"]

T = TypeVar("T")

_TIMED = 200  # issues whose latency is measured
_SEED = 20_240_501  # any; fixed, so that a limit always leaves the same issues


def compare(
    directory: Path,
    *,
    only: Sequence[str] = (),
    seeds: int | None = None,
    limit: int | None = None,
    say: Say,
    cache: Path,
    encoder: Path | None = None,
    more: Mapping[str, Entry] = MappingProxyType({}),
) -> list[Row]:
    """Measure what `only` names, or everything, and return a row of each that was ever measured on this data.

    `directory` is that of all data; `only` holds names or their beginnings; `seeds` is how often a baseline
    is trained whose result depends on chance, by default as often as its entry says; `limit` leaves so many
    issues to train on; `encoder` is the directory of a pretrained encoder; `more` are entries beside those of
    the registry.

    Raises DataError for data that cannot be used and for a name that is not known, TrainingError where
    training fails.
    """
    entries = {**REGISTRY, **more}
    chosen = _named(entries, only)
    bench = _Bench(directory, limit, cache, encoder)
    say(f"{len(bench.train):,} issues to train on, {len(bench.benchmark):,} of the benchmark")
    rows = []
    for name, entry in entries.items():
        trainings = 1 if entry.seeds is None else seeds or entry.seeds
        row = bench.row(name, entry, trainings, _speaking(say, name), fresh=name in chosen)
        rows += [row] if row else []
    return rows


class _Bench:
    """The issues of a comparison, and what was measured on them so far."""

    def __init__(self, directory: Path, limit: int | None, cache: Path, encoder: Path | None) -> None:
        self._directory, self._cache, self._encoder = directory, cache, encoder
        self._samples = load_samples(directory, ("issue_type",))
        # With the benchmark's own training half, as everybody has it who publishes results on the benchmark.
        learnt = [row for split in ("adaptation", "train") for row in self._samples.of("issue_type", split)]
        self.train = _some(learnt, limit)
        self.benchmark = self._samples.of("issue_type", "benchmark")
        self._unseen = self._samples.of("issue_type", "unseen")
        self._validation = self._samples.of("issue_type", "validation")
        self._limit = limit
        if not self.benchmark:
            raise DataError(f"{directory} lacks the benchmark nlbse24_test; nothing can be compared")

    def row(self, name: str, entry: Entry, seeds: int, say: Say, *, fresh: bool) -> Row | None:
        """What was measured, if `fresh` after measuring what is missing; None where nothing was."""
        files = {seed: self._file(name, entry, seed) for seed in range(1, seeds + 1)}
        if fresh:
            try:
                for seed, file in files.items():
                    if not file.exists():
                        say(f"seed {seed} of {seeds}" if entry.seeds else "measuring")
                        _write(file, measure_alone(self._job(entry, seed), say))
            except Unavailable as reason:
                return Row(name, entry.title, str(reason))
        results = [_read(file) for file in files.values() if file.exists()]
        if not results:
            return None
        shift = None if entry.finished else half_prior(label_numbers(self.train))
        scores = score(results, shift, self.benchmark, self._unseen)
        return Row(name, entry.title, "", len(results), scores, mean_costs(results))

    def _job(self, entry: Entry, seed: int) -> Job:
        tests = {BENCHMARK: _texts(self.benchmark)}
        if self._unseen:
            tests[UNSEEN] = _texts(self._unseen)
            tests[UNTAGGED] = [replace(text, tags=()) for text in tests[UNSEEN]]
        every = max(1, len(self.benchmark) // _TIMED)
        return Job(
            make=entry.make,
            context=self._context(unlabelled=entry.unlabelled),
            seed=seed,
            texts=_texts(self.train),
            labels=label_numbers(self.train),
            tests=tests,
            timed=tests[BENCHMARK][::every][:_TIMED],
        )

    def _context(self, *, unlabelled: bool = False) -> Context:
        return Context(
            cache=self._cache,
            repos=[sample.repo for sample in self.train],
            validation=(_texts(self._validation), label_numbers(self._validation)),
            unlabelled=self._unlabelled if unlabelled else (),
            homes=self._homes,
            encoder=self._encoder,
        )

    @cached_property
    def _unlabelled(self) -> Sequence[CleanText]:
        return _some(tuple(unlabelled(self._directory, self._samples)), self._limit)

    @cached_property
    def _homes(self) -> Mapping[CleanText, str]:
        samples = (*self.benchmark, *self._unseen)
        untagged = {replace(sample.text, tags=()): sample.repo for sample in samples}
        return untagged | {sample.text: sample.repo for sample in samples}

    @cached_property
    def _fingerprint(self) -> str:
        """What distinguishes results on these issues from those on others."""
        digest = hashlib.sha256()
        for part in (self.train, self._validation, self.benchmark, self._unseen):
            for sample in part:
                digest.update(f"{sample!r}\n".encode(errors="surrogatepass"))
        return digest.hexdigest()

    def _file(self, name: str, entry: Entry, seed: int) -> Path:
        kind = f"{self._fingerprint} {entry.edition(self._context())}"
        return self._cache / f"{name}-{seed}-{hashlib.sha256(kind.encode()).hexdigest()[:16]}.json"


def _named(entries: Mapping[str, Entry], only: Sequence[str]) -> set[str]:
    for name in only:
        if not any(known.startswith(name) for known in entries):
            raise DataError(f"{name!r} is none of {', '.join(entries)}")
    return {known for known in entries if not only or any(known.startswith(name) for name in only)}


def _speaking(say: Say, name: str) -> Say:
    """Progress that says whose it is."""
    return lambda line: say(f"{name}: {line}")


def _some(items: Sequence[T], limit: int | None) -> Sequence[T]:
    """All items, or so many of them, drawn by chance and in the same order."""
    if limit is None or limit >= len(items):
        return items
    rows = np.random.default_rng(_SEED).permutation(len(items))[:limit]
    return [items[row] for row in sorted(rows)]


def _texts(samples: Sequence[Sample]) -> list[CleanText]:
    return [sample.text for sample in samples]


def _write(file: Path, found: Measured) -> None:
    """Whole or not at all."""
    shares = {name: np.round(values, 5).tolist() for name, values in found.probabilities.items()}
    file.parent.mkdir(parents=True, exist_ok=True)
    building = file.with_suffix(".part")
    building.write_text(json.dumps({"costs": asdict(found.costs), "probabilities": shares}), encoding="utf-8")
    building.replace(file)


def _read(file: Path) -> Measured:
    """Raises DataError where a file of the cache cannot be read."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        shares = {
            name: np.array(values, dtype=np.float64) for name, values in content["probabilities"].items()
        }
        return Measured(Costs(**content["costs"]), shares)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{file} cannot be read: {error}; delete it to measure again") from error

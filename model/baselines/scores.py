"""One row of the comparison: what a baseline scored, as means over its seeds, and what it costs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.baselines.measure import Costs, Measured
from model.calibrate import Array, Integers, prior_shift
from model.datasets.samples import Sample, label_numbers
from model.fitting.regression import Recipe
from model.labels import LABELS
from model.measuring.metrics import (
    bounds,
    by_cluster,
    confusion,
    f1_scores,
    grouped_f1,
    interval,
    macro,
    resample_clusters,
    seeded,
)

BENCHMARK_TYPES = 3  # bug, feature, question: the benchmark has no documentation
BENCHMARK, UNSEEN, UNTAGGED = "benchmark", "unseen", "unseen, untagged"  # names of the tests


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score on repositories that were held out, and on bootstrap samples of whole repositories.

    The samples are the same for every baseline, so that two of them can be compared in pairs.
    """

    value: float
    resampled: tuple[float, ...]  # one for each sample; empty of one repository, which says nothing of others

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95% interval; None of one repository."""
        return bounds(np.array(self.resampled)) if self.resampled else None

    def __sub__(self, other: "Estimate") -> "Estimate":
        """How far this is ahead of `other` on the same issues: the paired bootstrap."""
        pairs = zip(self.resampled, other.resampled, strict=True)
        return Estimate(self.value - other.value, tuple(own - theirs for own, theirs in pairs))


@dataclass(frozen=True, slots=True)
class Scores:
    """F1 scores, 0 to 1; None for what was not, or could not honestly be, measured."""

    average_f1: float  # mean over the benchmark's repositories of the macro F1
    interval: tuple[float, float]  # its 95% bootstrap interval
    spread: float | None  # its standard deviation over seeds; None of one seed
    plain_f1: float | None  # the same mean without the correction of the prior
    types: Mapping[str, float]  # of each type of the benchmark, all repositories together
    repositories: Mapping[str, float]  # macro F1 of each repository of the benchmark
    unseen: Estimate | None  # macro F1 on repositories that were held out
    unseen_untagged: Estimate | None  # the same, titles without tags such as "[Bug]:"
    unseen_chinese: Estimate | None  # the same without tags, on Chinese issues alone


@dataclass(frozen=True, slots=True)
class Row:
    """A baseline in the table: measured, or with a note that says why not."""

    name: str
    title: str
    note: str = ""
    seeds: int = 0
    scores: Scores | None = None
    costs: Costs | None = None


def half_prior(labels: Integers) -> Array:
    """The correction of the prior that our own classifier has, for what was trained on `labels`: (types,)."""
    return prior_shift(labels, Recipe().prior_correction)


def score(
    results: Sequence[Measured],
    shift: Array | None,
    benchmark: Sequence[Sample],
    unseen: Sequence[Sample],
) -> Scores:
    """The scores of one baseline, one result a seed; the interval is the mean of the seeds' intervals.

    `shift` (types,) is added to the logarithm of its probabilities; None to a classifier that corrects the
    prior by itself.
    """
    truth, rows = label_numbers(benchmark), _rows_by_repo(benchmark)
    groups = list(rows.values())
    chosen = _chosen(results, BENCHMARK, shift)
    averages = [grouped_f1(truth, each, groups) for each in chosen]
    low, high = np.mean([interval(truth, each, groups) for each in chosen], axis=0)
    types = np.mean([f1_scores(confusion(truth, each)) for each in chosen], axis=0)
    plain = [grouped_f1(truth, each, groups) for each in _chosen(results, BENCHMARK, None)]
    chinese = [row for row, sample in enumerate(unseen) if sample.language == "zh"]
    tagged, untagged = (_chosen(results, name, shift) for name in (UNSEEN, UNTAGGED))
    return Scores(
        average_f1=float(np.mean(averages)),
        interval=(float(low), float(high)),
        spread=float(np.std(averages, ddof=1)) if len(averages) > 1 else None,
        plain_f1=None if shift is None else float(np.mean(plain)),
        types={label: float(f1) for label, f1 in zip(LABELS, types, strict=True) if not np.isnan(f1)},
        repositories={
            repo: float(np.mean([grouped_f1(truth, each, [group]) for each in chosen]))
            for repo, group in rows.items()
        },
        unseen=_estimate(unseen, tagged),
        unseen_untagged=_estimate(unseen, untagged),
        unseen_chinese=_estimate([unseen[row] for row in chinese], [each[chinese] for each in untagged]),
    )


def mean_costs(results: Sequence[Measured]) -> Costs:
    """Means over seeds."""

    def mean(value: Callable[[Costs], float | None]) -> float:
        return float(np.mean([value(result.costs) or 0.0 for result in results]))

    return Costs(
        train_seconds=mean(lambda costs: costs.train_seconds),
        size_mb=mean(lambda costs: costs.size_mb),
        median_ms=mean(lambda costs: costs.median_ms),
        p95_ms=mean(lambda costs: costs.p95_ms),
        peak_mb=mean(lambda costs: costs.peak_mb) or None,
    )


def _chosen(results: Sequence[Measured], test: str, shift: Array | None) -> list[Integers]:
    """The most probable types of each seed, of which the benchmark has but three; [] of what was not tested.

    What is added to a logarithm is a factor of the probability.
    """
    types = BENCHMARK_TYPES if test == BENCHMARK else len(LABELS)
    factor = np.ones(len(LABELS)) if shift is None else np.exp(shift)
    return [
        (result.probabilities[test] * factor)[:, :types].argmax(axis=1)
        for result in results
        if test in result.probabilities
    ]


def _estimate(samples: Sequence[Sample], chosen: Sequence[Integers]) -> Estimate | None:
    """Macro F1 of what each seed has `chosen`, as means over the seeds; None of what was not tested."""
    if not samples or not chosen:
        return None
    truth, repos = label_numbers(samples), [sample.repo for sample in samples]
    parts = [by_cluster(truth, each, repos, len(LABELS)) for each in chosen]
    resampled = (
        np.mean([macro(resample_clusters(each, seeded())) for each in parts], axis=0).tolist()
        if len(set(repos)) > 1
        else ()
    )
    return Estimate(float(np.mean([macro(each.sum(axis=0)) for each in parts])), tuple(resampled))


def _rows_by_repo(samples: Sequence[Sample]) -> dict[str, Integers]:
    repos = np.array([sample.repo for sample in samples])
    return {str(repo): np.flatnonzero(repos == repo) for repo in np.unique(repos)}

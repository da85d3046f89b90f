"""What to hold the measured numbers against: what we set out to reach, and what others do."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Headline:
    """One number of `metrics.json` that decides whether the classifier is any good."""

    name: str
    path: tuple[str, ...]  # keys that lead to the part that holds it
    value: str  # its key there
    interval: str  # the key of its interval there; "" where there is none
    floor: float | None = None  # below it, the classifier is not good enough
    aim: float | None = None  # what would be good
    others: str = ""  # what others reach; higher is better unless it says otherwise
    beside: tuple[
        tuple[str, str], ...
    ] = ()  # others measured with it: name, and what replaces the path's end

    def of(self, metrics: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The part that holds the number, None where it was not measured."""
        part: Any = metrics
        for key in self.path:
            part = part.get(key) if isinstance(part, Mapping) else None
        return part if isinstance(part, Mapping) and part.get(self.value) is not None else None

    def reached_by_others(self, metrics: Mapping[str, Any]) -> str:
        """What others reach: as published, or as measured on the same texts; "" where nothing is known."""
        said = [self.others] if self.others else []
        for name, end in self.beside:
            other = replace(self, path=(*self.path[:-1], end)).of(metrics)
            if other:
                said.append(f"{name} {other[self.value]:.3f}")
        return ", ".join(said)


_TFIDF = "TF-IDF and logistic regression, other repositories held out of the same data"


def _unseen(
    name: str,
    variant: str,
    part: str,
    types: str,
    *,
    floor: float | None = None,
    aim: float | None = None,
    others: str = "",
) -> Headline:
    path = ("unseen", "variants", variant, part, types)
    return Headline(name, path, "macro_f1", "interval", floor, aim, others)


def _coverage(path: tuple[str, ...], target: str) -> tuple[Headline, Headline]:
    where = (*path, target)
    return (
        Headline(f"share labelled at target {target}", where, "coverage", ""),
        Headline(
            "share of these that is right", where, "precision", "precision_interval", None, float(target)
        ),
    )


def _duplicates(name: str, floor: float | None = None, aim: float | None = None) -> Headline:
    title = f"duplicates, {name}: recall@5 by words and meaning, among older issues"
    path, alone = (
        ("duplicates", name, "older", "both"),
        (("words (BM25) alone", "lexical"), ("meaning alone", "embedding")),
    )
    return Headline(title, path, "recall@5", "interval@5", floor, aim, beside=alone)


_BENCHMARK_SHARE, _BENCHMARK_RIGHT = _coverage(("benchmark", "coverage"), "0.95")
_BARE = "title tags hidden"

HEADLINES = (
    Headline(
        "public benchmark, repository named: average F1", ("benchmark",), "average_f1", "interval",
        0.82, 0.86, "RoBERTa 0.792; SetFit with MPNet 0.827 (published)",
    ),
    Headline("the same, repository not named", ("benchmark",), "average_f1_unnamed", "interval_unnamed"),
    replace(_BENCHMARK_SHARE, floor=0.45, aim=0.65),
    _BENCHMARK_RIGHT,
    Headline(
        "calibration error there", ("benchmark",), "calibration_error", "", 0.04, 0.02, "lower is better"
    ),
    _unseen(
        "unseen repositories: macro F1 of bug, feature, question", "as written", "all", "core",
        floor=0.78, aim=0.86,
    ),
    _unseen("the same, title tags hidden", _BARE, "all", "core", floor=0.72, aim=0.80),
    _unseen("the same in Chinese, title tags hidden", _BARE, "Chinese", "core", floor=0.60, aim=0.75),
    _unseen(
        "unseen repositories: macro F1 of all four types", "as written", "all", "all",
        others=f"{_TFIDF}: 0.723",
    ),
    _unseen("the same, title tags hidden", _BARE, "all", "all", others=f"{_TFIDF}: 0.678"),
    _unseen("the same in Chinese, title tags hidden", _BARE, "Chinese", "all", others=f"{_TFIDF}: 0.494"),
    *_coverage(("unseen", "coverage", "as written", "all"), "0.90"),
    Headline(
        "calibration error there", ("unseen", "variants", "as written", "all"), "calibration_error", "",
        0.04, 0.02, "lower is better",
    ),
    Headline(
        "types of changes: macro F1 of the six frequent ones", ("pr_type", "core"), "macro_f1", "interval",
        0.60, 0.75,
    ),
    Headline(
        "tone, ordinary threads: F1 of uncivil comments",
        ("tone", "strudel", "at", "more likely than not"), "f1", "interval",
    ),
    Headline(
        "tone, code reviews: F1 of uncivil comments",
        ("tone", "toxicr", "at", "more likely than not"), "f1", "interval", None, 0.89,
    ),
    _duplicates("Hadoop", 0.71, 0.80),
    _duplicates("SeaMonkey", 0.77, 0.85),
    _duplicates("rust-lang/rust"),
)  # fmt: skip

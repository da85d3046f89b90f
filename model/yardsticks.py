"""What to hold the measured numbers against: what simple classifiers reach, and the best that is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Headline:
    """One number of `metrics.json` that decides whether the classifier is any good; higher is better."""

    name: str
    path: tuple[str, ...]  # keys that lead to the part that holds it
    value: str  # its key there
    interval: str  # the key of its interval there; "" where there is none
    floor: float | None = None
    aim: float | None = None
    held_against: str = ""  # whose numbers floor and aim are

    def of(self, metrics: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The part that holds the number, None where it was not measured."""
        part: Any = metrics
        for key in self.path:
            part = part.get(key) if isinstance(part, Mapping) else None
        return part if isinstance(part, Mapping) and part.get(self.value) is not None else None


_TFIDF = "floor: TF-IDF and logistic regression, other repositories held out of the same data"
_RECALL = "floor: the better of BM25 and MiniLM; aim: both together, other weighting of words"


def _unseen(name: str, variant: str, part: str, types: str, floor: float | None = None) -> Headline:
    path = ("unseen", "variants", variant, part, types)
    return Headline(name, path, "macro_f1", "interval", floor, None, _TFIDF if floor else "")


def _duplicates(name: str, candidates: str, floor: float | None = None, aim: float | None = None) -> Headline:
    title = f"duplicates, {name}: recall@5 by words and meaning"
    path = ("duplicates", name, candidates, "both")
    return Headline(title, path, "recall@5", "interval@5", floor, aim, _RECALL if floor else "")


_SIX = "types of changes: macro F1 of the six frequent ones"
_CHINESE = "unseen repositories, Chinese: macro F1 of all four types"

_LABELLED = ("unseen", "coverage", "as written", "all", "0.90")

HEADLINES = (
    Headline(
        "public benchmark, repository named: average F1", ("benchmark",), "average_f1", "interval",
        0.794, 0.827, "floor: TF-IDF with features of each repository; aim: SetFit with MPNet, published",
    ),
    Headline("the same, repository not named", ("benchmark",), "average_f1_unnamed", "interval_unnamed"),
    _unseen("unseen repositories: macro F1 of bug, feature, question", "as written", "all", "core"),
    _unseen("the same, title tags hidden", "title tags hidden", "all", "core"),
    _unseen("unseen repositories: macro F1 of all four types", "as written", "all", "all", 0.723),
    _unseen("the same, title tags hidden", "title tags hidden", "all", "all", 0.678),
    _unseen(_CHINESE, "as written", "Chinese", "all", 0.624),
    _unseen("the same, title tags hidden", "title tags hidden", "Chinese", "all", 0.494),
    Headline("unseen repositories: share of issues labelled at target 0.90", _LABELLED, "coverage", ""),
    Headline(
        "share of these labels that is right", _LABELLED, "precision", "precision_interval",
        None, 0.90, "aim: the target",
    ),
    Headline(_SIX, ("pr_type", "core"), "macro_f1", "interval"),
    Headline(
        "tone, ordinary threads: F1 of uncivil comments",
        ("tone", "strudel", "at", "more likely than not"), "f1", "interval",
    ),
    _duplicates("Hadoop", "all", 0.65, 0.77),
    _duplicates("SeaMonkey", "all", 0.65, 0.77),
    _duplicates("rust-lang/rust", "older"),
)  # fmt: skip

"""How many duplicates are found among the first suggestions: by words, by meaning, by both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from model.calibrate import wilson_interval
from model.measuring.metrics import Mask, share
from model.measuring.retrieval import Bm25, Scores, terms, together

DEPTHS = (5, 10)  # suggestions shown


@dataclass(frozen=True, slots=True)
class DuplicateSet:
    """Issues of one tracker, and which of them are the same."""

    name: str
    issues: Sequence[tuple[str, str]]  # title and body, as written
    age: npt.NDArray[np.int64]  # (issues,), 0 for the oldest; all different
    pairs: Sequence[tuple[int, int]]  # positions of two that are the same, the newer one first


def measure(found: DuplicateSet, vectors: Scores | None = None) -> dict[str, Any]:
    """Recall@5 and @10 by words; with `vectors` (issues, width) of unit length, by meaning and by both too.

    "older": the newer issue of each pair asks, all older ones are candidates, as when it was opened. "all":
    either issue of each pair asks and every other is a candidate, which is easier to compare with.
    """
    index = Bm25([terms(*issue) for issue in found.issues])
    both_ways = [*found.pairs, *((old, new) for new, old in found.pairs)]
    return {
        "issues": len(found.issues),
        "pairs": len(found.pairs),
        "older": _recalls(found, index, vectors, found.pairs, only_older=True),
        "all": _recalls(found, index, vectors, both_ways, only_older=False),
    }


def rank(scores: Scores, wanted: int, candidates: Mask) -> int:
    """How many other candidates score as much as number `wanted` or more: 0 is the best place."""
    return int((scores[candidates] >= scores[wanted]).sum()) - 1


def recalls(ranks: Sequence[int]) -> dict[str, Any]:
    """The share of ranks below each of DEPTHS, with its 95% interval."""
    result: dict[str, Any] = {"n": len(ranks)}
    for depth in DEPTHS:
        hits = sum(rank < depth for rank in ranks)
        result[f"recall@{depth}"] = share(hits, len(ranks))
        low, high = wilson_interval(hits, len(ranks)) if ranks else (0.0, 1.0)
        result[f"interval@{depth}"] = (round(low, 4), round(high, 4))
    return result


def _recalls(
    found: DuplicateSet,
    index: Bm25,
    vectors: Scores | None,
    questions: Sequence[tuple[int, int]],
    *,
    only_older: bool,
) -> dict[str, Any]:
    ranks: dict[str, list[int]] = {"lexical": []}
    for asking, wanted in questions:
        candidates = found.age < found.age[asking] if only_older else np.arange(index.size) != asking
        lexical = index.scores(terms(*found.issues[asking]))
        ranks["lexical"].append(rank(lexical, wanted, candidates))
        if vectors is None:
            continue
        meaning = vectors @ vectors[asking]
        both = np.full(index.size, -np.inf, dtype=np.float32)
        both[candidates] = together(lexical[candidates], meaning[candidates])
        ranks.setdefault("embedding", []).append(rank(meaning, wanted, candidates))
        ranks.setdefault("both", []).append(rank(both, wanted, candidates))
    return {kind: recalls(places) for kind, places in ranks.items()}

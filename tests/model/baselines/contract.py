"""What every baseline must do, on invented issues that can be told apart by a few words."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from model.baselines.base import Baseline
from model.calibrate import Integers
from model.errors import DataError
from model.labels import LABELS
from model.text import CleanText, clean
from tests.model.examples import THINGS, rows


def issues(things: Sequence[str]) -> tuple[list[CleanText], Integers]:
    """One issue of each type about each of the things, and their types."""
    found = rows(things=things)
    texts = [clean(row["title"], row["body"], row["repo"]) for row in found]
    return texts, np.array([LABELS.index(row["label"]) for row in found], dtype=np.int64)


TRAIN = issues(THINGS[:16])
TEST = issues(THINGS[16:])
NOTHING = CleanText(title="", body="", tags=(), headings=(), cues=())


def assert_it_learns(baseline: Baseline) -> None:
    """It tells the types of new issues apart, and what it says are probabilities."""
    texts, labels = TEST
    baseline.fit(*TRAIN, 1)
    found = baseline.probabilities(texts)
    assert found.shape == (len(texts), len(LABELS))
    assert found.sum(axis=1) == pytest.approx(1, abs=1e-4)
    assert (found.argmax(axis=1) == labels).mean() > 0.9
    assert baseline.size_bytes() > 0
    assert np.isfinite(baseline.probabilities([NOTHING, replace(NOTHING, title="未知")])).all()


def assert_one_text_is_judged_as_among_others(baseline: Baseline) -> None:
    texts, _ = TEST
    baseline.fit(*TRAIN, 1)
    alone = np.vstack([baseline.probabilities([text]) for text in texts])
    assert alone == pytest.approx(baseline.probabilities(texts), abs=1e-5)


def assert_it_refuses_a_single_type(baseline: Baseline) -> None:
    texts, _ = TRAIN
    with pytest.raises(DataError, match=r"of one type; there is nothing to learn$"):
        baseline.fit(texts, np.full(len(texts), 2), 1)


def assert_a_type_that_is_absent_is_never_chosen(baseline: Baseline) -> None:
    texts, labels = TRAIN
    kept = np.flatnonzero(labels != 1)
    baseline.fit([texts[row] for row in kept], labels[kept], 1)
    assert 1 not in baseline.probabilities(TEST[0]).argmax(axis=1)


def assert_a_seed_decides_all(make: Callable[[], Baseline]) -> None:
    found = []
    for _ in range(2):
        baseline = make()
        baseline.fit(*TRAIN, 7)
        found.append(baseline.probabilities(TEST[0]))
    assert (found[0] == found[1]).all()

"""What every baseline must do, on invented issues that can be told apart by a few words."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
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


class Contract(ABC):
    """The tests of a baseline; those of one are a subclass that makes it."""

    @abstractmethod
    def make(self) -> Baseline:
        """A baseline that has learnt nothing yet."""

    def test_it_learns(self) -> None:
        texts, labels = TEST
        baseline = self.make()
        baseline.fit(*TRAIN, 1)
        found = baseline.probabilities(texts)
        assert found.shape == (len(texts), len(LABELS))
        assert found.sum(axis=1) == pytest.approx(1, abs=1e-4)
        assert (found.argmax(axis=1) == labels).mean() > 0.9
        assert baseline.size_bytes() > 0
        assert np.isfinite(baseline.probabilities([NOTHING, replace(NOTHING, title="未知")])).all()

    def test_one_text_is_judged_as_among_others(self) -> None:
        texts, _ = TEST
        baseline = self.make()
        baseline.fit(*TRAIN, 1)
        alone = np.vstack([baseline.probabilities([text]) for text in texts])
        assert alone == pytest.approx(baseline.probabilities(texts), abs=1e-5)

    def test_a_single_type_is_refused(self) -> None:
        texts, _ = TRAIN
        with pytest.raises(DataError, match=r"of one type; there is nothing to learn$"):
            self.make().fit(texts, np.full(len(texts), 2), 1)

    def test_a_type_that_is_absent_is_never_chosen(self) -> None:
        texts, labels = TRAIN
        baseline = self.make()
        baseline.fit(texts, np.where(labels == 1, 0, labels), 1)
        assert 1 not in baseline.probabilities(TEST[0]).argmax(axis=1)

    def test_a_seed_decides_all(self) -> None:
        found = []
        for _ in range(2):
            baseline = self.make()
            baseline.fit(*TRAIN, 7)
            found.append(baseline.probabilities(TEST[0]))
        assert (found[0] == found[1]).all()

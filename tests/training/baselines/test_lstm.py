"""The recurrent network, learnt from nothing or from predicting the next word first."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from tests.model.baselines.contract import TEST, TRAIN, Contract

torch = pytest.importorskip("torch", reason="torch is only in the training environment")

from model.baselines.base import silent
from model.baselines.lstm import Lstm, Network, Settings
from model.errors import TrainingError
from model.measuring.metrics import macro_f1
from model.text import CleanText

SMALL = Settings(embedding=16, hidden=16, batch=16, rate=0.02, epochs=6, dropout=0.1)
NO_VALIDATION: tuple[Sequence[CleanText], np.ndarray] = ((), np.zeros(0, dtype=np.int64))


class TestLstm(Contract):
    def make(self) -> Lstm:
        return Lstm(NO_VALIDATION, say=silent, settings=SMALL)


class TestLstmThatLearntToPredictWords(Contract):
    def make(self) -> Lstm:
        return Lstm(TRAIN, TRAIN[0], say=silent, settings=SMALL)


def test_training_leaves_the_chance_of_others_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    Lstm(NO_VALIDATION, say=silent, settings=replace(SMALL, epochs=1)).fit(*TRAIN, 1)
    assert torch.rand(1) == expected


def test_it_stops_when_validation_gets_no_better() -> None:
    said: list[str] = []
    texts, labels = TEST
    wrong = (labels + 1) % 4  # the better it learns, the worse it does
    Lstm((texts, wrong), say=said.append, settings=replace(SMALL, epochs=50)).fit(*TRAIN, 1)
    assert len([line for line in said if line.startswith("epoch ")]) < 20


def test_the_best_epoch_is_kept() -> None:
    said: list[str] = []
    texts, labels = TEST
    wrong = (labels + 2) % 4  # so that the last epoch is not the best
    baseline = Lstm((texts, wrong), say=said.append, settings=replace(SMALL, patience=6))
    baseline.fit(*TRAIN, 1)
    scores = [float(line.rpartition(" ")[2]) for line in said]
    assert scores[-1] < max(scores)
    assert round(macro_f1(wrong, baseline.probabilities(texts).argmax(axis=1)), 3) == max(scores)


def test_predicting_words_gets_better() -> None:
    said: list[str] = []
    settings = replace(SMALL, language_epochs=4, epochs=1)
    Lstm(NO_VALIDATION, TRAIN[0], say=said.append, settings=settings).fit(*TRAIN, 1)
    losses = [float(line.rpartition(" ")[2]) for line in said if line.startswith("next word: pass")]
    assert len(losses) == 4
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("unlabelled", [[], TRAIN[0]])
def test_a_loss_that_is_no_number_ends_the_training(unlabelled: list[CleanText]) -> None:
    baseline = Lstm(NO_VALIDATION, unlabelled, say=silent, settings=replace(SMALL, rate=float("inf")))
    with pytest.raises(TrainingError, match=r"^LSTM: the loss became nan; a smaller learning rate may help$"):
        baseline.fit(*TRAIN, 1)


def test_padding_changes_nothing() -> None:
    network = Network(10, SMALL).eval()
    alone, padded = torch.tensor([[3, 4, 5]]), torch.tensor([[3, 4, 5, 0, 0], [6, 7, 8, 9, 2]])
    assert torch.allclose(network(alone)[0], network(padded)[0], atol=1e-6)


def test_only_the_first_words_are_read() -> None:
    baseline = Lstm(NO_VALIDATION, say=silent, settings=replace(SMALL, words=4, epochs=1))
    baseline.fit(*TRAIN, 1)
    text = TEST[0][0]
    longer = replace(text, body=text.body + " documentation typo readme")
    assert (baseline.probabilities([text]) == baseline.probabilities([longer])).all()

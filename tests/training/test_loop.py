import math
from itertools import pairwise

import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training environment")

from pathlib import Path
from types import SimpleNamespace

from rich.console import Console
from torch import nn

from model.errors import TrainingError
from model.training.batching import Step
from model.training.config import PhaseSection
from model.training.journal import Journal
from model.training.loop import Phase, Progressed, _schedule, run_phase
from model.training.machine import Machine

CPU = Machine(torch.device("cpu"), torch.float32)
STEPS = [Step("t", (number,)) for number in range(10)]


class Line(nn.Module):
    """A straight line, which looks like an encoder to the loop."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.encoder = nn.Embedding(4, 1)
        self.encoder.config = SimpleNamespace(num_hidden_layers=1, hidden_size=1)
        self.encoder.get_input_embeddings = lambda: self.encoder
        self.out = nn.Linear(1, 1)
        self.drop = nn.Dropout(0.1)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return self.out(self.drop(values))


def loss(module: nn.Module, step: Step) -> tuple[torch.Tensor, int, int]:
    values = torch.full((4, 1), float(step.rows[0]))
    return (module(values) - 2 * values).square().mean() + 0 * module.encoder.weight.sum(), 4, 4


def phase(module: nn.Module, *, loss=loss, score=None, **section: object) -> Phase:
    wanted = {"epochs": 2, "learning_rate": 0.01, "checks": 4, "patience": 2, **section}
    groups = [(list(module.parameters()), 1.0)]
    return Phase(
        "t", PhaseSection(**wanted), module, groups, lambda epoch: STEPS[epoch:] + STEPS[:epoch], loss, score
    )


def run(made: Phase, tmp_path, minutes: float = 60.0) -> Progressed:
    return run_phase(
        made,
        CPU,
        tmp_path,
        Journal(tmp_path, writes=True),
        seed=1,
        minutes=minutes,
        console=Console(quiet=True),
    )


def test_it_learns_and_says_how_much_it_did(tmp_path: Path) -> None:
    module = Line()
    found = run(phase(module, epochs=60, learning_rate=0.05), tmp_path)
    assert abs(float(module.out.weight.detach()) - 2) < 0.5
    assert (found.step, found.texts, found.tokens) == (600, 600, 2400)
    [last] = Journal(tmp_path, writes=False).events("phase finished")
    assert last["steps"] == 600
    assert last["flops_per_second"] > 0
    assert 0 <= last["share_of_peak"] < 1
    assert last["joules"] is None


def test_an_interrupted_run_ends_like_one_that_was_not(tmp_path: Path) -> None:
    whole = Line()
    run(phase(whole), tmp_path / "whole")

    calls = 0

    def interrupted(module, step):
        nonlocal calls
        calls += 1
        if calls == 13:
            raise KeyboardInterrupt
        return loss(module, step)

    with pytest.raises(KeyboardInterrupt):
        run(phase(Line(), loss=interrupted), tmp_path / "broken", minutes=0.0)
    again = Line()
    seen = []
    run(
        phase(again, loss=lambda module, step: (seen.append(step), loss(module, step))[1]),
        tmp_path / "broken",
    )
    assert len(seen) == 20 - 12
    assert torch.equal(whole.out.weight, again.out.weight)
    assert not list((tmp_path / "broken").glob("*checkpoint*"))


def test_a_finished_phase_is_only_loaded(tmp_path: Path) -> None:
    first, second = Line(), Line()
    run(phase(first), tmp_path)
    with torch.no_grad():
        second.out.weight.fill_(9.0)
    run(phase(second, loss=None), tmp_path)
    assert torch.equal(first.out.weight, second.out.weight)


def test_the_best_weights_are_kept_and_it_stops_when_nothing_gets_better(tmp_path: Path) -> None:
    module = Line()
    scores, kept = [0.1, 0.7, 0.3, 0.2, 0.9], []

    def score() -> float:
        kept.append(module.out.weight.detach().clone())
        return scores[len(kept) - 1]

    found = run(phase(module, score=score, epochs=5, checks=5), tmp_path)
    assert found.stopped
    assert found.best == 0.7
    assert len(kept) == 4
    assert torch.equal(module.out.weight, kept[1])


def test_a_loss_that_is_no_number_ends_the_run_and_leaves_no_weights(tmp_path: Path) -> None:
    def broken(module, step):
        value, *rest = loss(module, step)
        return value * (math.nan if step.rows[0] == 7 else 1.0), *rest

    with pytest.raises(
        TrainingError, match=r"the loss is nan at step 8 of 20; nothing was written; lower learning_rate"
    ):
        run(phase(Line(), loss=broken), tmp_path)
    assert not list(tmp_path.glob("*.safetensors"))


def test_a_last_step_that_breaks_the_weights_leaves_none(tmp_path: Path) -> None:
    def broken(module, step):
        value, *rest = loss(module, step)
        return value + (0.0 * module.out.weight.sum()).sqrt(), *rest  # finite, but not its gradient

    with pytest.raises(TrainingError, match="holds numbers that are not finite"):
        run(phase(Line(), loss=broken, epochs=0.1), tmp_path)
    assert not list(tmp_path.glob("*.safetensors"))


def test_a_finished_phase_is_in_the_journal_whenever_it_is_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from model.training import loop

    def killed_after(*given):
        real(*given)
        raise KeyboardInterrupt

    real = loop.save_weights
    monkeypatch.setattr(loop, "save_weights", killed_after)
    with pytest.raises(KeyboardInterrupt):
        run(phase(Line()), tmp_path)
    assert (tmp_path / "t.safetensors").exists()
    assert len(Journal(tmp_path, writes=False).events("phase finished")) == 1


def test_the_rate_rises_then_falls_to_zero() -> None:
    shares = [_schedule(step, 100, 0.1) for step in range(100)]
    assert shares[0] == pytest.approx(0.1)
    assert max(shares) == shares[10] == 1.0
    assert shares[-1] < 0.02
    assert all(one > two for one, two in pairwise(shares[10:]))

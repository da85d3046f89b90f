"""The training loop: steps, checks on the validation split, checkpoints, resuming, early stopping.

Every step seeds its own random numbers, so a run that was interrupted ends with the same weights as one that
was not. A loss that is no number ends the run before it reaches a file.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from rich.console import Console
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from model.errors import ModelError, TrainingError
from model.training.batching import Step, deal
from model.training.checkpoint import load_checkpoint, load_weights, save_checkpoint, save_weights
from model.training.config import PhaseSection
from model.training.journal import Journal
from model.training.machine import Energy, Machine, peak_flops, training_flops
from model.training.progress import Steps

_CLIP = 1.0  # the largest norm of a gradient
_LOG_SECONDS = 20.0
_SEED_STRIDE = 1_000_003  # a prime, so that seeds of different runs do not meet step by step


@dataclass(frozen=True, slots=True)
class Phase:
    """What is learnt in one phase, for `run_phase`."""

    name: str
    section: PhaseSection
    module: nn.Module  # what is trained
    groups: list[tuple[list[nn.Parameter], float]]  # parameters, and how fast they learn against the others
    plan: Callable[[int], Sequence[Step]]  # epoch -> its steps, the same on every process
    loss: Callable[[nn.Module, Step], tuple[Tensor, int, int]]  # -> loss, real tokens, tokens with padding
    score: Callable[[], float] | None  # on validation; higher is better; None = the last weights are taken


@dataclass(slots=True)
class Progressed:
    """How far a phase is; what a checkpoint remembers."""

    step: int = 0
    best: float = -math.inf
    looks_without: int = 0  # since the best
    stopped: bool = False
    seconds: float = 0.0
    tokens: int = 0  # without padding, all processes
    flops: float = 0.0  # all processes
    joules: float | None = None  # of the GPUs, all processes
    texts: int = 0
    losses: list[float] = field(default_factory=list)  # mean of each stretch between two log lines


def run_phase(
    phase: Phase,
    where: Machine,
    directory: Path,
    journal: Journal,
    *,
    seed: int,
    minutes: float,
    console: Console,
) -> Progressed:
    """Train until the epochs are over or validation stops improving; the best weights are then in place.

    State is kept in `directory` every `minutes`; a phase that was interrupted goes on from there, one that
    was finished is only loaded. Raises TrainingError when the loss is no number.
    """
    run = _Run(phase, where, directory, journal=journal, seed=seed, minutes=minutes, console=console)
    return run.go()


class _Run:
    def __init__(
        self,
        phase: Phase,
        where: Machine,
        directory: Path,
        *,
        journal: Journal,
        seed: int,
        minutes: float,
        console: Console,
    ) -> None:
        self.phase, self.where, self.journal, self.console = phase, where, journal, console
        self.seed, self.minutes = seed, minutes
        self.done_path = directory / f"{phase.name}.safetensors"
        self.best_path = directory / f"{phase.name}-best.safetensors"
        self.checkpoint = directory / f"{phase.name}-checkpoint.safetensors"
        phase.module.to(where.device)
        rate = phase.section.learning_rate
        self.optimizer = torch.optim.AdamW(
            [{"params": found, "lr": rate * pace, "top": rate * pace} for found, pace in phase.groups],
            weight_decay=phase.section.weight_decay,
            fused=True,
        )
        self.state = Progressed()
        self.plans: dict[int, list[Step]] = {}
        self.per_epoch = len(self._plan(0))
        self.total = max(1, round(phase.section.epochs * self.per_epoch))
        self.check_at = {
            max(1, round(self.total * number / phase.section.checks))
            for number in range(1, phase.section.checks + 1)
        }

    def go(self) -> Progressed:
        if self.done_path.exists():
            return Progressed(**load_weights(self.done_path, self.phase.module))
        if self.checkpoint.exists():
            self.state = Progressed(**load_checkpoint(self.checkpoint, self.phase.module, self.optimizer))
            self.console.print(f"{self.phase.name}: goes on after step {self.state.step:,} of {self.total:,}")
        self._train()
        if self.best_path.exists():
            load_weights(self.best_path, self.phase.module)
        self._log("phase finished")  # before the file that says so too, after which nothing is done again
        if self.where.first:
            save_weights(self.done_path, self.phase.module, asdict(self.state))
            self.checkpoint.unlink(missing_ok=True)
            self.best_path.unlink(missing_ok=True)
        return self.state

    def _plan(self, epoch: int) -> list[Step]:
        if epoch not in self.plans:
            self.plans = {epoch: deal(self.phase.plan(epoch), self.where.processes, self.where.process)}
        if not self.plans[epoch]:
            raise ModelError(f"{self.phase.name}: fewer batches than processes; lower the batch or add data")
        return self.plans[epoch]

    def _train(self) -> None:
        module: nn.Module = self.phase.module
        if self.where.processes > 1:
            # Each batch is of one task, so the other heads have no gradient in it.
            module = DistributedDataParallel(module, find_unused_parameters=True)
        self.peak, self.peak_source = peak_flops(self.where)
        self.energy, self.energy_before = Energy(self.where), self.state.joules or 0.0
        self.started, self.seconds_before = time.monotonic(), self.state.seconds
        logged = saved = self.started
        recent: list[float] = []
        with Steps(self.console, self.phase.name, total=self.total, done=self.state.step) as steps:
            while self.state.step < self.total and not self.state.stopped:
                recent.append(self._step(module))
                steps.advance()
                now = time.monotonic()
                if now - logged > _LOG_SECONDS or self.state.step == self.total:
                    self.state.losses.append(round(sum(recent) / len(recent), 4))
                    steps.say(f"{self.phase.name}, loss {self.state.losses[-1]:.3f}")
                    self._log("progress")
                    logged, recent = now, []
                if self.state.step in self.check_at:
                    self._check()
                if self.where.first and now - saved > 60 * self.minutes:
                    self._measure()
                    save_checkpoint(self.checkpoint, self.phase.module, self.optimizer, asdict(self.state))
                    saved = now

    def _step(self, module: nn.Module) -> float:
        """One step; returns its loss."""
        number = self.state.step
        steps = self._plan(number // self.per_epoch)
        step = steps[number % self.per_epoch % len(steps)]
        torch.manual_seed(self.seed * _SEED_STRIDE + number * self.where.processes + self.where.process)
        share = _schedule(number, self.total, self.phase.section.warmup)
        for group in self.optimizer.param_groups:
            group["lr"] = group["top"] * share
        self.phase.module.train()
        with self.where.autocast():
            loss, tokens, padded = self.phase.loss(module, step)
        value = float(loss.detach())
        if not math.isfinite(value):
            raise TrainingError(
                f"{self.phase.name}: the loss is {value} at step {number + 1:,} of {self.total:,}; "
                'nothing was written; lower learning_rate, or say precision = "fp32"'
            )
        loss.backward()
        nn.utils.clip_grad_norm_(self.phase.module.parameters(), _CLIP)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.state.step += 1
        self.state.texts += len(step.rows) * self.where.processes
        self.state.tokens += tokens * self.where.processes
        self.state.flops += self.where.processes * self._flops(len(step.rows), padded)
        return value

    def _flops(self, texts: int, padded: int) -> float:
        encoder = self.phase.module.encoder
        table = encoder.get_input_embeddings().weight.numel()
        parameters = sum(parameter.numel() for parameter in encoder.parameters()) - table
        layers, width = encoder.config.num_hidden_layers, encoder.config.hidden_size
        return training_flops(parameters, layers, width, texts, padded // max(texts, 1))

    def _check(self) -> None:
        """Look at validation; keep the weights where they are the best so far."""
        if self.phase.score is None:
            return
        self.phase.module.eval()
        score = self.where.agreed(self.phase.score() if self.where.first else 0.0)
        if score > self.state.best:
            self.state.best, self.state.looks_without = score, 0
            if self.where.first:
                save_weights(self.best_path, self.phase.module, {})
        else:
            self.state.looks_without += 1
            self.state.stopped = self.state.looks_without >= self.phase.section.patience
        self.journal.write("check", phase=self.phase.name, step=self.state.step, score=round(score, 4))
        self.console.print(
            f"{self.phase.name}: step {self.state.step:,} of {self.total:,}, validation {score:.4f}"
            f"{' (best so far)' if self.state.looks_without == 0 else ''}"
        )

    def _measure(self) -> None:
        self.state.seconds = self.seconds_before + time.monotonic() - self.started
        joules = self.energy.joules()
        if joules is not None:
            self.state.joules = self.energy_before + joules * self.where.processes

    def _log(self, event: str) -> None:
        if hasattr(self, "started"):
            self._measure()
        state = self.state
        per_second = state.flops / state.seconds if state.seconds else 0.0
        self.journal.write(
            event,
            phase=self.phase.name,
            step=state.step,
            steps=self.total,
            loss=state.losses[-1] if state.losses else None,
            seconds=round(state.seconds, 1),
            tokens_per_second=round(state.tokens / state.seconds) if state.seconds else None,
            flops_per_second=per_second,
            share_of_peak=round(per_second / (self.peak * self.where.processes), 4),
            peak=f"{self.peak * self.where.processes:.3g} FLOP/s ({self.peak_source})",
            joules=state.joules,
        )


def _schedule(step: int, total: int, warmup: float) -> float:
    """The share of the highest learning rate at a step: a linear rise, then a linear fall to zero."""
    rise = max(1, round(total * warmup))
    if step < rise:
        return (step + 1) / rise
    return max(0.0, (total - step) / max(1, total - rise))

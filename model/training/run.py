"""A run from data to a trained network: tokens, reference, language modelling, tasks, and the files of it."""

import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from rich.console import Console
from sklearn.metrics import f1_score
from tokenizers import Tokenizer
from torch import nn

from model.datasets.samples import Sample, label_numbers
from model.layout import NETWORK_HELD_OUT
from model.net import EMBEDDING, Network
from model.serving.tokens import Limits, Tokens
from model.tasks import TASKS
from model.training.batching import plan_epoch
from model.training.config import AdaptSection, EncoderSection, TasksSection, TrainingConfig
from model.training.encoder import TOKENIZER, find, load_encoder, widen
from model.training.glossary import Taught, load_glossary, teach
from model.training.journal import Journal
from model.training.loop import Phase, Progressed, run_phase
from model.training.machine import Machine, machine
from model.training.masked import LanguageLesson, MaskedLanguageModel
from model.training.material import ISSUE_TYPE, Material, balance, chosen, tasks_of
from model.training.multitask import Lesson, TaskTexts, predict
from model.training.network_files import WEIGHTS, load_network, save_network
from model.training.progress import busy


def train_network(
    config: TrainingConfig,
    material: Material,
    directory: Path,
    console: Console,
    *,
    encoders: Mapping[str, Path] = MappingProxyType({}),
) -> Path:
    """Train as `config` says and write the network into `directory`, which is returned.

    `encoders` says where the encoder of a name in the configuration lies on this machine; its hash is
    checked all the same. An interrupted run goes on where it was when it is started again with the same
    configuration and data; that `directory` is of these is for `model.training.claim` to see to.
    Raises DataError for what cannot be learnt from, ModelError or TrainingError for a failure.
    """
    material.check()
    with machine(config.device, config.precision, config.threads) as where:
        quiet = console if where.first else Console(quiet=True)
        if (directory / WEIGHTS).exists():
            quiet.print(f"the network in {directory} is trained")
            return directory
        journal = Journal(directory, writes=where.first)
        journal.write(
            "started", hardware=where.describe(), precision=str(where.precision), config=config.model_dump()
        )
        return _Training(
            config=config,
            material=material,
            directory=directory,
            where=where,
            journal=journal,
            console=quiet,
            encoders=encoders,
        ).go()


class _Training:
    def __init__(
        self,
        *,
        config: TrainingConfig,
        material: Material,
        directory: Path,
        where: Machine,
        journal: Journal,
        console: Console,
        encoders: Mapping[str, Path],
    ) -> None:
        self.config, self.material, self.directory = config, material, directory
        self.where, self.journal, self.console = where, journal, console
        torch.manual_seed(config.seed)
        self.attention = "sdpa" if where.device.type == "cuda" else "eager"  # the quicker one on each
        self.encoders = encoders
        source = find(config.encoder, encoders)
        self.limits = Limits(**config.tokens.model_dump())
        plain = Tokens.load(source / TOKENIZER, self.limits).tokenizer
        taught = _taught_chinese(plain, material, config.encoder.words)
        self.tokens = Tokens(taught.tokenizer, self.limits)
        self.encoder = load_encoder(source, dropout=config.encoder.dropout, attention=self.attention)
        widen(self.encoder, plain, taught.meanings, config.seed)
        console.print(
            f"{where.describe()}, {str(where.precision).removeprefix('torch.')}; "
            f"{len(taught.meanings):,} Chinese words learnt from the dictionary"
        )

    def go(self) -> Path:
        phases: dict[str, Progressed] = {}
        texts = {task: _texts(self.tokens, samples) for task, samples in self.material.train.items()}
        issues = self.material.train[ISSUE_TYPE]
        texts[ISSUE_TYPE] = replace(texts[ISSUE_TYPE], reference=self._reference("reference", issues))
        if self.config.tasks.teacher:
            texts = self._taught(texts)
        if self.config.pretrain.epochs:
            phases["pretrain"] = self._pretrain()
        self._seed("heads")
        network = Network(self.encoder, tasks_of(self.material.train), dropout=self.config.tasks.dropout)
        phases["tasks"] = self._learn_tasks(network, texts)
        if self.config.adapt.epochs and self.material.adaptation:
            phases["adapt"] = self._adapt(network, texts)
        if self.where.first:
            save_network(self.directory, network, self.tokens, self._summary(phases))
        self.where.wait()
        return self.directory

    def _seed(self, part: str) -> None:
        """Start `part` of the network the same way whatever was computed before it, or read from a file."""
        torch.manual_seed(zlib.crc32(f"{self.config.seed} {part}".encode()))

    def _pretrain(self) -> Progressed:
        section, seed = self.config.pretrain, self.config.seed
        some = chosen(self.tokens.parts(self.material.unlabelled), section.limit, seed)
        encoded = [self.tokens.assemble(parts) for parts in some]
        lesson = LanguageLesson(self.tokens, encoded, self.where.device)
        lengths = {"text": [len(text.ids) for text in encoded]}
        self._seed("language")
        module = MaskedLanguageModel(self.encoder)
        phase = Phase(
            "pretrain",
            section,
            module,
            [(list(module.parameters()), 1.0)],
            lambda epoch: plan_epoch(lengths, {}, section.batch, seed, epoch),
            lesson.loss,
            None,
        )
        return self._run(phase)

    def _learn_tasks(self, network: Network, texts: Mapping[str, TaskTexts]) -> Progressed:
        section = self.config.tasks
        inside = set(map(id, network.encoder.parameters()))
        heads = [parameter for parameter in network.parameters() if id(parameter) not in inside]
        groups = [(list(network.encoder.parameters()), 1.0), (heads, section.head_rate)]
        phase = self._lessons("tasks", section, network, groups, texts)
        return self._run(replace(phase, score=lambda: self._score(network)))

    def _adapt(self, network: Network, texts: Mapping[str, TaskTexts]) -> Progressed:
        """Learn from the issues to adapt to; before, from parts of them, to be judged on the others.

        What is written is for `model.export`: the logits of each of these issues by a network that did not
        learn from it.
        """
        rows, seed = self.material.adaptation, self.config.seed
        reference = self._reference("reference-adapt", rows)
        familiar = replace(_texts(self.tokens, rows), reference=reference)
        fold_of = np.random.default_rng(seed).permutation(len(rows)) % self.config.adapt.folds
        before = {name: value.clone() for name, value in network.state_dict().items()}
        logits = np.zeros((len(rows), len(TASKS[ISSUE_TYPE])), dtype=np.float32)
        for fold in range(self.config.adapt.folds):
            inside = np.flatnonzero(fold_of == fold)
            network.load_state_dict(before)
            self._adapt_to(f"adapt-{fold}", network, texts, familiar.of(np.flatnonzero(fold_of != fold)))
            encoded = [self.tokens.assemble(parts) for parts in familiar.of(inside).parts]
            with self.where.autocast():
                said = predict(network, self.tokens, encoded, [ISSUE_TYPE], self.where.device)
            logits[inside] = said[ISSUE_TYPE]
        network.load_state_dict(before)
        finished = self._adapt_to("adapt", network, texts, familiar)
        if self.where.first:
            np.save(self.directory / NETWORK_HELD_OUT, logits, allow_pickle=False)
        return finished

    def _adapt_to(
        self, name: str, network: Network, texts: Mapping[str, TaskTexts], familiar: TaskTexts
    ) -> Progressed:
        """One go at it: these issues, as many others by chance, and some of the other tasks."""
        section, seed, others = self.config.adapt, self.config.seed, texts[ISSUE_TYPE]
        some = np.random.default_rng(seed).permutation(len(others.labels))[: len(familiar.labels)]
        mixed = {**texts, ISSUE_TYPE: familiar.and_(others.of(np.sort(some)))}
        groups = [(list(network.parameters()), 1.0)]
        return self._run(self._lessons(name, section, network, groups, mixed))

    def _lessons(
        self,
        name: str,
        section: TasksSection | AdaptSection,
        network: Network,
        groups: list[tuple[list[nn.Parameter], float]],
        texts: Mapping[str, TaskTexts],
    ) -> Phase:
        lesson = Lesson(self.tokens, texts, self.config.tasks, self.where.device)
        lengths = {task: found.lengths() for task, found in texts.items()}
        plan = partial(plan_epoch, lengths, section.shares, section.batch, self.config.seed)
        return Phase(name, section, network, groups, plan, lesson.loss, None)

    def _run(self, phase: Phase) -> Progressed:
        return run_phase(
            phase,
            self.where,
            self.directory,
            self.journal,
            seed=self.config.seed,
            minutes=self.config.checkpoint_minutes,
            console=self.console,
        )

    def _score(self, network: Network) -> float:
        """The mean macro F1 of the tasks on validation; issue types count with title tags and without.

        Where there are issues to adapt to, which are not learnt from here, they count as one more.
        """
        scores: dict[str, float] = {}
        with self.where.autocast():
            for name, task, samples, tags in self._exams():
                parts = self.tokens.parts([sample.text for sample in samples])
                encoded = [self.tokens.assemble(part, tags=tags) for part in parts]
                said = predict(network, self.tokens, encoded, [task], self.where.device)[task]
                truth = label_numbers(samples)
                scores[name] = float(f1_score(truth, said.argmax(axis=1), average="macro", zero_division=0))
        self.journal.write("validation", **{name: round(score, 4) for name, score in scores.items()})
        self.console.print("  " + ", ".join(f"{name} {score:.3f}" for name, score in scores.items()))
        return float(np.mean(list(scores.values()))) if scores else 0.0

    def _exams(self) -> Iterator[tuple[str, str, Sequence[Sample], bool]]:
        """What the network is looked at with: a name, the task, its texts, and whether tags are shown."""
        for task, samples in self.material.validation.items():
            yield task, task, samples, True
            if task == ISSUE_TYPE:
                yield f"{task}, no tags", task, samples, False
        if self.material.adaptation:
            yield f"{ISSUE_TYPE}, familiar", ISSUE_TYPE, self.material.adaptation, True

    def _reference(self, name: str, samples: Sequence[Sample]) -> npt.NDArray[np.float16] | None:
        """Embeddings of texts by an encoder that knows similarity: their mean, at unit length."""
        if not self.config.tasks.similarity:
            return None
        path = self.directory / f"{name}.npy"
        if self.where.first and not path.exists():
            found = self._embeddings(self.config.reference or self.config.encoder, samples)
            draft = path.with_suffix(f".{os.getpid()}.npy")
            np.save(draft, found, allow_pickle=False)
            draft.replace(path)
        self.where.wait()
        kept: npt.NDArray[np.float16] = np.load(path, allow_pickle=False)
        return kept

    def _embeddings(self, section: EncoderSection, samples: Sequence[Sample]) -> npt.NDArray[np.float16]:
        source = find(section, self.encoders)
        tokens = Tokens.load(source / TOKENIZER, self.limits)
        encoder = load_encoder(source, dropout=0.0, attention=self.attention)
        plain = Network(encoder, {}).to(self.where.device)
        encoded = tokens.encode([sample.text for sample in samples])
        with self.where.autocast(), busy(self.console, f"embeddings of {len(encoded):,} texts"):
            found = predict(plain, tokens, encoded, [EMBEDDING], self.where.device)
        return found[EMBEDDING].astype(np.float16)

    def _taught(self, texts: Mapping[str, TaskTexts]) -> dict[str, TaskTexts]:
        """The texts with a teacher's logits."""
        teacher, tokens = load_network(Path(self.config.tasks.teacher))
        teacher.to(self.where.device)
        result = dict(texts)
        for task in set(texts) & set(teacher.heads):
            encoded = tokens.encode([sample.text for sample in self.material.train[task]])
            with self.where.autocast(), busy(self.console, f"the teacher's opinion on {task}"):
                said = predict(teacher, tokens, encoded, [task], self.where.device)[task]
            result[task] = replace(texts[task], teacher=said)
        return result

    def _summary(self, phases: Mapping[str, Progressed]) -> dict[str, Any]:
        return {
            "name": self.config.name,
            "hardware": self.where.describe(),
            "precision": str(self.where.precision).removeprefix("torch."),
            "torch": torch.__version__,
            "config": self.config.model_dump(),
            "texts": {task: len(samples) for task, samples in self.material.train.items()},
            "unlabelled": len(self.material.unlabelled),
            "phases": {event["phase"]: event for event in self.journal.events("phase finished")},
        }


def _texts(tokens: Tokens, samples: Sequence[Sample]) -> TaskTexts:
    weights = balance(label_numbers(samples), [sample.language for sample in samples])
    return TaskTexts(tokens.parts([sample.text for sample in samples]), label_numbers(samples), weights)


def _taught_chinese(plain: Tokenizer, material: Material, least: int) -> Taught:
    return teach(plain, material.unlabelled, least, load_glossary() if least else {})

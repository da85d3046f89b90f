"""A run from data to a trained network: tokens, reference, language modelling, tasks, and the files of it."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from rich.console import Console
from sklearn.metrics import f1_score
from tokenizers import Tokenizer
from torch import Tensor, nn

from model.net import EMBEDDING, Network
from model.samples import Sample
from model.text import CleanText
from model.tokens import Limits, Tokens
from model.training.batching import Step, plan_epoch
from model.training.config import EncoderSection, TrainingConfig
from model.training.encoder import TOKENIZER, add_characters, load_encoder, locate, widen
from model.training.journal import Journal
from model.training.loop import Phase, Progressed, run_phase
from model.training.machine import Machine, machine
from model.training.masked import MaskedLanguageModel, hide
from model.training.material import ISSUE_TYPE, Material, chosen, claim, tasks_of
from model.training.multitask import Lesson, TaskTexts, predict, to_tensors
from model.training.network_files import WEIGHTS, load_network, save_network

_REFERENCE = "reference.npy"


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
    configuration and data.
    Raises DataError for what cannot be learnt from or another run's directory, ModelError for a failure.
    """
    material.check()
    with machine(config.device, config.precision, config.threads) as where:
        quiet = console if where.first else Console(quiet=True)
        claim(directory, config, material, writes=where.first)
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


def check_encoders(config: TrainingConfig, encoders: Mapping[str, Path]) -> None:
    """Find and check each encoder of `config` as `train_network` will; raises DataError as `locate` does."""
    for section in (config.encoder, config.reference):
        if section:
            locate(str(encoders.get(section.source, section.source)), section.sha256)


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
        source = self._locate(config.encoder)
        self.limits = Limits(**config.tokens.model_dump())
        plain = Tokens.load(source / TOKENIZER, self.limits).tokenizer
        tokenizer, added = _with_characters(plain, material, config.encoder.characters)
        self.tokens = Tokens(tokenizer, self.limits)
        self.encoder = load_encoder(source, dropout=config.encoder.dropout, attention=self.attention)
        widen(self.encoder, tokenizer.get_vocab_size(), config.seed)
        console.print(
            f"{where.describe()}, {str(where.precision).removeprefix('torch.')}; {added:,} characters added"
        )

    def go(self) -> Path:
        phases: dict[str, Progressed] = {}
        texts = {task: _texts(self.tokens, samples) for task, samples in self.material.train.items()}
        texts[ISSUE_TYPE] = replace(texts[ISSUE_TYPE], reference=self._reference())
        if self.config.tasks.teacher:
            texts = self._taught(texts)
        if self.config.pretrain.epochs:
            phases["pretrain"] = self._pretrain()
        network = Network(self.encoder, tasks_of(self.material.train), dropout=self.config.tasks.dropout)
        phases["tasks"] = self._learn_tasks(network, texts)
        if self.where.first:
            save_network(self.directory, network, self.tokens, self._summary(phases))
        self.where.wait()
        return self.directory

    def _locate(self, section: EncoderSection) -> Path:
        return locate(str(self.encoders.get(section.source, section.source)), section.sha256)

    def _pretrain(self) -> Progressed:
        section = self.config.pretrain
        some = chosen(self.tokens.parts(self.material.unlabelled), section.limit, self.config.seed)
        encoded = [self.tokens.assemble(parts) for parts in some]
        lengths = {"text": [len(text.ids) for text in encoded]}
        vocabulary = self.tokens.tokenizer.get_vocab_size()
        names = ("[CLS]", "[SEP]", "[PAD]", "[UNK]", "<s>", "</s>", "<pad>", "<unk>")
        special = torch.tensor(
            [number for name in names if (number := self.tokens.tokenizer.token_to_id(name)) is not None],
            device=self.where.device,
        )
        mask = self.tokens.tokenizer.token_to_id("[MASK]") or self.tokens.tokenizer.token_to_id("<mask>")

        def loss(module: nn.Module, step: Step) -> tuple[Tensor, int, int]:
            batch, real = to_tensors(self.tokens, [encoded[row] for row in step.rows], self.where.device)
            hidden = hide(batch[0], batch[1], special=special, mask=int(mask or 0), size=vocabulary)
            value = module(hidden.input_ids, batch[1], batch[2], hidden.truth)
            return value, real, batch[0].numel()

        module = MaskedLanguageModel(self.encoder)
        phase = Phase(
            "pretrain",
            section,
            module,
            [(list(module.parameters()), 1.0)],
            lambda epoch: plan_epoch(
                lengths, shares={}, batch=section.batch, seed=self.config.seed, epoch=epoch
            ),
            loss,
            None,
        )
        return self._run(phase)

    def _learn_tasks(self, network: Network, texts: Mapping[str, TaskTexts]) -> Progressed:
        section = self.config.tasks
        lesson = Lesson(self.tokens, texts, section, self.where.device)
        lengths = {task: found.lengths() for task, found in texts.items()}
        inside = set(map(id, network.encoder.parameters()))
        heads = [parameter for parameter in network.parameters() if id(parameter) not in inside]
        phase = Phase(
            "tasks",
            section,
            network,
            [(list(network.encoder.parameters()), 1.0), (heads, section.head_rate)],
            lambda epoch: plan_epoch(
                lengths, shares=section.shares, batch=section.batch, seed=self.config.seed, epoch=epoch
            ),
            lesson.loss,
            lambda: self._score(network),
        )
        return self._run(phase)

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
        """The mean macro F1 of the tasks on validation; issue types count with title tags and without."""
        scores: dict[str, float] = {}
        with self.where.autocast():
            for task, samples in self.material.validation.items():
                truth = np.array([sample.label for sample in samples], dtype=np.int64)
                parts = self.tokens.parts([sample.text for sample in samples])
                for name, tags in ((task, True), (f"{task}, no tags", False)):
                    if not tags and task != ISSUE_TYPE:
                        continue
                    encoded = [self.tokens.assemble(part, tags=tags) for part in parts]
                    said = predict(network, self.tokens, encoded, [task], self.where.device)[task]
                    scores[name] = float(
                        f1_score(truth, said.argmax(axis=1), average="macro", zero_division=0)
                    )
        self.journal.write("validation", **{name: round(score, 4) for name, score in scores.items()})
        self.console.print("  " + ", ".join(f"{name} {score:.3f}" for name, score in scores.items()))
        return float(np.mean(list(scores.values()))) if scores else 0.0

    def _reference(self) -> npt.NDArray[np.float16] | None:
        """Embeddings of the issue texts by an encoder that knows similarity: their mean, at unit length."""
        if not self.config.tasks.similarity:
            return None
        path = self.directory / _REFERENCE
        if self.where.first and not path.exists():
            section = self.config.reference or self.config.encoder
            found = self._embeddings(section)
            draft = path.with_suffix(f".{os.getpid()}.npy")
            np.save(draft, found, allow_pickle=False)
            draft.replace(path)
        self.where.wait()
        kept: npt.NDArray[np.float16] = np.load(path, allow_pickle=False)
        return kept

    def _embeddings(self, section: EncoderSection) -> npt.NDArray[np.float16]:
        source = self._locate(section)
        tokens = Tokens.load(source / TOKENIZER, self.limits)
        encoder = load_encoder(source, dropout=0.0, attention=self.attention)
        plain = Network(encoder, {}).to(self.where.device)
        encoded = tokens.encode([sample.text for sample in self.material.train[ISSUE_TYPE]])
        with (
            self.where.autocast(),
            self.console.status(f"embeddings of {len(encoded):,} texts, to keep similarity"),
        ):
            return predict(plain, tokens, encoded, [EMBEDDING], self.where.device)[EMBEDDING].astype(
                np.float16
            )

    def _taught(self, texts: Mapping[str, TaskTexts]) -> dict[str, TaskTexts]:
        """The texts with a teacher's logits."""
        teacher, tokens = load_network(Path(self.config.tasks.teacher))
        teacher.to(self.where.device)
        result = dict(texts)
        for task in set(texts) & set(teacher.heads):
            encoded = tokens.encode([sample.text for sample in self.material.train[task]])
            with self.where.autocast(), self.console.status(f"the teacher's opinion on {task}"):
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
    labels = np.array([sample.label for sample in samples], dtype=np.int64)
    return TaskTexts(tokens.parts([sample.text for sample in samples]), labels)


def _with_characters(plain: Tokenizer, material: Material, least: int) -> tuple[Tokenizer, int]:
    if not least:
        return plain, 0
    issues: Iterable[CleanText] = (sample.text for sample in material.train[ISSUE_TYPE])
    return add_characters(plain, [*issues, *material.unlabelled], least)

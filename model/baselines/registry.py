"""The list of baselines, and what each of them is given."""

# ruff: noqa: PLC0415 -- a baseline's libraries may not be installed

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from model.baselines.base import Baseline, Say, Unavailable, silent
from model.baselines.shipped import Shipped, shipped_version
from model.calibrate import Integers
from model.text import CleanText


@dataclass(frozen=True, slots=True)
class Context:
    """What baselines are made from, beside the texts and labels that all of them learn from."""

    cache: Path
    repos: Sequence[str]  # of the texts to learn from
    validation: tuple[Sequence[CleanText], Integers] = ((), np.zeros(0, dtype=np.int64))
    unlabelled: Sequence[CleanText] = ()  # for those that ask for them
    homes: Mapping[CleanText, str] = field(default_factory=dict)  # the repository of each text to classify
    encoder: Path | None = None
    say: Say = silent


def _first(_context: Context) -> str:
    return "1"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the comparison. All functions must be importable by name: another process calls them."""

    title: str
    make: Callable[[Context], Baseline]
    seeds: int | None = None  # trainings unless said otherwise; None where the seed changes nothing
    finished: bool = False  # its probabilities are final: it corrects the prior by itself
    unlabelled: bool = False  # it reads texts without labels, too
    edition: Callable[[Context], str] = _first  # results of another edition are not shown as its own


def _majority(_context: Context) -> Baseline:
    from model.baselines.majority import Majority

    return Majority()


def _tfidf(_context: Context) -> Baseline:
    from model.baselines.tfidf import TfIdf

    return TfIdf()


def _linear(context: Context) -> Baseline:
    from model.baselines.linear import Linear

    return Linear(context.repos)


def _fasttext(_context: Context) -> Baseline:
    from model.baselines.fasttext import FastText

    return FastText()


def _lstm(context: Context) -> Baseline:
    from model.baselines.lstm import Lstm

    return Lstm(context.validation, context.unlabelled, say=context.say)


def _frozen(context: Context) -> Baseline:
    if context.encoder is None:
        raise Unavailable("no encoder given")
    from model.baselines.frozen import Frozen

    return Frozen(context.encoder, context.cache, say=context.say)


def _tuned(_context: Context) -> Baseline:
    from model.baselines.tuned import Tuned

    return Tuned()


def _weights(context: Context) -> str:
    file = context.encoder / "model.safetensors" if context.encoder else None
    return hashlib.sha256(file.read_bytes()).hexdigest() if file and file.is_file() else ""


def _shipped(_context: Context) -> Baseline:
    return Shipped()


def _shipped_named(context: Context) -> Baseline:
    return Shipped(context.homes)


def _shipped_edition(_context: Context) -> str:
    return shipped_version()


SHIPPED, YARDSTICK = "shipped", "tfidf"  # names of the two that are compared in pairs

#: Name, as it is asked for -> baseline, in the order of the table.
REGISTRY: Mapping[str, Entry] = {
    "majority": Entry("majority", _majority),
    YARDSTICK: Entry("TF-IDF, logistic regression", _tfidf),
    "linear": Entry("linear (ours), not told the repository", _linear),
    "fasttext": Entry("fastText", _fasttext, seeds=3),
    "lstm": Entry("LSTM", _lstm, seeds=1),
    "lstm-pretrained": Entry("LSTM, next word first", _lstm, seeds=1, unlabelled=True),
    "frozen": Entry("MiniLM, frozen", _frozen, edition=_weights),
    "tuned": Entry("MiniLM, tuned", _tuned, edition=_shipped_edition),
    SHIPPED: Entry("shipped, not told the repository", _shipped, finished=True, edition=_shipped_edition),
    "shipped-named": Entry(
        "shipped, told the repository", _shipped_named, finished=True, edition=_shipped_edition
    ),
}

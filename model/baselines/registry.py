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
    seeded: bool = False  # the seed changes what it learns
    finished: bool = False  # it was trained elsewhere and has its own correction of the prior
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


def _weights(context: Context) -> str:
    file = context.encoder / "model.safetensors" if context.encoder else None
    return hashlib.sha256(file.read_bytes()).hexdigest() if file and file.is_file() else ""


def _shipped(_context: Context) -> Baseline:
    return Shipped()


def _shipped_named(context: Context) -> Baseline:
    return Shipped(context.homes)


def _shipped_edition(_context: Context) -> str:
    return shipped_version()


#: Name, as it is asked for -> baseline, in the order of the table.
REGISTRY: Mapping[str, Entry] = {
    "majority": Entry("majority", _majority),
    "tfidf": Entry("TF-IDF, logistic regression", _tfidf),
    "linear": Entry("linear (ours), not told the repository", _linear),
    "fasttext": Entry("fastText", _fasttext, seeded=True),
    "lstm": Entry("LSTM", _lstm, seeded=True),
    "lstm-pretrained": Entry("LSTM, next word first", _lstm, seeded=True, unlabelled=True),
    "frozen": Entry("MiniLM frozen, logistic regression", _frozen, edition=_weights),
    "shipped": Entry("shipped, not told the repository", _shipped, finished=True, edition=_shipped_edition),
    "shipped-named": Entry(
        "shipped, told the repository", _shipped_named, finished=True, edition=_shipped_edition
    ),
}

"""Reading issue data sets: examples, duplicates, and splits that keep whole repositories apart.

The directory holds `nlbse24_{train,test}.csv.gz`, `unified_train.jsonl.gz` and `many_repos.jsonl.gz`, each
with columns or keys `repo`, `title`, `body`, `label`. A file may be absent, except that some training data
must exist. `nlbse24_test` is only ever measured on.
"""

import csv
import gzip
import json
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.duplicates import Deduplicator
from model.errors import DataError
from model.labels import LABELS
from model.splits import deal
from model.text import CleanText, clean

TEST_SET = "nlbse24_test"
TRAIN_SETS = ("nlbse24_train", "many_repos", "unified_train")
DEFAULT_DIRECTORY = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "issue_type"
Row = Mapping[str, str | None]
_TYPES_OF_SET = {TEST_SET: LABELS[:3]}  # the benchmark has no documentation


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled issue."""

    dataset: str  # the file it comes from
    source: str  # the collection within that file
    repo: str  # "owner/name", or the collection where the repository is not known
    language: str  # "en", "zh", "en+zh" and so on
    title: str
    body: str
    label: str  # one of LABELS
    created_at: str = ""  # ISO 8601; "" where it is not known

    def cleaned(self) -> CleanText:
        """The text as the classifier sees it."""
        return clean(self.title, self.body, self.repo)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Training and test examples without duplicates, with the cleaned text of each."""

    train: tuple[Example, ...]
    train_texts: tuple[CleanText, ...]
    test: tuple[Example, ...]
    test_texts: tuple[CleanText, ...]
    dropped: Mapping[str, int]  # reason -> how many training examples were left out

    def counts(self) -> dict[str, dict[str, int]]:
        """Training examples of each type by the collection they come from."""
        table: dict[str, Counter[str]] = {}
        for example in self.train:
            table.setdefault(f"{example.dataset}/{example.source}", Counter())[example.label] += 1
        return {name: {label: table[name][label] for label in LABELS} for name in sorted(table)}


def load(directory: Path) -> Dataset:
    """Read every set in `directory`; raises DataError where there is nothing to learn from."""
    if not directory.is_dir():
        raise DataError(f"{directory} is not a directory; name the data with --data")
    test = tuple(read(directory / f"{TEST_SET}.csv.gz"))
    candidates = [example for name in TRAIN_SETS for example in read(existing(directory, name))]
    if not candidates:
        raise DataError(f"{directory} holds no training examples ({', '.join(TRAIN_SETS)})")
    known = Deduplicator()
    test_texts = tuple(example.cleaned() for example in test)
    for text in test_texts:
        known.add(text)
    known.seal()
    train, texts, dropped = _distinct(candidates, known)
    present = {example.label for example in train}
    if len(present) < 2:
        raise DataError(
            f"{directory}: all examples are of one type ({', '.join(present)}); there is nothing to learn"
        )
    return Dataset(train=train, train_texts=texts, test=test, test_texts=test_texts, dropped=dropped)


def read(path: Path) -> Iterator[Example]:
    """The examples of one file; none where it does not exist. Raises DataError on a row it cannot read."""
    name = path.name.split(".", 1)[0]
    return (_example(name, row, where) for where, row in records(path))


def records(path: Path) -> Iterator[tuple[str, Row]]:
    """Each row of a compressed CSV or JSON Lines file, after the words that say where it stands.

    Yields nothing where the file does not exist. Raises DataError where it cannot be read.
    """
    if not path.exists():
        return
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            rows: Iterator[Row] = (
                _csv_rows(file)
                if ".csv" in path.suffixes
                else (json.loads(line) for line in file if line.strip())
            )
            for number, row in enumerate(rows, start=1):
                yield f"{path.name}, row {number}", row
    except (OSError, EOFError, zlib.error, csv.Error, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise DataError(f"{path} cannot be read: {error}") from error


def column(row: Row, name: str, where: str) -> str:
    """The text under `name`, "" where it is empty. Raises DataError where there is no such text."""
    try:
        value = row[name]
    except (KeyError, TypeError) as error:
        raise DataError(f"{where}: no {name!r} in it") from error
    if not isinstance(value, str | None):
        raise DataError(f"{where}: {name!r} is not text")
    return value or ""


def held_out_folds(examples: Sequence[Example], folds: int) -> npt.NDArray[np.int64]:
    """A fold number for each example: no repository is in two folds, and folds are of similar size."""
    fold_of = deal(((example.repo, "") for example in examples), folds)
    return np.array([fold_of[example.repo] for example in examples], dtype=np.int64)


def label_numbers(examples: Sequence[Example]) -> npt.NDArray[np.int64]:
    """The position of each label in LABELS, shape (examples,)."""
    return np.array([LABELS.index(example.label) for example in examples], dtype=np.int64)


def existing(directory: Path, name: str) -> Path:
    """The file of a set, of whichever kind is there."""
    csv_file = directory / f"{name}.csv.gz"
    return csv_file if csv_file.exists() else directory / f"{name}.jsonl.gz"


def _csv_rows(file: Iterator[str]) -> Iterator[Row]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # issue bodies exceed the default of 128 KiB
    return iter(csv.DictReader(file))


def _example(dataset: str, row: Row, where: str) -> Example:
    label, title, body = (column(row, name, where) for name in ("label", "title", "body"))
    source = row.get("source") or dataset
    repo = row.get("repo") or source
    language = row.get("lang") or "en"
    if label not in _TYPES_OF_SET.get(dataset, LABELS):
        raise DataError(f"{where}: {label!r} is not one of {', '.join(LABELS)}")
    if source == "ticket_tagger":
        body = _unjoin(body)
    return Example(dataset, source, repo, language, title, body, label, row.get("created_at") or "")


def _unjoin(text: str) -> str:
    """Lines and quotation marks back in a text that was flattened into one quoted CSV field."""
    text = text.strip()
    if text.startswith('"'):
        text = text[1:].removesuffix('"').replace('""', '"')
    return re.sub(r" {2,}", "\n", text)


def _distinct(
    candidates: Sequence[Example], known: Deduplicator
) -> tuple[tuple[Example, ...], tuple[CleanText, ...], Mapping[str, int]]:
    kept: list[Example] = []
    texts: list[CleanText] = []
    dropped: Counter[str] = Counter()
    for example in candidates:
        text = example.cleaned()
        reason = known.add(text)
        if reason:
            dropped[reason] += 1
        elif not text.letters:
            dropped["no text"] += 1
        else:
            kept.append(example)
            texts.append(text)
    return tuple(kept), tuple(texts), dict(sorted(dropped.items()))

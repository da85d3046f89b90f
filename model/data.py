"""Reading data sets: rows of compressed CSV and JSON Lines, and the labelled issues among them.

Issues lie in `nlbse24_{train,test}.csv.gz`, `unified_train.jsonl.gz` and `many_repos.jsonl.gz`, each with
columns or keys `repo`, `title`, `body`, `label`. Any may be absent. `nlbse24_test` is only ever measured on.
"""

import csv
import gzip
import json
import re
import sys
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from model.errors import DataError
from model.labels import LABELS

TEST_SET, ADAPTATION_SET = "nlbse24_test", "nlbse24_train"
TRAIN_SETS = ("many_repos", "unified_train")
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
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            rows: Iterator[Row] = (
                _csv_rows(file)
                if ".csv" in path.suffixes
                else (json.loads(line) for line in file if line.strip())
            )
            for number, row in enumerate(rows, start=1):
                yield f"{path.name}, row {number}", row
    except (OSError, EOFError, zlib.error, csv.Error, UnicodeDecodeError) as error:
        place = f" after row {number}" if number else ""
        raise DataError(f"{path} cannot be read{place}: {error}") from error
    except (ValueError, RecursionError) as error:  # of the second kind where it is nested too deeply
        reason = str(error)
        if isinstance(error, json.JSONDecodeError):
            reason = f"no JSON: {error.msg} at character {error.pos}"
        raise DataError(f"{path}, row {number + 1}, cannot be read: {reason}") from error


def column(row: Row, name: str, where: str) -> str:
    """The text under `name`, "" where it is empty. Raises DataError where there is no such text."""
    try:
        value = row[name]
    except (KeyError, TypeError) as error:
        raise DataError(f"{where}: no {name!r} in it") from error
    if not isinstance(value, str | None):
        raise DataError(f"{where}: {name!r} is not text")
    return value or ""


def existing(directory: Path, name: str) -> Path:
    """The file of a set, of whichever kind is there."""
    csv_file = directory / f"{name}.csv.gz"
    return csv_file if csv_file.exists() else directory / f"{name}.jsonl.gz"


def _csv_rows(file: Iterator[str]) -> Iterator[Row]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # issue bodies exceed the default of 128 KiB
    return iter(csv.DictReader(file))


def _example(dataset: str, row: Row, where: str) -> Example:
    label, title, body = (column(row, name, where) for name in ("label", "title", "body"))
    source, repo, language, created_at = (
        column(row, name, where) if name in row else "" for name in ("source", "repo", "lang", "created_at")
    )
    source = source or dataset
    if label not in _TYPES_OF_SET.get(dataset, LABELS):
        raise DataError(f"{where}: {label!r} is not one of {', '.join(LABELS)}")
    if source == "ticket_tagger":
        body = _unjoin(body)
    return Example(dataset, source, repo or source, language or "en", title, body, label, created_at)


def _unjoin(text: str) -> str:
    """Lines and quotation marks back in a text that was flattened into one quoted CSV field."""
    text = text.strip()
    if text.startswith('"'):
        text = text[1:].removesuffix('"').replace('""', '"')
    return re.sub(r" {2,}", "\n", text)

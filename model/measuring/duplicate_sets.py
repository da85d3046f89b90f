"""Public pairs of duplicates: two trackers outside of GitHub, and the first years of rust-lang/rust."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from model.data import Row, column, records
from model.datasets.splits import moment
from model.errors import DataError
from model.measuring.recall import DuplicateSet

_TRACKERS = "priority_duplicates"
_RUST = "rust"
_JIRA_TIME = "%d/%b/%y %H:%M"

Issue = tuple[str, str]


def duplicate_sets(directory: Path) -> Iterator[DuplicateSet]:
    """The sets below `directory`, that of all data; none where there are no files.

    Raises DataError on a file or a row that cannot be read.
    """
    trackers = directory / _TRACKERS
    yield from _tracker("Hadoop", trackers, "hadoop", _jira_time)
    yield from _tracker("SeaMonkey", trackers, "seamonkey", moment)
    yield from _rust(directory / _RUST)


def _tracker(
    name: str, directory: Path, prefix: str, when: Callable[[str], datetime]
) -> Iterator[DuplicateSet]:
    rows = list(records(directory / f"{prefix}_bugs.csv.gz"))
    if not rows:
        return
    issues = [(column(row, "Summary", where), column(row, "Description", where)) for where, row in rows]
    keys = [column(row, "Issue id", where) for where, row in rows]
    times = [_moment(column(row, "Created", where), when, where) for where, row in rows]
    yield _set(name, issues, keys, times, _listed(directory / f"{prefix}_duplicates.csv"))


def _listed(path: Path) -> Iterator[tuple[str, str]]:
    """The pairs of a file whose second column holds one or several numbers."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for other in column(row, "Duplicate id", path.name).split(","):
                    yield column(row, "Issue id", path.name).strip(), other.strip()
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read: {error}") from error


def _rust(directory: Path) -> Iterator[DuplicateSet]:
    rows = list(records(directory / "issues.jsonl.gz"))
    if not rows:
        return
    issues = [(column(row, "title", where), column(row, "body", where)) for where, row in rows]
    keys = [_number(row, "number", where) for where, row in rows]
    times = [_moment(column(row, "created_at", where), moment, where) for where, row in rows]
    pairs = (
        (_number(row, "dup", where), _number(row, "orig", where))
        for where, row in records(directory / "duplicate_pairs.jsonl.gz")
    )
    yield _set("rust-lang/rust", issues, keys, times, pairs)


def _set(
    name: str,
    issues: Sequence[Issue],
    keys: Sequence[str],
    times: Sequence[datetime],
    pairs: Iterable[tuple[str, str]],
) -> DuplicateSet:
    """The set with each pair once; pairs of which an issue is not there are left out."""
    order = sorted(range(len(keys)), key=lambda row: (times[row], int(keys[row])))
    age = np.empty(len(keys), dtype=np.int64)
    age[order] = np.arange(len(keys))
    rows = {key: row for row, key in enumerate(keys)}
    known = {
        (rows[first], rows[second]) if age[rows[first]] > age[rows[second]] else (rows[second], rows[first])
        for first, second in pairs
        if first in rows and second in rows and first != second
    }
    return DuplicateSet(name, issues, age, sorted(known))


def _jira_time(text: str) -> datetime:
    return datetime.strptime(text, _JIRA_TIME).replace(tzinfo=UTC)


def _moment(text: str, when: Callable[[str], datetime], where: str) -> datetime:
    try:
        return when(text)
    except ValueError as error:
        raise DataError(f"{where}: {text!r} is not a time: {error}") from error


def _number(row: Row, name: str, where: str) -> str:
    value = row.get(name)
    if not isinstance(value, int):
        raise DataError(f"{where}: {name!r} is not a number")
    return str(value)

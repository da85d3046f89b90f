"""Samples from the history of a repository, as it is stored.

Read are a backup, which is a directory with `issues.jsonl` and `pulls.jsonl`, or a table. A line of a backup
is `{"type": "issue", "issue": {REST issue}, "events": [timeline items]}` or `{"type": "pull", "pull": {REST
pull}}`; a table is a file of JSON Lines or CSV with `title`, `body`, `label` or `labels`, `created_at` and,
where it is of several repositories, `repo`. Each may be compressed (`.gz`). A line that cannot be used is
counted and named, and the rest is read.
"""

import codecs
import csv
import gzip
import json
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from model.datasets.drafts import Draft, in_time
from model.datasets.samples import Sample, Samples, prepare
from model.datasets.stored import Json, LeftOut, draft_of
from model.errors import DataError

_SHARES = (0.8, 0.1)  # trained on and validated on, the oldest first; the newest tenth is the test
_NAMED = 20  # bad lines named; the others are only counted
_BAD = "lines that cannot be used"
_BACKUP = ("issues.jsonl", "issues.jsonl.gz", "pulls.jsonl", "pulls.jsonl.gz")


@dataclass(frozen=True, slots=True)
class History:
    """What a repository's history teaches, and what of it could not be read."""

    samples: Samples
    problems: tuple[str, ...]  # one line each, with the file and where possible the line number


@dataclass(slots=True)
class _Log:
    """What is left out, and why."""

    dropped: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def bad_line(self, where: str, error: DataError) -> None:
        self.dropped[_BAD] += 1
        if self.dropped[_BAD] <= _NAMED:
            self.problems.append(f"{where}: {error}")

    def all_problems(self) -> tuple[str, ...]:
        more = self.dropped[_BAD] - _NAMED
        return (*self.problems, f"and {more} more {_BAD}") if more > 0 else tuple(self.problems)


def load_history(path: Path, repo: str) -> History:
    """Samples of `issue_type` and `pr_type` from what is stored of `repo` ("owner/name") at `path`.

    Issues get their type from their labels (`model.labels.match_label`), pull requests from a title such as
    "fix: ...". The splits are by time. Left out are threads of bots, and labels that a bot has put. Raises
    DataError where nothing is left to learn from.
    """
    log = _Log()
    drafts: defaultdict[tuple[str, str], list[Draft]] = defaultdict(list)
    for file in _files(path):
        for draft in _read(file, repo, log):
            drafts[draft.task, draft.repo.lower()].append(draft)
    rows: list[Sample] = []
    for task in ("issue_type", "pr_type"):
        split = [draft for (of, _), some in drafts.items() if of == task for draft in in_time(some, *_SHARES)]
        if split:
            rows.extend(_prepared(split, log))
    if not rows:
        first = f"; the first problem: {log.problems[0]}" if log.problems else ""
        raise DataError(f"{path} holds nothing to learn from: {_why(log)}{first}")
    return History(Samples(tuple(rows), dict(sorted(log.dropped.items()))), log.all_problems())


def _prepared(drafts: Sequence[Draft], log: _Log) -> tuple[Sample, ...]:
    """The samples of one task; none, and a problem, where it has nothing to learn from."""
    try:
        samples = prepare(drafts)
    except DataError as error:
        log.problems.append(str(error))
        return ()
    log.dropped.update(samples.dropped)
    return samples.rows


def _why(log: _Log) -> str:
    counts = (f"{count} {reason}" for reason, count in log.dropped.most_common(4))
    return ", ".join(counts) or "no issues or pull requests in it"


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = [path / name for name in _BACKUP if (path / name).is_file()]
        if not found:
            raise DataError(f"{path} holds no issues.jsonl or pulls.jsonl")
        return found
    if not path.is_file():
        raise DataError(f"{path} does not exist")
    if not {".csv", ".jsonl", ".ndjson"} & set(path.suffixes):
        raise DataError(f"{path}: neither .csv nor .jsonl")
    return [path]


def _read(path: Path, repo: str, log: _Log) -> Iterator[Draft]:
    """The drafts of one file; whatever else is in it goes into `log`."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, row in _table(file) if ".csv" in path.suffixes else _lines(file):
                try:
                    yield draft_of(_record(row), repo)
                except LeftOut as reason:
                    log.dropped[str(reason)] += 1
                except DataError as error:
                    log.bad_line(f"{path.name}, line {number}", error)
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        log.problems.append(f"{path.name}: cannot be read to its end: {error}")


def _lines(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _table(lines: Iterable[bytes]) -> Iterator[tuple[int, Json]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # bodies exceed the default of 128 KiB
    rows = csv.DictReader(codecs.iterdecode(lines, "utf-8-sig", "replace"))
    return ((rows.line_num, row) for row in rows)


def _record(row: bytes | Json) -> Json:
    if not isinstance(row, bytes):
        return row
    try:
        record = json.loads(row)
    except (ValueError, RecursionError) as error:
        raise DataError(f"not JSON: {error}") from error
    if not isinstance(record, dict):
        raise DataError("not a JSON object")
    return record

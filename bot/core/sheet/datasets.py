"""Data sets in a commit: files of data, and text files that are data by their size."""

from collections.abc import Iterator

from bot.core.diffs import Diff
from bot.core.findings import Finding, Level, shown
from bot.core.phrases import Phrase
from bot.core.sheet.paths import is_test, name_of, suffix_of

DATA_LINES = 1_000  # added lines that make a text file a data set

_BINARY = frozenset(
    ("parquet", "arrow", "feather", "npy", "npz", "tfrecord", "tfrecords", "avro", "orc", "lmdb", "mdb")
)
_TEXT = frozenset(("csv", "tsv", "jsonl", "ndjson"))

_MESSAGE = "{name} looks like a data set{size}. Where is it from, may it be shared, and shall it be in Git?"


def datasets(diff: Diff, most_lines: int = DATA_LINES) -> Iterator[Finding]:
    """Files of data that are new or changed.

    Args:
        diff: the pull request.
        most_lines: the added lines up to which a text file is none.
    """
    for file in diff.files:
        suffix, added = suffix_of(file.path), file.file.additions
        is_large = suffix in _TEXT and added > most_lines
        if (suffix in _BINARY or is_large) and file.file.status not in {"removed", "renamed"}:
            level: Level = "notice" if is_test(file.path) else "warning"
            values = {"name": shown(name_of(file.path)), "size": f" ({added} new lines)" if is_large else ""}
            yield Finding("datasets", "security", level, file.path, 1, "Data set", Phrase(_MESSAGE, values))

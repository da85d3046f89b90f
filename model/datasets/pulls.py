"""Changes with their type, from the history of projects that keep to Conventional Commits."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from model.data import Row, column, records
from model.datasets.drafts import Draft, in_time, language_code
from model.datasets.splits import utc
from model.errors import DataError
from model.tasks import PR_TYPES

FILE = "conventional_commits.csv.gz"
_SHARES = (0.7, 0.1)  # trained on and validated on, the oldest first; the newest fifth is the test
_PREFIX = re.compile(r"\s*([A-Za-z]{2,16})(?:\([^()]{0,60}\))?!?:\s+")
_ALIASES = {
    "feature": "feat",
    "bugfix": "fix",
    "hotfix": "fix",
    "doc": "docs",
    "documentation": "docs",
    "tests": "test",
    "testing": "test",
    "refact": "refactor",
    "refactoring": "refactor",
    "performance": "perf",
}
# "Co-authored-by: ..." and its like: names of people, which say nothing of the change.
_TRAILER = re.compile(r"^[A-Za-z][A-Za-z-]{0,30}-by:.*$", re.MULTILINE)


def pr_types(directory: Path) -> Iterator[Draft]:
    """The drafts of `pr_type`: changes made by people, of types that are learnt.

    Raises DataError on a file or a row that cannot be read.
    """
    by_repo: defaultdict[str, list[Draft]] = defaultdict(list)
    for where, row in records(directory / FILE):
        if column(row, "bot", where) != "True" and column(row, "type", where) in PR_TYPES:
            draft = _draft(row, where)
            by_repo[draft.repo.lower()].append(draft)
    for drafts in by_repo.values():
        yield from in_time(drafts, *_SHARES)


def conventional(title: str) -> tuple[str, str]:
    """The type that a title opens with, and the rest: "fix(api)!: no crash" -> ("fix", "no crash").

    The type is one of PR_TYPES, or "" where the title names none of them; it is then returned as it is.
    """
    if match := _PREFIX.match(title):
        word = match[1].lower()
        type_ = _ALIASES.get(word, word)
        if type_ in PR_TYPES:
            return type_, title[match.end() :]
    return "", title


def without_trailers(message: str) -> str:
    """A commit message without the lines that name who wrote, signed or reviewed it."""
    return _TRAILER.sub("", message)


def _draft(row: Row, where: str) -> Draft:
    title, repo, date = (column(row, name, where) for name in ("subject", "repo", "date"))
    try:
        created_at = utc(date)
    except ValueError as error:
        raise DataError(f"{where}: {date!r} is not a date: {error}") from error
    return Draft(
        task="pr_type",
        split="train",
        label=column(row, "type", where),
        title=title,
        body=without_trailers(column(row, "body", where)),
        repo=repo,
        source=repo,
        dataset="conventional_commits",
        language=language_code(title),
        created_at=created_at,
    )

"""Issues with their type: the benchmark as it is, whole repositories held out of the rest."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from model.data import ADAPTATION_SET, TEST_SET, TRAIN_SETS, Example, existing, read
from model.datasets.drafts import Draft, language_code
from model.datasets.splits import whole_repositories

#: Repositories that cannot be held out: those of the benchmark have training data of their own there, and the
#: whole history of the last one is read without its labels.
KNOWN = (
    "facebook/react",
    "tensorflow/tensorflow",
    "microsoft/vscode",
    "bitcoin/bitcoin",
    "opencv/opencv",
    "rust-lang/rust",
)
_STATING_LANGUAGE = {"many_repos"}


def issue_types(directory: Path) -> Iterator[Draft]:
    """The drafts of `issue_type`. Raises DataError on a file or a row that cannot be read."""
    yield from _drafts(directory, TEST_SET, "benchmark")
    yield from _drafts(directory, ADAPTATION_SET, "adaptation")
    rows = [draft for name in TRAIN_SETS for draft in _drafts(directory, name, "train")]
    kinds = [(row.repo, f"{row.label}, {'zh' in row.language}") for row in rows]
    for draft, split in zip(rows, whole_repositories(kinds, KNOWN), strict=True):
        yield replace(draft, split=split)


def _drafts(directory: Path, name: str, split: str) -> Iterator[Draft]:
    for example in read(existing(directory, name)):
        yield Draft(
            task="issue_type",
            split=split,
            label=example.label,
            title=example.title,
            body=example.body,
            repo=example.repo,
            source=example.source,
            dataset=example.dataset,
            language=example.language if name in _STATING_LANGUAGE else _language(example),
            created_at=example.created_at,
        )


def _language(example: Example) -> str:
    return language_code(f"{example.title}\n{example.body}")

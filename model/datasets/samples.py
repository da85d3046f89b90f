"""What the classifier learns from and is measured on: labelled texts of every task, each in one split."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.data import column, records
from model.datasets.drafts import Draft
from model.datasets.duplicates import Deduplicator
from model.datasets.issues import issue_types
from model.datasets.pulls import pr_types
from model.datasets.tones import tones
from model.errors import DataError
from model.tasks import SPLITS, TASKS
from model.text import CleanText, clean

DEFAULT_DIRECTORY = Path(__file__).resolve().parents[2].parent / "shared" / "data"
UNLABELLED = ("area/llm_apps.jsonl.gz", "rust/issues.jsonl.gz")
_READERS: Mapping[str, Callable[[Path], Iterator[Draft]]] = {
    "issue_type": issue_types,
    "pr_type": pr_types,
    "tone": tones,
}
CONTRADICTION = "with different labels"  # how the reason ends where a split holds the same text so
ANOTHER_LABEL = "of another class"  # and where nearly the same text
_HELD_OUT_REPOSITORIES = frozenset({"unseen", "validation"})
_ORDER = tuple(SPLITS)

Progress = Callable[[str, int], None]  # (task, texts cleaned so far)


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled text."""

    task: str  # a key of TASKS
    text: CleanText
    label: int  # position in TASKS[task]
    split: str  # a key of SPLITS
    repo: str  # "owner/name", or the collection where the repository is not known
    source: str  # the collection within the data set
    dataset: str  # the file it comes from
    language: str  # "en", "zh", "en+zh" and so on
    created_at: str  # ISO 8601; "" where it is not known


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples without duplicates; those of a task stand together, in the order of SPLITS."""

    rows: tuple[Sample, ...]
    dropped: Mapping[str, int]  # "task: reason" -> how many were left out

    def of(self, task: str, split: str) -> tuple[Sample, ...]:
        """The samples of one task in one split."""
        return tuple(row for row in self.rows if row.task == task and row.split == split)

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks that have samples."""
        present = {row.task for row in self.rows}
        return tuple(task for task in TASKS if task in present)


def label_numbers(samples: Sequence[Sample]) -> npt.NDArray[np.int64]:
    """The label of each sample, shape (samples,)."""
    return np.array([sample.label for sample in samples], dtype=np.int64)


def load_samples(
    directory: Path, tasks: Sequence[str] = tuple(TASKS), progress: Progress | None = None
) -> Samples:
    """Read the data of `tasks` from the folders of `directory` that are called like them.

    A task without data is left out. Takes under a minute for 75,000 texts. Raises DataError where
    nothing is left, where a task has nothing to learn from, and on a file that cannot be read.
    """
    if not directory.is_dir():
        raise DataError(f"{directory} is not a directory; name the data with --data")
    drafts = [draft for task in tasks for draft in _READERS[task](directory / task)]
    if not drafts:
        raise DataError(f"{directory} holds no data of {', '.join(tasks)}")
    return prepare(drafts, progress)


def prepare(drafts: Iterable[Draft], progress: Progress | None = None) -> Samples:
    """Clean the drafts, and leave every text in one split and with one label.

    Of texts that are alike, the one in the split that SPLITS names first is kept, the benchmark as a whole.
    Texts that a split holds with different labels are left out. Raises DataError for a task that is left
    with fewer than two classes to learn.
    """
    by_task: defaultdict[str, list[Sample]] = defaultdict(list)
    for draft in drafts:
        samples = by_task[draft.task]
        samples.append(_cleaned(draft))
        if progress:
            progress(draft.task, len(samples))
    rows: list[Sample] = []
    dropped: Counter[str] = Counter()
    for task, samples in by_task.items():
        kept = _distinct(samples, dropped)
        _check_classes(task, kept)
        rows.extend(kept)
    return Samples(tuple(rows), dict(sorted(dropped.items())))


def unlabelled(directory: Path, samples: Samples | None = None) -> Iterator[CleanText]:
    """Texts to learn the language of the field from, without their labels: what is trained on, and more.

    None is like a text of any other split, and none is of a repository that is held out. `samples` are those
    of `directory`, which are read where they are not given. Raises DataError as `load_samples` does.
    """
    samples = samples or load_samples(directory)
    known = Deduplicator()
    for row in samples.rows:
        if row.split != "train":
            known.match(row.text)
    held_out = {row.repo.lower() for row in samples.rows if row.split in _HELD_OUT_REPOSITORIES}
    texts = (row.text for row in samples.rows if row.split == "train")
    for text in (*texts, *_threads(directory, held_out)):
        if text.letters and known.match(text) is None:
            yield text


def _threads(directory: Path, held_out: set[str]) -> Iterator[CleanText]:
    for name in UNLABELLED:
        for where, row in records(directory / name):
            title, body, repo = (column(row, key, where) for key in ("title", "body", "repo"))
            if repo.lower() not in held_out:
                yield clean(title, body, repo)


def _cleaned(draft: Draft) -> Sample:
    return Sample(
        task=draft.task,
        text=clean(draft.title, draft.body, draft.repo),
        label=TASKS[draft.task].index(draft.label),
        split=draft.split,
        repo=draft.repo,
        source=draft.source,
        dataset=draft.dataset,
        language=draft.language,
        created_at=draft.created_at,
    )


def _distinct(samples: Iterable[Sample], dropped: Counter[str]) -> list[Sample]:
    """Each text once; what is left out is counted in `dropped`."""
    samples = sorted(samples, key=lambda sample: _ORDER.index(sample.split))
    labels: defaultdict[tuple[str, str, str], set[int]] = defaultdict(set)
    for sample in samples:
        labels[_key(sample)].add(sample.label)
    known = Deduplicator()
    remembered: list[Sample] = []  # in the order in which `known` numbers them
    kept: list[Sample] = []
    for sample in samples:
        whole = sample.split == "benchmark"
        reason = "" if whole else _unusable(sample, labels[_key(sample)])
        if not reason:
            twin = known.match(sample.text)
            if twin is None:
                remembered.append(sample)
            elif not whole:
                reason = _duplicate(sample, remembered[twin])
        if reason:
            dropped[f"{sample.task}: {reason}"] += 1
        else:
            kept.append(sample)
    return kept


def _unusable(sample: Sample, labels: set[int]) -> str:
    if not sample.text.letters:
        return "no text"
    return f"in {sample.split} {CONTRADICTION}" if len(labels) > 1 else ""


def _key(sample: Sample) -> tuple[str, str, str]:
    return sample.split, sample.text.title, sample.text.body


def _duplicate(sample: Sample, twin: Sample) -> str:
    if sample.split != twin.split:
        return f"in {sample.split}, like one of {twin.split}"
    return f"in {sample.split}, like another" + ("" if sample.label == twin.label else f" {ANOTHER_LABEL}")


def _check_classes(task: str, samples: Iterable[Sample]) -> None:
    present = {TASKS[task][sample.label] for sample in samples if sample.split == "train"}
    if len(present) < 2:
        found = f"all examples are of one class ({', '.join(present)})" if present else "no examples"
        raise DataError(f"{task}: {found} in train; there is nothing to learn")

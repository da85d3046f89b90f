"""The data sheet, written from the samples: what was learnt from, what was left out, what is doubtful.

Its questions follow Gebru et al., "Datasheets for datasets", CACM 64(12), 2021. It holds counts, no text.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from model.datasets.noise import NONE
from model.datasets.pulls import conventional
from model.datasets.samples import ANOTHER_LABEL, CONTRADICTION, Sample, Samples
from model.labels import match_label
from model.tasks import ISSUE_TYPES, SPLITS, TASKS

_LANGUAGES = 5  # columns; the others are added up
_PAIRS = 12  # rows of the table of doubts, the most frequent ones
_DOUBT = """\
A label is in doubt where a model that did not learn from the text finds it less likely than is usual for this
label, and another class likely (Northcutt, Jiang, Chuang, 2021)."""

Suspects = Mapping[str, npt.NDArray[np.int64]]


def render_sheet(samples: Samples, noise: Suspects | None = None) -> str:
    """The sheet in Markdown. `noise`: task -> what `noise.suspects` says of its training samples.

    Raises ValueError where `noise` is of other samples than those of a task in train.
    """
    parts = [
        "# Data sheet",
        f"{len(samples.rows):,} texts, cleaned of code, addresses and personal data, each in one split.",
        _table(("split", "what it is for"), SPLITS.items()),
        *(f"{count:,} {reason}." for reason, count in samples.dropped.items() if ": " not in reason),
    ]
    for task in samples.tasks:
        rows = [row for row in samples.rows if row.task == task]
        parts += [f"## {task}", _counts(task, rows), "### Languages", _languages(rows)]
        parts += ["### Left out", _left_out(task, samples.dropped)]
        if task != "tone":
            parts += ["### Title tags", _tags(task, rows)]
        if noise and task in noise:
            parts += ["### Labels in doubt", _doubts(task, samples.of(task, "train"), noise[task])]
    return "\n\n".join(parts) + "\n"


def tagged(sample: Sample) -> int | None:
    """The class that the title's own tags name, such as "[Bug]" or "fix:"; `None` where they name none."""
    for tag in sample.text.tags:
        if sample.task == "pr_type":
            names = [conventional(f"{tag}: ")[0]]
        else:
            names = [type_ for type_ in ISSUE_TYPES if match_label(type_, [tag])]
        if len(names) == 1 and names[0]:
            return TASKS[sample.task].index(names[0])
    return None


def _counts(task: str, rows: Sequence[Sample]) -> str:
    labels = Counter((row.split, row.dataset, row.label) for row in rows)
    repos = {key: len({row.repo.lower() for row in some}) for key, some in _by_set(rows)}
    return _table(
        ("split", "data set", "repositories", *TASKS[task], "all"),
        (
            (*key, repos[key], *(labels[*key, label] for label in range(len(TASKS[task]))), len(some))
            for key, some in _by_set(rows)
        ),
    )


def _languages(rows: Sequence[Sample]) -> str:
    frequent = [name for name, _ in Counter(row.language for row in rows).most_common(_LANGUAGES)]
    counts = {split: Counter(row.language for row in rows if row.split == split) for split in SPLITS}
    return _table(
        ("split", *frequent, "others"),
        (
            (
                split,
                *(count[name] for name in frequent),
                count.total() - sum(count[name] for name in frequent),
            )
            for split, count in counts.items()
            if count
        ),
    )


def _left_out(task: str, dropped: Mapping[str, int]) -> str:
    reasons = {
        reason.removeprefix(f"{task}: "): count
        for reason, count in dropped.items()
        if reason.startswith(f"{task}: ")
    }
    if not reasons:
        return "Nothing."
    opposed = sum(
        count for reason, count in reasons.items() if reason.endswith((CONTRADICTION, ANOTHER_LABEL))
    )
    return (
        _table(("why", "texts"), reasons.items())
        + f"\n\nIn {opposed:,} of {sum(reasons.values()):,} cases, the labels of the same text, or nearly the"
        " same, contradicted each other."
    )


def _tags(task: str, rows: Sequence[Sample]) -> str:
    """How many titles have a tag, and how far a rule would get that reads nothing else."""
    lines = []
    for key, some in _by_set(rows):
        named = [(row.label, tag) for row in some if (tag := tagged(row)) is not None]
        right = sum(label == tag for label, tag in named)
        lines.append(
            (
                *key,
                _share(sum(bool(row.text.tags) for row in some), len(some)),
                _share(len(named), len(some)),
                _share(right, len(named)),
                _share(right, len(some)),
            )
        )
    header = (
        "split",
        "data set",
        "with a tag",
        f"naming a class of {task}",
        "right of those",
        "right of all",
    )
    return _table(header, lines)


def _doubts(task: str, train: Sequence[Sample], suspected: npt.NDArray[np.int64]) -> str:
    if suspected.shape != (len(train),):
        raise ValueError(f"{task}: {suspected.shape} suspicions for {len(train)} samples")
    doubted = [(row, int(seems)) for row, seems in zip(train, suspected, strict=True) if seems != NONE]
    sets = Counter(row.dataset for row in train)
    pairs = Counter((row.label, seems) for row, seems in doubted)
    by_set = Counter(row.dataset for row, _ in doubted)
    classes = TASKS[task]
    return "\n\n".join(
        (
            _DOUBT,
            _table(
                ("data set", "texts", "in doubt", "share"),
                ((name, n, by_set[name], _share(by_set[name], n)) for name, n in sorted(sets.items())),
            ),
            _table(
                ("labelled", "seems", "texts"),
                ((classes[label], classes[seems], n) for (label, seems), n in pairs.most_common(_PAIRS)),
            ),
        )
    )


def _by_set(rows: Sequence[Sample]) -> Iterator[tuple[tuple[str, str], list[Sample]]]:
    """The rows by split, in the order of SPLITS, and data set."""
    order = tuple(SPLITS)
    for split, dataset in sorted(
        {(row.split, row.dataset) for row in rows}, key=lambda k: (order.index(k[0]), k)
    ):
        yield (split, dataset), [row for row in rows if (row.split, row.dataset) == (split, dataset)]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _table(header: Iterable[str], rows: Iterable[Iterable[str | int]]) -> str:
    header = list(header)
    cells = [
        [f"{cell:,}" if isinstance(cell, int) else cell.replace("|", r"\|") for cell in row] for row in rows
    ]
    lines = [header, ["---"] * len(header), *cells]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

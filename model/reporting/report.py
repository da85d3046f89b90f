"""The report on a measured classifier, for maintainers who want to know how far to trust its labels.

Every number comes from `metrics.json`. A part that was not measured is named with the reason.
"""

from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from model.labels import LABELS
from model.layout import PICTURES, REPORT
from model.measuring.slices import large_slices
from model.reporting import parts
from model.reporting.tables import NOTHING, asked, number, percent, scored, shared, table

_WEAKEST = 8  # slices
_TARGET = 0.9

Metrics = Mapping[str, Any]

_INTRODUCTION = """\
# How far to trust {version}

Measured from the shipped files by the code that serves, on texts that were not learnt from. F1 is the
harmonic mean of precision and recall, macro F1 its mean over classes; 1 is perfect. Brackets hold 95%
intervals. Where they are "over repositories", whole repositories were resampled: that is how much the score
would differ on other projects. Such an interval reaches further down than up where few repositories hold
most of a rare type."""


def write_report(metrics: Metrics, directory: Path) -> Path:
    """Write REPORT.md and its pictures into `directory`; without matplotlib, the report alone."""
    directory.mkdir(parents=True, exist_ok=True)
    drawn: Mapping[str, str] = {}
    if find_spec("matplotlib"):
        from model.reporting.pictures import draw  # noqa: PLC0415 -- a report without pictures does without it

        drawn = {f"{PICTURES}/{name}": said for name, said in draw(metrics, directory / PICTURES).items()}
    file = directory / REPORT
    file.write_text(render_report(metrics, drawn), encoding="utf-8")
    return file


def render_report(metrics: Metrics, pictures: Mapping[str, str] = MappingProxyType({})) -> str:
    """The report in Markdown; `pictures` says what each file beside it shows."""
    sections: Mapping[str, tuple[str, Callable[[Metrics], Iterator[str]]]] = {
        "unseen": ("Issue types in repositories it never saw", lambda part: _unseen(part, pictures)),
        "benchmark": ("Issue types on the public benchmark", parts.benchmark),
        "pr_type": ("Types of changes", parts.pr_types),
        "tone": ("Tone of comments", parts.tones),
        "duplicates": ("Duplicates", lambda part: iter((parts.DUPLICATES, parts.duplicates(part)))),
        "serving": ("What it costs to serve", parts.serving),
        "training": ("What it cost to train", parts.training),
        "compression": ("What compression costs", parts.compression),
    }
    blocks = [_INTRODUCTION.format(version=metrics["version"])]
    if metrics.get("unseen"):
        blocks += _in_short(metrics["unseen"])
    for key, (title, write) in sections.items():
        blocks.append(f"## {title}")
        blocks += write(metrics[key]) if metrics.get(key) else [parts.missing(metrics, key)]
    return "\n\n".join(blocks) + "\n"


def _in_short(unseen: Metrics) -> Iterator[str]:
    """What to expect, and what fails first."""
    yield "## In short"
    yield (
        "Asked to be right 9 times out of 10 (target 0.90), it labels some of the issues of repositories it"
        " never saw, and leaves the rest to people. The last column is its score where it always answers."
    )
    covered, scores = unseen["coverage"]["as written"], unseen["variants"]["as written"]
    yield table(
        (
            "issues",
            "number",
            "labelled",
            "of these right (over issues)",
            "macro F1, core (over repositories)",
        ),
        (_expected(part, covered[part]["0.90"], scores[part]["core"]) for part in covered),
    )
    yield "### What fails first"
    yield "The most frequent mistakes when it must always answer:"
    yield table(
        ("maintainers say", "it says", "issues", "of all that are so"), _mistakes(unseen["confusion"])
    )
    yield "The weakest groups of 30 issues or more, by macro F1 of bug, feature and question:"
    weakest = sorted(large_slices(unseen["slices"]), key=lambda slice_: slice_[2]["macro_f1"])[:_WEAKEST]
    yield table(parts.SLICE_HEADER, (parts.slice_row(*each) for each in weakest))


def _expected(part: str, covered: Metrics, core: Metrics | None) -> tuple[str, ...]:
    precision = covered["precision"]
    right = asked(shared(precision, covered["precision_interval"]), precision, _TARGET)
    macro = scored(core["macro_f1"], core["interval"]) if core else NOTHING
    return part, f"{covered['n']:,}", percent(covered["coverage"]), right, macro


def _mistakes(confusion: list[list[int]]) -> Iterator[tuple[str, str, str, str]]:
    """The mix-ups, the most frequent one first."""
    cells = [
        (count, row, column)
        for row, counts in enumerate(confusion)
        for column, count in enumerate(counts)
        if row != column and count
    ]
    for count, row, column in sorted(cells, key=lambda cell: (-cell[0], cell[1:]))[:_WEAKEST]:
        share = count / sum(confusion[row])
        yield LABELS[row], LABELS[column], f"{count:,}", percent(share)


def _unseen(unseen: Metrics, pictures: Mapping[str, str]) -> Iterator[str]:
    yield parts.UNSEEN
    yield parts.variants(unseen["variants"])
    yield "F1 of each type, where it chooses among all four:"
    yield parts.types_of_variants(unseen["variants"])
    yield "What share of issues gets a label at the shipped thresholds, and what share of these is right:"
    yield parts.coverages(unseen["coverage"])
    for file, caption in pictures.items():
        yield f"![{caption}]({file})\n\n*{caption}.*"
    yield "### Groups of issues"
    yield table(parts.SLICE_HEADER, (parts.slice_row(*each) for each in large_slices(unseen["slices"])))
    yield "Where a type never occurs, the mean is over fewer types, and not to be compared with others."
    yield "### Single repositories"
    found = unseen["repositories"]
    yield f"The best and the worst of {found['n']:,} repositories with {found['least']} issues or more:"
    yield table(
        ("repository", "issues", "right among all four types"),
        (
            (row["repo"], f"{row['n']:,}", number(row["accuracy"]))
            for row in [*found["best"], *found["worst"]]
        ),
    )

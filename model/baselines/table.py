"""The comparison as Markdown, which a terminal shows well too."""

from collections.abc import Iterator, Sequence

from model.baselines.scores import Row, Scores
from model.labels import LABELS

_CAPTION = """\
The benchmark is the test half of NLBSE'24: issues of 5 repositories, which others publish results on. Average
F1 is the mean of its repositories' macro F1, among its three types, with a 95% bootstrap interval; several
seeds are averaged. "Unseen" is the macro F1 of the four types on whole repositories that were held out. Every
baseline is trained on the same issues, and half of their prior is divided out of its probabilities, as our
own classifiers do; "plain" is without that. All see cleaned texts with the project's name replaced.

This table compares and decides nothing: as several configurations are scored on the benchmark's test half,
none may be chosen by it. What was chosen was chosen on validation."""

_COSTS = """\
CPU time on one thread. Size is what has to be stored. Latency is that of one cleaned issue, over 200 of the
benchmark, in the process that was just trained. Memory is the most that process ever held, with Python, its
libraries and all texts in it: what "majority" needs is the floor."""


def render(rows: Sequence[Row]) -> str:
    """All rows in three tables: scores, repositories, costs. Rows that were not measured say why."""
    measured = [(row, row.scores) for row in rows if row.scores]
    types = [label for label in LABELS if any(label in scores.types for _, scores in measured)]
    repos = sorted({repo for _, scores in measured for repo in scores.repositories})
    parts = [
        _CAPTION,
        _table(
            ["classifier", "average F1", "over seeds", "plain", *types,
             "unseen", "without tags", "Chinese, without tags"],
            (_scores(row, types) for row in rows),
        ),
    ]  # fmt: skip
    if measured:
        by_repo = ([row.title, *(_f1(s.repositories.get(repo)) for repo in repos)] for row, s in measured)
        parts += [
            "Macro F1 by repository of the benchmark:",
            _table(["classifier", *repos], by_repo),
            _COSTS,
            _table(
                ["classifier", "size, MB", "median, ms", "95%, ms", "peak memory, MB", "training, s"],
                (_costs(row) for row in rows if row.costs),
            ),
        ]
    return "\n\n".join(parts) + "\n"


def _scores(row: Row, types: Sequence[str]) -> list[str]:
    scores: Scores | None = row.scores
    if scores is None:
        return [row.title, row.note, *[""] * (6 + len(types) - 1)]
    low, high = scores.interval
    spread = "" if scores.spread is None else f"± {scores.spread:.3f} ({row.seeds})"
    return [
        row.title,
        f"{scores.average_f1:.3f} ({low:.3f} to {high:.3f})",
        spread,
        _f1(scores.plain_f1),
        *(_f1(scores.types.get(label)) for label in types),
        _f1(scores.unseen),
        _f1(scores.unseen_untagged),
        _f1(scores.unseen_chinese),
    ]


def _costs(row: Row) -> Iterator[str]:
    costs = row.costs
    assert costs is not None
    yield row.title
    yield f"{costs.size_mb:.2f}" if costs.size_mb < 10 else f"{costs.size_mb:.0f}"
    yield f"{costs.median_ms:.2f}"
    yield f"{costs.p95_ms:.2f}"
    yield "" if costs.peak_mb is None else f"{costs.peak_mb:,.0f}"
    yield f"{costs.train_seconds:,.0f}"


def _f1(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _table(header: Sequence[str], rows: Iterator[Sequence[str] | Iterator[str]]) -> str:
    """A Markdown table whose columns are aligned."""
    cells = [list(header), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(header))]
    ruler = ["-" * width for width in widths]
    lines = (
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in [cells[0], ruler, *cells[1:]]
    )
    return "\n".join(lines)

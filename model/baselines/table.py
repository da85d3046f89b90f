"""The comparison as Markdown, which a terminal shows well too."""

from collections.abc import Iterator, Sequence

from model.baselines.registry import SHIPPED, YARDSTICK
from model.baselines.scores import Estimate, Row, Scores
from model.labels import LABELS

_CAPTION = """\
The benchmark is the test half of NLBSE'24: issues of 5 repositories, which others publish results on. Average
F1 is the mean of its repositories' macro F1, among its three types, with a 95% bootstrap interval; several
seeds are averaged. Every baseline is trained on the same issues, the benchmark's own training half among
them, as in publications; half of their prior is divided out of its probabilities, as our own classifiers do,
and "plain" is without that. All see cleaned texts with the project's name replaced.

"MiniLM, frozen" is a logistic regression on the embeddings of the encoder as it was pretrained; "MiniLM,
tuned" is the network of the shipped classifier alone. Where the repository is
told, "shipped" also uses what it learnt of that repository alone from the benchmark's training half.

This table compares and decides nothing: as several configurations are scored on the benchmark's test half,
none may be chosen by it. What was chosen was chosen on validation."""

_UNSEEN = """\
Macro F1 of the four types on whole repositories that were held out. The 95% intervals come from drawing whole
repositories again, because issues of one repository resemble each other. Tags are those of titles, such as
"[Bug]:", which most projects do not have."""

_COSTS = """\
CPU time on one thread. Size is what has to be stored. Latency is that of one cleaned issue, over 200 of the
benchmark, in the process that was just trained. Memory is the most that process ever held, with Python, its
libraries and all texts in it: what "majority" needs is the floor. What is shipped, its network too, was
trained before, which is not counted."""


def render(rows: Sequence[Row]) -> str:
    """All rows in tables of the benchmark, its repositories, those held out, and costs.

    Rows that were not measured say why.
    """
    measured = [(row, row.scores) for row in rows if row.scores]
    types = [label for label in LABELS if any(label in scores.types for _, scores in measured)]
    repos = sorted({repo for _, scores in measured for repo in scores.repositories})
    parts = [
        _CAPTION,
        _table(
            ["classifier", "average F1", "over seeds", "plain", *types],
            (_scores(row, types) for row in rows),
        ),
    ]
    if measured:
        by_repo = ([row.title, *(_f1(s.repositories.get(repo)) for repo in repos)] for row, s in measured)
        parts += [
            "Macro F1 by repository of the benchmark:",
            _table(["classifier", *repos], by_repo),
            *_unseen(measured),
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
        return [row.title, row.note, *[""] * (2 + len(types))]
    low, high = scores.interval
    spread = "" if scores.spread is None else f"± {scores.spread:.3f} ({row.seeds})"
    return [
        row.title,
        f"{scores.average_f1:.3f} ({low:.3f} to {high:.3f})",
        spread,
        _f1(scores.plain_f1),
        *(_f1(scores.types.get(label)) for label in types),
    ]


def _unseen(measured: Sequence[tuple[Row, Scores]]) -> Iterator[str]:
    """The table of repositories that were held out, and the comparison in pairs, of what was tested there."""
    tested = [(row, scores) for row, scores in measured if scores.unseen]
    if not tested:
        return
    yield _UNSEEN
    yield _table(
        ["classifier", "unseen", "without tags", "Chinese, without tags"],
        (
            [row.title, *map(_estimate, (scores.unseen, scores.unseen_untagged, scores.unseen_chinese))]
            for row, scores in tested
        ),
    )
    by_name = {row.name: (row.title, scores) for row, scores in tested}
    if SHIPPED in by_name and YARDSTICK in by_name:
        (title, ours), (other, theirs) = by_name[SHIPPED], by_name[YARDSTICK]
        tagged = _lead(ours.unseen, theirs.unseen)
        untagged = _lead(ours.unseen_untagged, theirs.unseen_untagged)
        yield (
            f'"{title}" less "{other}", in pairs on the same repositories drawn:\n'
            f"{tagged}; without tags {untagged}. An interval around 0 shows no difference."
        )


def _lead(ours: Estimate | None, theirs: Estimate | None) -> str:
    return _estimate(ours - theirs if ours and theirs else None, sign="+")


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


def _estimate(found: Estimate | None, sign: str = "") -> str:
    """A score, or with `sign` "+" a difference, and its interval."""
    if found is None:
        return ""
    bounds = " to ".join(f"{bound:{sign}.3f}" for bound in found.interval or ())
    return f"{found.value:{sign}.3f}" + (f" ({bounds})" if bounds else "")


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

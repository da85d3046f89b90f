"""Parts of `metrics.json` as paragraphs and tables; report and card share them."""

from collections.abc import Iterator, Mapping
from typing import Any

from model.labels import LABELS
from model.reporting.tables import NOTHING, asked, number, percent, scored, shared, table

Metrics = Mapping[str, Any]

UNSEEN = """\
Whole repositories were held out: nothing of them was learnt from. This is what a new user of the classifier
can expect. "Core" is among bug, feature and question, on the issues that are one of these; "all" includes
documentation. Tags are those of titles, as "[Bug]:"; headings and cues show the template of a project. The
rows where they are hidden show how much the classifier leans on them."""

DUPLICATES = """\
Recall: how often the other issue of a known pair is among the first suggestions. "Words" is BM25 on issues
as written, "meaning" the similarity of embeddings, "both" the sum of the two. "Older": an issue asks when
it is opened, and only older ones can be suggested, as in use. "All": either asks, and every other can be
suggested. How words are weighted was chosen on the pairs of rust-lang/rust; its threads were also read,
without any labels, when the network learnt the language.
Hadoop and SeaMonkey are from GitBugs (CC BY 4.0)."""

COVERAGE_HEADER = (
    "target",
    "labelled",
    "right (over issues)",
    *(f"{label}: labelled / right" for label in LABELS),
)
SLICE_HEADER = ("group", "", "issues", "repositories", "macro F1 (over repositories)", "types that occur")
TARGET_OF_TONE = "target precision "  # how the name of a threshold opens that was chosen for a precision
_WITH_AND_WITHOUT_TAGS = ("as written", "title tags hidden")
_KINDS = {"lexical": "words", "embedding": "meaning", "both": "both"}


def missing(metrics: Metrics, key: str) -> str:
    """That a part was not measured, and why."""
    return f"Not measured: {metrics['not_measured'].get(key, 'no reason is given')}."


def slice_row(kind: str, name: str, row: Metrics) -> tuple[str, ...]:
    """One line under SLICE_HEADER."""
    n, repositories = f"{row['n']:,}", f"{row['repositories']:,}"
    return kind, name, n, repositories, scored(row["macro_f1"], row["interval"]), str(len(row["classes"]))


def variants(found: Metrics) -> str:
    """Scores on repositories held out, for each part of the issues and each shortcut hidden."""
    rows = [
        (
            part,
            variant,
            f"{row['all']['n']:,}",
            f"{row['all']['repositories']:,}",
            scored(row["core"]["macro_f1"], row["core"]["interval"]) if row["core"] else NOTHING,
            scored(row["all"]["macro_f1"], row["all"]["interval"]),
            number(row["all"]["accuracy"]),
            number(row["calibration_error"]),
        )
        for part in next(iter(found.values()))
        for variant, row in ((variant, rows[part]) for variant, rows in found.items())
    ]
    header = (
        "issues",
        "text",
        "number",
        "repositories",
        "macro F1, core",
        "macro F1, all",
        "accuracy",
        "calibration error",
    )
    return table(header, rows)


def types_of_variants(found: Metrics) -> str:
    """F1 of each type, with the number of issues of it, with title tags and without."""
    rows = [
        (part, variant, *(_class_f1(row["all"]["classes"].get(label)) for label in LABELS))
        for part, variant, row in _tags_alone(found)
    ]
    return table(("issues", "text", *LABELS), rows)


def coverages(found: Metrics) -> str:
    """Coverage and precision at each target, with title tags and without."""
    rows = [
        (part, variant, *coverage_row(target, row))
        for part, variant, targets in _tags_alone(found)
        for target, row in targets.items()
    ]
    return table(("issues", "text", *COVERAGE_HEADER), rows)


def coverage_row(target: str, row: Metrics) -> tuple[str, ...]:
    """One line under COVERAGE_HEADER."""
    by_type = (row["classes"][label] for label in LABELS)
    return (
        target,
        f"{percent(row['coverage'])} of {row['n']:,}",
        shared(row["precision"], row["precision_interval"]),
        *(f"{percent(each['coverage'])} / {percent(each['precision'])}" for each in by_type),
    )


def benchmark(found: Metrics) -> Iterator[str]:
    """The public benchmark."""
    yield (
        f"The test half of NLBSE'24: {found['n']:,} issues of {len(found['repositories'])} repositories;"
        " other issues of these were learnt from. It has no documentation, so it chooses among three types."
        " Named, the classifier is told the repository; unnamed, it does without what it learnt of it."
    )
    yield table(
        ("average F1 of the repositories", "(over issues)"),
        (
            ("**repository named**", f"**{scored(found['average_f1'], found['interval'])}**"),
            ("unnamed", scored(found["average_f1_unnamed"], found["interval_unnamed"])),
            ("named, documentation among the choices", number(found["average_f1_of_all_types"])),
        ),
    )
    repos = ((name, f"{row['n']:,}", number(row["f1"])) for name, row in found["repositories"].items())
    yield table(("repository", "issues", "F1"), repos)
    yield classes(found["classes"])
    rows = (coverage_row(target, row) for target, row in found["coverage"].items())
    yield table(COVERAGE_HEADER, rows)
    yield f"Calibration error: {number(found['calibration_error'])}."


def classes(found: Metrics) -> str:
    """Precision, recall and F1 of each class."""
    rows = (
        (name, number(row["precision"]), number(row["recall"]), number(row["f1"]), f"{row['n']:,}")
        for name, row in found.items()
    )
    return table(("class", "precision", "recall", "F1", "number"), rows)


def pr_types(found: Metrics) -> Iterator[str]:
    """The types of changes."""
    core, everything = found["core"], found["all"]
    yield (
        f"The newest changes of {len(found['repositories'])} repositories; older ones were learnt from;"
        ' what the title claims ("fix: ...") is removed. Macro F1 of the six frequent types on'
        f" {core['n']:,} changes:"
        f" **{scored(core['macro_f1'], core['interval'])}**; of all types on {everything['n']:,}:"
        f" {scored(everything['macro_f1'], everything['interval'])}."
        f" Calibration error: {number(found['calibration_error'])}."
    )
    yield classes(core["classes"])
    rows = (
        (repo, f"{row['n']:,}", scored(row["macro_f1"], row["interval"]))
        for repo, row in found["repositories"].items()
    )
    yield table(("repository", "changes", "macro F1 of the six"), rows)


def tones(found: Metrics) -> Iterator[str]:
    """The tone of comments."""
    yield (
        "Uncivil comments found. Strudel has the balance of ordinary threads, and nothing of it was learnt"
        " from; ToxiCR is of code reviews, and other comments of it were learnt from. Average precision is"
        " the area under the curve of precision over recall."
    )
    rows = [
        (
            name, f"{part['n']:,}", f"{part['uncivil']:,}", number(part["average_precision"]), at,
            number(row["threshold"], 2), _precision_of_tone(at, row["precision"]), number(row["recall"]),
            scored(row["f1"], row["interval"]),
        )
        for name, part in found.items()
        for at, row in part["at"].items()
    ]  # fmt: skip
    header = (
        "comments of", "number", "uncivil", "average precision", "marked when", "from probability",
        "precision", "recall", "F1",
    )  # fmt: skip
    yield table(header, rows)


def _precision_of_tone(at: str, precision: float | None) -> str:
    target = at.removeprefix(TARGET_OF_TONE)
    return number(precision) if target == at else asked(number(precision), precision, float(target))


def duplicates(found: Metrics) -> str:
    """Recall at 5 and 10."""
    rows = [
        (
            name,
            f"{part['issues']:,}",
            candidates,
            _KINDS[kind],
            f"{row['n']:,}",
            scored(row["recall@5"], row["interval@5"]),
            scored(row["recall@10"], row["interval@10"]),
        )
        for name, part in found.items()
        for candidates in ("older", "all")
        for kind, row in part[candidates].items()
    ]
    return table(("issues of", "number", "candidates", "by", "questions", "recall@5", "recall@10"), rows)


def serving(found: Metrics) -> Iterator[str]:
    """Time and memory."""
    memory = "not measured on this system" if found["peak_mb"] is None else f"{found['peak_mb']:,.0f} MB"
    yield table(
        ("what", "how much"),
        (
            ("files", f"{found['size_mb']:.1f} MB"),
            ("loading", f"{found['load_ms']:,.0f} ms"),
            ("one issue, one thread, median", f"{found['median_ms']:.1f} ms"),
            ("one issue, one thread, 95th percentile", f"{found['p95_ms']:.1f} ms"),
            (f"many issues, {found['batch_threads']} threads", f"{found['batch_per_second']:.0f} issues/s"),
            ("most memory of that process, Python included", memory),
        ),
    )
    load = found["busy_cores_before"]
    others = "" if load is None else f" {load:.1f} other processes wanted to run just before, and slowed it."
    yield f"Fresh processes, {found['n']:,} {found['issues']}, on {found['machine']}.{others}"


def training(found: Metrics) -> Iterator[str]:
    """The phases of training, with what was measured of each."""
    hardware, precision = (found.get(name, "not noted") for name in ("hardware", "precision"))
    yield f"Hardware: {hardware}; precision: {precision}."
    rows = [
        (
            name,
            f"{phase['step']:,}" if phase.get("step") is not None else NOTHING,
            number(_over(phase.get("seconds"), 3600), 2),
            number(phase.get("tokens_per_second"), 0),
            percent(phase.get("share_of_peak")),
            "not measured" if phase.get("joules") is None else f"{phase['joules'] / 3.6e6:.3f} kWh",
        )
        for name, phase in found.get("phases", {}).items()
    ]
    if rows:
        yield table(
            ("phase", "steps", "hours", "tokens/s", "of the device's peak", "energy of the GPUs"), rows
        )


def compression(found: Metrics) -> Iterator[str]:
    """What each step of compression saved and cost."""
    texts = ", ".join(f"{count:,} {_words(task)}" for task, count in found.get("texts", {}).items())
    yield (
        f"The network alone, on texts of the validation split ({texts}), each step against the network as it"
        " was trained. Labels that changed and the largest change of a probability are of issue types."
    )
    yield table(
        ("step", "MB", "ms", "macro F1", "labels changed", "largest change", "cosine of embeddings"),
        (
            (
                row["step"],
                number(row["size_mb"], 1),
                number(row["median_ms"], 1),
                ", ".join(f"{_words(task)} {value:.3f}" for task, value in row["macro_f1"].items()),
                percent(row["changed_labels"].get("issue_type")),
                number(row["largest_difference"].get("issue_type")),
                number(row["similarity"], 4),
            )
            for row in found["rows"]
        ),
    )


def _words(task: str) -> str:
    return task.replace("_", " ")


def _tags_alone(found: Metrics) -> Iterator[tuple[str, str, Metrics]]:
    """Part, variant and what was measured, of the variants that hide no more than title tags."""
    for part in next(iter(found.values())):
        for variant in _WITH_AND_WITHOUT_TAGS:
            if variant in found:
                yield part, variant, found[variant][part]


def _class_f1(row: Metrics | None) -> str:
    return NOTHING if row is None else f"{number(row['f1'])} (n = {row['n']:,})"


def _over(value: float | None, unit: float) -> float | None:
    return None if value is None else value / unit

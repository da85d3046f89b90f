"""Parts of the report: each number stands in its row, with what it is a number of."""

from typing import Any

import pytest

from model.reporting import parts
from tests.model.measured import metrics

SERVING: dict[str, Any] = {
    "n": 200,
    "size_mb": 32.14,
    "load_ms": 190.4,
    "median_ms": 9.24,
    "p95_ms": 14.1,
    "peak_mb": 160.2,
    "batch_per_second": 181.3,
    "batch_threads": 2,
    "machine": "CPU (abacus), 2 cores",
    "busy_cores_before": 1.3,
    "issues": "issues of nlbse24_test, as written",
}
COMPRESSION: dict[str, Any] = {
    "texts": {"issue_type": 400, "tone": 200},
    "rows": [
        {
            "step": "ONNX, int8",
            "size_mb": 23.54,
            "median_ms": 8.1,
            "macro_f1": {"issue_type": 0.7, "tone": 0.6},
            "changed_labels": {"issue_type": 0.015},
            "largest_difference": {"issue_type": 0.08},
            "similarity": 0.9991,
        }
    ],
}


def test_scores_stand_with_numbers_of_issues_and_repositories() -> None:
    row = metrics()["unseen"]["variants"]["title tags hidden"]["Chinese"]
    line = next(
        line for line in parts.variants(metrics()["unseen"]["variants"]).splitlines()
        if line.startswith("| Chinese | title tags hidden |")
    )  # fmt: skip
    assert line.split(" | ")[2:4] == ["12", "1"]
    assert f"{row['all']['macro_f1']:.3f}" in line


def test_types_and_coverage_are_shown_with_tags_and_without() -> None:
    unseen = metrics()["unseen"]
    for text in (parts.types_of_variants(unseen["variants"]), parts.coverages(unseen["coverage"])):
        assert "| all | as written |" in text
        assert "| all | title tags hidden |" in text
        assert "both hidden" not in text


def test_a_type_that_never_reaches_its_precision_has_a_dash() -> None:
    row = parts.coverage_row("0.95", metrics()["unseen"]["coverage"]["as written"]["all"]["0.95"])
    assert row[0] == "0.95"
    assert row[-1].endswith("% / -")


def test_the_benchmark_is_shown_named_and_unnamed() -> None:
    found = metrics()["benchmark"]
    text = "\n".join(parts.benchmark(found))
    assert f"**{found['average_f1']:.3f} (" in text
    assert f"| unnamed | {found['average_f1_unnamed']:.3f} (" in text


def test_heads_say_on_how_many_texts() -> None:
    assert "on 12 changes" in "\n".join(parts.pr_types(metrics()["pr_type"]))
    assert "| strudel | 6 | 3 |" in "\n".join(parts.tones(metrics()["tone"]))


def test_tone_that_is_less_right_than_asked_for_is_marked() -> None:
    row = {"threshold": 0.75, "recall": 0.5, "f1": 0.45, "interval": (0.4, 0.5)}
    at = {
        "more likely than not": {**row, "precision": 0.3},
        "target precision 0.90": {**row, "precision": 0.384},
        "target precision 0.30": {**row, "precision": 0.384},
    }
    found = {"strudel": {"n": 9, "uncivil": 3, "average_precision": 0.5, "at": at}}
    cells = [line.split(" | ")[6] for line in "\n".join(parts.tones(found)).splitlines()[3:]]
    assert cells[-3:] == ["0.300", "0.384, **less than asked for**", "0.384"]


def test_duplicates_are_shown_for_each_way_of_finding_and_asking() -> None:
    row = {"n": 66, "recall@5": 0.7, "interval@5": (0.6, 0.8), "recall@10": None, "interval@10": (0.0, 1.0)}
    found = {
        "Hadoop": {
            "issues": 2503,
            "pairs": 66,
            "older": {"lexical": row, "both": row},
            "all": {"lexical": row},
        }
    }
    lines = parts.duplicates(found).splitlines()[2:]
    assert lines[0] == "| Hadoop | 2,503 | older | words | 66 | 0.700 (0.600 to 0.800) | - |"
    assert [line.split(" | ")[2:4] for line in lines] == [
        ["older", "words"],
        ["older", "both"],
        ["all", "words"],
    ]


def test_costs_say_on_what_machine_and_how_busy_it_was() -> None:
    text = "\n".join(parts.serving(SERVING))
    assert "| one issue, one thread, median | 9.2 ms |" in text
    assert "200 issues of nlbse24_test, as written, on CPU (abacus), 2 cores. 1.3 other processes" in text


def test_memory_that_the_system_does_not_tell_is_not_made_up() -> None:
    text = "\n".join(parts.serving(SERVING | {"peak_mb": None, "busy_cores_before": None}))
    assert "| not measured on this system |" in text
    assert "other processes" not in text


@pytest.mark.parametrize(("joules", "said"), [(None, "not measured"), (1.8e6, "0.500 kWh")])
def test_energy_is_said_only_where_it_was_measured(joules: float | None, said: str) -> None:
    phase = {
        "step": 1_000,
        "seconds": 5_400,
        "tokens_per_second": 1_500,
        "share_of_peak": 0.31,
        "joules": joules,
    }
    text = "\n".join(parts.training({"hardware": "CPU (abacus)", "phases": {"tasks": phase}}))
    assert f"| tasks | 1,000 | 1.50 | 1,500 | 31.0% | {said} |" in text


def test_training_that_noted_nothing_is_no_error() -> None:
    assert list(parts.training({})) == ["Hardware: not noted; precision: not noted."]


def test_compression_shows_what_each_step_saved_and_cost() -> None:
    text = "\n".join(parts.compression(COMPRESSION))
    assert "(400 issue type, 200 tone)" in text
    assert "| ONNX, int8 | 23.5 | 8.1 | issue type 0.700, tone 0.600 | 1.5% | 0.080 | 0.9991 |" in text

"""What to expect, and what fails: with the numbers that were measured, nothing where there are none."""

from typing import Any

from model.reporting.short import failures, in_short
from tests.model.measured import metrics

CLASSES = {
    "bug": {"f1": 0.98, "n": 86},
    "question": {"f1": 0.098, "n": 57},
    "documentation": {"f1": 0.41, "n": 25},
}
SCORE = {"macro_f1": 0.84, "interval": (0.7, 0.9), "classes": CLASSES}
COVERED = {"n": 226, "labelled": 206, "coverage": 0.91, "precision": 0.694}


def unseen(precision: float = 0.694) -> dict[str, Any]:
    return {
        "variants": {
            "as written": {"all": {"core": SCORE, "all": {**SCORE, "classes": {}}}, "Chinese": {"all": SCORE}}
        },
        "coverage": {
            "as written": {
                "all": {"0.90": {**COVERED, "precision": 0.925}},
                "Chinese": {"0.90": {**COVERED, "precision": precision}},
            }
        },
    }


def tone(precision: float) -> dict[str, Any]:
    rows = {"more likely than not": {"f1": 0.437, "precision": 0.3}}
    return {"strudel": {"at": rows | {"target precision 0.90": {"f1": 0.4, "precision": precision}}}}


def test_five_lines_say_what_was_measured() -> None:
    serving = {"size_mb": 26.9, "median_ms": 24.4}
    duplicates = {
        "Hadoop": {"older": {"both": {"recall@5": 0.849}}},
        "words only": {"older": {"lexical": {}}},
    }
    bench = {"average_f1": 0.824, "interval": (0.804, 0.842)}
    found = {
        "unseen": unseen(), "tone": tone(0.9), "serving": serving, "duplicates": duplicates,
        "pr_type": {"core": {"macro_f1": 0.605}}, "benchmark": bench,
    }  # fmt: skip
    issues, benchmark, others, worst, cost = in_short(found)
    assert "is 0.840 (0.700 to 0.900); asked for a precision of 0.90, it labels 91.0% of" in issues
    assert "92.5% of these labels are right" in issues
    assert "0.824 (0.804 to 0.842)" in benchmark
    assert others == (
        "Beside issues: types of changes, macro F1 0.605; uncivil comments of strudel, F1 0.437;"
        " duplicates among the first five suggestions, 0.85 (Hadoop)."
    )
    assert worst == "At its worst: Chinese, question: F1 0.098 (n = 57). More of this under Limits."
    assert cost == "It takes 27 MB, and 24 ms for an issue on one CPU thread."


def test_what_was_not_measured_has_no_line() -> None:
    assert list(in_short({})) == []
    assert list(failures({})) == []
    assert list(in_short({"unseen": None, "benchmark": None, "tone": None, "duplicates": None})) == []


def test_types_that_are_hardly_found_are_named_the_weakest_first() -> None:
    first, *_ = failures({"unseen": unseen()})
    assert first == (
        "In repositories it never saw, do not rely on: Chinese, question: F1 0.098 (n = 57);"
        " Chinese, documentation: F1 0.410 (n = 25)."
    )


def test_a_group_where_fewer_were_right_than_asked_for_is_named() -> None:
    said = (
        "Of Chinese issues that it labelled when asked for a precision of 0.90, 69.4% were right (n = 206)."
    )
    assert said in failures({"unseen": unseen()})
    assert said not in failures({"unseen": unseen(0.9)})


def test_so_are_comments() -> None:
    (line,) = failures({"tone": tone(0.384)})
    assert line == (
        "Of comments of strudel that it marked as uncivil when asked for a precision of 0.90, 38.4% were."
    )
    assert list(failures({"tone": tone(0.9)})) == []


def test_it_reads_what_measuring_gives() -> None:
    assert len(list(in_short(metrics()))) >= 3
    assert all(line.endswith(".") for line in failures(metrics()))

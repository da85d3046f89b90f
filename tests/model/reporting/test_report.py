"""The report: it says what fails first, and renders whatever part is missing."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from model.reporting.report import render_report, write_report
from tests.model.measured import metrics

PARTS = ("unseen", "benchmark", "pr_type", "tone", "duplicates", "serving", "training", "compression")


def test_what_to_expect_and_what_fails_come_first() -> None:
    text = render_report(metrics())
    assert text.startswith("# How far to trust made-up-1\n")
    row = metrics()["unseen"]["coverage"]["as written"]["all"]["0.90"]
    assert f"| all | 80 | {row['coverage']:.1%} | {row['precision']:.1%} (" in text
    assert text.index("## In short") < text.index("### What fails first") < text.index("## Issue types in")


def test_the_most_frequent_mistake_is_named_first() -> None:
    unseen = metrics()["unseen"] | {"confusion": [[9, 1, 0, 0], [0, 9, 0, 0], [6, 0, 4, 0], [0, 0, 0, 9]]}
    text = render_report({**metrics(), "unseen": unseen})
    assert "| question | bug | 6 | 60.0% |\n| bug | feature | 1 | 10.0% |\n\n" in text


def test_a_precision_below_its_target_is_said_to_be_so() -> None:
    row = metrics()["unseen"]["coverage"]["as written"]["all"]["0.90"]

    def reported(precision: float) -> bool:
        covered = {"as written": {"all": {"0.90": row | {"precision": precision}}}}
        unseen = metrics()["unseen"] | {"coverage": covered}
        return "**less than asked for**" in render_report({**metrics(), "unseen": unseen})

    assert reported(0.89)
    assert not reported(0.9)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_missing_is_named_with_the_reason(part: str) -> None:
    found = {name: value for name, value in metrics().items() if name != part}
    found["not_measured"] = {part: "it rained"}
    assert "Not measured: it rained." in render_report(found)


def test_nothing_measured_is_still_a_report() -> None:
    text = render_report({"version": "made-up-1", "not_measured": {}})
    assert text.count("Not measured: no reason is given.") == len(PARTS)
    assert "In short" not in text


def test_pictures_are_shown_with_words_for_who_cannot_see_them() -> None:
    assert "![What it is worth](pictures/a.png)" in render_report(
        metrics(), {"pictures/a.png": "What it is worth"}
    )


def test_the_report_is_written_with_its_pictures_where_they_can_be_drawn(tmp_path: Path) -> None:
    file = write_report(metrics(), tmp_path / "run")
    shown = {f"pictures/{path.name}" for path in (tmp_path / "run").glob("pictures/*")}
    assert len(shown) == (4 if find_spec("matplotlib") else 0)
    text = file.read_text(encoding="utf-8")
    assert all(f"]({name})" in text for name in shown)

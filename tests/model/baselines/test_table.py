"""The comparison as people read it."""

from dataclasses import replace

from model.baselines.measure import Costs
from model.baselines.registry import SHIPPED, YARDSTICK
from model.baselines.scores import Estimate, Row, Scores
from model.baselines.table import render

SCORES = Scores(
    average_f1=0.7512,
    interval=(0.73, 0.77),
    spread=0.004,
    plain_f1=0.74,
    types={"bug": 0.8, "feature": 0.75, "question": 0.7},
    repositories={"octo/one": 0.7, "octo/two": 0.8},
    unseen=Estimate(0.6, (0.5, 0.7)),
    unseen_untagged=Estimate(0.55, (0.5, 0.6)),
    unseen_chinese=Estimate(0.5, ()),
)
COSTS = Costs(train_seconds=1234.5, size_mb=7.123, median_ms=0.05, p95_ms=1.2, peak_mb=512.4)
ROWS = [
    Row("one", "one", "", 3, SCORES, COSTS),
    Row("fasttext", "fastText", "not installed: fasttext"),
]


def cells(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_each_row_shows_its_scores() -> None:
    text = render(ROWS[:1])
    assert cells(text)[2] == [
        "one", "0.751 (0.730 to 0.770)", "± 0.004 (3)", "0.740",
        "0.800", "0.750", "0.700",
    ]  # fmt: skip
    assert ["one", "0.700", "0.800"] in cells(text)
    assert ["one", "0.600 (0.505 to 0.695)", "0.550 (0.502 to 0.598)", "0.500"] in cells(text)
    assert ["one", "7.12", "0.05", "1.20", "512", "1,234"] in cells(text)


def test_what_was_not_measured_says_why() -> None:
    rows = cells(render(ROWS[1:]))
    assert rows[2][:2] == ["fastText", "not installed: fasttext"]


def test_the_shipped_one_is_compared_with_the_yardstick_in_pairs() -> None:
    worse = replace(SCORES, unseen=Estimate(0.59, (0.51, 0.68)), unseen_untagged=Estimate(0.56, (0.5, 0.64)))
    rows = [Row(YARDSTICK, "words", "", 1, worse, COSTS), Row(SHIPPED, "ours", "", 1, SCORES, COSTS)]
    assert (
        '"ours" less "words", in pairs on the same repositories drawn: '
        "+0.010 (-0.009 to +0.019); without tags -0.010 (-0.039 to -0.001)."
    ) in " ".join(render(rows).split())
    assert "in pairs" not in render(rows[1:])


def test_without_repositories_held_out_there_is_no_table_of_them() -> None:
    bare = replace(SCORES, unseen=None, unseen_untagged=None, unseen_chinese=None)
    assert "held out" not in render([Row(SHIPPED, "ours", "", 1, bare, COSTS)])


def test_the_caption_says_what_the_table_is_not_for() -> None:
    assert "none may be chosen by it" in " ".join(render(ROWS).split())


def test_columns_are_aligned() -> None:
    text = render(ROWS)
    for table in text.split("\n\n"):
        widths = {len(line) for line in table.splitlines() if line.startswith("|")}
        assert len(widths) <= 1

"""Charts: valid, told in words, inside their frame whatever they show, and harmless."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from markupsafe import Markup

from bot.reports import charts
from bot.reports.charts import Curve, Stretch
from tests.reports.examples import NASTY

Draw = Callable[..., Markup]
NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
MARKS = (("1 h", 3_600), ("1 day", 86_400), ("1 week", 604_800))

each_kind = pytest.mark.parametrize("draw", [charts.lines, charts.bars])


def places(chart: Markup) -> list[tuple[float, float]]:
    """Every point of a chart: ends of lines, and corners of bars."""
    found = []
    for node in ET.fromstring(chart).iter():
        tag, here = node.tag.rpartition("}")[2], {k: v for k, v in node.attrib.items() if k != "class"}
        if tag == "rect":
            x, y, wide, tall = (float(here[name]) for name in ("x", "y", "width", "height"))
            found += [(x, y), (x + wide, y + tall)]
        elif tag in {"line", "text"}:
            found += [(float(here[f"x{n}"]), float(here[f"y{n}"])) for n in ("", "1", "2") if f"x{n}" in here]
        elif tag == "polyline":
            numbers = [float(number) for number in NUMBERS.findall(here["points"])]
            found += list(zip(numbers[::2], numbers[1::2], strict=True))
    return found


@each_kind
@pytest.mark.parametrize("size", [0, 1, 2, 3, 26, 150, 1_000])
@pytest.mark.parametrize("most", [0, 1, 7, 12_345_678])
def test_nothing_leaves_the_frame(draw: Draw, size: int, most: int) -> None:
    names = [f"Jan {n}" for n in range(size)]
    values = [most * n / max(1, size - 1) for n in range(size)]
    chart = draw("x", "Issues", names, [Curve("opened", values), Curve("closed", values[::-1])])
    assert [
        (x, y) for x, y in places(chart) if not (-0.1 <= x <= charts.WIDTH + 0.1 and 0 <= y <= charts.HEIGHT)
    ] == []
    assert "nan" not in chart
    assert "inf" not in chart


@each_kind
def test_a_place_that_is_not_over_is_shaded_behind_the_rest(draw: Draw) -> None:
    months, curve = ["Jan 2026", "Feb 2026"], Curve("opened", [3, 14])
    root = ET.fromstring(draw("x", "Issues", months, [curve], is_under_way=True))
    shade, *others = root[2:]
    assert shade.get("class") == "so-far"
    assert float(shade.attrib["x"]) + float(shade.attrib["width"]) == charts.WIDTH - charts.RIGHT
    assert "so-far" not in {each.get("class") for each in others}
    assert "so-far" not in draw("x", "Issues", months, [curve])
    assert "so-far" not in draw("x", "Issues", [], [], is_under_way=True)


@each_kind
def test_a_chart_has_a_title_and_says_what_it_shows(draw: Draw) -> None:
    root = ET.fromstring(draw("x", "Issues by month", ["Jan 2026", "Feb 2026"], [Curve("opened", [3, 14])]))
    title, words = root[0], root[1]
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "x-title x-words")
    assert (title.get("id"), title.text) == ("x-title", "Issues by month")
    assert words.text == "opened: 3 in Jan 2026, 14 in Feb 2026, at most 14 in Feb 2026."


@each_kind
@pytest.mark.parametrize(
    ("size", "named"),
    [(1, [0]), (5, [4, 3, 2, 1, 0]), (24, [23, 17, 11, 5]), (26, [25, 17, 9, 1]), (150, [149, 101, 53, 5])],
)
def test_the_names_below_stand_evenly_and_end_with_the_last(draw: Draw, size: int, named: list[int]) -> None:
    names = [f"m{n}" for n in range(size)]
    texts = [node.text for node in ET.fromstring(draw("x", "Issues", names, [Curve("opened", [1] * size)]))]
    assert [text for text in texts if text in names] == [f"m{n}" for n in named]


@each_kind
def test_what_is_not_over_is_told_so(draw: Draw) -> None:
    months, curve = ["Jan 2026", "Feb 2026"], Curve("opened", [3, 14])
    words = ET.fromstring(draw("x", "Issues", months, [curve], is_under_way=True))[1].text
    assert words == "opened: 3 in Jan 2026, 14 in Feb 2026, so far, at most 14 in Feb 2026, so far."


@each_kind
def test_a_chart_of_nothing_says_so(draw: Draw) -> None:
    assert "There is nothing to show yet." in draw("x", "Issues", [], [])
    assert "There is nothing to show yet." in draw("x", "Issues", [], [Curve("opened", [])])


def test_titles_and_names_are_text() -> None:
    for chart in (
        charts.lines("x", NASTY, [NASTY, NASTY], [Curve(NASTY, [1, 2])]),
        charts.bars("x", NASTY, [NASTY], [Curve(NASTY, [1])]),
        charts.stretches("x", NASTY, [Stretch(NASTY, None, None, NASTY)], MARKS, NASTY),
    ):
        assert {node.tag.rpartition("}")[2] for node in ET.fromstring(chart).iter()} <= {
            "svg",
            "title",
            "desc",
            "line",
            "text",
            "path",
            "polyline",
            "rect",
        }
        assert "<script" not in chart
        assert "style=" not in chart  # which the pages forbid


@pytest.mark.parametrize("rows", [0, 1, 8])
@pytest.mark.parametrize(("median", "p90"), [(0, 0), (1, 10**9), (86_400, 86_400), (None, None)])
def test_times_stay_in_the_frame(rows: int, median: float | None, p90: float | None) -> None:
    chart = charts.stretches("x", "Time", [Stretch("Q1 2026", median, p90, "3 done")] * rows, MARKS, "words")
    _, _, wide, tall = (float(each) for each in ET.fromstring(chart).attrib["viewBox"].split())
    assert [(x, y) for x, y in places(chart) if not (0 <= x <= wide and 0 <= y <= tall)] == []
    assert ("3 done" in chart) == (rows > 0 and median is None)


@pytest.mark.parametrize("most", [0, 1, 4, 5, 9, 11, 24, 99, 100, 101, 3_999, 10**7])
def test_the_axis_ends_at_a_round_number_that_is_large_enough(most: int) -> None:
    top = charts.nice(most)
    assert most <= top <= max(4, 2 * most)
    assert top % charts.TICKS == 0


def test_large_numbers_are_short() -> None:
    assert [charts.short(value) for value in (0, 950, 1_200, 45_000, 3e6, 2e9)] == [
        "0",
        "950",
        "1.2k",
        "45k",
        "3M",
        "2G",
    ]

"""The lines of the table of repositories: what stands in them, and their order."""

from dataclasses import replace

import pytest

from bot.health.rollup import Line
from bot.reports.rollup_lines import COLUMNS, in_order, quiet, shown
from bot.reports.words import NOTHING
from tests.health.examples import at, event, issue, pull
from tests.health.rollups import reported, rolled
from tests.reports.rollups import three


def cells(line: Line) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {cell.head: (cell.now, cell.beside) for cell in shown(line).cells}


def test_each_figure_has_its_cases_and_what_it_was_before() -> None:
    engine, _quiet, widgets = three().rollup.lines
    found = cells(widgets)
    assert found["Waiting"] == (("2",), ())
    assert found["Open"] == (("3 issues", "0 PRs"), ("before: 0, 0",))
    assert found["First response"] == (("5 h",), ("n 1, 2 without one",))
    assert found["In time"] == (("1 of 3",), ("n 3",))
    assert found["Half the merges"] == ((NOTHING,), ())
    assert found["Last release"] == ((NOTHING,), ())
    found = cells(engine)
    assert found["Opened"] == (("0 issues", "1 PR"), ("before: 1, 0",))
    assert found["Merged"] == (("1",), ("before: 0",))
    assert found["Half the merges"] == (("by 1 person",), ("n 1",))


def test_a_percentile_stands_where_there_are_five() -> None:
    threads = [issue(n, "2026-03-02", event("2026-03-02 05:00", "commented")) for n in range(1, 6)]
    earlier = [issue(n, "2026-02-02", event("2026-02-02 07:00", "commented")) for n in range(6, 12)]
    (line,) = rolled({"one": reported(*threads, *earlier)}).lines
    assert cells(line)["First response"] == (("5 h",), ("n 5", "before: 7 h (n 6)"))


def test_a_history_that_ended_is_said_to_have() -> None:
    line = replace(three().rollup.lines[0], known_until=at("2026-02-03"))
    assert shown(line).note == "known until 3 February 2026"
    assert quiet(line) == "0 issues and 0 PRs open, known until 3 February 2026"


def names(by: str) -> list[str]:
    reports = {
        "b": reported(issue(1, "2026-03-02"), issue(2, "2026-03-03", author=2)),
        "A": reported(pull(1, "2026-03-02", event("2026-03-04", "merged"))),
        "c": reported(issue(1, "2026-03-02")),
    }
    return [line.repository.partition("/")[2] for line in in_order(rolled(reports).lines, by)]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("", "bcA"),  # who waits for most comes first
        ("waiting", "bcA"),
        ("-waiting", "Acb"),
        ("name", "Abc"),
        ("-name", "cbA"),
        ("opened", "bAc"),
        ("merged", "Abc"),
        ("absence", "Abc"),  # nothing was merged in b and c: they come last,
        ("-absence", "Abc"),  # either way
        ("no such column", "bcA"),
    ],
)
def test_the_order_is_as_asked_for(by: str, expected: str) -> None:
    assert "".join(names(by)) == expected


@pytest.mark.parametrize("by", ["", "opened", "-opened", "merged"])
def test_those_that_are_left_out_come_last(by: str) -> None:
    ended = Line("acme/a", {}, {}, None, at("2026-01-02"))
    assert in_order([ended, *three().rollup.lines], by)[-1] == ended


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
def test_every_column_sorts_and_shows_every_repository(column: object) -> None:
    key = column.key  # type: ignore[attr-defined]
    assert sorted(names(key)) == sorted(names(f"-{key}")) == ["A", "b", "c"]

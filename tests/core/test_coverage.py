from decimal import Decimal

import pytest

from bot.core.coverage import Coverage, coverage_of, worst
from bot.core.pulls import Check
from tests.patience import must_end


@pytest.mark.parametrize(
    ("description", "change", "total"),
    [
        # Codecov
        ("87.5% (-0.4%) compared to 559fe9e", "-0.4", "87.5"),
        ("90.50% (-8.45%) compared to 6ba06df", "-8.45", "90.50"),
        ("57.42% (+<.01%) compared to 559fe9e", "0.01", "57.42"),
        ("57.42% (-<.01%) compared to 559fe9e", "-0.01", "57.42"),
        ("85.65% (+0.20%) compared to 559fe9e", "0.20", "85.65"),
        ("100% remains the same compared to 29320f9", "0", "100"),
        ("Absolute coverage decreased by -2% but relative (-0.3%) compared to 29320f9", "-0.3", "2"),
        # Coveralls
        ("Coverage decreased (-0.1%) to 87.5%", "-0.1", "87.5"),
        ("Coverage increased (+0.2%) to 88.0%", "0.2", "88.0"),
        ("Coverage remained the same at 87.5%", "0", "87.5"),
        # others
        ("unchanged", "0", None),
        ("(\u22121.5 %)", "-1.5", None),
    ],
)
def test_what_services_say(description: str, change: str, total: str | None) -> None:
    expected = Coverage("codecov/project", Decimal(change), Decimal(total) if total else None)
    assert coverage_of(Check("codecov/project", "success", description=description)) == expected


@pytest.mark.parametrize(
    "name", ["codecov/project/unit", "coverage/coveralls", "coverage", "Coveralls - py3", "Python coverage"]
)
def test_the_names_of_services(name: str) -> None:
    assert coverage_of(Check(name, "success", description="9% (-1%)")) is not None


@pytest.mark.parametrize("name", ["codecov/patch", "codecov/patch/unit", "tests", "discoverage", ""])
def test_other_checks_are_not_read(name: str) -> None:
    assert coverage_of(Check(name, "success", description="9% (-1%)")) is None


@pytest.mark.parametrize(
    "description",
    [
        "",
        "85.65% (target 87%)",
        "No report found to compare against",
        "First build at 90.0%",
        "CI failed",
        "(-x%)",
    ],
)
def test_lines_that_tell_of_no_change(description: str) -> None:
    assert coverage_of(Check("codecov/project", "success", description=description)) is None


def test_of_several_the_worst_counts() -> None:
    lines = {"codecov/project/a": "9% (-1%)", "codecov/project/b": "9% (-2%)", "codecov/patch": "9% (-3%)"}
    found = worst(Check(name, "success", description=line) for name, line in lines.items())
    assert found == Coverage("codecov/project/b", Decimal(-2), Decimal(9))
    assert worst([]) is None


@must_end
def test_a_hostile_line_is_read() -> None:
    for line in ("(- " * 100_000 + "1" * 100_000, "(" + " " * 100_000):
        assert coverage_of(Check("codecov", "success", description=line)) is None

from typing import Any

import pytest

from bot.core.findings import Finding
from bot.core.phrases import Phrase
from bot.core.pulls import ChangedFile, Check, Checks, PullRequest
from bot.core.sheet.points import SheetRow, six_points
from tests.core.sheet.examples import binary, diff, new

PERFORMANCE = SheetRow("performance", "Performance", "unknown", Phrase("no hot paths are configured"))
CODE = new("a.py", "x", "y")


def points(
    *checks: Check, files: tuple[ChangedFile, ...] = (CODE,), findings: tuple[Finding, ...] = (), **pull: Any
) -> dict[str, tuple[str, str]]:
    """Mark and text of each point."""
    rows = six_points(PullRequest(1, **pull), diff(*files), Checks(checks), findings, PERFORMANCE)
    return {row.point: (row.mark, row.text.plain()) for row in rows}


def test_the_six_points_in_their_order() -> None:
    assert list(points()) == ["style", "quality", "function", "coverage", "performance", "security"]
    assert points()["performance"] == ("unknown", "no hot paths are configured")


@pytest.mark.parametrize(
    "name",
    [
        "ruff",
        "Lint / black (3.12)",
        "pre-commit.ci - pr",
        "eslint",
        "build / clippy",
        "gofmt",
        "Code style",
        "format",
    ],
)
def test_checks_of_style_are_known_by_name(name: str) -> None:
    assert points(Check(name, "success"))["style"] == ("good", f"passed: `{name}`")
    assert points(Check(name, "failure"))["style"] == ("look", f"failed: `{name}`")
    assert points(Check(name))["style"] == ("wait", f"under way: `{name}`")


@pytest.mark.parametrize("name", ["tests", "information", "splinter", "build", "blackbox"])
def test_other_checks_are_not(name: str) -> None:
    assert points(Check(name, "failure"))["style"] == (
        "unknown",
        "no formatter or linter is among the checks",
    )
    assert points(Check(name, "failure"))["function"][0] == "look"


@pytest.mark.parametrize(
    ("body", "is_linked"),
    [
        ("Closes #12", True),
        ("fixes: acme/widgets#12", True),
        ("Resolves https://github.com/acme/widgets/issues/12", True),
        ("see #12", False),
        ("<!-- closes #12 -->", False),
        ("prefixes #12", False),
    ],
)
def test_a_linked_issue(body: str, is_linked: bool) -> None:
    said = "an issue is linked" if is_linked else "no issue is linked"
    assert points(Check("tests", "success"), body=body)["function"] == ("good", f"{said}; passed: `tests`")


def test_coverage_is_said_in_its_own_words() -> None:
    status = Check("codecov/patch", "success", description="87.5% (+0.2%)")
    assert points(status)["coverage"] == ("good", "passed: `codecov/patch`: 87.5% (+0.2%)")
    assert points()["coverage"] == ("unknown", "no coverage is reported")


def test_what_stands_out_is_named() -> None:
    note = Finding("to_do_marks", "quality", "notice", "a.py", 1, "Left for later", Phrase("x"))
    token = Finding("tokens", "security", "failure", "a.py", 1, "Access token", Phrase("x"))
    seen = points(findings=(token, token, note))
    assert seen["security"] == ("look", "to look at: `Access token`")
    assert seen["quality"][0] == "good"  # notes alone
    assert seen["quality"][1].endswith("to look at: `Left for later`")


def test_the_size_leaves_out_what_machines_wrote() -> None:
    files = (CODE, new("package-lock.json", "x", additions=9_000))
    assert points(files=files)["quality"] == (
        "good",
        "2 changed lines in 1 file, without generated ones; nothing left behind in the added lines",
    )


def test_without_lines_nothing_can_be_known() -> None:
    assert points(files=(binary("a.png"),))["security"] == ("unknown", "no added lines to look at")


def test_names_of_checks_are_values_and_no_text() -> None:
    (style, *_rest) = six_points(
        PullRequest(1), diff(), Checks((Check("lint {x} `@team`", "failure"),)), (), PERFORMANCE
    )
    assert style.text.text == "failed: `{n0}`"
    assert style.text.plain() == "failed: `lint {x} `@team``"


def test_each_line_begins_in_small_and_ends_without_a_stop() -> None:
    for rows in (
        points(),
        points(files=()),
        points(Check("ruff", "failure"), Check("build"), Check("codecov", "success", description="87%")),
        points(body="Closes #7"),
    ):
        for _mark, text in rows.values():
            assert not text[0].isupper(), text
            assert not text.endswith("."), text

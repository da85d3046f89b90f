from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.events import PullRequestUpdated
from bot.core.facts import Facts, Now
from bot.core.flow import Item, Stage, Status
from bot.core.pulls import ChangedFile, ChangedFiles, Check, Checks, ChecksExpected, PullRequest
from bot.rules.testing import EvidenceConfig, testing
from tests.rules.examples import BOT, NEWCOMER, pull

Seen = tuple[Status, str, str]
NOON = datetime(2025, 6, 9, 12, tzinfo=UTC)
NONE, MISSING, DONE, WAITS = Status.NOT_APPLICABLE, Status.MISSING, Status.DONE, Status.WAITING


def decide(
    files: list[ChangedFile] | None = None,
    checks: list[Check] | None = None,
    config: dict[str, Any] | None = None,
    is_complete: bool = True,
    expected: ChecksExpected = ChecksExpected(),  # noqa: B008 - immutable
    **changes: Any,
) -> dict[str, Seen]:
    """What is reported, by the item's key."""
    request = PullRequest(**{"number": 15, "author": NEWCOMER, "head_sha": "one", **changes})
    reported = Checks(tuple(checks or ()), "one")
    facts = Facts([request, ChangedFiles(tuple(files or ()), is_complete), reported, expected, Now(NOON)])
    event = PullRequestUpdated(NEWCOMER, pull(), what="look")
    items: list[Any] = list(testing.decide(event, EvidenceConfig(**(config or {})), facts))
    assert all(isinstance(item, Item) and item.stage == Stage.TESTS for item in items)
    required = (config or {}).get("required", True)
    assert all(item.needed is (required or item.key != "tests") for item in items)
    return {item.key: (item.status, item.text.plain(), item.who) for item in items}


def changed(*paths: str, **changes: Any) -> list[ChangedFile]:
    return [
        ChangedFile(path, **{"additions": 3, "patch": "@@ -1 +1,2 @@\n a\n+b = 1", **changes})
        for path in paths
    ]


def evidence(*paths: str, config: dict[str, Any] | None = None, **pull: Any) -> Seen:
    return decide(changed(*paths), config=config, **pull)["tests"]


# Tests


def test_source_without_tests() -> None:
    expected = (
        "`src/editor.py` changed, no test did. Add or change one;"
        " a maintainer can waive it with `/skip tests <reason>`"
    )
    assert evidence("src/editor.py", "README.md") == (MISSING, expected, "author")
    assert evidence("src/editor.py", author=BOT) == (MISSING, expected, "maintainers")


def test_where_tests_are_not_required_their_absence_is_shown_all_the_same() -> None:
    assert evidence("src/editor.py", config={"required": False})[0] == MISSING


def test_a_long_list_is_cut() -> None:
    text = evidence("a.py", "b.py", "c.py", "d.py", "e.py")[1]
    assert text.startswith("`a.py`, `b.py`, `c.py` and 2 more changed, no test did.")


@pytest.mark.parametrize(
    ("source", "test"),
    [
        ("src/editor.py", "tests/test_editor.py"),
        ("src/Button.tsx", "src/Button.test.tsx"),
        ("src/button.js", "src/__tests__/button.js"),
        ("pkg/server.go", "pkg/server_test.go"),
        ("src/lib.rs", "tests/lib.rs"),
        ("src/main/java/Foo.java", "src/test/java/FooTest.java"),
        ("base/strings.cc", "base/strings_unittest.cc"),
    ],
)
def test_source_with_tests(source: str, test: str) -> None:
    assert evidence(source)[0] == MISSING
    assert evidence(source, test) == (DONE, f"`{test}` changed", "author")
    assert evidence(test) == (DONE, f"`{test}` changed", "author")


def test_tests_within_the_source_count() -> None:
    patch = "@@ -9 +9,2 @@ mod tests {\n a\n+    #[test]"
    assert decide(changed("src/lib.rs", patch=patch))["tests"] == (DONE, "`src/lib.rs` changed", "author")


def test_a_test_that_is_removed_is_none() -> None:
    gone = ChangedFile("tests/test_a.py", "removed", deletions=9)
    assert decide([*changed("a.py"), gone])["tests"][0] == MISSING
    assert decide([gone])["tests"][:2] == (NONE, "no source changed")


@pytest.mark.parametrize(
    "paths",
    [
        ("README.md", "docs/guide.rst", "docs/conf.py"),
        ("pyproject.toml", ".github/workflows/ci.yml", "webpack.config.js"),
        ("examples/train.py",),
        (),
    ],
)
def test_docs_and_config_need_no_tests(paths: tuple[str, ...]) -> None:
    assert evidence(*paths) == (NONE, "no source changed", "author")


@pytest.mark.parametrize(
    "file",
    [
        ChangedFile("src/a.py", "removed", deletions=9),
        ChangedFile("src/a.py", deletions=9, patch="@@ -1 +0 @@\n-x = 1"),
        ChangedFile("src/b.py", "renamed", previous="src/a.py"),
        ChangedFile("src/a.py", additions=1, patch="@@ -1 +1 @@\n+# why"),
    ],
)
def test_what_only_removes_moves_or_explains_needs_no_tests(file: ChangedFile) -> None:
    assert decide([file])["tests"][:2] == (NONE, "source is only moved, removed or commented on")


@pytest.mark.parametrize("title", ['Revert "Add a cache"', "revert: feat: add a cache"])
def test_reverts_need_no_tests(title: str) -> None:
    assert evidence("a.py", title=title)[:2] == (NONE, "takes an earlier change back")


def test_a_patch_that_github_does_not_show_is_code() -> None:
    assert decide(changed("a.py", patch=None))["tests"][0] == MISSING


def test_files_that_github_does_not_list() -> None:
    assert decide(changed("a.md"), is_complete=False)["tests"][:2] == (
        NONE,
        "more files than GitHub lists: a person has to look",
    )
    assert decide(changed("a.py"), is_complete=False)["tests"][0] == MISSING


@pytest.mark.parametrize(
    ("config", "path", "status"),
    [
        ({"source": ["lib/**"]}, "src/a.py", NONE),
        ({"source": ["lib/**"]}, "lib/a.sql", MISSING),
        ({"tests": ["checks/**"]}, "checks/a.py", DONE),
        ({"tests": ["checks/**"]}, "tests/test_a.py", NONE),
        ({"exempt": ["src/{cli,demo}/**"]}, "src/cli/a.py", NONE),
        ({"exempt": ["src/{cli,demo}/**"]}, "src/a.py", MISSING),
    ],
)
def test_the_config_may_know_better(config: dict[str, Any], path: str, status: Status) -> None:
    assert evidence(path, config=config)[0] == status


# Checks


def checks(*found: Check, config: dict[str, Any] | None = None, **pull: Any) -> Seen:
    return decide(checks=list(found), config={"checks": config or {}}, **pull)["checks"]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, (WAITS, "not reported yet on this commit", "checks")),
        (9, (WAITS, "not reported yet on this commit", "checks")),
        (10, (NONE, "no checks ran on this commit", "checks")),
    ],
)
def test_where_checks_are_known_of_they_are_waited_for_ten_minutes(minutes: int, expected: Seen) -> None:
    since = NOON - timedelta(minutes=minutes)
    assert decide(expected=ChecksExpected(is_so=True, since=since))["checks"] == expected
    assert decide(expected=ChecksExpected(is_so=False, since=since))["checks"][1] == "no checks run here"


def test_checks_that_do_not_count_do_not_tell_for_those_that_do() -> None:
    expected, ignored = ChecksExpected(is_so=True, since=NOON), {"checks": {"ignore": ["cla"]}}
    found = decide(checks=[Check("cla", "success")], config=ignored, expected=expected)
    assert found["checks"][:2] == (WAITS, "not reported yet on this commit")
    assert decide(checks=[PASSED], expected=expected)["checks"][0] == DONE


PASSED, FAILED, RUNS = Check("lint", "success"), Check("unit", "failure"), Check("build")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], (NONE, "no checks run here", "checks")),
        ([PASSED], (DONE, "1 check passed", "checks")),
        ([PASSED, Check("a", "neutral"), Check("b", "skipped")], (DONE, "3 checks passed", "checks")),
        ([PASSED, RUNS], (WAITS, "`build` under way", "checks")),
        (
            [PASSED, RUNS, FAILED, Check("e2e", "timed_out")],
            (
                MISSING,
                (
                    "`unit`, `e2e` failed: see why, mend it and push"
                    "; a maintainer can waive it with `/skip checks <reason>`"
                ),
                "author",
            ),
        ),
        (
            [PASSED, Check("deploy", "action_required")],
            (MISSING, "`deploy` may run once a maintainer allows it", "maintainers"),
        ),
    ],
)
def test_how_checks_stand(found: list[Check], expected: Seen) -> None:
    assert checks(*found) == expected


def test_failures_of_a_bots_change_are_for_maintainers() -> None:
    assert checks(FAILED, author=BOT)[2] == "maintainers"


def test_checks_that_do_not_count() -> None:
    assert checks(PASSED, FAILED, config={"ignore": ["un*"]}) == (DONE, "1 check passed", "checks")
    assert checks(FAILED, config={"ignore": ["unit"]})[0] == NONE


def test_only_required_checks_count_if_there_are_any() -> None:
    assert checks(PASSED, FAILED, RUNS, config={"required": ["lint"]}) == (DONE, "1 check passed", "checks")
    assert checks(PASSED, config={"required": ["lint", "unit*"]}) == (WAITS, "`unit*` under way", "checks")
    assert checks(FAILED, config={"required": ["lint", "unit*"]})[0] == MISSING


# Coverage


def coverage(
    description: str, name: str = "codecov/project", state: str = "success", **config: Any
) -> Seen | None:
    check = Check(name, state, description=description)
    return decide(checks=[check], config={"coverage": config}).get("coverage")


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("87.5% (-0.4%) compared to abc", (DONE, "fell by 0.4 points to 87.5%", "author")),
        ("87.5% (-1%) compared to abc", (DONE, "fell by 1 points to 87.5%", "author")),
        ("Coverage increased (+0.2%) to 88.0%", (DONE, "rose by 0.2 points to 88.0%", "author")),
        ("100% remains the same compared to abc", (DONE, "did not change: 100%", "author")),
        ("coverage (+3%)", (DONE, "rose by 3 points", "author")),
        (
            "86.5% (-1.40%) compared to abc",
            (
                MISSING,
                (
                    "fell by 1.40 points to 86.5%; at most 1 may be lost."
                    " Test what is new; a maintainer can waive it with `/skip coverage <reason>`"
                ),
                "author",
            ),
        ),
        ("85.65% (target 87%)", None),
    ],
)
def test_how_coverage_stands(description: str, expected: Seen | None) -> None:
    assert coverage(description) == expected


def test_how_far_coverage_may_fall() -> None:
    fell = coverage("87.5% (-0.1%)", max_drop=0)
    assert fell is not None
    assert fell[0] == MISSING
    assert coverage("87.5% (-0.1%)", max_drop=0.1) == (DONE, "fell by 0.1 points to 87.5%", "author")


def test_without_such_a_status_there_is_no_coverage_item() -> None:
    assert decide(checks=[PASSED]).keys() == {"tests", "checks"}
    assert coverage("87.5% (-9%)", name="codecov/patch") is None


def test_a_coverage_status_is_judged_by_its_own_item_alone() -> None:
    seen = decide(checks=[PASSED, Check("codecov/project", "failure", description="9% (-0.1%)")])
    assert seen["checks"] == (DONE, "1 check passed", "checks")
    assert checks(Check("coverage", "failure"))[0] == MISSING  # a job of that name, which tells no change


# All


@pytest.mark.parametrize("state", [{"is_open": False}, {"is_open": False, "is_merged": True}])
def test_closed_and_merged_pull_requests_are_left_alone(state: dict[str, Any]) -> None:
    assert decide(changed("a.py"), [FAILED], **state) == {}


@pytest.mark.parametrize(
    "config",
    [
        {"tests": [""]},
        {"source": ["x" * 300]},
        {"checks": {"ignored": []}},
        {"coverage": {"max_drop": -1}},
    ],
)
def test_settings_that_make_no_sense(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        EvidenceConfig(**config)

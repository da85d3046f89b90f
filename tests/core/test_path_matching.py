"""Match objects held against pull requests: the examples and rules of actions/labeler's documentation."""

from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from bot.core.match_objects import LabelRules
from bot.core.path_matching import Change, looks_at_files, match
from bot.core.pulls import ChangedFile, ChangedFiles, PullRequest


class Example(BaseModel):
    labels: LabelRules


def rule(text: str) -> Any:
    """The conditions of a label, as they stand in the config file."""
    return Example.model_validate({"labels": {"label": yaml.safe_load(text)}}).labels["label"]


def change(*paths: str, base: str = "main", head: str = "topic", is_complete: bool = True) -> Change:
    return Change(paths, base, head, is_complete)


def fits(text: str, *paths: str, **more: Any) -> bool:
    return match(rule(text), change(*paths, **more)) is not None


# The four modes


@pytest.mark.parametrize(
    ("mode", "globs", "expected"),
    [
        # against foo.txt and bar.txt
        ("any-glob-to-any-file", ["*.md", "foo.txt"], True),
        ("any-glob-to-any-file", ["*.md", "!*.txt"], False),
        ("all-globs-to-any-file", ["**/bar.txt", "bar.txt"], True),
        ("all-globs-to-any-file", ["*.txt", "*.md"], False),
        ("all-globs-to-any-file", ["foo.txt", "bar.txt"], False),
        ("any-glob-to-all-files", ["*.md", "*.txt"], True),
        ("any-glob-to-all-files", ["*.md", "bar.txt", "foo.txt"], False),
        ("all-globs-to-all-files", ["*.txt", "**"], True),
        ("all-globs-to-all-files", ["**", "foo.txt"], False),
        ("all-globs-to-all-files", ["!*.md", "*.txt"], True),
    ],
)
def test_modes(mode: str, globs: list[str], expected: bool) -> None:
    assert fits(f"- changed-files:\n  - {mode}: {globs}", "foo.txt", "bar.txt") is expected


@pytest.mark.parametrize(
    "mode",
    ["any-glob-to-any-file", "any-glob-to-all-files", "all-globs-to-any-file", "all-globs-to-all-files"],
)
def test_nothing_is_said_of_no_files(mode: str) -> None:
    assert not fits(f"- changed-files:\n  - {mode}: ['**', '!x']")


# The documented examples

ROOT = "- changed-files:\n  - any-glob-to-any-file: '*'"
ANY_CHANGE = "- changed-files:\n  - any-glob-to-any-file: '**'"
DOCS_TREE = "- changed-files:\n  - any-glob-to-any-file: docs/**"
DOCS_FOLDER = "- changed-files:\n  - any-glob-to-any-file: docs/*"
MARKDOWN = "- changed-files:\n  - any-glob-to-any-file: '**/*.md'"
SOURCE = """
- all:
  - changed-files:
    - any-glob-to-any-file: 'src/**/*'
    - all-globs-to-all-files: '!src/docs/*'
"""
FEATURE = "- head-branch: ['^feature', 'feature']"
RELEASE = "- base-branch: 'main'"


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        (ROOT, ["README.md"], ["docs/a.md"]),
        (ANY_CHANGE, [".github/x"], []),
        (DOCS_TREE, ["src/x", "docs/a/b"], ["src/x"]),
        (DOCS_FOLDER, ["docs/a"], ["docs/a/b"]),
        (MARKDOWN, ["a/b/c.md"], ["a.rst"]),
        (SOURCE, ["src/a.py", "x"], ["src/a.py", "src/docs/x"]),
        (SOURCE, ["src/docs/deep/x"], ["docs/x"]),
    ],
)
def test_documented_examples_for_files(text: str, yes: list[str], no: list[str]) -> None:
    assert fits(text, *yes)
    assert not fits(text, *no)


@pytest.mark.parametrize(
    ("text", "branches", "expected"),
    [
        (FEATURE, {"head": "feature/x"}, True),
        (FEATURE, {"head": "my-feature"}, True),
        (FEATURE, {"head": "fix", "base": "feature"}, False),
        (RELEASE, {"base": "main"}, True),
        (RELEASE, {"base": "maintenance"}, True),  # searched, not matched as a whole
        (RELEASE, {"base": "develop"}, False),
        ("- base-branch: '^main$'", {"base": "maintenance"}, False),
        ("- base-branch: '^(?!main$)'", {"base": "develop"}, True),
        ("- base-branch: '^(?!main$)'", {"base": "main"}, False),
        ("- head-branch: 'a|b$'", {"head": "xab"}, True),
        ("- head-branch: '^deps/'", {"head": ""}, False),
    ],
)
def test_branches_are_searched(text: str, branches: dict[str, str], expected: bool) -> None:
    assert fits(text, "x", **branches) is expected


# How conditions are combined

DOCS, TESTS = "{any-glob-to-any-file: 'docs/**'}", "{any-glob-to-any-file: 'tests/**'}"


@pytest.mark.parametrize(
    ("text", "paths", "head", "expected"),
    [
        # Without a group: any of them.
        (f"- changed-files: [{DOCS}]\n- head-branch: ^docs", ["docs/a"], "x", True),
        (f"- changed-files: [{DOCS}]\n- head-branch: ^docs", ["src/a"], "docs", True),
        (f"- changed-files: [{DOCS}]\n- head-branch: ^docs", ["src/a"], "x", False),
        (f"- changed-files: [{DOCS}]\n  head-branch: ^docs", ["src/a"], "docs", True),
        (f"- changed-files: [{DOCS}, {TESTS}]", ["tests/a"], "x", True),
        (f"- any:\n  - changed-files: [{DOCS}]", ["docs/a"], "x", True),
        # `all`: each of them, with each regular expression.
        (f"- all: [changed-files: [{DOCS}, {TESTS}]]", ["tests/a"], "x", False),
        (f"- all: [changed-files: [{DOCS}, {TESTS}]]", ["tests/a", "docs/a"], "x", True),
        (f"- all: [changed-files: [{DOCS}], head-branch: ^docs]", ["docs/a"], "x", False),
        (f"- all: [changed-files: [{DOCS}], head-branch: ^docs]", ["docs/a"], "docs", True),
        ("- all: [head-branch: [a, b]]", ["x"], "a", False),
        ("- all: [head-branch: [a, b]]", ["x"], "ab", True),
        ("- any: [head-branch: [a, b]]", ["x"], "a", True),
        # Groups: every one.
        (f"- any: [head-branch: ^t]\n- all: [changed-files: [{TESTS}]]", ["tests/a"], "t", True),
        (f"- any: [head-branch: ^t]\n- all: [changed-files: [{TESTS}]]", ["tests/a"], "x", False),
        (f"- any: [head-branch: ^t]\n- all: [changed-files: [{TESTS}]]", ["src/a"], "t", False),
        (f"- any: [head-branch: ^t]\n- any: [changed-files: [{TESTS}]]", ["src/a"], "t", False),
        # Conditions in no group join the first `any`, and `all` stays beside them.
        (f"- any: [head-branch: ^t]\n- changed-files: [{TESTS}]", ["tests/a"], "x", True),
        (f"- all: [head-branch: ^t]\n- changed-files: [{TESTS}]", ["tests/a"], "x", False),
        (f"- all: [head-branch: ^t]\n- changed-files: [{TESTS}]", ["tests/a"], "t", True),
        (f"- changed-files: [{TESTS}]\n- any: [head-branch: ^t]", ["tests/a"], "x", False),
    ],
)
def test_groups(text: str, paths: list[str], head: str, expected: bool) -> None:
    assert fits(text, *paths, head=head) is expected


# Until version 4


@pytest.mark.parametrize(
    ("text", "paths", "expected"),
    [
        ("docs/**", ["docs/a"], True),
        ("[docs/**, '*.md']", ["a.md"], True),
        ("[docs/**, '*.md']", ["src/a.md"], False),
        ("['./*']", ["README.md"], True),
        ("['./*']", ["src/a"], False),
        ("[package/core/*, package/core/**/*]", ["package/core/a/b"], True),
        # An object: `any` a path that all patterns match, `all` all paths, both where both are there.
        ("- any: ['src/**/*', '!src/docs/*']", ["src/docs/a", "src/a"], True),
        ("- any: ['src/**/*', '!src/docs/*']", ["src/docs/a", "x"], False),
        ("- any: ['src/**/*']\n  all: ['!src/docs/*']", ["src/a", "x"], True),
        ("- any: ['src/**/*']\n  all: ['!src/docs/*']", ["src/a", "src/docs/x"], False),
        ("- all: ['**/*.js', 'src/**']", ["src/a.js", "src/b.js"], True),
        ("- all: ['**/*.js', 'src/**']", ["src/a.js", "b.js"], False),
        # Several: one of them.
        ("- any: ['a/**']\n- any: ['b/**']", ["b/x"], True),
        ("- any: ['a/**']\n- 'b/**'", ["b/x"], True),
        ("- any: ['a/**']\n- all: ['b/**']", ["c/x"], False),
    ],
)
def test_the_older_form(text: str, paths: list[str], expected: bool) -> None:
    assert fits(text, *paths) is expected


# What is said, and of what


@pytest.mark.parametrize(
    ("text", "paths", "expected"),
    [
        (DOCS_TREE, ["src/x", "docs/b", "docs/a"], "`docs/b` matches `docs/**`"),
        (SOURCE, ["src/a", "x"], "`src/a` matches `src/**/*`"),
        (FEATURE, ["x"], "the head branch `my-feature` matches `feature`"),
        (RELEASE, ["x"], "the base branch `main` matches `main`"),
        ("- all: ['**/*.js', 'src/**']", ["src/a.js"], "`src/a.js` matches `**/*.js`"),
        ("- all: ['src/**']", ["src/a", "src/b"], "all 2 files match `src/**`, `src/a` for one"),
        ("docs/**", ["docs/a"], "`docs/a` matches `docs/**`"),
    ],
)
def test_the_first_thing_that_fits_is_named(text: str, paths: list[str], expected: str) -> None:
    assert match(rule(text), change(*paths, head="my-feature")) == expected


def test_files_that_github_does_not_list_are_allowed_for() -> None:
    listed = change("docs/a", is_complete=False)
    assert match(rule(DOCS_TREE), listed) == (
        "`docs/a` matches `docs/**` (of the first 3,000 files; GitHub lists no more)"
    )
    assert match(rule("- all: ['docs/**']"), listed) is None
    assert match(rule(SOURCE), change("src/a", is_complete=False)) is None


def test_a_moved_file_counts_where_it_is_now() -> None:
    moved = ChangedFile("lib/a.py", "renamed", previous="src/a.py")
    change = Change.of(PullRequest(1, base="dev", head="x"), ChangedFiles((moved,)))
    assert change == Change(("lib/a.py",), "dev", "x", is_complete=True)
    assert match(rule(SOURCE), change) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DOCS_TREE, True),
        (SOURCE, True),
        ("docs/**", True),
        (RELEASE, False),
        ("- any: [head-branch: x]\n- all: [base-branch: y]", False),
    ],
)
def test_what_depends_on_files(text: str, expected: bool) -> None:
    assert looks_at_files(rule(text)) is expected

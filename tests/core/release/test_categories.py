from typing import Any

import pytest

from bot.core.release.categories import Verdict, verdict
from tests.core.release.history import config, merged


def judged(categories: list[dict[str, Any]], pull: dict[str, Any], **settings: Any) -> Verdict:
    return verdict(merged(1, **pull), config(categories=categories, **settings))


def headings(categories: list[dict[str, Any]], pull: dict[str, Any]) -> list[str]:
    return [category.title for category in judged(categories, pull).headings]


FEATURES = {"title": "Features", "labels": ["feature", "enhancement"]}
FIXES = {"title": "Fixes", "when": {"label": "fix"}}
REST = {"title": "Rest"}


@pytest.mark.parametrize(
    ("categories", "labels", "under"),
    [
        ([FEATURES, FIXES], ["feature"], ["Features"]),
        ([FEATURES, FIXES], ["Enhancement"], ["Features"]),
        ([FEATURES, FIXES], ["fix", "feature"], ["Features", "Fixes"]),
        ([{**FEATURES, "exclusive": True}, FIXES], ["fix", "feature"], ["Features"]),
        ([FEATURES, FIXES], [], []),
        ([REST, FEATURES], [], ["Rest"]),
        ([REST, FEATURES], ["feature"], ["Features"]),
    ],
)
def test_labels_lead_to_headings(categories: list[Any], labels: list[str], under: list[str]) -> None:
    assert headings(categories, {"labels": tuple(labels)}) == under


@pytest.mark.parametrize(
    ("mode", "labels", "fits"),
    [
        ("any", "a", True),
        ("any", "c", False),
        ("all", "a", False),
        ("all", "abc", True),
        ("only", "a", True),
        ("only", "ac", False),
        ("only", "", False),
        ("exactly", "ab", True),
        ("exactly", "abc", False),
    ],
)
def test_labels_are_compared_as_the_mode_says(mode: str, labels: str, fits: bool) -> None:
    category = {"title": "T", "when": {"labels": ["a", "b"], "labels-mode": mode}}
    assert bool(headings([category], {"labels": tuple(labels)})) is fits


@pytest.mark.parametrize(
    ("patterns", "mode", "paths", "fits"),
    [
        (["src/**"], "any", ["src/a/b.py", "README.md"], True),
        (["src"], "any", ["src/a/b.py"], True),
        (["/src/"], "any", ["src/a.py"], True),
        (["src/"], "any", ["src"], False),
        (["*.md"], "any", ["docs/a.md"], True),
        (["docs/*.md"], "any", ["a/docs/b.md"], False),
        (["src/**"], "any", [], False),
        (["src/**", "docs/**"], "all", ["src/a", "x"], False),
        (["src/**", "docs/**"], "all", ["src/a", "docs/b", "x"], True),
        (["src/**", "docs/**"], "only", ["src/a"], True),
        (["src/**"], "only", ["src/a", "x"], False),
        (["src/**", "docs/**"], "exactly", ["src/a", "docs/b"], True),
        (["src/**", "docs/**"], "exactly", ["src/a"], False),
    ],
)
def test_paths_are_compared_as_the_mode_says(
    patterns: list[str], mode: str, paths: list[str], fits: bool
) -> None:
    category = {"title": "T", "when": {"paths": patterns, "paths-mode": mode}}
    assert bool(headings([category], {"paths": tuple(paths)})) is fits


@pytest.mark.parametrize(
    ("asked", "title", "fits"),
    [
        (True, "feat: x", True),
        (True, "A feature", False),
        ({"type": "feat"}, "feat(api): x", True),
        ({"types": ["feat", "fix"]}, "docs: x", False),
        ({"type": "feat", "scope": "api", "breaking": True}, "feat(api)!: x", True),
        ({"type": "feat", "scope": "api", "breaking": True}, "feat(api): x", False),
        ({"scopes": ["api"]}, "fix(ui): x", False),
        ({"breaking": False}, "fix!: x", False),
    ],
)
def test_titles_are_read_as_conventional_commits(asked: Any, title: str, fits: bool) -> None:
    assert bool(headings([{"title": "T", "when": {"conventional": asked}}], {"title": title})) is fits


def test_one_of_several_conditions_is_enough_and_each_holds_as_a_whole() -> None:
    when = [{"label": "bug"}, {"label": "old", "path": "src/**"}]
    category = {"title": "T", "when": when, "label": "short"}
    assert headings([category], {"labels": ("bug",)}) == ["T"]
    assert headings([category], {"labels": ("old",)}) == []
    assert headings([category], {"labels": ("old",), "paths": ("src/a",)}) == ["T"]
    assert headings([category], {"labels": ("short",)}) == ["T"]


@pytest.mark.parametrize(
    ("settings", "labels", "left_out"),
    [
        ({"exclude_labels": ["Skip"]}, ["skip"], "label skip"),
        ({"exclude_labels": ["skip"]}, ["bug"], ""),
        ({"include_labels": ["app"]}, ["bug"], "not among what is included"),
        ({"include_labels": ["app"]}, ["app"], ""),
        ({"include_labels": ["app"], "exclude_labels": ["skip"]}, ["app", "skip"], "label skip"),
        ({"categories": [{"type": "pre-exclude", "when": {"label": "skip"}}]}, ["skip"], "label skip"),
        ({"categories": [{"type": "pre-exclude"}]}, [], "among what is excluded"),
        (
            {"categories": [{"type": "pre-include", "when": {"label": "app"}}]},
            [],
            "not among what is included",
        ),
        ({"categories": [{"type": "pre-include"}]}, [], ""),
        ({"include_paths": ["lib"]}, [], "not among what is included"),
        ({"exclude_paths": ["src/**"]}, [], "among what is excluded"),
    ],
)
def test_changes_are_left_out(settings: dict[str, Any], labels: list[str], left_out: str) -> None:
    pull = merged(1, labels=tuple(labels), paths=("src/a.py",))
    assert verdict(pull, config(**settings)).left_out == left_out


def test_resolvers_say_what_they_ask_of_the_version() -> None:
    resolver = {"type": "version-resolver", "semver-increment": "major", "when": {"label": "boom"}}
    rest = {"type": "version-resolver", "semver-increment": "minor"}
    settings = {"version_resolver": {"minor": {"labels": ["feature"]}}}
    assert judged([resolver, rest], {"labels": ("boom", "feature")}, **settings).resolvers == (
        "major",
        "minor",
    )
    assert judged([resolver, rest], {"labels": ()}, **settings).resolvers == ()

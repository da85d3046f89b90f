"""Which of a repository's own labels stands for a type, on the label sets of real projects."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.labels import LABELS, match_label

PROJECTS = {
    "github default": (
        ["bug", "documentation", "duplicate", "enhancement", "good first issue", "help wanted", "question"],
        ("bug", "enhancement", "question", "documentation"),
    ),
    "kubernetes": (
        [
            "kind/bug",
            "kind/feature",
            "kind/support",
            "kind/documentation",
            "kind/flake",
            "area/docs",
            "sig/node",
        ],
        ("kind/bug", "kind/feature", "kind/support", "kind/documentation"),
    ),
    "rust-lang/rust": (
        [
            "A-docs",
            "C-bug",
            "C-enhancement",
            "C-feature-request",
            "C-discussion",
            "E-help-wanted",
            "T-rustdoc",
        ],
        ("C-bug", "C-feature-request", None, "A-docs"),
    ),
    "vscode": (
        ["bug", "feature-request", "*question", "*out-of-scope", "info-needed", "help wanted", "debug"],
        ("bug", "feature-request", "*question", None),
    ),
    "pytorch": (
        ["module: docs", "module: cuda", "feature", "enhancement", "triaged", "topic: bug fixes"],
        (None, "feature", None, "module: docs"),
    ),
    "transformers": (
        ["bug", "Feature request", "Documentation", "Good First Issue", "New model", "Usage"],
        ("bug", "Feature request", "Usage", "Documentation"),
    ),
    "vllm": (
        [
            "bug",
            "feature request",
            "documentation",
            "usage",
            "installation",
            "new-model",
            "RFC",
            "performance",
        ],
        ("bug", "feature request", "usage", "documentation"),
    ),
    "llama.cpp": (
        ["bug-unconfirmed", "enhancement", "documentation", "question", "high severity", "Nvidia GPU"],
        ("bug-unconfirmed", "enhancement", "question", "documentation"),
    ),
    "tensorflow": (
        ["type:bug", "type:feature", "type:support", "type:docs-bug", "comp:keras", "stat:awaiting response"],
        ("type:bug", "type:feature", "type:support", "type:docs-bug"),
    ),
    "react": (
        ["Type: Bug", "Type: Feature Request", "Type: Question", "Type: Discussion", "Component: DOM"],
        ("Type: Bug", "Type: Feature Request", "Type: Question", None),
    ),
    "node": (
        ["confirmed-bug", "feature request", "question", "doc", "help wanted", "wrong repo"],
        ("confirmed-bug", "feature request", "question", "doc"),
    ),
    "opencv": (
        ["bug", "feature", "question (invalid tracker)", "category: documentation", "category: core"],
        ("bug", "feature", "question (invalid tracker)", "category: documentation"),
    ),
    "bitcoin": (
        ["Bug", "Feature", "Questions and Help", "Docs", "Brainstorming"],
        ("Bug", "Feature", "Questions and Help", "Docs"),
    ),
    "electron": (
        ["bug :beetle:", "enhancement :sparkles:", "documentation :notebook:", "blocked/upstream"],
        ("bug :beetle:", "enhancement :sparkles:", None, "documentation :notebook:"),
    ),
    "elasticsearch": ([">bug", ">enhancement", ">docs", ":Search"], (">bug", ">enhancement", None, ">docs")),
    "numpy": (
        ["00 - Bug", "01 - Enhancement", "04 - Documentation", "33 - Question"],
        ("00 - Bug", "01 - Enhancement", "33 - Question", "04 - Documentation"),
    ),
    "cpython": (["type-bug", "type-feature", "docs"], ("type-bug", "type-feature", None, "docs")),
    "go": (["FeatureRequest", "Documentation", "NeedsFix"], (None, "FeatureRequest", None, "Documentation")),
    "flutter": (["c: new feature", "d: api docs", "c: crash"], (None, "c: new feature", None, "d: api docs")),
    "scipy": (["defect", "enhancement", "query"], ("defect", "enhancement", "query", None)),
    "matplotlib": (
        ["status: confirmed bug", "New feature", "Documentation", "Community support"],
        ("status: confirmed bug", "New feature", "Community support", "Documentation"),
    ),
    "emoji": (
        ["🐛 Bug", "✨ feature", "❓ question", "📚 docs"],
        ("🐛 Bug", "✨ feature", "❓ question", "📚 docs"),
    ),
    "shortcode": (["Bug :bug:"], ("Bug :bug:", None, None, None)),
    "Chinese": (["缺陷", "新功能", "提问", "文档"], ("缺陷", "新功能", "提问", "文档")),
}


@pytest.mark.parametrize("project", PROJECTS)
def test_finds_a_projects_own_labels(project: str) -> None:
    names, expected = PROJECTS[project]
    assert tuple(match_label(type_, names) for type_ in LABELS) == expected


@pytest.mark.parametrize(
    ("names", "best"),
    [
        (["kind/bug", "bug", "type: bug"], "bug"),
        (["bug report", "kind/bug"], "kind/bug"),
        (["kind/bug", "Bug"], "Bug"),
        (["confirmed-bug", "bug-unconfirmed", "bug"], "bug"),
    ],
)
def test_the_plainest_and_most_usual_name_wins(names: list[str], best: str) -> None:
    assert match_label("bug", names) == best


def test_a_group_of_types_wins_over_a_group_of_areas() -> None:
    assert match_label("documentation", ["area/documentation", "kind/documentation"]) == "kind/documentation"


@pytest.mark.parametrize(
    "name", ["help wanted", "debug", "not a bug", "wontfix", "good first bug", "area/bug", "", "🦀"]
)
def test_what_only_sounds_alike_is_not_taken(name: str) -> None:
    assert [match_label(type_, [name]) for type_ in LABELS] == [None] * len(LABELS)


def test_the_order_of_the_labels_does_not_matter() -> None:
    names = ["kind/bug", "T-bug", "type: bug", "C-bug", "bug-report", "🐞 bug report"]
    shuffled = random.Random(1).sample(names, len(names))
    assert match_label("bug", names) == match_label("bug", shuffled) == "C-bug"


def test_an_unknown_type_is_an_error() -> None:
    with pytest.raises(KeyError):
        match_label("chore", ["chore"])


@given(st.lists(st.text(max_size=50), max_size=8))
def test_any_label_names_are_taken_as_they_are(names: list[str]) -> None:
    for type_ in LABELS:
        assert match_label(type_, names) in [*names, None]

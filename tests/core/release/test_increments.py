from typing import Any

import pytest

from bot.core.release.categories import verdict
from bot.core.release.increments import Step, step
from bot.core.release.state import MergedPull
from tests.core.release.history import config, merged

RESOLVER = {"major": {"labels": ["major"]}, "minor": {"labels": ["minor"]}, "patch": {"labels": ["patch"]}}
BY_CATEGORY = [
    {"type": "version-resolver", "semver-increment": size, "when": {"label": size}}
    for size in ("major", "minor", "patch")
]


def resolved(pulls: list[MergedPull], *, is_initial: bool = False, **settings: Any) -> Step:
    now = config(**settings)
    return step(pulls, {pull.number: verdict(pull, now) for pull in pulls}, now, is_initial=is_initial)


def labelled(*labels: str) -> list[MergedPull]:
    return [merged(n, labels=(label,) if label else ()) for n, label in enumerate(labels, 1)]


@pytest.mark.parametrize("settings", [{"version_resolver": RESOLVER}, {"categories": BY_CATEGORY}])
@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["patch", "major", "minor", "major"], Step("major", 2)),
        (["patch", "minor"], Step("minor", 2)),
        (["", "patch"], Step("patch", 2)),
        (["", "other"], Step("patch")),
        ([], Step("patch")),
    ],
)
def test_the_biggest_increment_counts(settings: dict[str, Any], labels: list[str], expected: Step) -> None:
    assert resolved(labelled(*labels), **settings) == expected


@pytest.mark.parametrize(
    "settings",
    [
        {"version_resolver": {**RESOLVER, "default": "minor"}},
        {"categories": [*BY_CATEGORY, {"type": "version-resolver", "semver-increment": "minor"}]},
    ],
)
def test_the_default_counts_where_nothing_else_does(settings: dict[str, Any]) -> None:
    assert resolved(labelled("", "other"), **settings) == Step("minor")
    assert resolved(labelled("", "patch"), **settings) == Step("patch", 2)


def test_headings_raise_the_version_too() -> None:
    categories = [{"title": "New", "label": "new", "semver-increment": "minor"}, {"title": "Rest"}]
    assert resolved(labelled("", "new"), categories=categories) == Step("minor", 2)
    assert resolved(labelled("patch", "new"), categories=categories, version_resolver=RESOLVER) == Step(
        "minor", 2
    )
    assert resolved(labelled("", ""), categories=categories) == Step("patch")


@pytest.mark.parametrize(
    ("titles", "messages", "expected"),
    [
        (["fix: a", "feat: b", "feat(x): c"], (), Step("minor", 2)),
        (["docs: a", "fix: b"], (), Step("patch", 2)),
        (["feat!: a"], (), Step("major", 1)),
        (["docs: a", "Feature b"], (), Step("patch")),
        (["Merge two"], ("fix: a", "feat: b"), Step("minor", 1)),
        (["fix: a"], ("fix: a\n\nBREAKING CHANGE: b is gone",), Step("major", 1)),
        (["fix: a"], ("fix: a\n\nThis is no breaking change: b.",), Step("patch", 1)),
    ],
)
def test_conventional_commits_decide_on_request(
    titles: list[str], messages: tuple[str, ...], expected: Step
) -> None:
    pulls = [merged(n, title, messages=messages, labels=("major",)) for n, title in enumerate(titles, 1)]
    assert resolved(pulls, version_from="commits", version_resolver=RESOLVER) == expected


def test_a_template_for_pull_requests_breaks_nothing() -> None:
    body = "<!--\nBREAKING CHANGE: say here what breaks\n-->"
    assert resolved([merged(1, "fix: a", body=body)], version_from="commits") == Step("patch", 1)


def test_before_the_first_major_version_a_breaking_change_is_a_minor_one() -> None:
    pulls = [merged(1, "feat!: a")]
    assert resolved(pulls, version_from="commits", is_initial=True) == Step("minor", 1)
    asked = {"version_from": "commits", "initial_development": False}
    assert resolved(pulls, is_initial=True, **asked) == Step("major", 1)
    assert resolved(labelled("major"), is_initial=True, version_resolver=RESOLVER) == Step("major", 1)

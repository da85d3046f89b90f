from typing import Any

import pytest

from bot.core.release.plan import is_set, plan
from bot.core.release.state import Release
from tests.core.release.history import config, merged, state

FEATURE = merged(7, "feat: add it")


def named(last: str, chosen: str = "", **settings: Any) -> tuple[str, str]:
    now = state(FEATURE, last=Release(last) if last else None)
    planned = plan(now, config(version_from="commits", **settings), chosen)
    return planned.tag, planned.name


@pytest.mark.parametrize(
    ("last", "settings", "tag", "name"),
    [
        ("v1.2.3", {}, "v1.3.0", "v1.3.0"),
        ("1.2.3", {}, "1.3.0", "1.3.0"),
        ("widgets-v1.2.3", {}, "widgets-v1.3.0", "widgets-v1.3.0"),
        ("nightly", {}, "v0.1.0", "v0.1.0"),
        ("", {}, "v0.1.0", "v0.1.0"),
        ("", {"prerelease_identifier": "rc"}, "v0.1.0-rc.1", "v0.1.0-rc.1"),
        ("", {"prerelease_identifier": "alpha", "scheme": "pep440"}, "v0.1.0a1", "v0.1.0a1"),
        ("v1.2.3", {"name_template": "v$RESOLVED_VERSION \U0001f308"}, "v1.3.0", "v1.3.0 \U0001f308"),
        ("v1.2.3", {"tag_template": "v$NEXT_PATCH_VERSION"}, "v1.2.4", "v1.2.4"),
        ("v1.2.3", {"tag_template": "$NEXT_MAJOR_VERSION"}, "2.0.0", "2.0.0"),
        ("v1.2.3", {"tag_template": "$NEXT_MAJOR_VERSION_MAJOR.x"}, "2.x", "2.x"),
        ("v1.2.3", {"tag_template": "$NEXT_MINOR_VERSION_MINOR"}, "3", "3"),
        ("v1.2.3", {"tag_template": "v$RESOLVED_VERSION_MAJOR"}, "v1", "v1"),
        ("1.0", {"version_template": "$MAJOR.$MINOR", "tag_template": "$NEXT_MINOR_VERSION"}, "1.1", "1.1"),
        ("v1.2.3", {"version_template": "$COMPLETE"}, "v1.3.0", "v1.3.0"),
        ("v1.2.3", {"prerelease_identifier": "rc"}, "v1.3.0-rc.1", "v1.3.0-rc.1"),
        ("v1.3.0-rc.1", {"prerelease_identifier": "rc"}, "v1.3.0-rc.2", "v1.3.0-rc.2"),
        ("v1.3.0-rc.1", {"include_pre_releases": True}, "v1.3.0", "v1.3.0"),
        ("v1.3.0rc1", {"prerelease_identifier": "rc", "scheme": "pep440"}, "v1.3.0rc2", "v1.3.0rc2"),
        ("v1.2.3", {"prerelease": True}, "v1.3.0", "v1.3.0"),
        ("v1.2.3", {"tag_template": "$NEXT_PRERELEASE_VERSION"}, "", ""),
        (
            "v1.2.3",
            {"tag_template": "x$NEXT_PRERELEASE_VERSION_PRERELEASE", "prerelease_identifier": "beta"},
            "x-beta.1",
            "x-beta.1",
        ),
        ("app-1.2.3", {"tag_prefix": "app-"}, "app-1.3.0", "app-1.3.0"),
    ],
)
def test_a_release_is_called_as_the_templates_say(
    last: str, settings: dict[str, Any], tag: str, name: str
) -> None:
    assert named(last, **settings) == (tag, name)


def test_the_title_has_the_version_where_the_tag_has_none() -> None:
    now = state(FEATURE, last=Release("stable", "Version 1.2.3"))
    assert plan(now, config(version_from="commits", tag_template="v$RESOLVED_VERSION")).tag == "v1.3.0"


def test_a_tag_that_a_person_chose_stays_and_its_version_counts() -> None:
    assert named("v1.2.3", "v2.0.0") == ("v2.0.0", "v2.0.0")
    assert named("v1.2.3", "v2.0.0", name_template="Version $INPUT_VERSION") == ("v2.0.0", "Version 2.0.0")
    assert named("v1.2.3", "v2.0.0-beta.1", name_template="$RESOLVED_VERSION") == (
        "v2.0.0-beta.1",
        "2.0.0-beta.1",
    )
    assert named("v1.2.3", "stable", name_template="$RESOLVED_VERSION") == ("stable", "1.3.0")


def test_what_was_left_out_or_taken_back_does_not_count() -> None:
    back = merged(8, 'Revert "feat: add it"')
    fix, hidden = merged(9, "fix: it"), merged(10, "feat: more", labels=("skip",))
    now = state(hidden, FEATURE, fix, back, fix)
    settings = {"version_from": "commits", "exclude_labels": ["skip"]}
    planned = plan(now, config(**settings))
    assert (planned.tag, [pull.number for pull in planned.pulls]) == ("v1.4.3", [9])
    assert planned.taken_back == {7: 8, 8: 7}
    kept = plan(now, config(**settings, cancel_reverts=False))
    assert (kept.tag, [pull.number for pull in kept.pulls]) == ("v1.5.0", [7, 8, 9])


@pytest.mark.parametrize(
    ("now", "chosen", "reason"),
    [
        (state(FEATURE), "", "1 change since v1.4.2; a minor version because of #7"),
        (
            state(merged(1), merged(2)),
            "",
            "2 changes since v1.4.2; a patch version as no change asks for another",
        ),
        (state(FEATURE, last=None), "", "1 change; the first release"),
        (state(FEATURE), "v2.0.0", "1 change since v1.4.2; a person chose the tag v2.0.0"),
    ],
)
def test_the_version_has_a_reason(now: Any, chosen: str, reason: str) -> None:
    assert plan(now, config(version_from="commits"), chosen).reason == reason


def test_a_draft_without_a_tag_is_known() -> None:
    assert is_set("v1.0.0")
    assert not is_set("")
    assert not is_set("untagged-0123456789abcdef")

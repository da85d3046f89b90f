from datetime import timedelta
from typing import Any

import pytest

from bot.core.release.previous import last_release, open_draft
from bot.core.release.state import Release
from tests.core.release.history import NOON, config


def published(tag: str, days: int = 0, **changes: Any) -> Release:
    return Release(
        tag, published_at=NOON + timedelta(days=days), target=changes.pop("target", "main"), **changes
    )


RELEASES = (
    published("v1.9.0", 1),
    published("v1.10.0", 2),
    published("v1.9.1", 3, target="release/1.9"),
    published("v2.0.0-rc.1", 4, is_prerelease=True),
    published("app-9.0.0", 5, target="app"),
    Release("v3.0.0", is_draft=True, id=7, target="main"),
    Release("app-9.1.0", is_draft=True, id=8, target="app"),
    Release("v2.0.0-rc.2", is_draft=True, is_prerelease=True, id=9, target="main"),
)


@pytest.mark.parametrize(
    ("settings", "last", "draft"),
    [
        ({"tag_prefix": "v"}, "v1.10.0", 7),
        ({"tag_prefix": "app-"}, "app-9.0.0", 8),
        ({"tag_prefix": "x"}, None, None),
        ({"tag_prefix": "v", "include_pre_releases": True}, "v2.0.0-rc.1", 7),
        ({"tag_prefix": "v", "prerelease_identifier": "rc"}, "v2.0.0-rc.1", 9),
        ({"tag_prefix": "v", "prerelease": True}, "v2.0.0-rc.1", 9),
        ({"filter_by_commitish": True}, "v1.10.0", 7),
        ({"filter_by_commitish": True, "commitish": "refs/heads/release/1.9"}, "v1.9.1", None),
        ({"filter_by_commitish": True, "commitish": "app"}, "app-9.0.0", 8),
        ({"commitish": "release/1.9", "tag_prefix": "v"}, "v1.10.0", 7),
    ],
)
def test_the_release_before_and_the_draft_are_found(
    settings: dict[str, Any], last: str | None, draft: int | None
) -> None:
    for releases in (RELEASES, RELEASES[::-1]):
        found, open_one = (
            last_release(releases, config(**settings), "main"),
            open_draft(releases, config(**settings), "main"),
        )
        assert (found and found.tag) == last
        assert (open_one and open_one.id) == draft


def test_without_versions_the_latest_counts() -> None:
    releases = [published("nightly-b", 2), published("nightly-a", 1), published("stable", 0)]
    found = last_release(releases, config(), "main")
    assert found
    assert found.tag == "nightly-b"


def test_a_draft_without_a_tag_is_kept_current_too() -> None:
    untagged = Release("untagged-0123abcd", is_draft=True, id=3)
    assert open_draft([untagged], config(tag_prefix="v", filter_by_commitish=True), "main") == untagged


def test_versions_of_pep_440_are_compared_as_such() -> None:
    releases = [published("1.2rc9", 1, is_prerelease=True), published("1.2rc10", 0, is_prerelease=True)]
    found = last_release(releases, config(scheme="pep440", prerelease=True), "main")
    assert found
    assert found.tag == "1.2rc10"

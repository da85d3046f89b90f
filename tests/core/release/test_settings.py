from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.release.settings import ReleaseConfig

DOCUMENTED: dict[str, Any] = {
    "name-template": "v$RESOLVED_VERSION",
    "tag-template": "v$RESOLVED_VERSION",
    "tag-prefix": "v",
    "version-template": "$MAJOR.$MINOR.$PATCH",
    "change-template": "- $TITLE @$AUTHOR (#$NUMBER)",
    "change-title-escapes": "\\<*_&#@`",
    "no-changes-template": "* Nothing",
    "template": "$CHANGES",
    "header": "a",
    "footer": "b",
    "category-template": "### $TITLE",
    "categories": [
        {"title": "Features", "labels": ["feature"], "collapse-after": 3},
        {"title": "Fixes", "when": [{"labels": ["fix"], "labels-mode": "all"}], "semver-increment": "patch"},
        {"type": "pre-exclude", "when": {"paths": ["docs/**"], "paths-mode": "only"}},
        {
            "type": "version-resolver",
            "semver-increment": "major",
            "when": {"conventional": {"breaking": True}},
        },
    ],
    "exclude-labels": ["skip"],
    "include-labels": ["app"],
    "include-paths": ["src"],
    "exclude-paths": ["docs"],
    "exclude-contributors": ["me"],
    "no-contributors-template": "Nobody",
    "new-contributor-template": "$AUTHOR",
    "no-new-contributor-template": "None",
    "change-author-template": "$AUTHOR",
    "change-authors-separator": "; ",
    "change-authors-final-separator": " and ",
    "replacers": [{"search": "/x/g", "replace": "y"}],
    "sort-by": "title",
    "sort-direction": "ascending",
    "prerelease": True,
    "prerelease-identifier": "rc",
    "include-pre-releases": True,
    "version-resolver": {"major": {"labels": ["major"]}, "default": "minor"},
    "autolabeler": [{"label": "docs", "files": ["*.md"]}],
    "filter-by-commitish": True,
    "commitish": "main",
    "latest": "legacy",
}


@pytest.mark.parametrize("setting", DOCUMENTED)
def test_settings_go_by_the_names_that_release_drafter_documents(setting: str) -> None:
    value, own = DOCUMENTED[setting], setting.replace("-", "_")
    read = ReleaseConfig.model_validate({setting: value})
    assert read.model_fields_set == {own}
    assert read == ReleaseConfig.model_validate({own: value})
    assert getattr(read, own) != ReleaseConfig.model_fields[own].get_default(call_default_factory=True)


def test_all_of_them_can_be_used_together() -> None:
    assert len(ReleaseConfig.model_validate(DOCUMENTED).categories) == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"categories": [{"label": "x"}]},
        {"categories": [{"title": "a"}, {"title": "b"}]},
        {"categories": [{"title": "a", "collapse-after": -2}]},
        {"categories": [{"title": "a", "colapse-after": 2}]},
        {"categories": [{"title": "a", "when": {"labels-mode": "some"}}]},
        {"categories": [{"type": "version-resolver"}], "version-resolver": {"default": "minor"}},
        {"replacers": [{"search": "/(?<=a)b/", "replace": ""}]},
        {"prerelease-identifier": "rc 1"},
        {"prerelease-identifier": "1"},
        {"prerelease-identifier": "next", "scheme": "pep440"},
        {"sort-by": "date"},
        {"template": ""},
    ],
)
def test_what_makes_no_sense_is_an_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ReleaseConfig.model_validate(wrong)


def test_an_identifier_makes_a_pre_release() -> None:
    assert ReleaseConfig(prerelease_identifier="rc").is_prerelease
    assert ReleaseConfig(prerelease=True).is_prerelease
    assert not ReleaseConfig().is_prerelease


@pytest.mark.parametrize(
    ("settings", "asks"),
    [
        ({}, False),
        ({"categories": [{"title": "x", "label": "x"}]}, False),
        ({"categories": [{"title": "x", "when": {"path": "src"}}]}, True),
        ({"exclude-paths": ["docs"]}, True),
        ({"include-paths": ["docs"]}, True),
    ],
)
def test_changed_files_are_read_only_where_they_are_asked_for(settings: dict[str, Any], asks: bool) -> None:
    assert ReleaseConfig.model_validate(settings).asks_for_paths is asks

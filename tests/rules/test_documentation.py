from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.docs_settings import DocsConfig
from bot.core.events import PullRequestUpdated
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status
from bot.core.pull_context import Skip, Skips
from bot.core.pulls import ChangedFile, ChangedFiles, PullRequest
from bot.rules.documentation import documentation
from tests.rules.examples import BOT, NEWCOMER, pull

Seen = tuple[Status, str, str]
NONE, MISSING, DONE = Status.NOT_APPLICABLE, Status.MISSING, Status.DONE
PUBLIC = {"public": ["src/api/**", "config.schema.json"]}
CHANGELOG = {"changelog": ["CHANGELOG.md", "changes/*.md"]}


def seen(
    config: dict[str, Any], *files: str | ChangedFile, is_complete: bool = True, **changes: Any
) -> Seen | None:
    item = item_of(config, *files, is_complete=is_complete, **changes)
    return (item.status, item.text.plain(), item.who) if item else None


def item_of(
    config: dict[str, Any],
    *files: str | ChangedFile,
    is_complete: bool = True,
    skips: tuple[Skip, ...] = (),
    **changes: Any,
) -> Item | None:
    request = PullRequest(**{"number": 15, "author": NEWCOMER, "title": "Save first", **changes})
    listed = tuple(ChangedFile(file) if isinstance(file, str) else file for file in files)
    event = PullRequestUpdated(NEWCOMER, pull(), what="look")
    facts = Facts([request, ChangedFiles(listed, is_complete), Skips(skips)])
    found: list[Any] = list(documentation.decide(event, DocsConfig(**config), facts))
    if not found:
        return None
    (item,) = found
    assert isinstance(item, Item)
    assert (item.key, item.title, item.stage, item.needed) == ("docs", "Docs", Stage.DOCS, True)
    return item


def status(config: dict[str, Any], *files: str | ChangedFile, **changes: Any) -> Status | None:
    found = seen(config, *files, **changes)
    return found[0] if found else None


def test_nothing_is_asked_until_it_is_known_what_is_public() -> None:
    assert seen({}, "src/api/a.py") is None
    assert seen({"docs": ["guide/**"]}, "src/api/a.py") is None


# Public surface


def test_a_public_change_without_documentation() -> None:
    expected = (
        "`src/api/a.py` changed, which others build on, and no documentation did."
        " Describe it; a maintainer can waive it with `/skip docs <reason>`"
    )
    assert seen(PUBLIC, "src/api/a.py", "src/b.py") == (MISSING, expected, "author")
    assert seen(PUBLIC, "src/api/a.py", author=BOT) == (MISSING, expected, "maintainers")


@pytest.mark.parametrize(
    "path",
    [
        "docs/api.md",
        "packages/x/docs/api/a.html",
        "README.md",
        "src/README",
        "CHANGELOG.md",
        "HISTORY.rst",
        "NEWS",
        "changelog.d/12.feature",
        ".changeset/brave-cat.md",
        "guide/start.adoc",
    ],
)
def test_what_counts_as_documentation(path: str) -> None:
    assert seen(PUBLIC, "src/api/a.py", path) == (DONE, f"`{path}` changed", "author")


def test_the_config_may_say_where_documentation_is() -> None:
    config = {**PUBLIC, "docs": ["site/**"]}
    assert status(config, "src/api/a.py", "docs/api.md") == MISSING
    assert status(config, "src/api/a.py", "site/api.html") == DONE


def test_without_a_public_change_nothing_is_asked() -> None:
    assert seen(PUBLIC, "src/b.py") == (NONE, "no public surface changed", "author")
    assert status(PUBLIC, "src/b.py", "docs/b.md") == DONE


def test_a_removed_part_of_the_surface_is_a_change_of_it() -> None:
    assert status(PUBLIC, ChangedFile("config.schema.json", "removed")) == MISSING


# Changelog


def test_a_change_without_a_line_in_the_changelog() -> None:
    expected = (
        "no line about it in `CHANGELOG.md`. Add one; a maintainer can waive it with `/skip docs <reason>`,"
        " or put `skip-changelog` on"
    )
    assert seen(CHANGELOG, "src/b.py") == (MISSING, expected, "author")


@pytest.mark.parametrize("path", ["CHANGELOG.md", "changes/12.md"])
def test_a_line_in_the_changelog(path: str) -> None:
    assert seen(CHANGELOG, "src/b.py", path) == (DONE, f"`{path}` changed", "author")
    assert status(CHANGELOG, "src/b.py", ChangedFile(path, "removed")) == MISSING


def test_both_may_be_asked_for() -> None:
    both = {**PUBLIC, **CHANGELOG}
    assert status(both, "src/api/a.py", "docs/a.md") == MISSING
    assert status(both, "src/api/a.py", "CHANGELOG.md") == DONE
    labelled = seen(both, "src/api/a.py", labels=("skip-changelog",))
    assert labelled is not None
    assert "which others build on" in labelled[1]


def test_both_are_asked_for_at_once() -> None:
    expected = (
        "`src/api/a.py` changed, which others build on, and no documentation did. Describe it, and add a line"
        " about it in `CHANGELOG.md`; a maintainer can waive it with `/skip docs <reason>`, or put"
        " `skip-changelog` on where only the line is not needed"
    )
    assert seen({**PUBLIC, **CHANGELOG}, "src/api/a.py") == (MISSING, expected, "author")


def test_it_says_beforehand_whether_an_issue_will_stand_for_what_is_waived() -> None:
    def later(config: dict[str, Any], path: str, reason: str = "next week") -> str:
        item = item_of(config, path, skips=(Skip("docs", reason, "maya"),))
        assert item is not None
        return item.once_waived

    assert later(PUBLIC, "src/api/a.py") == "an issue is opened for it after the merge"
    assert later(CHANGELOG, "src/b.py") == ""
    assert later({**PUBLIC, "follow_up": False}, "src/api/a.py") == ""
    assert later(PUBLIC, "src/api/a.py", "not needed: a typo") == ""


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"labels": ("Skip-Changelog",)}, "has the label `skip-changelog`"),
        ({"title": "ci: run on two machines"}, "`ci` needs no line in the changelog"),
        ({"title": "Refactor(core): split"}, "`refactor` needs no line in the changelog"),
        ({"author": BOT}, "a bot's change needs no line in the changelog"),
    ],
)
def test_what_needs_no_line(changes: dict[str, Any], why: str) -> None:
    found = seen(CHANGELOG, "src/b.py", **changes)
    assert found is not None
    assert found[:2] == (NONE, why)


@pytest.mark.parametrize("title", ["feat: save first", "refactor!: drop the old API", "ci", "Save: first"])
def test_other_titles_need_one(title: str) -> None:
    assert status(CHANGELOG, "src/b.py", title=title) == MISSING


def test_a_change_of_documentation_alone_needs_no_line() -> None:
    assert seen(CHANGELOG, "docs/a.md") == (DONE, "`docs/a.md` changed", "author")


def test_the_exemptions_can_be_chosen() -> None:
    config = {**CHANGELOG, "skip_label": "no news", "exempt_types": ["Perf"]}
    assert status(config, "src/b.py", labels=("skip-changelog",)) == MISSING
    assert status(config, "src/b.py", labels=("no news",)) == NONE
    assert status(config, "src/b.py", title="perf: faster") == NONE
    assert status(config, "src/b.py", title="ci: faster") == MISSING


# All


def test_files_that_github_does_not_list_are_for_a_person() -> None:
    for config in (PUBLIC, CHANGELOG):
        found = seen(config, "src/api/a.py", is_complete=False)
        assert found == (NONE, "more files than GitHub lists: a person has to look", "author")


@pytest.mark.parametrize("state", [{"is_open": False}, {"is_open": False, "is_merged": True}])
def test_closed_and_merged_pull_requests_are_left_alone(state: dict[str, Any]) -> None:
    assert seen(PUBLIC, "src/api/a.py", **state) is None


@pytest.mark.parametrize("config", [{"public": [""]}, {"public": ["x" * 300]}, {"skip_label": ""}])
def test_settings_that_make_no_sense(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        DocsConfig(**config)

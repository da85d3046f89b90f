"""Documentation that was waived: an issue stands for it, once the pull request is merged."""

from typing import Any

import pytest

from bot.core.docs_settings import DocsConfig
from bot.core.events import PullRequestMerged
from bot.core.facts import Facts
from bot.core.pull_actions import UpsertIssue
from bot.core.pull_context import Skip, Skips
from bot.core.pulls import ChangedFile, ChangedFiles, PullRequest
from bot.rules.docs_follow_up import docs_follow_up
from tests.rules.examples import MAINTAINER, pull

PUBLIC: dict[str, Any] = {"public": ["src/api/**"], "changelog": ["CHANGELOG.md"]}
WAIVED = Skip("docs", "the API may still change", "maya", "a1")


def said(
    config: dict[str, Any] | None = None,
    *files: str,
    skips: tuple[Skip, ...] = (WAIVED,),
    is_merged: bool = True,
) -> list[Any]:
    facts = Facts(
        [
            PullRequest(15, title="feat: export", is_open=not is_merged, is_merged=is_merged),
            Skips(skips),
            ChangedFiles(tuple(ChangedFile(path) for path in files or ("src/api/save.py",))),
        ]
    )
    event = PullRequestMerged(MAINTAINER, pull(is_open=False))
    settings = DocsConfig(**(PUBLIC if config is None else config))
    return list(docs_follow_up.decide(event, settings, facts))


def test_an_issue_says_what_was_waived_by_whom_and_why() -> None:
    assert said() == [
        UpsertIssue(
            purpose="docs-follow-up 15",
            title="Document #15: feat: export",
            template="docs-follow-up",
            context={
                "number": 15,
                "title": "feat: export",
                "by": "maya",
                "why": "the API may still change",
            },
            labels=("documentation",),
            reason="#15 was merged, and maya had waived its documentation with /skip docs",
        )
    ]


def test_its_label_is_a_setting() -> None:
    assert said(PUBLIC | {"follow_up_label": "docs"})[0].labels == ("docs",)


@pytest.mark.parametrize(
    "config", [PUBLIC | {"follow_up": False}, {}], ids=["not wanted", "nothing asks for documentation"]
)
def test_where_it_is_not_wanted_nothing_is_asked_for_or_opened(config: dict[str, Any]) -> None:
    assert said(config) == []
    assert ChangedFiles not in docs_follow_up.needed(DocsConfig(**config))


def test_nothing_is_opened_before_the_merge_or_without_a_waiver() -> None:
    assert said(is_merged=False) == []
    assert said(skips=(Skip("tests", "a typo", "maya"),)) == []


@pytest.mark.parametrize("path", ["docs/export.md", "CHANGELOG.md", "README.md"])
def test_documentation_that_came_after_all_needs_no_issue(path: str) -> None:
    assert said(None, "src/api/save.py", path) == []


def test_a_line_in_the_changelog_is_not_left_for_later() -> None:
    assert said({"changelog": ["CHANGELOG.md"]}, "src/b.py") == []
    assert said(PUBLIC, "src/b.py") == []


@pytest.mark.parametrize(
    "reason",
    ["none", "None: a typo", "n/a", "N/A, internal", "not needed", "no docs needed", "no need for it"],
)
def test_what_is_not_needed_is_not_left_for_later(reason: str) -> None:
    assert said(skips=(Skip("docs", reason, "maya"),)) == []


@pytest.mark.parametrize("reason", ["no time", "nobody knows yet", "not yet", "names may change", "later"])
def test_other_reasons_leave_it_for_later(reason: str) -> None:
    assert len(said(skips=(Skip("docs", reason, "maya"),))) == 1

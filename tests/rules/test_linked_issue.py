from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.events import PullRequestUpdated
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status
from bot.core.pulls import PullRequest
from bot.rules.linked_issue import LinkedIssueConfig, linked_issue
from tests.rules.examples import BOT, NEWCOMER, pull

EVENT = PullRequestUpdated(NEWCOMER, pull(), what="edited")  # number 15 of acme/widgets
WAIVE = "; a maintainer can waive it with `/skip issue <reason>`"
PLEASE = f"name the issue that this solves, as in `Closes #N`, in the description{WAIVE}"


def request(body: str = "", **changes: Any) -> PullRequest:
    return PullRequest(15, **{"title": "Save", "body": body, "author": NEWCOMER, **changes})


def report(of: PullRequest, **config: Any) -> list[Item]:
    said = linked_issue.decide(EVENT, LinkedIssueConfig(**config), Facts([of]))
    return [item for item in said if isinstance(item, Item)]


def judged(of: PullRequest, **config: Any) -> tuple[Status, str]:
    """The status and the sentence of the one item."""
    (item,) = report(of, **config)
    assert (item.key, item.title, item.stage, item.who) == ("issue", "Linked issue", Stage.OPENED, "author")
    return item.status, item.text.plain()


@pytest.mark.parametrize("required", [True, False])
def test_an_issue_that_is_closed_is_shown(required: bool) -> None:
    assert judged(request("Closes #41"), required=required) == (Status.DONE, "closes #41")
    text = "Fixes #1, fixes other/repo#2, fixes #3, fixes #4, fixes #5, fixes #6, see #7"
    expected = (Status.DONE, "closes #1, other/repo#2, #3, #4, #5 and 1 more")
    assert judged(request(text), required=required) == expected


def test_by_itself_an_issue_is_optional() -> None:
    (item,) = report(request())
    assert not item.needed
    assert item.status == Status.NOT_APPLICABLE
    assert item.text.plain() == "none needed; `Closes #N` in the description would link one"


def test_it_can_be_required() -> None:
    (item,) = report(request(), required=True)
    assert item.needed
    assert (item.status, item.text.plain()) == (Status.MISSING, PLEASE)


@pytest.mark.parametrize(
    "body", ["`Closes #41`", "> Closes #41", "<!-- Closes #41 -->", "Closes #15", "Closes #"]
)
def test_what_is_not_said_or_is_the_pull_request_itself_does_not_count(body: str) -> None:
    assert judged(request(body), required=True) == (Status.MISSING, PLEASE)


def test_a_number_of_its_own_in_another_repository_counts() -> None:
    assert judged(request("Closes other/repo#15"), required=True) == (Status.DONE, "closes other/repo#15")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"body": "Part of #41"}, "#41"),
        ({"title": "Fixes #41"}, "#41"),
        ({"title": "Save (#40)", "body": "Part of #41"}, "#41, #40"),
    ],
)
def test_a_mere_mention_counts_where_that_is_enough(changes: dict[str, str], expected: str) -> None:
    only = f"only mentions {expected}: if it solves that, put `Closes` before it in the description{WAIVE}"
    assert judged(request(**changes), required=True) == (Status.MISSING, only)
    assert judged(request(**changes), required=True, any_mention=True) == (Status.DONE, f"about {expected}")


def test_where_a_mention_is_enough_it_asks_for_no_more() -> None:
    expected = f"name the issue, as in `#N`, in the description{WAIVE}"
    assert judged(request(), required=True, any_mention=True) == (Status.MISSING, expected)


def test_other_branches_than_the_default_one_close_nothing_yet() -> None:
    expected = "solves #41; GitHub closes it only when this reaches `main`"
    assert judged(request("Closes #41", base="next"), required=True) == (Status.DONE, expected)


@pytest.mark.parametrize(
    ("changes", "config", "expected"),
    [
        ({"author": BOT}, {}, "not asked of bots"),
        (
            {"labels": ("Trivial",)},
            {"exempt_labels": ["x", "trivial"]},
            "not asked for with the label `trivial`",
        ),
        ({"title": "Docs(ui): x"}, {"exempt_types": ["chore", "docs"]}, "not asked for with the type `docs`"),
        ({"additions": 7, "deletions": 3}, {"exempt_lines": 10}, "not asked of 10 changed lines or fewer"),
    ],
)
def test_some_need_none(changes: dict[str, Any], config: dict[str, Any], expected: str) -> None:
    assert judged(request(**changes), required=True, **config) == (Status.NOT_APPLICABLE, expected)
    assert judged(request("closes #41", **changes), required=True, **config)[0] == Status.DONE


@pytest.mark.parametrize(
    ("changes", "config"),
    [
        ({"labels": ("other",)}, {"exempt_labels": ["trivial"]}),
        ({"title": "docs of x"}, {"exempt_types": ["docs"]}),
        ({"additions": 8, "deletions": 3}, {"exempt_lines": 10}),
        ({}, {"exempt_lines": 10}),  # no lines at all: pictures, for one
    ],
)
def test_others_do(changes: dict[str, Any], config: dict[str, Any]) -> None:
    assert judged(request(**changes), required=True, **config)[0] == Status.MISSING


@pytest.mark.parametrize("is_merged", [True, False])
def test_nothing_is_said_once_it_is_closed(is_merged: bool) -> None:
    assert report(request(is_open=False, is_merged=is_merged), required=True) == []


@pytest.mark.parametrize("wrong", [{"exempt_lines": -1}, {"exempt_labels": [""]}, {"require": True}])
def test_wrong_settings_are_errors(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        LinkedIssueConfig(**wrong)

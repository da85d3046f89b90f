"""After the merge: what the checks of its commit come to, and when a red one is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.actions import UpsertComment
from bot.core.actors import GHOST
from bot.core.events import PullRequestUpdated
from bot.core.facts import Facts, Now, OwnComments
from bot.core.flow import Item, Stage, Status
from bot.core.merging import ASKED
from bot.core.pull_context import Word, Words
from bot.core.pulls import Check, Checks, ChecksExpected, ParentChecks, PullRequest
from bot.render import render_comment
from bot.rules.post_merge import PostMergeConfig, post_merge
from tests.rules.examples import BOT, MAINTAINER, NEWCOMER, pull

NOON = datetime(2025, 6, 9, 12, tzinfo=UTC)
SHA = "a1b2c3d" + "0" * 33
DONE, MISSING, WAITING, NONE = Status.DONE, Status.MISSING, Status.WAITING, Status.NOT_APPLICABLE
GREEN, RED, RUNNING = (Check("tests", each, "actions") for each in ("success", "failure", ""))


def said(
    *checks: Check,
    before: tuple[Check, ...] = (),
    minutes: int = 2,
    is_expected: bool = True,
    spoken: bool = False,
    words: tuple[Word, ...] = (),
    config: dict[str, Any] | None = None,
    **changes: Any,
) -> tuple[Item | None, UpsertComment | None]:
    merged: dict[str, Any] = {
        "number": 15,
        "author": NEWCOMER,
        "is_open": False,
        "is_merged": True,
        "merged_at": NOON - timedelta(minutes=minutes),
        "merge_sha": SHA,
        "merged_by": MAINTAINER.login,
    }
    facts = Facts(
        [
            PullRequest(**{**merged, **changes}),
            Checks(checks, SHA),
            ChecksExpected(is_expected, NOON - timedelta(minutes=minutes)),
            ParentChecks(before, "b" * 40),
            Now(NOON),
            OwnComments(frozenset({"post-merge"}) if spoken else frozenset()),
            Words(words),
        ]
    )
    event = PullRequestUpdated(NEWCOMER, pull(), what="look")
    found: list[Any] = list(post_merge.decide(event, PostMergeConfig(**(config or {})), facts))
    items = [each for each in found if isinstance(each, Item)]
    comments = [each for each in found if isinstance(each, UpsertComment)]
    assert len(items) + len(comments) == len(found)
    return (items or [None])[0], (comments or [None])[0]


def standing(*checks: Check, **more: Any) -> tuple[Status, str]:
    item, _comment = said(*checks, **more)
    assert item is not None
    assert (item.key, item.title, item.stage) == ("verification", "After the merge", Stage.VERIFICATION)
    assert (item.who == "maintainers") == (item.status == MISSING)
    return item.status, item.text.plain().replace("`", "")


def outcome(*checks: Check, **more: Any) -> str | None:
    _item, comment = said(*checks, **more)
    return comment.context["outcome"] if comment else None


# The line of the checklist


def test_before_the_merge_there_is_nothing_to_say() -> None:
    assert said(RED, is_merged=False) == (None, None)


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ([GREEN], (DONE, "the check of a1b2c3d on main is green")),
        (
            [GREEN, Check("lint", "skipped", "actions"), Check("ci", "success")],
            (DONE, "all 3 checks of a1b2c3d on main are green"),
        ),
        ([GREEN, Check("lint", "", "actions")], (WAITING, "checks of a1b2c3d on main are under way")),
        ([RED, GREEN], (MISSING, "tests failed on main: see why, and mend it or run it again")),
        (
            [RED, Check("lint", "", "actions")],
            (MISSING, "tests failed on main: see why, and mend it or run it again"),
        ),
        ([], (WAITING, "checks of a1b2c3d on main are waited for")),
        ([Check("tests", "cancelled", "actions")], (NONE, "tests came to no result on main")),
        ([Check("codecov/project", "failure", "codecov", description="80% (-9%)")], (WAITING, None)),
    ],
)
def test_the_checks_of_the_merge_commit_count(checks: list[Check], expected: tuple[Status, str]) -> None:
    status, text = standing(*checks)
    assert (status, expected[1] and text) == expected


def test_where_checks_are_known_of_they_are_waited_for_ten_minutes() -> None:
    assert standing(minutes=9)[0] == WAITING
    assert standing(minutes=10) == (NONE, "no checks ran on main")
    item, _comment = said(minutes=9)
    assert item is not None
    assert item.until == NOON + timedelta(minutes=1)


def test_where_there_are_no_checks_nothing_is_waited_for() -> None:
    assert standing(minutes=0, is_expected=False) == (NONE, "no checks ran on main")


def test_a_check_that_never_ends_is_waited_for_for_a_day() -> None:
    assert standing(RUNNING, minutes=1439)[0] == WAITING
    assert standing(RUNNING, minutes=1440) == (NONE, "tests did not finish within a day on main")


def test_what_stays_red_holds_up_a_release_for_a_day_at_most() -> None:
    assert standing(RED, minutes=1439)[0] == MISSING
    assert standing(RED, minutes=1440) == (NONE, "tests failed on main, and still did after a day")


@pytest.mark.parametrize("changes", [{"base": "stable"}, {"merge_sha": ""}])
def test_other_branches_are_not_watched(changes: dict[str, str]) -> None:
    status, text = standing(RED, **changes)
    assert (status, "only main is watched" in text) == (NONE, True)
    assert outcome(RED, **changes) is None


def test_checks_that_are_to_be_ignored_do_not_count() -> None:
    config = {"ignore": ["nightly*", "lint"]}
    checks = [GREEN, Check("nightly / gpu", "failure", "actions"), Check("lint", "", "actions")]
    assert standing(*checks, config=config)[0] == DONE
    with pytest.raises(ValidationError):
        PostMergeConfig(ignore=[""])  # type: ignore[arg-type]


# Red before


def test_what_failed_on_the_commit_before_already_is_no_matter_of_this_merge() -> None:
    assert standing(RED, before=(RED,)) == (NONE, "tests failed on main, which was red before this")
    assert outcome(RED, before=(RED,)) is None
    lint = Check("lint", "failure", "actions")
    assert standing(RED, lint, before=(RED,))[1].startswith("lint failed on main")


def test_a_check_of_the_same_name_by_another_app_is_another_check() -> None:
    assert standing(RED, before=(Check("tests", "failure", "other"),))[0] == MISSING


def test_the_commit_before_is_waited_for_for_an_hour() -> None:
    expected = "tests failed on main; the commit before is still being checked"
    assert standing(RED, before=(RUNNING,), minutes=59) == (WAITING, expected)
    assert outcome(RED, before=(RUNNING,), minutes=59) is None
    assert standing(RED, before=(RUNNING,), minutes=60)[0] == MISSING
    assert standing(RED, before=(GREEN, Check("lint", "", "actions")), minutes=2)[0] == MISSING


# The comment


def test_what_the_merge_broke_is_said_to_its_author_and_to_who_merged_it() -> None:
    _item, comment = said(
        RED,
        Check("ci", "error"),
        Check("odd", "timed_out", "other"),
        before=(GREEN,),
    )
    assert comment == UpsertComment(
        purpose="post-merge",
        template="post-merge",
        context={
            "outcome": "red",
            "branch": "main",
            "sha": SHA,
            "people": ("nia", "maint"),
            "failed": ("tests", "ci", "odd"),
            "before": "green",
        },
        reason="tests, ci, odd failed on main: see why, and mend it or run it again",
    )


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ((), "unknown"),
        ((GREEN,), "green"),
        ((GREEN, Check("lint", "neutral", "actions")), "green"),
        ((GREEN, Check("lint", "", "actions")), ""),
        ((GREEN, Check("lint", "failure", "actions")), ""),
        ((Check("tests", "cancelled", "actions"),), "unknown"),
        ((Check("lint", "success", "actions"),), "green"),
    ],
)
def test_the_commit_before_is_called_green_only_where_it_was(
    before: tuple[Check, ...], expected: str
) -> None:
    _item, comment = said(RED, before=before)
    assert comment is not None
    assert comment.context["before"] == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"merged_by": NEWCOMER.login}, ("nia",)),
        ({"author": BOT}, ("maint",)),
        ({"author": GHOST}, ("maint",)),
        ({"merged_by": "usher[bot]"}, ("nia",)),
        ({"author": BOT, "merged_by": ""}, ()),
    ],
)
def test_each_person_is_named_once_and_bots_are_not(
    changes: dict[str, Any], expected: tuple[str, ...]
) -> None:
    _item, comment = said(RED, **changes)
    assert comment is not None
    assert comment.context["people"] == expected


def test_once_it_is_green_the_comment_says_so_and_none_is_written_for_that() -> None:
    assert outcome(GREEN) is None
    assert outcome(GREEN, spoken=True) == "green"
    assert outcome(RUNNING, spoken=True) is None
    assert outcome(RED, spoken=True) == "red"


def test_a_comment_that_was_wrong_says_so() -> None:
    assert outcome(RED, before=(RED,), spoken=True) == "before"


def test_nothing_is_said_where_the_config_does_not_want_it_nor_of_old_merges() -> None:
    assert outcome(RED, config={"comment": False}) is None
    assert outcome(RED, minutes=100_000) is None


def test_who_asked_usher_for_the_merge_is_told() -> None:
    _item, comment = said(RED, before=(GREEN,), merged_by="usher[bot]", words=(Word(ASKED, "wes", SHA),))
    assert comment is not None
    assert comment.context["people"] == ("nia", "wes")


def test_it_does_not_say_since_when_where_that_is_not_known() -> None:
    for before, expected in (((), False), ((GREEN,), True)):
        _item, comment = said(RED, before=before)
        assert comment is not None
        text = render_comment(comment.template, comment.context, reason="x")
        assert ("Since it was merged" in text) is expected
        assert f"`main` is red at {SHA}" in text.replace("\u200b", "")

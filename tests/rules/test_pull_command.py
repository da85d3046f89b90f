from dataclasses import replace
from typing import Any

import pytest

from bot.core.actions import Abstain, Action, AddLabels, RemoveLabels, RequestReviewers, UpsertComment
from bot.core.facts import CommandComment, Facts, Level, Permission
from bot.core.pull_actions import ForgetWord, RecordWord
from bot.core.pull_context import Strangers
from bot.core.pulls import PullRequest
from bot.core.sections import CommandsConfig
from bot.rules.pull_command import pull_command
from tests.rules.examples import NEWCOMER, command, pull


def actions(line: str, *strangers: str, level: Level = Level.TRIAGE, on_pull: bool = True) -> list[Action]:
    event = replace(command(line), thread=pull()) if on_pull else command(line)
    found, unable = PullRequest(15, author=NEWCOMER), Strangers(frozenset(strangers))
    facts = Facts([Permission("maint", level), CommandComment(still_says=True), found, unable])
    said = pull_command.decide(event, CommandsConfig(hold_label="hold"), facts)
    return [one for one in said if isinstance(one, Action)]


def decide(line: str, **given: Any) -> Action:
    (action,) = actions(line, **given)
    return action


def test_a_pull_request_is_held_and_let_go() -> None:
    reason = "maint asked for it with /hold"
    for line, why in (("/hold", ""), ("/hold waiting for the release", "waiting for the release")):
        label, word = actions(line)
        assert label == AddLabels(labels=("hold",), reason=reason)
        assert isinstance(word, RecordWord)
        assert (word.word, word.by, word.detail) == ("hold", "maint", why)
    assert actions("/hold cancel") == [
        RemoveLabels(labels=("hold",), asked_by_human=True, reason=reason),
        ForgetWord(word="hold", reason=reason),
    ]


@pytest.mark.parametrize(
    ("line", "logins", "teams"),
    [
        ("/cc @wes", ("wes",), ()),
        ("/cc wes, @tri @wes", ("wes", "tri"), ()),
        ("/cc @acme/core @Acme/Core", (), ("Core",)),
        ("/cc", ("maint",), ()),
    ],
)
def test_people_and_teams_are_asked_to_review(
    line: str, logins: tuple[str, ...], teams: tuple[str, ...]
) -> None:
    assert decide(line) == RequestReviewers(logins=logins, teams=teams, reason="maint asked for it with /cc")


REASON = "maint asked for it with /cc"


def test_teams_are_asked_apart_so_that_one_that_may_not_spoils_nothing_for_the_people() -> None:
    assert actions("/cc @acme/core @Wes") == [
        RequestReviewers(logins=("Wes",), reason=REASON),
        RequestReviewers(teams=("core",), reason=REASON),
    ]


def answer(*people: str, all_: bool) -> UpsertComment:
    context = {"people": people, "all": all_}
    return UpsertComment(purpose="reply", template="cc-problems", context=context, reason=REASON)


def test_who_may_not_review_is_named_and_the_others_are_asked() -> None:
    assert actions("/cc @wes, @zed @Ann", "zed", "Ann") == [
        RequestReviewers(logins=("wes",), reason=REASON),
        answer("zed", "Ann", all_=False),
    ]
    assert actions("/cc zed", "zed") == [answer("zed", all_=True)]


@pytest.mark.parametrize("line", ["/cc @nia", "/cc @other/core", "/cc ../../x", "/cc @-x"])
def test_the_author_other_organisations_and_what_is_no_name_are_not_asked(line: str) -> None:
    assert isinstance(decide(line), Abstain)


def test_anybody_may_ask_for_another_look() -> None:
    assert decide("/rescan", level=Level.NONE) == Abstain(
        about="/rescan", reason="maint asked for it with /rescan; the pull request is looked at again"
    )


@pytest.mark.parametrize("line", ["/hold", "/cc @wes"])
def test_the_others_take_triage_rights(line: str) -> None:
    denied = decide(line, level=Level.READ)
    assert isinstance(denied, UpsertComment)
    assert denied.template == "denied"


@pytest.mark.parametrize("line", ["/hold", "/cc @wes", "/rescan"])
def test_they_are_for_pull_requests(line: str) -> None:
    assert decide(line, on_pull=False) == Abstain(
        about=line.split(maxsplit=1)[0], reason="this is for pull requests"
    )


def test_other_commands_are_not_for_this_rule() -> None:
    facts = Facts([Permission("maint", Level.ADMIN), CommandComment(still_says=True), PullRequest(15)])
    assert pull_command.decide(command("/label bug"), CommandsConfig(), facts) == []

from dataclasses import replace

import pytest

from bot.core.actions import Abstain, Action, AddLabels, RemoveLabels, RequestReviewers, UpsertComment
from bot.core.facts import CommandComment, Facts, Level, Permission
from bot.core.pulls import PullRequest
from bot.core.sections import CommandsConfig
from bot.rules.pull_command import pull_command
from tests.rules.examples import NEWCOMER, command, pull


def decide(line: str, *, level: Level = Level.TRIAGE, on_pull: bool = True) -> Action:
    event = replace(command(line), thread=pull()) if on_pull else command(line)
    found = PullRequest(15, author=NEWCOMER)
    facts = Facts([Permission("maint", level), CommandComment(still_says=True), found])
    (action,) = pull_command.decide(event, CommandsConfig(hold_label="hold"), facts)
    assert isinstance(action, Action)
    return action


def test_a_pull_request_is_held_and_let_go() -> None:
    assert decide("/hold") == AddLabels(labels=("hold",), reason="maint asked for it with /hold")
    assert decide("/hold cancel") == RemoveLabels(
        labels=("hold",), asked_by_human=True, reason="maint asked for it with /hold"
    )


@pytest.mark.parametrize(
    ("line", "logins", "teams"),
    [
        ("/cc @wes", ("wes",), ()),
        ("/cc wes, @tri @wes", ("wes", "tri"), ()),
        ("/cc @acme/core @Wes", ("Wes",), ("core",)),
        ("/cc", ("maint",), ()),
    ],
)
def test_people_and_teams_are_asked_to_review(
    line: str, logins: tuple[str, ...], teams: tuple[str, ...]
) -> None:
    assert decide(line) == RequestReviewers(logins=logins, teams=teams, reason="maint asked for it with /cc")


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

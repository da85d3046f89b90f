from dataclasses import replace

import pytest

from bot.core.actions import Action, UpsertComment
from bot.core.actors import GHOST, Actor
from bot.core.facts import CommandComment, Facts, Level, Permission
from bot.core.pull_actions import Retitle
from bot.core.sections import CommandsConfig
from bot.rules.retitle_command import retitle_command
from tests.rules.examples import MAINTAINER, NEWCOMER, command, issue


def decide(
    text: str, *, level: Level = Level.TRIAGE, actor: Actor = MAINTAINER, author: Actor = NEWCOMER
) -> list[Action]:
    event = replace(command("/retitle", actor), text=text, thread=issue(author=author))
    facts = Facts([Permission(actor.login, level), CommandComment(still_says=True)])
    said = retitle_command.decide(event, CommandsConfig(), facts)
    return [one for one in said if isinstance(one, Action)]


@pytest.mark.parametrize(
    "title", ["Crash when saving", 'Say "no", #1 @ada', "\N{FAMILY} \u5bb6 \N{NO-BREAK SPACE}x", "x" * 256]
)
def test_a_title_is_taken_as_it_is_written(title: str) -> None:
    assert decide(f" {title} ") == [Retitle(title=title, reason="maint asked for it with /retitle")]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("x" * 257, "long"),
        ("a\tb", "unseen"),
        ("a\x1b[2Jb", "unseen"),
        ("a\u202eb", "unseen"),
        ("a\u2028b", "unseen"),
        ("a\x85b", "unseen"),
    ],
)
def test_what_is_no_title_is_answered(text: str, problem: str) -> None:
    (reply,) = decide(text)
    assert isinstance(reply, UpsertComment)
    assert (reply.template, reply.context["problem"]) == ("retitle-usage", problem)


def test_the_author_may_and_others_without_rights_may_not() -> None:
    (done,) = decide("Better", level=Level.READ, actor=NEWCOMER)
    assert isinstance(done, Retitle)
    (denied,) = decide("Better", level=Level.READ)
    assert isinstance(denied, UpsertComment)
    assert denied.template == "denied"


def test_nobody_is_the_author_where_the_account_is_gone() -> None:
    (denied,) = decide("Better", level=Level.NONE, actor=GHOST, author=GHOST)
    assert isinstance(denied, UpsertComment)


def test_other_commands_are_not_for_this_rule() -> None:
    facts = Facts([Permission("maint", Level.ADMIN), CommandComment(still_says=True)])
    assert retitle_command.decide(command("/label bug"), CommandsConfig(), facts) == []

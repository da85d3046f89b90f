"""Answers know the comment that they answer."""

from dataclasses import replace

from bot.core.actions import AddLabels, UpsertComment
from bot.core.answers import addressed
from bot.core.pull_actions import Assign
from tests.rules.examples import command, issue

SAID = UpsertComment(purpose="reply", template="paused", reason="asked")
LABEL = AddLabels(labels=("bug",), reason="asked")


def test_what_answers_a_command_names_its_comment_and_the_command() -> None:
    event = replace(command("skip docs " + "x" * 100), comment=7)
    said = addressed(event, SAID)
    assert said == replace(SAID, answers=7, command="skip docs " + "x" * 50)
    assign = Assign(logins=("ada",), reason="asked")
    assert addressed(event, assign) == replace(assign, answers=7)


def test_everything_else_stays_as_it_is() -> None:
    assert addressed(command("label bug"), LABEL) is LABEL
    assert addressed(issue(), SAID) is SAID
    welcome = replace(SAID, purpose="welcome")
    assert addressed(command("label bug"), welcome) is welcome

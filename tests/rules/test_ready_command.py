from dataclasses import replace

from bot.core.actions import Abstain, Action, UpsertComment
from bot.core.actors import Actor
from bot.core.facts import CommandComment, Facts, Level, Permission
from bot.core.pull_actions import SetDraft
from bot.core.sections import CommandsConfig
from bot.rules.ready_command import ready_command
from tests.rules.examples import MAINTAINER, NEWCOMER, command, issue, pull


def decide(
    line: str = "/ready", *, level: Level = Level.TRIAGE, actor: Actor = MAINTAINER, on_pull: bool = True
) -> list[Action]:
    event = replace(command(line, actor), thread=pull() if on_pull else issue())
    facts = Facts([Permission(actor.login, level), CommandComment(still_says=True)])
    said = ready_command.decide(event, CommandsConfig(), facts)
    return [one for one in said if isinstance(one, Action)]


def test_a_draft_becomes_ready() -> None:
    assert decide() == [SetDraft(draft=False, reason="maint asked for it with /ready")]


def test_the_author_may_and_others_without_rights_may_not() -> None:
    assert decide(level=Level.NONE, actor=NEWCOMER) == [
        SetDraft(draft=False, reason="nia asked for it with /ready")
    ]
    (denied,) = decide(level=Level.READ)
    assert isinstance(denied, UpsertComment)
    assert denied.template == "denied"


def test_an_issue_is_no_draft() -> None:
    assert decide(on_pull=False) == [Abstain(about="/ready", reason="only pull requests can be drafts")]


def test_other_commands_are_not_for_this_rule() -> None:
    assert decide("/label bug") == []

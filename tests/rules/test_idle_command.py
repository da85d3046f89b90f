from dataclasses import replace

import pytest

from bot.core.actions import Abstain, Action, UpsertComment
from bot.core.facts import CommandComment, Facts, Level, Permission, SwitchedOff, ThreadPause
from bot.core.sections import CommandsConfig
from bot.rules.idle_command import idle_command
from tests.rules.examples import BOT, MAINTAINER, command, issue, pull


def decide(
    line: str,
    *off: str,
    is_paused: bool = False,
    level: Level = Level.MAINTAIN,
    is_pull: bool = True,
    by_bot: bool = False,
) -> list[Action]:
    event = replace(command(line, BOT if by_bot else MAINTAINER), thread=pull() if is_pull else issue())
    said = CommandComment(still_says=True)
    facts = Facts([Permission("maint", level), said, ThreadPause(is_paused), SwitchedOff(frozenset(off))])
    return list(idle_command.decide(event, CommandsConfig(), facts))  # type: ignore[arg-type]


def answer(name: str, section: str, why: str) -> UpsertComment:
    return UpsertComment(
        purpose="reply",
        template="idle",
        context={"command": name, "section": section},
        reason=f"maint asked for it with /{name}; {why}",
    )


def test_what_works_is_for_others() -> None:
    assert decide("/merge") == decide("/nonsense", "merge") == decide("/label bug", "merge") == []


@pytest.mark.parametrize(("name", "section"), [("merge", "merge"), ("release check", "release_gate")])
def test_a_command_that_is_switched_off_is_told_so(name: str, section: str) -> None:
    assert decide(f"/{name}", section) == [answer(name, section, f"the section {section} is switched off")]


def test_on_a_paused_thread_a_merge_is_not_taken() -> None:
    assert decide("/merge", is_paused=True) == [answer("merge", "", "Usher is paused on this thread")]
    assert decide("/hold", is_paused=True) == []


def test_on_an_issue_there_is_nothing_to_merge() -> None:
    assert decide("/merge", "merge", is_pull=False) == []


def test_who_may_not_is_told_that() -> None:
    (said,) = decide("/merge", "merge", level=Level.READ)
    assert isinstance(said, UpsertComment)
    assert said.purpose == "denied"
    assert [type(each) for each in decide("/merge", "merge", by_bot=True)] == [Abstain]

import pytest

from bot.core.catalogue import COMMANDS, Also, CommandInfo, command_named, may_give
from bot.core.commands import parse_commands
from bot.core.facts import Level, Permission
from tests.rules.examples import MAINTAINER, NEWCOMER, command


@pytest.mark.parametrize("info", COMMANDS, ids=lambda info: info.name)
def test_what_help_says_to_type_is_understood(info: CommandInfo) -> None:
    (parsed,) = parse_commands(f"/{info.usage}")
    assert parsed.name == info.name
    assert command_named(parsed.name) == info


def test_names_are_unique() -> None:
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)


def test_who_may_is_said_in_words() -> None:
    assert CommandInfo("x", "/x", Level.NONE, "").who == "anyone"
    assert CommandInfo("x", "/x", Level.TRIAGE, "").who == "triage rights or above"
    assert CommandInfo("x", "/x", Level.WRITE, "", Also.AUTHOR).who == "write rights or above, or the author"


def test_an_unknown_command_is_none() -> None:
    assert command_named("dance") is None


def test_some_commands_are_for_those_whose_own_matter_it_is() -> None:
    reads = Permission("nia", Level.READ)
    assert may_give(command("/retitle Better", NEWCOMER), reads)  # opened by the newcomer
    assert not may_give(command("/retitle Better", MAINTAINER), reads)
    assert may_give(command("/unassign @Nia", NEWCOMER), reads)
    assert not may_give(command("/unassign nia ada", NEWCOMER), reads)
    assert not may_give(command("/label bug", NEWCOMER), reads)
    assert may_give(command("/dance", NEWCOMER), reads)  # nobody listens

import pytest

from bot.core.catalogue import COMMANDS, CommandInfo, command_named
from bot.core.commands import parse_commands
from bot.core.facts import Level


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_what_help_says_to_type_is_understood(command: CommandInfo) -> None:
    (parsed,) = parse_commands(f"/{command.usage}")
    assert parsed.name == command.name
    assert command_named(parsed.name) == command


def test_names_are_unique() -> None:
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)


def test_who_may_is_said_in_words() -> None:
    assert CommandInfo("x", "/x", Level.NONE, "").who == "anyone"
    assert CommandInfo("x", "/x", Level.TRIAGE, "").who == "triage rights or above"


def test_an_unknown_command_is_none() -> None:
    assert command_named("dance") is None

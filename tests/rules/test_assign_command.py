import pytest

from bot.core.actions import Action, UpsertComment
from bot.core.facts import CommandComment, Facts, Level, Permission
from bot.core.pull_actions import Assign
from bot.core.sections import CommandsConfig
from bot.rules.assign_command import assign_command
from tests.rules.examples import command


def decide(line: str, *, level: Level = Level.TRIAGE) -> list[Action]:
    facts = Facts([Permission("maint", level), CommandComment(still_says=True)])
    said = assign_command.decide(command(line), CommandsConfig(), facts)
    return [one for one in said if isinstance(one, Action)]


@pytest.mark.parametrize(
    ("line", "logins"),
    [
        ("/assign @ada", ("ada",)),
        ("/assign ada, @bob @Ada", ("Ada", "bob")),
        ("/assign", ("maint",)),
    ],
)
def test_people_are_assigned(line: str, logins: tuple[str, ...]) -> None:
    assert decide(line) == [Assign(logins=logins, reason="maint asked for it with /assign")]


def test_people_are_taken_off() -> None:
    expected = Assign(logins=("ada",), assigned=False, reason="maint asked for it with /unassign")
    assert decide("/unassign @ada") == [expected]


@pytest.mark.parametrize("line", ["/unassign", "/unassign @maint", "/unassign Maint"])
def test_anyone_may_take_themselves_off(line: str) -> None:
    (action,) = decide(line, level=Level.NONE)
    assert isinstance(action, Assign)
    assert (action.logins[0].lower(), action.assigned) == ("maint", False)


@pytest.mark.parametrize("line", ["/assign", "/assign @maint", "/unassign ada", "/unassign maint ada"])
def test_the_rest_takes_triage_rights(line: str) -> None:
    (denied,) = decide(line, level=Level.READ)
    assert isinstance(denied, UpsertComment)
    assert denied.template == "denied"


@pytest.mark.parametrize(
    ("line", "unfit"),
    [
        ("/assign ada @acme/core", ("@acme/core",)),
        ("/assign ../../x ada", ("../../x",)),
        ("/assign @", ("@",)),
        ("/assign " + "a" * 40, ("a" * 40,)),
        ("/assign " + " ".join(f"person-{n}" for n in range(11)), ()),
    ],
)
def test_what_is_no_name_and_more_than_ten_change_nothing(line: str, unfit: tuple[str, ...]) -> None:
    (reply,) = decide(line)
    assert isinstance(reply, UpsertComment)
    assert (reply.template, reply.context) == ("assign-usage", {"command": "assign", "unfit": unfit})


def test_other_commands_are_not_for_this_rule() -> None:
    assert decide("/label bug") == []

from typing import get_args

from bot.core.sheet.registry import CHECKS, CheckName, look, switched_on
from tests.core.sheet.examples import diff, new

OFF = {
    "personal_data",
    "json_web_tokens",
    "entropy",
    "unpinned_actions",
    "prints",
    "long_files",
    "long_functions",
    "deep_nesting",
}


def test_each_check_has_one_name() -> None:
    assert sorted(check.name for check in CHECKS) == sorted(get_args(CheckName))
    assert all(check.find.__name__ == check.name for check in CHECKS)


def test_what_is_often_wrong_is_off() -> None:
    assert {check.name for check in CHECKS} - {check.name for check in switched_on({})} == OFF


def test_each_can_be_switched() -> None:
    every = {check.name: True for check in CHECKS}
    assert switched_on(every) == CHECKS
    assert switched_on(dict.fromkeys(every, False)) == ()
    assert {check.name for check in switched_on({"prints": True})} == {
        check.name for check in switched_on({})
    } | {"prints"}


def test_findings_say_which_check_found_them() -> None:
    files = (new("a.py", "breakpoint()"), new("a.csv", additions=20))
    found = look(diff(*files), switched_on({}), data_lines=10)
    assert [(each.check, each.path) for each in found] == [("datasets", "a.csv"), ("breakpoints", "a.py")]


def test_a_check_has_an_end() -> None:
    assert len(look(diff(new("a.py", *["breakpoint()"] * 400)), switched_on({}), data_lines=10)) == 50

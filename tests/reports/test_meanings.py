"""What the lists say, and who counts as a maintainer."""

from typing import get_args

from bot.health.waiting import NeedKind
from bot.reports import meanings
from tests.health.examples import MAINT, MAX, event, issue
from tests.reports.examples import told


def test_each_list_that_is_not_empty_is_explained() -> None:
    assert meanings.lists(told()) == ()
    ((name, said),) = meanings.lists(told(issue(1, "2026-03-02")))
    assert name == "First-time contributors"
    assert "no word from a maintainer" in said
    assert set(get_args(NeedKind)) == set(meanings._LISTS) == set(meanings._NAMES)


def test_how_many_maintainers_there_are_and_why_is_said() -> None:
    assert meanings.maintainers(told()).startswith("0 accounts count as maintainers, by what GitHub calls")
    closed = issue(1, "2026-03-02", event("2026-03-03", "closed", MAINT))
    assert meanings.maintainers(told(closed)).startswith("1 account counts as a maintainer, by")
    listed = told(closed, issue(2, "2026-03-02", author=MAX), maintainers=["max"])
    assert meanings.maintainers(listed).startswith("2 accounts count as maintainers, ")
    assert meanings.maintainers(listed).endswith(", or by the settings")
    assert listed.report.maintainers == ("maint", "max")

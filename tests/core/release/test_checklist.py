from bot.core.actions import SetCheck
from bot.core.flow import Item, Stage, Status
from bot.core.phrases import Phrase
from bot.core.pull_actions import FollowRelease, UpsertIssue
from bot.core.release.checklist import begun, ended, left, rows, standing, summary
from bot.core.release.gate import gate
from bot.core.release.gate_state import Checklist
from tests.core.release.gates import CHECKLIST, SHA, ready, settings

READY = ready()
BLOCKED = ready(blockers=(4,))
GREEN, RED = gate(READY, settings()), gate(BLOCKED, settings())


def test_a_new_one_belongs_to_who_asked_first() -> None:
    new = begun(READY, 12, "maint")
    assert new == Checklist(0, "release after v1.4.2", "v1.4.2", asked_in=12, asked_by="maint")
    assert begun(ready(checklist=CHECKLIST), 99, "other") == CHECKLIST


def test_how_it_stands_is_said_in_the_issue_and_on_the_commit_alike() -> None:
    issue, check, follow = standing(BLOCKED, RED, CHECKLIST)
    assert isinstance(issue, UpsertIssue)
    assert isinstance(check, SetCheck)
    assert issue.context == check.context
    assert (check.sha, check.title) == (SHA, "open: Blocking issues")
    assert isinstance(follow, FollowRelease)
    assert (follow.branch, follow.default_branch, follow.is_open) == ("main", "main", True)


def test_how_it_stands_in_one_line() -> None:
    assert summary(GREEN) == "everything is there for v1.5.0"
    assert summary(RED) == "open: Blocking issues"


def test_what_is_over_opens_no_issue() -> None:
    issue, follow = ended(GREEN, CHECKLIST, "v1.5.0")
    assert isinstance(issue, UpsertIssue)
    assert (issue.edits_only, issue.is_open) == (True, False)
    assert follow == left(CHECKLIST, "v1.5.0 is out")


def test_what_is_open_and_not_needed_is_optional() -> None:
    text = Phrase("add one")
    missing = Item("docs", "Docs", Stage.RELEASE, Status.MISSING, text, needed=False)
    there = Item("tests", "Tests", Stage.RELEASE, Status.DONE, text, needed=False)
    assert [row["optional"] for row in rows([missing, there])] == [True, False]

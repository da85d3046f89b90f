from dataclasses import replace

from bot.core.actions import Action, SetCheck
from bot.core.actors import GHOST
from bot.core.events import ReleaseLook
from bot.core.facts import CurrentThread, Facts
from bot.core.pull_actions import FollowRelease, UpsertIssue
from bot.core.release.gate_state import GateState
from bot.rules.release_gate import release_gate
from tests.core.release.gates import CHECKLIST, MERGED, SHA, draft, ready, settings
from tests.core.release.history import LAST, state
from tests.rules.examples import issue

LOOK = ReleaseLook(GHOST, issue(number=CHECKLIST.issue))


def decide(given: GateState, *, is_open: bool = True, event: ReleaseLook = LOOK) -> list[Action]:
    facts = Facts([given, CurrentThread((), is_open=is_open)])
    return list(release_gate.decide(event, settings(), facts))  # type: ignore[arg-type]


def test_the_checklist_is_kept_current() -> None:
    said = decide(ready(checklist=CHECKLIST, blockers=(4,)))
    assert [type(each) for each in said] == [UpsertIssue, SetCheck, FollowRelease]
    opened, check, follow = said
    assert isinstance(opened, UpsertIssue)
    assert (opened.purpose, opened.title, opened.is_open) == (
        "release after v1.4.2",
        "Release v1.5.0",
        True,
    )
    assert (opened.context["open"], opened.context["total"]) == (1, 6)
    assert (opened.context["asked_in"], opened.context["asked_by"]) == (12, "maint")
    assert opened.reason == "open: Blocking issues"
    assert isinstance(check, SetCheck)
    assert (check.sha, check.conclusion) == (SHA, "failure")
    assert isinstance(follow, FollowRelease)
    assert (follow.purpose, follow.after, follow.asked_in) == ("release after v1.4.2", "v1.4.2", 12)


def test_it_stays_the_same_issue_while_the_version_moves() -> None:
    moved = ready(state(MERGED, draft=draft(tag="v2.0.0")), checklist=CHECKLIST)
    opened = decide(moved)[0]
    assert isinstance(opened, UpsertIssue)
    assert (opened.purpose, opened.title) == ("release after v1.4.2", "Release v2.0.0")


def test_one_that_was_closed_is_followed_no_longer() -> None:
    (left,) = decide(ready(checklist=CHECKLIST), is_open=False)
    assert isinstance(left, FollowRelease)
    assert not left.is_open


def test_once_the_release_is_out_it_says_so_and_is_closed() -> None:
    out = state(last=replace(LAST, tag="v1.5.0", id=9))
    said = decide(ready(out, checklist=CHECKLIST))
    assert [type(each) for each in said] == [UpsertIssue, FollowRelease]
    assert isinstance(said[0], UpsertIssue)
    assert (said[0].is_open, said[0].context["out"], said[0].reason) == (False, "v1.5.0", "v1.5.0 is out")


def test_a_patch_of_an_older_version_does_not_end_it() -> None:
    other = state(MERGED, last=replace(LAST, tag="v1.4.3"), draft=draft())
    opened = decide(ready(other, checklist=CHECKLIST))[0]
    assert isinstance(opened, UpsertIssue)
    assert (opened.purpose, opened.is_open) == ("release after v1.4.2", True)


def test_what_is_followed_no_longer_is_left_alone() -> None:
    assert decide(ready()) == []
    assert decide(ready(checklist=CHECKLIST), event=ReleaseLook(GHOST, issue(number=31))) == []

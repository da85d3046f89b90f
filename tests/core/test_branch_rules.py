"""What the rules of a branch still want, of whom."""

from bot.core.actors import Actor
from bot.core.branch_rules import BranchRules
from bot.core.flow import Status
from bot.core.pulls import Review, Reviews


def review(login: str, association: str = "MEMBER") -> Review:
    return Review(Actor(len(login), login), "approved", association)


def wanted(rules: BranchRules, *reviews: Review) -> tuple[Status, str, str] | None:
    found = rules.wanted(Reviews(reviews))
    return (found[0], found[1].plain(), found[2]) if found else None


def test_nothing_is_wanted_where_nothing_is_known() -> None:
    assert wanted(BranchRules()) is None


def test_reviews_come_before_checks() -> None:
    rules = BranchRules(approvals=2, checks=("ci",))
    text = "GitHub wants an approving review on its page; `/approve` does not count there"
    assert wanted(rules, review("wes")) == (Status.MISSING, text, "maintainers")
    both = review("wes"), review("maya")
    assert wanted(rules, *both) == (Status.WAITING, "waits for the required check `ci`", "checks")


def test_who_has_no_part_in_the_project_does_not_approve() -> None:
    assert wanted(BranchRules(approvals=1), review("nia", "CONTRIBUTOR")) is not None
    assert wanted(BranchRules(approvals=1), review("wes", "COLLABORATOR")) is None


def test_several_checks_are_named() -> None:
    found = wanted(BranchRules(checks=("ci", "lint")))
    assert found is not None
    assert found[1] == "waits for the required checks `ci`, `lint`"

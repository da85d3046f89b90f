"""What needs somebody, in words."""

from bot.core.history import HeadChecks
from bot.reports.needed import needed
from tests.health.examples import BO, MAINT, NIA, PERSONS, at, deed, issue, pull
from tests.reports.examples import told


def test_checks_are_said_as_far_as_they_are_known() -> None:
    approval = deed("2026-03-20", "reviewed", MAINT, "approved")
    checks = {1: HeadChecks("green", at("2026-03-21")), 2: HeadChecks("none", at("2026-03-21"))}
    pulls = [pull(number, "2026-03-02", approval) for number in (1, 2, 3)]
    kinds = needed(told(*pulls, beside={"checks": checks, "maintainers": [MAINT]}, unmerged_after=9))
    (approved,) = [each for each in kinds if each.kind == "approved_unmerged"]
    assert f"{approved.count} {approved.noun} {approved.why}" == (
        "3 pull requests are approved, and unmerged for more than 9 days"
    )
    assert [(item.number, *item.notes) for item in approved.items] == [
        (1, "checks green"),
        (2, "no checks"),
        (3, "checks not known"),
    ]


def test_each_sign_of_heat_is_named_and_nobody_else() -> None:
    deeds = [
        deed("2026-03-10", "locked", MAINT, "too heated"),
        deed("2026-03-11", "unlocked"),
        deed("2026-03-12", "commented", BO, "abuse", disliked=7),
        *(deed(f"2026-03-{13 + 2 * turn}", "closed", MAINT) for turn in range(2)),
        *(deed(f"2026-03-{14 + 2 * turn}", "reopened", NIA) for turn in range(2)),
    ]
    found = needed(told(issue(1, "2026-03-04", *sorted(deeds, key=lambda each: each.at), disliked=5)))
    (heated,) = [each for each in found if each.kind == "heated"]
    assert f"{heated.count} {heated.noun} {heated.why}" == (
        "1 thread shows signs of heat: a moderator should look"
    )
    assert heated.items[0].notes == (
        "locked as too heated",
        "comments hidden as abuse: 1",
        "reopened 2 times after somebody else had closed it",
        "5 \N{THUMBS DOWN SIGN} on its first text",
        "7 \N{THUMBS DOWN SIGN} on one comment",
    )
    said = " ".join(heated.items[0].notes)
    assert not [person.login for person in PERSONS if person.login in said.split()]

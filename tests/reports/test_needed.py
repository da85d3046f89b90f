"""What needs somebody, in words."""

import pytest

from bot.core.history import HeadChecks
from bot.reports.needed import needed
from tests.health.examples import BO, BOT, MAINT, NIA, PERSONS, at, event, issue, pull
from tests.reports.examples import told


def test_checks_are_said_as_far_as_they_are_known() -> None:
    approval = event("2026-03-20", "reviewed", MAINT, "approved")
    looks = at("2026-03-21"), at("2026-04-01")
    checks = {1: HeadChecks("green", *looks), 2: HeadChecks("none", *looks)}
    pulls = [pull(number, "2026-03-02", approval) for number in (1, 2, 3)]
    kinds = needed(told(*pulls, beside={"checks": checks, "maintainers": [MAINT]}, unmerged_after=9))
    (approved,) = [each for each in kinds if each.kind == "approved_unmerged"]
    assert f"{approved.count} {approved.noun} {approved.why}" == (
        "3 pull requests are approved, and unmerged for more than 9 days"
    )
    assert [(item.number, *item.notes) for item in approved.recent] == [
        (1, "checks green"),
        (2, "no checks"),
        (3, "checks not known"),
    ]


def test_a_push_does_not_hide_how_long_a_pull_request_lies_with_maintainers() -> None:
    def noted(*pushes: str) -> tuple[str, str]:
        pushed = (event(when, "force_pushed", NIA) for when in pushes)
        answered = issue(1, "2023-03-02", event("2023-03-03", "commented", MAINT), author=NIA)
        thread = pull(2, "2024-02-02", *pushed, author=NIA)
        (found,) = needed(told(answered, thread, beside={"maintainers": [MAINT]}))
        (item,) = (*found.old, *found.recent)
        return item.about, found.new

    assert noted("2026-03-26") == ("6 days; with maintainers for 2 years", "")
    assert noted("2024-02-08") == ("2 years", "")
    assert noted("2024-02-09") == ("2 years", "")  # longer, but nobody can see by how much


def test_each_sign_of_heat_is_named_and_nobody_else() -> None:
    events = [
        event("2026-03-10", "locked", MAINT, "too heated"),
        event("2026-03-11", "unlocked"),
        event("2026-03-12", "commented", BO, "abuse", disliked=7),
        *(event(f"2026-03-{13 + 2 * turn}", "closed", MAINT) for turn in range(2)),
        *(event(f"2026-03-{14 + 2 * turn}", "reopened", NIA) for turn in range(2)),
    ]
    found = needed(told(issue(1, "2026-03-04", *sorted(events, key=lambda each: each.at), disliked=5)))
    (heated,) = [each for each in found if each.kind == "heated"]
    assert f"{heated.count} {heated.noun} {heated.why}" == (
        "1 thread shows signs of heat: a moderator should look"
    )
    assert heated.recent[0].notes == (
        "locked as too heated",
        "comments hidden as abuse: 1",
        "reopened 2 times after somebody else had closed it",
        "5 \N{THUMBS DOWN SIGN} on its first text",
        "7 \N{THUMBS DOWN SIGN} on one comment",
    )
    said = " ".join(heated.recent[0].notes)
    assert not [person.login for person in PERSONS if person.login in said.split()]


def test_the_longest_waits_of_less_than_a_year_lead() -> None:
    old = [issue(n, f"2024-03-{n:02}", author=100 + n) for n in (1, 2)]
    recent = [issue(n, f"2026-03-{n:02}", author=100 + n) for n in range(11, 16)]
    (found,) = needed(told(*old, *recent))
    assert [item.number for item in found.recent] == [11, 12, 13, 14, 15]
    assert [item.number for item in found.old] == [1, 2]
    assert found.others(3) == "and 4 more, 2 of them for over a year"
    assert found.others(5) == "and 2 for over a year"
    assert needed(told(*recent))[0].others(3) == "and 2 more"
    assert needed(told(*recent))[0].others(5) == ""
    assert needed(told(*old))[0].others(3) == "all for over a year"


def test_a_single_thread_is_named_instead_of_counted() -> None:
    old = issue(1, "2024-03-01", author=101)
    recent = [issue(n, f"2026-03-{n:02}", author=100 + n) for n in range(11, 15)]
    for threads, most, named in (
        ([old], 3, [1]),
        ([*recent[:2], old], 3, [11, 12, 1]),
        ([*recent[:2], old], 2, [11, 12, 1]),
        (recent, 3, [11, 12, 13, 14]),
        (recent, 2, [11, 12]),
    ):
        (found,) = needed(told(*threads))
        assert [item.number for item in found.named(most)] == named
        assert bool(found.others(most)) == (len(named) < len(threads))


@pytest.mark.parametrize("title", ["", "\u200e", "\u200b \u3164"])
def test_a_title_of_which_nothing_is_seen_is_none(title: str) -> None:
    (found,) = needed(told(issue(1, "2026-03-02", title=title)))
    assert found.recent[0].title == "(no title)"


def test_what_is_new_is_counted() -> None:
    threads = [issue(n, f"2026-03-{n:02}", author=100 + n) for n in (10, 28, 29)]
    (found,) = needed(told(*threads))
    assert f"{found.count} {found.noun} ({found.new}) {found.why}" == (
        "3 first-time contributors (2 new this week) have had no answer from a maintainer"
    )


def test_pull_requests_from_outside_stand_before_those_of_maintainers_and_bots() -> None:
    known = issue(9, "2026-01-02", event("2026-01-03", "commented", MAINT))
    pulls = [pull(1, "2026-03-02", author=MAINT), pull(2, "2026-03-02"), pull(3, "2026-03-02", author=BOT)]
    found = needed(told(known, *pulls, beside={"maintainers": [MAINT]}))
    assert [(each.kind, f"{each.count} {each.noun} {each.why}") for each in found] == [
        (
            "prs_waiting_for_maintainers-outsider",
            "1 pull request from outside waits for a maintainer since its author acted",
        ),
        (
            "prs_waiting_for_maintainers-maintainer",
            "1 maintainer's own pull request waits for another maintainer since its author acted",
        ),
        ("prs_waiting_for_maintainers-bot", "1 pull request by a bot waits for a maintainer"),
    ]

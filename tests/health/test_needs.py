from collections.abc import Mapping
from typing import Any

import pytest

from bot.core.history import ChecksState, HeadChecks, PastThread, TimelineEvent
from bot.health.needs import needs
from tests.health.examples import BO, BOT, MAINT, MAX, NIA, at, event, issue, period, pull

FIRST, WAITING, UNANSWERED, OUTSIDE, APPROVED, HEATED = (
    "first_timers_waiting",
    "prs_waiting_for_maintainers",
    "issues_unanswered",
    "answered_only_by_outsiders",
    "approved_unmerged",
    "heated",
)


def needed(
    *threads: PastThread,
    checks: Mapping[int, HeadChecks] | None = None,
    **how: Any,
) -> dict[str, list[tuple[int, str]]]:
    """Which threads each kind holds, and since when."""
    found = needs(period(*threads, **how), checks)
    return {
        need.kind: [(item.number, f"{item.since:%m-%d}") for item in need.items]
        for need in found
        if need.count
    }


def test_nothing_needs_you_when_that_is_so() -> None:
    assert needed() == {}
    assert needed(issue(1, "2026-03-02", event("2026-03-03", "commented", MAINT))) == {}
    assert [need.kind for need in needs(period())] == [
        *(FIRST, WAITING, UNANSWERED),
        *(OUTSIDE, APPROVED, HEATED),
    ]


def test_first_timers_wait_for_a_maintainer_the_oldest_first() -> None:
    threads = [
        issue(1, "2026-03-09", author=NIA),
        issue(2, "2026-03-08", event("2026-03-09", "commented", BOT), author=BO),
        issue(3, "2026-03-10", author=NIA),  # not the first
        issue(4, "2026-03-02", event("2026-03-09", "commented", MAINT), author=MAX),
        issue(5, "2026-03-02", event("2026-03-03", "closed", MAINT), author=77),
        issue(6, "2026-03-02", author=MAINT),
        issue(7, "2026-03-02", author=BOT),
        issue(8, "2026-03-02", author=None),
    ]
    assert needed(*threads)[FIRST] == [(2, "03-08"), (1, "03-09")]


def test_a_first_pull_request_waits_from_when_it_is_ready() -> None:
    threads = [
        issue(1, "2025-03-02", event("2025-03-03", "closed", MAINT), author=NIA),
        pull(2, "2026-03-02", event("2026-03-05", "ready_for_review", NIA), author=NIA),
        pull(3, "2026-03-02", author=BO, is_draft=True),
    ]
    assert needed(*threads)[FIRST] == [(2, "03-05")]


def test_whom_a_maintainer_knows_is_no_first_timer_who_waits() -> None:
    merged = pull(5, "2026-02-09", event("2026-02-10", "merged", MAINT), author=BO)
    threads = [
        pull(1, "2026-01-02", author=NIA),  # whose later issue a maintainer answered
        pull(2, "2026-01-03", author=BO),  # whose later pull request was merged
        pull(3, "2026-01-04", author=MAX),  # whom only others and an App of a maintainer's answered
        issue(4, "2026-02-02", event("2026-02-10", "commented", MAINT), author=NIA),
        merged,
        issue(
            *(6, "2026-02-02", event("2026-02-10", "commented", NIA)),
            event("2026-02-11", "commented", MAINT, by_app=True),
            author=MAX,
        ),
    ]
    found = needed(*threads)
    assert found[FIRST] == [(3, "01-04"), (6, "02-02")]
    assert found[WAITING] == [(1, "01-02"), (2, "01-03")]
    assert needed(*threads, until="2026-02-10")[FIRST] == [
        *((1, "01-02"), (2, "01-03"), (3, "01-04")),
        *((4, "02-02"), (6, "02-02")),
    ]


def test_issues_that_nobody_answered_and_that_are_not_the_first() -> None:
    threads = [
        issue(1, "2026-03-02", event("2026-03-03", "commented", MAINT), author=NIA),
        issue(2, "2026-03-04", author=NIA),
        issue(3, "2026-03-03", event("2026-03-04", "commented", NIA), author=NIA),
        issue(4, "2026-03-02", event("2026-03-04", "commented", BO), author=NIA),
        issue(5, "2026-03-02", author=MAINT),
        issue(6, "2026-03-02", author=BOT),
        issue(7, "2026-03-05", author=None),
        issue(8, "2026-03-02", event("2026-03-04", "closed", NIA), author=NIA),
        issue(9, "2026-03-06", event("2026-03-07", "labeled", MAINT, "bug"), author=NIA),
        issue(10, "2026-03-06", author=BO),
        issue(11, "2026-03-07", author=BO),
    ]
    found = needed(*threads)
    assert found[FIRST] == [(10, "03-06")]
    assert found[UNANSWERED] == [(3, "03-03"), (2, "03-04"), (7, "03-05"), (9, "03-06"), (11, "03-07")]
    assert found[OUTSIDE] == [(4, "03-02")]


def test_what_is_locked_or_has_an_ignored_label_needs_nobody() -> None:
    lifted = event("2026-03-20", "unlabeled", MAINT, "blocked")
    threads = [
        issue(1, "2026-03-02", author=101, is_locked=True),
        issue(2, "2026-03-02", author=102, labels=("Blocked",)),
        pull(3, "2026-03-02", lifted, author=103),
        pull(4, "2026-03-02", author=104, is_locked=True, labels=("help wanted",)),
    ]
    assert needed(*threads, ignored_labels=["blocked"]) == {FIRST: [(3, "03-02")]}
    assert needed(*threads) == {FIRST: [(2, "03-02"), (3, "03-02")]}
    assert needed(*threads, ignored_labels=["blocked"], until="2026-03-20") == {}


def test_a_thread_stands_under_one_kind() -> None:
    approval = event("2026-03-10", "reviewed", MAINT, "approved")
    threads = [
        issue(1, "2026-03-02", event("2026-03-04", "commented", BO), author=NIA),
        pull(2, "2026-03-02", author=NIA),
        pull(3, "2026-03-02", approval, event("2026-03-11", "commented", MAX), author=MAX),
        pull(4, "2026-03-02", event("2026-03-04", "commented", MAINT), author=MAX, disliked=9),
    ]
    assert needed(*threads) == {
        FIRST: [(1, "03-02"), (2, "03-02")],
        APPROVED: [(3, "03-10")],
        HEATED: [(4, "03-02")],
    }


def test_pull_requests_wait_for_maintainers_where_the_author_acted_last() -> None:
    asked = event("2026-03-05", "reviewed", MAINT, "changes_requested")
    threads = [
        pull(1, "2026-03-04", author=MAX),
        pull(2, "2026-03-02", asked, event("2026-03-06", "committed", None)),
        pull(3, "2026-03-02", asked, event("2026-03-01", "committed", None)),
        pull(4, "2026-03-02", event("2026-03-03", "commented", BO), event("2026-03-03", "commented", BOT)),
        pull(5, "2026-03-02", is_draft=True),
        pull(6, "2026-03-02", asked, event("2026-03-07", "commented", NIA), event("2026-03-08", "closed")),
        pull(7, "2026-03-09", author=MAINT),
        issue(8, "2026-01-02", event("2026-01-03", "commented", MAINT), author=NIA),
        issue(9, "2026-01-02", event("2026-01-03", "commented", MAINT), author=MAX),
    ]
    assert needed(*threads)[WAITING] == [(4, "03-02"), (1, "03-04"), (2, "03-06"), (7, "03-09")]


def test_an_author_who_acts_in_the_second_of_the_answer_acted_last() -> None:
    answer = event("2026-03-05", "commented", MAINT)
    for act in (event("2026-03-05", "commented", MAX), event("2026-03-05", "committed", None)):
        thread = pull(1, "2026-03-02", act, answer, author=MAX)
        assert needed(thread)[WAITING] == [(1, "03-05")]


def test_a_push_or_a_ping_makes_no_pull_request_new() -> None:
    def listed(*events: TimelineEvent, **how: Any) -> tuple[str, int]:
        answered = issue(1, "2025-03-02", event("2025-03-03", "commented", MAINT), author=NIA)
        need = needs(period(answered, pull(2, "2025-06-02", *events, author=NIA, **how)))[1]
        (item,) = need.items
        assert item.turn_since is not None
        return f"{item.since:%m-%d}, {item.turn_since:%m-%d}", need.groups[0].new

    pushed, pinged = event("2026-03-26", "force_pushed", NIA), event("2026-03-30", "commented", NIA)
    assert listed(pushed, pinged) == ("03-30, 06-02", 0)
    assert listed(event("2026-03-02", "commented", MAINT), pushed, pinged) == ("03-30, 03-26", 1)
    assert listed(event("2026-03-27", "commented", MAINT), pinged) == ("03-30, 03-30", 1)
    assert listed(event("2026-03-29", "ready_for_review", MAINT), pinged) == ("03-30, 03-29", 1)


@pytest.mark.parametrize(
    "begun",
    [
        [event("2024-08-01", "closed"), event("2026-03-29", "reopened", MAINT)],
        [event("2024-08-01", "converted_to_draft"), event("2026-03-29", "ready_for_review", MAINT)],
    ],
)
def test_a_pull_request_waits_no_longer_than_it_is_the_maintainers_turn(begun: list[TimelineEvent]) -> None:
    known = issue(1, "2024-03-02", event("2024-03-03", "commented", MAINT), author=NIA)
    approval = event("2024-06-02", "reviewed", MAINT, "approved", of_commit="a")
    for before in ([], [approval]):  # of what the pull request no longer holds
        waiting = needs(period(known, pull(2, "2024-05-02", *before, *begun, author=NIA, head="b")))[1]
        (item,) = waiting.items
        assert item.since == item.turn_since == at("2026-03-29")
        assert [(group.new, group.over_a_year) for group in waiting.groups] == [(1, 0)]


def test_maintainers_own_and_bots_pull_requests_wait_behind_others() -> None:
    known = issue(9, "2026-01-02", event("2026-01-03", "commented", MAINT))
    threads = [
        known,
        pull(1, "2026-03-09"),
        pull(2, "2026-03-02", author=MAINT),
        pull(3, "2026-03-01", author=BOT),
        pull(4, "2026-03-08"),
        pull(5, "2026-03-03", event("2026-03-04", "commented", MAINT), author=BOT),
    ]
    waiting = needs(period(*threads))[1]
    assert [(group.opened_by, [item.number for item in group.recent]) for group in waiting.groups] == [
        ("outsider", [4, 1]),
        ("maintainer", [2]),
        ("bot", [3]),
    ]
    assert [item.opened_by for item in waiting.items] == ["outsider", "outsider", "maintainer", "bot"]
    assert needed(*threads, threads_of_bots=False)[WAITING] == [(4, "03-08"), (1, "03-09"), (2, "03-02")]


def test_issues_that_only_bots_and_outsiders_answered_are_found() -> None:
    threads = [
        issue(1, "2026-03-02", event("2026-03-04", "commented", BO)),
        issue(2, "2026-03-02", event("2026-03-03", "commented", BOT)),
        issue(3, "2026-03-02", event("2026-03-03", "commented", NIA)),
        issue(4, "2026-03-02", event("2026-03-03", "commented", BO), event("2026-03-04", "commented", MAINT)),
        issue(5, "2026-03-02"),
        issue(6, "2026-03-02", event("2026-03-04", "commented", BO), author=MAINT),
        pull(7, "2026-03-02", event("2026-03-04", "commented", BO)),
        issue(8, "2026-03-01", event("2026-03-30", "commented", BO)),
    ]
    assert needed(*threads)[OUTSIDE] == [(8, "03-01"), (1, "03-02"), (2, "03-02")]


def test_a_strangers_word_makes_no_old_issue_new() -> None:
    known = issue(1, "2023-03-02", event("2023-03-03", "commented", MAINT))
    old = issue(2, "2024-03-02", event("2026-03-30", "commented", BO))
    need = next(need for need in needs(period(known, old)) if need.kind == OUTSIDE)
    assert [(group.new, group.over_a_year) for group in need.groups] == [(0, 1)]


def test_approved_and_unmerged_for_longer_than_the_setting() -> None:
    def approved(
        number: int, *more: Any, when: str = "2026-03-20", who: int = MAINT, **how: Any
    ) -> PastThread:
        return pull(number, "2026-03-02", event(when, "reviewed", who, "approved"), *more, **how)

    threads = [
        approved(1),
        approved(2, when="2026-03-28"),
        approved(3, event("2026-03-21", "reviewed", MAX, "changes_requested")),
        approved(4, event("2026-03-21", "reviewed", MAINT, "dismissed")),
        approved(5, who=BO),
        approved(6),
        approved(7, is_draft=True),
        approved(8, event("2026-03-21", "merged")),
        approved(9),
    ]
    checks = {6: seen("red"), 9: seen("green")}
    assert needed(*threads, checks=checks)[APPROVED] == [(1, "03-20"), (9, "03-20")]
    assert APPROVED not in needed(*threads, unmerged_after=20)
    assert needed(approved(10, when="2026-03-26 23:59:59"))[APPROVED] == [(10, "03-26")]
    assert APPROVED not in needed(approved(10, when="2026-03-27"))  # five days are not more than five


def test_a_second_approval_is_no_reason_to_wait_longer() -> None:
    def approved(*by: tuple[str, int]) -> dict[str, list[tuple[int, str]]]:
        return needed(
            pull(1, "2026-03-02", *(event(when, "reviewed", who, "approved") for when, who in by)),
            maintainers=(MAINT, BO),
        )

    assert approved(("2026-03-25", MAINT), ("2026-03-29", BO)) == {APPROVED: [(1, "03-25")]}
    assert approved(("2026-03-25", MAINT), ("2026-03-29", MAINT)) == {APPROVED: [(1, "03-25")]}
    assert approved(("2026-03-25", MAX), ("2026-03-29", BO)) == {}


def seen(
    state: ChecksState, since: str = "2026-03-25", looked: str = "2026-04-01", head: str = ""
) -> HeadChecks:
    return HeadChecks(state, at(since), at(looked), head)


def test_an_approved_pull_request_is_listed_with_what_is_known_of_its_checks() -> None:
    approval = event("2026-03-20", "reviewed", MAINT, "approved")
    pulls = [pull(number, "2026-03-02", approval) for number in range(1, 9)]
    checks = {
        1: seen("green"),
        2: seen("red"),
        3: seen("pending"),
        4: seen("none"),
        5: seen("conflicting"),
        6: seen("green", "2026-03-31 23:59:59"),
        7: seen("red", "2026-04-01"),  # the moment at which the window ends: what they said before, who knows
    }
    need = next(need for need in needs(period(*pulls), checks) if need.kind == APPROVED)
    said = {item.number: item.checks for item in need.items}
    assert said == {1: "green", 4: "none", 8: "unknown", 6: "green", 7: "unknown"}


def test_what_was_seen_of_checks_long_ago_or_of_another_commit_is_not_known() -> None:
    approval = event("2026-03-20", "reviewed", MAINT, "approved", of_commit="new")
    pulls = [pull(number, "2026-03-02", approval, head="new") for number in range(1, 6)]
    checks = {
        1: seen("green", looked="2026-03-30"),  # two days before the end
        2: seen("green", looked="2026-03-29 23:59"),
        3: seen("red", looked="2026-03-29 23:59"),  # may be green by now
        4: seen("green", head="new"),
        5: seen("green", head="old"),
    }
    need = next(need for need in needs(period(*pulls), checks) if need.kind == APPROVED)
    assert {item.number: item.checks for item in need.items} == {
        1: "green",
        2: "unknown",
        3: "unknown",
        4: "green",
        5: "unknown",
    }


def test_an_approval_counts_for_the_head_alone() -> None:
    approval = event("2026-03-10", "reviewed", MAINT, "approved", of_commit="a")
    old = event("2026-03-04", "committed", None)
    threads = [
        pull(1, "2026-03-02", old, approval, head="a"),
        pull(2, "2026-03-02", old, approval, head="b"),  # what was pushed is older than the approval
        pull(3, "2026-03-02", approval, event("2026-03-12", "force_pushed", NIA)),
        pull(4, "2026-03-02", approval, event("2026-03-12", "committed", None)),
        pull(5, "2026-03-02", approval, head="a", has_conflicts=True),
        pull(6, "2026-03-02", author=MAX, has_conflicts=True),
        issue(7, "2026-01-02", event("2026-01-03", "commented", MAINT), author=MAX),
    ]
    found = needed(*threads)
    assert found[APPROVED] == [(1, "03-10")]
    assert found[WAITING] == [(2, "03-10"), (3, "03-12"), (4, "03-12")]
    assert needed(threads[2], until="2026-03-12", unmerged_after=1)[APPROVED] == [(3, "03-10")]


def test_what_conflicted_when_it_was_read_may_not_have_done_so_long_before() -> None:
    approval = event("2026-03-10", "reviewed", MAINT, "approved")
    threads = [
        pull(1, "2026-03-02", approval, has_conflicts=True),
        pull(2, "2026-03-02", author=MAX, has_conflicts=True),
        issue(3, "2026-01-02", event("2026-01-03", "commented", MAINT), author=MAX),
    ]
    unknown = {WAITING: [(2, "03-02")], APPROVED: [(1, "03-10")]}
    assert needed(*threads) == {}
    for end, expected in (("2026-04-03", {}), ("2026-04-03 00:00:01", unknown)):
        assert needed(*threads, issue(4, "2026-01-02", event(end, "closed"), author=MAINT)) == expected


def test_a_commit_of_the_future_hides_no_conflict() -> None:
    wrong = pull(1, "2026-03-02", event("2031-01-02", "committed", None), author=MAINT, is_draft=True)
    conflicting = pull(2, "2026-03-02", author=MAX, has_conflicts=True)
    known = issue(3, "2026-01-02", event("2026-01-03", "commented", MAINT), author=MAX)
    assert needed(wrong, conflicting, known) == {}


def test_heated_threads_are_listed_with_their_signs() -> None:
    threads = [issue(1, "2026-02-02"), pull(2, "2026-03-09", disliked=9)]
    assert needed(*threads)[HEATED] == [(2, "03-09")]
    (item,) = needs(period(*threads))[-1].items
    assert [(sign.id, sign.n) for sign in item.signs] == [("disliked_opening", 9)]


def test_the_new_and_the_old_are_told_apart() -> None:
    threads = [
        issue(1, "2025-03-31", author=101),
        issue(2, "2025-04-01", author=102),  # a year
        issue(3, "2025-04-02", author=103),
        issue(4, "2026-03-24", author=104),
        issue(5, "2026-03-25", author=105),  # a week
        issue(6, "2026-03-31", author=106),
    ]
    (group,) = needs(period(*threads))[0].groups
    assert [item.number for item in group.old] == [1, 2]
    assert [item.number for item in group.recent] == [3, 4, 5, 6]
    assert (group.count, group.over_a_year, group.new) == (6, 2, 2)


def test_an_approved_pull_request_is_new_in_the_week_in_which_it_was_listed() -> None:
    def new(approved: str) -> int:
        thread = pull(1, "2026-03-02", event(approved, "reviewed", MAINT, "approved"))
        return sum(group.new for need in needs(period(thread)) for group in need.groups)

    assert [new(day) for day in ("2026-03-19", "2026-03-20", "2026-03-26")] == [0, 1, 1]


def test_of_very_many_those_that_wait_for_less_than_a_year_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.health.needs.KEPT", 4)
    threads = [issue(n, f"2025-02-{n:02}", author=100 + n) for n in range(1, 5)]
    threads += [issue(n, f"2026-03-{n:02}", author=100 + n) for n in range(5, 8)]
    need = needs(period(*threads))[0]
    assert (need.count, [item.number for item in need.items]) == (7, [1, 5, 6, 7])
    threads += [issue(n, f"2026-03-{n:02}", author=100 + n) for n in range(8, 11)]
    need = needs(period(*threads))[0]
    assert (need.count, [item.number for item in need.items]) == (10, [5, 6, 7, 8])
    assert (need.groups[0].over_a_year, need.groups[0].old) == (4, ())


def test_what_happens_after_the_moment_is_not_known() -> None:
    thread = issue(1, "2026-03-02", event("2026-04-01", "commented", MAINT))
    assert needed(thread)[FIRST] == [(1, "03-02")]

from collections.abc import Mapping
from typing import Any

from bot.core.history import ChecksState, HeadChecks, PastThread
from bot.health.figures import LISTED
from bot.health.needs import needs
from tests.health.examples import BO, BOT, MAINT, MAX, NIA, at, deed, issue, period, pull

FIRST, WAITING, OUTSIDE, APPROVED, HEATED = (
    "first_timers_waiting",
    "prs_waiting_for_maintainers",
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
    assert needed(issue(1, "2026-03-02", deed("2026-03-03", "commented", MAINT))) == {}
    assert [need.kind for need in needs(period())] == [FIRST, WAITING, OUTSIDE, APPROVED, HEATED]


def test_first_timers_wait_for_a_maintainer_the_oldest_first() -> None:
    threads = [
        issue(1, "2026-03-09", author=NIA),
        issue(2, "2026-03-08", deed("2026-03-09", "commented", BOT), author=BO),
        issue(3, "2026-03-10", author=NIA),  # not the first
        issue(4, "2026-03-02", deed("2026-03-09", "commented", MAINT), author=MAX),
        issue(5, "2026-03-02", deed("2026-03-03", "closed", MAINT), author=77),
        issue(6, "2026-03-02", author=MAINT),
        issue(7, "2026-03-02", author=BOT),
        issue(8, "2026-03-02", author=None),
    ]
    assert needed(*threads)[FIRST] == [(2, "03-08"), (1, "03-09")]


def test_a_first_pull_request_waits_from_when_it_is_ready() -> None:
    threads = [
        issue(1, "2025-03-02", deed("2025-03-03", "commented", MAINT), author=NIA),
        pull(2, "2026-03-02", deed("2026-03-05", "ready_for_review", NIA), author=NIA),
        pull(3, "2026-03-02", author=BO, is_draft=True),
    ]
    assert needed(*threads)[FIRST] == [(2, "03-05")]


def test_pull_requests_wait_for_maintainers_where_the_author_acted_last() -> None:
    asked = deed("2026-03-05", "reviewed", MAINT, "changes_requested")
    threads = [
        pull(1, "2026-03-04", author=MAX),
        pull(2, "2026-03-02", asked, deed("2026-03-06", "committed", None)),
        pull(3, "2026-03-02", asked, deed("2026-03-01", "committed", None)),
        pull(4, "2026-03-02", deed("2026-03-03", "commented", BO), deed("2026-03-03", "commented", BOT)),
        pull(5, "2026-03-02", is_draft=True),
        pull(6, "2026-03-02", asked, deed("2026-03-07", "commented", NIA), deed("2026-03-08", "closed")),
        pull(7, "2026-03-09", author=MAINT),
    ]
    assert needed(*threads)[WAITING] == [(4, "03-02"), (1, "03-04"), (2, "03-06"), (7, "03-09")]


def test_issues_that_only_bots_and_outsiders_answered_are_found() -> None:
    threads = [
        issue(1, "2026-03-02", deed("2026-03-04", "commented", BO)),
        issue(2, "2026-03-02", deed("2026-03-03", "commented", BOT)),
        issue(3, "2026-03-02", deed("2026-03-03", "commented", NIA)),
        issue(4, "2026-03-02", deed("2026-03-03", "commented", BO), deed("2026-03-04", "commented", MAINT)),
        issue(5, "2026-03-02"),
        issue(6, "2026-03-02", deed("2026-03-04", "commented", BO), author=MAINT),
        pull(7, "2026-03-02", deed("2026-03-04", "commented", BO)),
    ]
    assert needed(*threads)[OUTSIDE] == [(2, "03-03"), (1, "03-04")]


def test_approved_and_unmerged_for_longer_than_the_setting() -> None:
    def approved(
        number: int, *more: Any, when: str = "2026-03-20", who: int = MAINT, **how: Any
    ) -> PastThread:
        return pull(number, "2026-03-02", deed(when, "reviewed", who, "approved"), *more, **how)

    threads = [
        approved(1),
        approved(2, when="2026-03-28"),
        approved(3, deed("2026-03-21", "reviewed", MAX, "changes_requested")),
        approved(4, deed("2026-03-21", "reviewed", MAINT, "dismissed")),
        approved(5, who=BO),
        approved(6),
        approved(7, is_draft=True),
        approved(8, deed("2026-03-21", "merged")),
        approved(9),
    ]
    checks = {6: seen("red"), 9: seen("green")}
    assert needed(*threads, checks=checks)[APPROVED] == [(1, "03-20"), (9, "03-20")]
    assert APPROVED not in needed(*threads, unmerged_after=20)


def seen(state: ChecksState, since: str = "2026-03-25") -> HeadChecks:
    return HeadChecks(state, at(since))


def test_an_approved_pull_request_is_listed_with_what_is_known_of_its_checks() -> None:
    approval = deed("2026-03-20", "reviewed", MAINT, "approved")
    pulls = [pull(number, "2026-03-02", approval) for number in range(1, 8)]
    checks = {
        1: seen("green"),
        2: seen("red"),
        3: seen("pending"),
        4: seen("none"),
        6: seen("green", "2026-04-01"),  # the moment at which the window ends
        7: seen("red", "2026-04-01 00:01"),  # what they said before is not known
    }
    need = next(need for need in needs(period(*pulls), checks) if need.kind == APPROVED)
    said = {item.number: item.checks for item in need.items}
    assert said == {1: "green", 4: "none", 5: "unknown", 6: "green", 7: "unknown"}


def test_heated_threads_are_listed_with_their_signs() -> None:
    threads = [issue(1, "2026-02-02"), pull(2, "2026-03-09", disliked=9)]
    assert needed(*threads)[HEATED] == [(2, "03-09")]
    (item,) = needs(period(*threads))[-1].items
    assert [(sign.id, sign.n) for sign in item.signs] == [("disliked_opening", 9)]


def test_many_are_counted_and_few_are_listed() -> None:
    threads = [issue(n, f"2026-03-{n:02}", author=100 + n) for n in range(1, LISTED + 5)]
    first = needs(period(*threads))[0]
    assert (first.count, len(first.items), first.items[0].number) == (LISTED + 4, LISTED, 1)


def test_what_happens_after_the_moment_is_not_known() -> None:
    thread = issue(1, "2026-03-02", deed("2026-04-01", "commented", MAINT))
    assert needed(thread)[FIRST] == [(1, "03-02")]

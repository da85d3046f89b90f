"""What one repository gives to its organisation: by hand."""

from bot.health.contributed import Contributed, First
from tests.health.examples import BO, BOT, DAY, HOUR, MAINT, MAX, NIA, at, event, issue, pull
from tests.health.rollups import reported


def given() -> Contributed:
    return reported(
        issue(1, "2025-11-20", event("2026-01-20", "commented", BO)),
        pull(2, "2026-02-10", event("2026-02-11", "merged"), author=BO),
        issue(3, "2026-03-02", event("2026-03-02 05:00", "commented")),
        pull(4, "2026-03-03", event("2026-03-04", "reviewed"), event("2026-03-05", "merged")),
        pull(5, "2026-03-06", event("2026-03-07", "merged"), author=None),
        pull(6, "2026-03-08", event("2026-03-09", "merged"), author=BOT),
        issue(7, "2026-03-10", author=MAX),
    ).contributed


def test_issues_and_pull_requests_wait_together() -> None:
    waited = given().now.first_response
    assert (waited.id, waited.n, waited.pending) == ("time_to_first_response", 2, 3)
    assert waited.values == (5 * HOUR, DAY)
    assert list(given().now.seconds) == [5 * HOUR, DAY]
    assert given().before.first_response.pending == 1


def test_what_was_merged_and_reviewed_is_counted_without_bots_and_ghosts_apart() -> None:
    now, before = given().now, given().before
    assert (now.merged, now.merged_of_ghosts) == ({NIA: 1}, 1)
    assert (now.reviews, now.reviews_of_ghosts) == ({MAINT: 1}, 0)
    assert (before.merged, before.merged_of_ghosts, before.reviews) == ({BO: 1}, 0, {})


def test_who_took_part_is_known_of_the_window_and_of_the_quarter_before_it() -> None:
    now, before = given().now, given().before
    assert (now.active, now.earlier) == ({NIA, MAINT, MAX}, {BO})
    assert (before.active, before.earlier) == ({BO}, {NIA, BO})


def test_firsts_are_of_the_whole_history_and_bots_have_none() -> None:
    assert given().firsts == {
        NIA: (First(at("2025-11-20"), None), First(at("2026-03-03"), 0), First(at("2026-03-05"), 0)),
        BO: (None, First(at("2026-02-10"), 1), First(at("2026-02-11"), 1)),
        MAX: (First(at("2026-03-10"), 0), None, None),
    }


def test_firsts_lie_in_the_repositorys_own_window() -> None:
    # In New York, the half hour after midnight in UTC is still the day before.
    early = issue(1, "2026-03-01 00:30")
    assert reported(early).contributed.firsts[NIA][0] == First(at("2026-03-01 00:30"), 0)
    there = reported(early, until="2026-04-01 04:00", time_zone="America/New_York").contributed
    assert there.firsts[NIA][0] == First(at("2026-03-01 00:30"), 1)
    assert there.now.active == frozenset()

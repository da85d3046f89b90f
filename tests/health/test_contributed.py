"""What one repository gives to its organisation: by hand."""

from bot.health.contributed import Contributed
from tests.health.examples import BO, BOT, DAY, HOUR, MAINT, MAX, NIA, at, deed, issue, pull
from tests.health.rollups import reported


def given() -> Contributed:
    return reported(
        issue(1, "2025-11-20", deed("2026-01-20", "commented", BO)),
        pull(2, "2026-02-10", deed("2026-02-11", "merged"), author=BO),
        issue(3, "2026-03-02", deed("2026-03-02 05:00", "commented")),
        pull(4, "2026-03-03", deed("2026-03-04", "reviewed"), deed("2026-03-05", "merged")),
        pull(5, "2026-03-06", deed("2026-03-07", "merged"), author=None),
        pull(6, "2026-03-08", deed("2026-03-09", "merged"), author=BOT),
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
        NIA: (at("2025-11-20"), at("2026-03-03"), at("2026-03-05")),
        BO: (None, at("2026-02-10"), at("2026-02-11")),
        MAX: (at("2026-03-10"), None, None),
    }
    assert given().logins == {NIA: "nia", MAINT: "maint", MAX: "max"}

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

from bot.core.history import PastThread
from bot.health.calendar import Window
from bot.health.gathered import Gathered
from bot.health.settings import HealthConfig
from tests.health.examples import BO, DAY, MAINT, NIA, at, event, gathered, generated, issue, pull


def test_the_windows_lie_one_before_the_other() -> None:
    found = gathered([])
    assert found.window == Window(at("2026-03-01"), at("2026-04-01"))
    assert found.previous == Window(at("2026-01-29"), at("2026-03-01"))
    assert found.horizon == at("2025-10-31")
    assert gathered([], window=7).horizon == at("2025-12-18")


def test_the_end_of_the_history_is_known_also_where_a_report_is_of_the_past() -> None:
    assert gathered([issue(1, "2026-03-02")]).ends_at == at("2026-04-01")
    for later in (
        issue(1, "2026-04-03"),
        issue(1, "2026-03-02", event("2026-03-03", "commented"), event("2026-04-03", "labeled")),
        issue(1, "2026-03-02", event("2026-03-03", "commented"), is_open=False, closed_at=at("2026-04-03")),
    ):
        assert gathered([later, issue(2, "2026-03-04")]).ends_at == at("2026-04-03")


def test_what_is_open_or_recent_is_kept_whole() -> None:
    threads = [
        issue(1, "2020-01-01"),
        issue(2, "2020-01-01", event("2020-01-02", "closed")),
        issue(3, "2020-01-01", event("2026-01-02", "closed")),
        issue(4, "2020-01-01", event("2020-01-02", "closed"), event("2026-01-02", "commented")),
        issue(5, "2026-04-01"),
        pull(6, "2026-03-31", event("2026-04-01", "merged")),
    ]
    kept = gathered(threads).threads
    assert [thread.number for thread in kept] == [1, 3, 4, 6]
    assert kept[-1].is_open


def test_what_is_not_kept_still_counts() -> None:
    found = gathered([pull(2, "2020-01-01", event("2020-01-02", "merged"))])
    assert found.threads == []
    (outline,) = found.outlines
    assert (outline.author, outline.is_pull, outline.took) == (NIA, True, DAY)
    assert outline.merged == outline.opened + 1
    assert found.activities[NIA].first_merge == at("2020-01-02")
    assert found.activities[NIA].last_before(at("2026-01-01")) == at("2020-01-01")


def test_no_commit_says_when_the_history_ends() -> None:
    ahead = event("2031-01-02", "committed", None)
    assert gathered([pull(1, "2026-03-02", ahead)]).ends_at == at("2026-04-01")
    done = event("2026-04-03", "labeled")
    assert gathered([pull(1, "2026-03-02", done, ahead)]).ends_at == at("2026-04-03")


def test_firsts_follow_the_dates_also_where_a_transferred_issue_has_a_later_number() -> None:
    found = gathered([issue(1, "2026-03-02"), issue(2, "2024-03-02")])
    assert found.activities[NIA].first_issue == (at("2024-03-02"), 2)


def test_taking_part_is_opening_and_writing() -> None:
    thread = issue(
        1,
        "2026-03-02",
        event("2026-03-03", "commented", BO),
        event("2026-03-04", "labeled", MAINT),
        event("2026-03-05", "commented", BO),
    )
    found = gathered([thread]).activities
    assert {who: activity.threads for who, activity in found.items()} == {NIA: 1, BO: 1}
    assert found[BO].was_active(Window(at("2026-03-05"), at("2026-03-06")))
    assert not found[BO].was_active(Window(at("2026-03-06"), at("2026-03-09")))


def test_the_order_of_events_and_later_ones_change_nothing() -> None:
    threads, _ = generated(80, seed=5)
    cut = [replace(t, timeline=tuple(d for d in t.timeline if d.at < at("2024-06-01"))) for t in threads]
    one, other = gathered(threads, "2024-06-01"), gathered(cut, "2024-06-01")
    assert list(one.outlines) == list(other.outlines)
    assert one.activities == other.activities


def test_a_long_history_takes_little_memory() -> None:
    def history(number: int) -> Iterator[PastThread]:
        for n in range(number):
            when = f"20{10 + n % 14}-03-02"
            yield issue(
                n,
                when,
                *[event(when, "commented", BO, text=f"{n}") for _ in range(5)],
                *[event(when, "closed")],
            )

    def peak(number: int) -> int:
        seen = Gathered(at("2026-04-01"), HealthConfig())
        tracemalloc.start()
        for thread in history(number):
            seen.add(thread)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(4000) < 50 * 4000  # bytes: the outlines, and no thread

from typing import Any

from bot.core.history import PastThread
from bot.health.figures import Metric
from bot.health.responses import responses
from tests.health.examples import BO, BOT, DAY, HOUR, MAINT, NIA, event, issue, period, pull

ISSUE, PULL = "time_to_first_response_issue", "time_to_first_response_pr"


def figure(id_: str, *threads: PastThread, **how: Any) -> Metric:
    return {metric.id: metric for metric in responses(period(*threads, **how))}[id_]


def test_a_response_is_the_first_word_of_a_person_who_is_not_the_author() -> None:
    thread = issue(
        1,
        "2026-03-02",
        event("2026-03-02 00:01", "commented", BOT),
        event("2026-03-02 01:00", "commented", NIA),
        event("2026-03-02 02:00", "labeled", MAINT),
        event("2026-03-02 03:00", "commented", BO, by_app=True),
        event("2026-03-02 04:00", "commented", BO),
        event("2026-03-02 05:00", "commented", MAINT),
    )
    assert figure(ISSUE, thread).values == (4 * HOUR,)
    assert figure("time_to_first_maintainer_response", thread).values == (5 * HOUR,)


def test_a_review_or_a_word_on_a_line_is_a_response_too() -> None:
    reviewed = pull(1, "2026-03-02", event("2026-03-02 01:00", "reviewed"))
    on_a_line = pull(2, "2026-03-02", event("2026-03-02 02:00", "review_commented"))
    assert figure(PULL, reviewed, on_a_line).values == (HOUR, 2 * HOUR)


def test_a_response_within_the_second_is_a_zero_and_stays() -> None:
    threads = [issue(n, "2026-03-02", event("2026-03-02", "commented")) for n in range(1, 6)]
    found = figure(ISSUE, *threads)
    assert (found.n, found.median, found.p90, found.pending) == (5, 0, 0, 0)


def test_a_close_is_no_response_whoever_closes() -> None:
    by_author = issue(1, "2026-03-02", event("2026-03-03", "closed", NIA))
    by_maintainer = issue(2, "2026-03-02", event("2026-03-03", "closed", MAINT))
    still_open = issue(3, "2026-03-02")
    found = figure(ISSUE, by_author, by_maintainer, still_open)
    assert (found.n, found.pending, found.details["pending_closed"]) == (0, 3, 2)
    assert found.items == (3, 1, 2)


def test_a_draft_waits_from_when_it_is_ready() -> None:
    thread = pull(
        1,
        "2026-03-02",
        event("2026-03-03", "commented"),
        event("2026-03-05", "ready_for_review", NIA),
        event("2026-03-06", "reviewed"),
    )
    assert figure(PULL, thread).values == (DAY,)


def test_a_draft_that_never_was_ready_waits_for_nothing() -> None:
    found = figure(PULL, pull(1, "2026-03-02", is_draft=True))
    assert (found.n, found.pending) == (0, 0)


def test_what_became_a_draft_later_waits_from_the_beginning() -> None:
    turns = (event("2026-03-03", "converted_to_draft", NIA), event("2026-03-04", "reviewed"))
    assert figure(PULL, pull(1, "2026-03-02", *turns, is_draft=True)).values == (2 * DAY,)


def test_ghosts_break_nothing() -> None:
    by_ghost = issue(1, "2026-03-02", event("2026-03-03", "commented", BO), author=None)
    from_ghost = issue(2, "2026-03-02", event("2026-03-04", "commented", None))
    alone = issue(3, "2026-03-02", event("2026-03-04", "commented", None), author=None)
    found = figure(ISSUE, by_ghost, from_ghost, alone)
    assert (found.values, found.pending) == ((DAY, 2 * DAY), 1)


def test_what_is_answered_after_the_window_is_still_unanswered() -> None:
    found = figure(ISSUE, issue(1, "2026-03-31", event("2026-04-01", "commented")))
    assert (found.n, found.pending) == (0, 1)


def test_what_is_opened_at_the_edges_belongs_to_one_window() -> None:
    threads = [issue(1, "2026-02-28 23:59"), issue(2, "2026-03-01"), issue(3, "2026-04-01")]
    assert figure(ISSUE, *threads).items == (2,)


def test_business_time_stands_beside_the_elapsed_time() -> None:
    # Opened on a Friday afternoon, answered on Monday morning, five times.
    threads = [issue(n, "2026-03-06 16:00", event("2026-03-09 10:00", "commented")) for n in range(1, 6)]
    found = figure(ISSUE, *threads, business_hours="09:00-17:00")
    assert found.median == 66 * HOUR
    assert found.details["business_median"] == 2 * HOUR
    assert figure(ISSUE, threads[0]).details["business_median"] is None


def test_threads_of_bots_wait_unless_the_settings_say_otherwise() -> None:
    thread = pull(1, "2026-03-02", event("2026-03-03", "reviewed"), author=BOT)
    assert figure(PULL, thread).n == 1
    assert figure(PULL, thread, threads_of_bots=False).n == 0


def test_in_time_is_within_two_business_days() -> None:
    threads = [
        issue(
            1, "2026-03-06 12:00", event("2026-03-10 12:00", "commented")
        ),  # Friday to Tuesday: just in time
        issue(2, "2026-03-06 12:00", event("2026-03-10 12:01", "commented")),  # a minute late
        issue(3, "2026-03-06 12:00"),  # never
        pull(4, "2026-03-30 12:00", event("2026-03-31", "reviewed")),  # young, and answered
        pull(5, "2026-03-30 12:00"),  # young, and not answered: neither way
        pull(6, "2026-03-30"),  # two days old at the end
    ]
    found = figure("answered_within_benchmark", *threads)
    assert (found.details["in_time"], found.n, found.value) == (2, 5, 0.4)
    assert found.pending == 1
    assert found.items == (2, 3, 6)


def test_the_benchmark_is_a_setting() -> None:
    thread = issue(1, "2026-03-02", event("2026-03-05", "commented"))
    assert figure("answered_within_benchmark", thread).value == 0
    assert figure("answered_within_benchmark", thread, benchmark=3).value == 1
    assert "3 business days" in figure("answered_within_benchmark", thread, benchmark=3).definition

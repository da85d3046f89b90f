from typing import Any

from bot.core.history import PastThread
from bot.health.figures import Metric
from bot.health.first_timers import first_pulls, first_timers
from tests.health.examples import BO, BOT, DAY, MAINT, MAX, NIA, event, issue, period, pull


def figure(id_: str, *threads: PastThread, **how: Any) -> Metric:
    return {metric.id: metric for metric in first_timers(period(*threads, **how))}[id_]


THREADS = (
    issue(1, "2025-01-02", author=NIA),
    pull(2, "2026-03-02", event("2026-03-03", "reviewed"), event("2026-03-04", "merged"), author=NIA),
    pull(3, "2026-03-05", author=NIA),
    pull(4, "2025-03-02", author=BO),
    pull(5, "2026-03-02", author=BO),
    pull(6, "2026-03-02", event("2026-03-09", "closed"), author=MAX),
    pull(7, "2026-03-02", author=BOT),
    pull(8, "2026-03-02", author=None),
    pull(9, "2026-03-02", author=77),
)


def test_a_first_pull_request_is_its_authors_first_one_ever() -> None:
    assert [thread.number for thread in first_pulls(period(*THREADS))] == [2, 6, 9]


def test_how_it_went_is_counted() -> None:
    answered = figure("first_timer_answered", *THREADS)
    assert (answered.details["in_time"], answered.n, answered.items) == (1, 3, (6, 9))
    merged = figure("first_timer_merged", *THREADS)
    assert (merged.details["merged"], merged.n, merged.pending, merged.items) == (1, 2, 1, (9,))
    assert merged.value == 0.5, "what is open counts neither way"
    assert merged.details["closed_unmerged"] == 1
    assert figure("first_timer_time_to_merge", *THREADS).values == (2 * DAY,)


def test_abandoned_is_left_by_its_author_after_an_answer() -> None:
    asked = event("2026-03-05", "reviewed", MAINT, "changes_requested")
    left = pull(1, "2026-03-02", asked)
    came_back = pull(2, "2026-03-02", asked, event("2026-03-30", "force_pushed", BO), author=BO)
    not_answered = pull(3, "2026-03-02", author=MAX)
    closed_at_once = pull(4, "2026-03-02", asked, event("2026-03-06", "closed"), author=77)
    threads = (left, came_back, not_answered, closed_at_once)
    assert figure("first_timer_merged", *threads, abandoned_after=20).details["abandoned"] == 1
    assert figure("first_timer_merged", *threads).details["abandoned"] == 0

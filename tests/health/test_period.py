from bot.health.calendar import Window
from bot.health.people import People
from bot.health.period import Period
from tests.health.examples import at, event, gathered, issue, period, pull

THREADS = (
    issue(1, "2026-02-10", event("2026-03-10", "closed")),
    issue(2, "2026-03-05"),
    pull(3, "2026-03-01", event("2026-03-02", "merged")),
    pull(4, "2026-03-02", is_draft=True),
    pull(5, "2026-04-02"),
)


def test_a_period_knows_what_came_went_and_stayed() -> None:
    march = period(*THREADS)
    assert [t.number for t in march.opened(pulls=True)] == [3, 4]
    assert [t.number for t in march.closed(pulls=False)] == [1]
    assert [t.number for t in march.closed(pulls=True)] == [3]
    assert [t.number for t in march.merged()] == [3]
    assert [t.number for t in march.open(pulls=False)] == [2]
    assert [t.number for t in march.waiting(pulls=True)] == [3]


def test_a_period_before_knows_nothing_of_what_came_later() -> None:
    seen = gathered(THREADS)
    february = Period.of(seen, Window(at("2026-02-01"), at("2026-03-01")), People())
    assert [thread.number for thread in february.threads] == [1]
    assert february.threads[0].is_open
    assert february.closed(pulls=False) == []

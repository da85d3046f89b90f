"""The made-up project: always the same, plausible, and with something to tell."""

from datetime import timedelta

from bot.core.history import PastThread
from bot.demo.history import DAYS, GREETER, SLOW, made_up
from tests.reports.examples import UNTIL, story

BEGIN = UNTIL - timedelta(days=DAYS)


def first_reviews(threads: tuple[PastThread, ...], begin: int, end: int) -> list[float]:
    """The days until the first review of pull requests that were opened on these days, the fewest first."""
    return sorted(
        (next(thread.of("reviewed")).at - thread.created_at) / timedelta(days=1)
        for thread in threads
        if any(thread.of("reviewed")) and begin <= (thread.created_at - BEGIN).days < end
    )


def test_a_seed_always_gives_the_same() -> None:
    assert made_up(UNTIL) == made_up(UNTIL)
    assert made_up(UNTIL).threads != made_up(UNTIL, seed=8).threads
    assert len(made_up(UNTIL, times=5).threads) > 3 * len(made_up(UNTIL).threads)


def test_nothing_happens_before_the_beginning_or_after_the_end() -> None:
    made = made_up(UNTIL)
    assert [thread.number for thread in made.threads] == list(range(1, len(made.threads) + 1))
    for snapshot in made.snapshots:
        thread = snapshot.thread
        moments = [thread.created_at, *(deed.at for deed in thread.deeds)]
        assert moments[0] >= BEGIN
        assert moments == sorted(moments)
        assert moments[-1] == snapshot.updated_at < UNTIL
        assert thread.is_open == (thread.closed_at is None)
        known = {person.id for person in snapshot.people}
        assert {thread.author, *(deed.who for deed in thread.deeds)} - {None} == known
    assert all(BEGIN <= release.published_at < UNTIL for release in made.releases)


def test_one_quarter_was_slow() -> None:
    threads = made_up(UNTIL).threads
    slow, before = first_reviews(threads, *SLOW), first_reviews(threads, 0, SLOW[0])
    assert slow[len(slow) // 2] > 3 * before[len(before) // 2]


def test_a_report_has_something_to_say() -> None:
    report = story().report
    assert [suspect.login for suspect in report.suspects] == [GREETER]
    assert report.metric("releases").value
    assert report.metric("new_pr_authors").value
    assert {need.kind for need in report.needs_you if need.count} >= {
        "first_timers_waiting",
        "prs_waiting_for_maintainers",
        "approved_unmerged",
    }
    assert report.metric("time_to_first_response_issue").n > 20

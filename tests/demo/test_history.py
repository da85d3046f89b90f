"""The made-up project: always the same, plausible, and with something to tell."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.history import PastThread
from bot.demo.cast import GREETER, MAINTAINERS, NEWCOMERS, REGULARS
from bot.demo.history import DAYS, LATELY, made_up, summer
from bot.demo.report import check_figures
from bot.demo.scenes import SCENES
from bot.health.report import Beside, report
from bot.health.settings import HealthConfig
from tests.reports.examples import UNTIL, story

BEGIN = UNTIL - timedelta(days=DAYS)


def first_review(threads: tuple[PastThread, ...], begin: datetime, end: datetime) -> float:
    """The median of the days until the first review of pull requests that were opened in this time."""
    found = sorted(
        (next(thread.of("reviewed")).at - thread.created_at) / timedelta(days=1)
        for thread in threads
        if any(thread.of("reviewed")) and begin <= thread.created_at < end
    )
    return found[len(found) // 2]


def test_a_seed_always_gives_the_same() -> None:
    assert made_up(UNTIL) == made_up(UNTIL)
    assert made_up(UNTIL).threads != made_up(UNTIL, seed=8).threads
    assert len(made_up(UNTIL, times=5).threads) > 3 * len(made_up(UNTIL).threads)


def test_nothing_happens_before_the_beginning_or_after_the_end() -> None:
    made = made_up(UNTIL)
    assert [thread.number for thread in made.threads] == list(range(1, len(made.threads) + 1))
    for snapshot in made.snapshots:
        thread = snapshot.thread
        moments = [thread.created_at, *(event.at for event in thread.timeline)]
        assert moments[0] >= BEGIN
        assert moments == sorted(moments)
        assert moments[-1] == snapshot.updated_at < UNTIL
        assert thread.is_open == (thread.closed_at is None)
        known = {person.id for person in snapshot.people}
        assert {thread.author, *(event.who for event in thread.timeline)} - {None} == known
    assert all(BEGIN <= release.published_at < UNTIL for release in made.releases)


def test_the_last_summer_was_quiet() -> None:
    made = made_up(UNTIL)
    begin, end = summer(UNTIL)
    assert (begin, end) == (datetime(2025, 7, 1, tzinfo=UTC), datetime(2025, 9, 1, tzinfo=UTC))
    before, after = begin - (end - begin), end + (end - begin)
    opened = [thread.created_at for thread in made.threads]
    quiet, usual = (sum(a <= at < b for at in opened) for a, b in ((begin, end), (before, begin)))
    assert quiet < 0.7 * usual
    assert first_review(made.threads, begin, end) > 1.5 * first_review(made.threads, before, begin)
    assert first_review(made.threads, begin, end) > 1.5 * first_review(made.threads, end, after)
    assert not [release for release in made.releases if begin <= release.published_at < end]


@pytest.mark.parametrize("month", range(1, 13))
def test_a_summer_is_over_for_a_while(month: int) -> None:
    until = datetime(2026, month, 15, tzinfo=UTC)
    begin, end = summer(until)
    assert begin.month < end.month
    assert LATELY - timedelta(days=10) <= until - end <= timedelta(days=366) + LATELY


def test_lately_it_goes_better() -> None:
    threads = made_up(UNTIL).threads
    lately = first_review(threads, UNTIL - LATELY, UNTIL)
    assert first_review(threads, UNTIL - 2 * LATELY, UNTIL - LATELY) > 1.5 * lately


def test_everybody_goes_by_one_name() -> None:
    names = [*MAINTAINERS, *REGULARS, *NEWCOMERS, GREETER]
    assert len(set(names)) == len(names) > 90
    logins = [person.login for person in made_up(UNTIL).people]
    assert len(set(logins)) == len(logins)


def test_who_waits_in_the_end_is_new() -> None:
    waiting = [scene for scene in SCENES if not any(act.who in MAINTAINERS for act in scene.acts)]
    assert len(waiting) >= 3
    made = made_up(UNTIL)
    logins = {person.id: person.login for person in made.people}
    for scene in waiting:
        own = [thread.title for thread in made.threads if logins.get(thread.author or 0) == scene.author]
        assert own == [scene.title]


def test_a_report_has_something_to_say() -> None:
    told = story().report
    assert [suspect.login for suspect in told.suspects] == [GREETER]
    assert told.metric("releases").value
    assert told.metric("new_pr_authors").value
    assert {need.kind for need in told.needs_you if need.count} >= {
        "first_timers_waiting",
        "prs_waiting_for_maintainers",
        "approved_unmerged",
        "heated",
    }
    assert told.metric("time_to_first_response_issue").n > 20
    assert told.metric("absence_factor_merged_prs").value == 2
    assert [each.id for each in told.advice] == ["many_questions", "one_reviewer", "backlog_grew"]


@pytest.mark.parametrize("days", range(0, 365, 73))
def test_it_has_so_on_any_day(days: int) -> None:
    """What the demo expects of its report must hold whenever somebody starts it."""
    until = UNTIL + timedelta(days=days, hours=days % 24)
    made = made_up(until)
    found = report(made.threads, until, HealthConfig(), Beside(persons=made.people, releases=made.releases))
    assert [check for check in check_figures(found) if not check[2]] == []

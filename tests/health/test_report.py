from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.core.history import HeadChecks, PastRelease, PastThread
from bot.core.rule import Section
from bot.health.calendar import Window
from bot.health.figures import Metric, Usual
from bot.health.labels import Labelling
from bot.health.report import Beside, Report, report
from bot.health.settings import HealthConfig
from tests.health.examples import BO, GREETER, MAINT, PERSONS, at, event, generated, issue, pull
from tests.house import ROOT

NAMED = [
    "issues_opened",
    "issues_closed",
    "issues_open",
    "prs_opened",
    "prs_closed",
    "prs_merged",
    "prs_open",
    "time_to_first_response_issue",
    "time_to_first_response_pr",
    "time_to_first_maintainer_response",
    "answered_within_benchmark",
    "time_to_close_issue",
    "time_to_merge_pr",
    "time_to_first_review",
    "review_cycles",
    "merged_unreviewed",
    "closure_ratio_issues",
    "closure_ratio_prs",
    "absence_factor_merged_prs",
    "absence_factor_reviews",
    "new_issue_authors",
    "new_pr_authors",
    "new_merged_authors",
    "returning_contributors",
    "inactive_contributors",
    "first_timer_answered",
    "first_timer_merged",
    "releases",
    "days_since_release",
    "unreleased_prs",
    "review_load_top_share",
    "label_precision",
    "label_coverage",
]


def made(*threads: PastThread, until: str = "2026-04-01", beside: Any = None, **config: Any) -> Report:
    settings = HealthConfig(**{"window": 31, **config})
    return report(threads, at(until), settings, beside or Beside(persons=PERSONS, maintainers=[MAINT]))


def test_every_figure_that_others_look_up_is_there_once() -> None:
    ids = [metric.id for metric in made().metrics]
    assert set(NAMED) <= set(ids)
    assert len(ids) == len(set(ids))
    assert all(metric.definition for metric in made().metrics)


def test_the_manual_explains_every_figure_and_setting() -> None:
    manual = (ROOT / "docs/health.md").read_text("utf-8")
    named = {metric.id for metric in made().metrics} | {need.kind for need in made().needs_you}
    named |= HealthConfig.model_fields.keys() - Section.model_fields.keys()
    assert {name for name in named if f"`{name}" not in manual} == set()


def test_a_project_without_a_history_has_a_report() -> None:
    found = made()
    assert found.needs_nobody
    assert (found.series, found.cohorts, found.advice, found.suspects) == ((), (), (), ())
    assert found.metric("issues_opened").value == 0
    with pytest.raises(KeyError):
        found.metric("elephants")


def test_it_knows_when_the_history_begins_even_after_the_window() -> None:
    threads = [issue(1, "2026-03-02 10:00"), issue(2, "2026-05-02")]
    assert made(*threads).begins_at == at("2026-03-02 10:00")
    assert made(*threads, until="2014-01-01").begins_at == at("2026-03-02 10:00")
    assert made().begins_at is None


def test_the_window_is_that_of_the_settings() -> None:
    assert made(window=7).window == Window(at("2026-03-25"), at("2026-04-01"))
    assert made(window=7).time_zone == "UTC"


def test_the_period_before_is_told_as_its_own_report_told_it() -> None:
    threads = [issue(n, "2026-02-10", event("2026-02-12", "closed")) for n in range(1, 6)]
    threads += [issue(6, "2026-02-10", event("2026-03-12", "closed"), event("2026-03-13", "reopened"))]
    threads += [issue(7, "2026-02-11", event("2026-02-12", "closed"), event("2026-03-13", "reopened"))]
    threads += [pull(8, "2026-03-02")]
    now, before = made(*threads), made(*threads, until="2026-03-01")
    assert {m.id: m.previous for m in now.metrics} == {
        m.id: before.metric(m.id).headline for m in now.metrics
    }
    assert now.metric("issues_closed").previous == 6
    assert now.metric("time_to_close_issue").previous == 2 * 86_400


def test_who_was_seen_once_in_the_window_before_may_have_come_back_since() -> None:
    again = issue(2, "2026-03-02", event("2026-03-03", "commented", BO))
    once = issue(1, "2026-02-10", event("2026-02-11", "commented", BO), event("2026-03-10", "commented"))
    found = made(once, again).metric("one_time_contributors")
    assert (found.value, found.n) == (1, 3), "the maintainer wrote on one alone"
    before = made(once, again).before["one_time_contributors"]
    assert (before.value, before.n) == (2, 2)


def test_what_is_usual_is_the_range_of_twelve_weeks() -> None:
    opened = [at("2025-12-31") + timedelta(weeks=week) for week in range(13)]
    numbers = [n for n, week in enumerate(opened, 1) for _ in range(n)]
    threads = [issue(k, f"{opened[n - 1]:%Y-%m-%d}") for k, n in enumerate(numbers, 1)]
    found = made(*threads, window=7)
    assert found.metric("issues_opened").value == 13
    assert found.metric("issues_opened").usual == Usual(1, 6.5, 12, weeks=12)
    assert found.metric("absence_factor_reviews").usual is None


def test_what_is_usual_is_of_the_weeks_before_the_window_in_the_history() -> None:
    weeks = [at("2026-04-01") - timedelta(weeks=back) for back in range(20, 0, -1)]
    threads = [issue(n, f"{week:%Y-%m-%d}") for n, week in enumerate(weeks, 1)]
    assert made(*threads, window=56).metric("issues_opened").usual == Usual(1, 1, 1, weeks=12)
    assert made(*threads, window=84).metric("issues_opened").usual == Usual(1, 1, 1, weeks=8)
    assert made(*threads, window=85).metric("issues_opened").usual is None, "seven weeks are too few"


def test_what_waits_is_beside_the_usual_only_where_both_are_watched_alike() -> None:
    """Each week is as its own end told it: one who waited eight days was waiting still."""
    answers = ["2026-01-01 06:00", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05", "2026-01-09"]
    threads = [issue(n, "2026-01-01", event(day, "commented")) for n, day in enumerate(answers, 1)]
    threads.append(issue(7, "2025-12-25", author=MAINT))
    found = made(*threads, until="2026-03-26", window=7)
    response = found.metric("time_to_first_response_issue").usual
    assert response == Usual(None, 2 * 86_400, None, weeks=1, n=5, pending=2)
    month = made(*threads, until="2026-04-16", window=28)
    assert month.metric("time_to_first_response_issue").usual is None
    assert month.metric("issues_opened").usual == Usual(0, 0, 6, weeks=12)


def test_what_is_known_beside_the_threads_is_used() -> None:
    threads = [
        issue(1, "2026-03-02", event("2026-03-02", "commented", GREETER)),
        pull(2, "2026-03-02", event("2026-03-05", "reviewed", MAINT, "approved")),
    ]
    beside = Beside(
        persons=PERSONS,
        releases=[PastRelease("v1", at("2026-03-05"))],
        labellings=[Labelling(1, at("2026-03-02"), "bug")],
        checks={2: HeadChecks("red", at("2026-03-09"), at("2026-03-09"))},
        marks={GREETER: True},
        maintainers=[BO],
    )
    found = made(*threads, beside=beside)
    assert found.metric("releases").value == 1
    assert found.metric("label_precision").value == 1
    assert found.metric("time_to_first_response_issue").pending == 1
    assert found.metric("time_to_first_maintainer_response").n == 0
    counts = {need.kind: need.count for need in found.needs_you}
    assert counts["approved_unmerged"] == 0


def test_a_report_of_the_past_is_not_changed_by_what_came_later() -> None:
    threads, persons = generated(300, seed=4)
    until = at("2024-07-01")
    known = [thread for thread in threads if thread.created_at < until]
    whole = report(threads, until, HealthConfig(), Beside(persons=persons))
    assert whole == report(known, until, HealthConfig(), Beside(persons=persons))


def test_who_watches_a_report_may_end_it() -> None:
    seen: list[str] = []

    def watched(metrics: Iterable[Metric]) -> Iterator[Metric]:
        for metric in metrics:
            seen.append(metric.id)
            if len(seen) == 7:
                raise InterruptedError
            yield metric

    with pytest.raises(InterruptedError):
        report((), at("2026-04-01"), HealthConfig(), watched=watched)
    assert len(seen) == 7

"""The roll-up: repositories side by side, their needs in one list, and sums of the single reports."""

import itertools
from datetime import timedelta

import pytest

from bot.health.figures import LISTED
from bot.health.rollup import ANSWERED, FIGURES, RollingUp
from bot.health.settings import HealthConfig
from bot.health.totals import COUNTS
from tests.health import slow
from tests.health.examples import BO, NIA, at, event, generated, issue, pull
from tests.health.rollups import figure, reported, rolled, rolled_up
from tests.health.test_against_slow import QUARTERS, rows_of, told

# Beside the single reports, and beside the slow computation


@pytest.mark.parametrize("until", ["2023-06-01", "2024-11-15", "2026-06-01"])
def test_the_sums_are_those_of_the_single_reports(until: str) -> None:
    rollup, reports = rolled_up([generated(200, seed) for seed in range(4)], at(until), 90)
    for id_ in COUNTS:
        single = [report.metric(id_) for report in reports]
        whole = figure(rollup, id_)
        assert (whole.value or 0) == sum(metric.value or 0 for metric in single), id_
        assert (whole.previous or 0) == sum(metric.previous or 0 for metric in single), id_
        assert (whole.value is None) == (not whole.is_known) == all(not each.is_known for each in single)
    for line, report in zip(rollup.lines, reports, strict=True):
        for id_ in line.metrics.keys() - {"time_to_first_response"}:
            mine, theirs = line.metrics[id_], report.metric(id_)
            assert (mine.value, mine.n, mine.previous) == (theirs.value, theirs.n, theirs.previous)
        waits = [report.metric(f"time_to_first_response_{kind}") for kind in ("issue", "pr")]
        assert line.metrics["time_to_first_response"].n == sum(metric.n for metric in waits)
        assert line.metrics["time_to_first_response"].pending == sum(metric.pending or 0 for metric in waits)
        assert line.metrics.keys() == set(FIGURES)
    for need in rollup.needs_you:
        single_needs = [each for report in reports for each in report.needs_you if each.kind == need.kind]
        assert need.count == sum(each.count for each in single_needs)
        for group in need.groups:
            same = [g for each in single_needs for g in each.groups if g.opened_by == group.opened_by]
            assert (group.count, group.new) == (sum(g.count for g in same), sum(g.new for g in same))
            assert group.repositories == len(same)
            assert len(group.old) == min(LISTED, group.over_a_year)
            assert len(group.recent) == min(LISTED, group.count - group.over_a_year)


def test_the_people_are_those_of_the_slow_computation() -> None:
    histories = [generated(150, seed) for seed in range(3)]
    rows = [
        {**row, "number": (place, row["number"])}
        for place, (threads, _) in enumerate(histories)
        for row in rows_of(threads)
    ]
    for start, until in itertools.pairwise(QUARTERS[36:50]):
        days = (until - start).days
        rollup, reports = rolled_up(histories, until, days)
        assert not any(report.suspects for report in reports)
        for window, before in (((start, until), False), ((start - timedelta(days=days), start), True)):
            found = rollup.before if before else {each.id: each for each in (*rollup.totals, *rollup.people)}
            assert found["absence_factor_merged_prs"].value == slow.absence_factor(rows, *window, {90, 91})
            new = tuple(found[f"new_{stage}_authors"].value for stage in ("issue", "pr", "merged"))
            assert new == slow.new_authors(rows, *window, {90, 91})
            back = found["returning_contributors"]
            assert (back.n, back.value) == slow.returning(rows, *window, {90, 91})


def test_the_waits_are_those_of_the_slow_computation() -> None:
    histories = [generated(150, seed) for seed in range(3)]
    rows = [row for threads, _ in histories for row in rows_of(threads)]
    start, until = at("2025-01-01"), at("2025-07-01")
    rollup, _ = rolled_up(histories, until, (until - start).days)
    issues, pulls = (slow.first_response(rows, start, until, {90, 91}, pull=pull) for pull in (False, True))
    n, pending, *_ = told(figure(rollup, "time_to_first_response"))
    assert (n, pending) == (issues[0] + pulls[0], issues[1] + pulls[1])


# What needs a person


def test_the_longest_wait_anywhere_comes_first_and_no_more_than_fit() -> None:
    many = [issue(n, f"2026-03-{n:02} 12:00", author=10 + n) for n in range(1, 16)]
    few = [issue(n, f"2026-03-{n:02} 06:00", author=30 + n) for n in range(1, 16)]
    found = rolled({"one": reported(*many), "two": reported(*few), "three": reported()})
    first = found.needs_you[0]
    assert (first.kind, first.count, first.repositories) == ("first_timers_waiting", 30, 2)
    assert len(first.items) == LISTED
    assert [(each.repository, each.item.number) for each in first.items[:3]] == [
        ("acme/two", 1),
        ("acme/one", 1),
        ("acme/two", 2),
    ]


def test_a_thread_that_waits_for_two_reasons_is_one_that_waits() -> None:
    threads = [pull(1, "2026-03-02", author=NIA, disliked=9), issue(2, "2026-03-03", author=2)]
    found = rolled({"one": reported(*threads)})
    assert [need.count for need in found.needs_you] == [2, 0, 0, 0, 0, 1]
    assert (found.lines[0].waiting, found.waiting) == (2, 2)


# Histories that end early


def test_of_which_too_little_is_known_it_is_in_no_figure() -> None:
    rolling = RollingUp("acme", at("2026-04-01"), 31, HealthConfig().zone)
    rolling.add("acme/known", reported(issue(1, "2026-03-02")))
    rolling.leave_out("acme/Ended", at("2026-03-02"))
    found = rolling.rollup({})
    ended, known = found.lines
    assert (ended.repository, ended.known_until, ended.metrics) == ("acme/Ended", at("2026-03-02"), {})
    assert (ended.waiting, ended.is_left_out, ended.is_quiet) == (None, True, False)
    assert (known.is_left_out, found.counted, found.waiting) == (False, 1, 1)
    assert figure(found, "issues_opened").value == 1
    for id_ in ("time_to_first_response", "answered_within_benchmark", "returning_contributors"):
        assert figure(found, id_).detail("repositories_left_out") == 1
        assert figure(found, id_).definition.endswith("before the window does are left out: 1.")


def test_half_of_the_window_is_enough() -> None:
    rolling = RollingUp("acme", at("2026-04-01"), 30, HealthConfig().zone)
    known = [None, at("2026-03-17"), at("2026-03-16 23:00"), at("2026-01-01")]
    assert [rolling.is_enough(each) for each in known] == [True, True, False, False]


def test_where_all_are_left_out_nothing_is_known_and_nothing_is_zero() -> None:
    rolling = RollingUp("acme", at("2026-04-01"), 31, HealthConfig().zone)
    rolling.leave_out("acme/ended", at("2026-01-02"))
    found = rolling.rollup({})
    figures = (*found.totals, *found.people, *found.before.values())
    assert {(each.value, each.is_known) for each in figures} == {(None, False)}
    assert {each.previous for each in (*found.totals, *found.people)} == {None}


def test_whoever_may_have_come_back_later_did_not_stay_away() -> None:
    was_here = reported(issue(1, "2026-02-02"), issue(2, "2026-02-03", author=BO))
    known, ended = rolled({"one": was_here}), rolled({"one": was_here}, ended={"one": "2026-03-20"})
    back = [figure(each, "returning_contributors") for each in (known, ended)]
    assert [(each.n, each.value) for each in back] == [(2, 0), (0, 0)]


def test_what_was_answered_since_the_history_ended_is_not_known_of_its_repository() -> None:
    (line,) = rolled({"one": reported(issue(1, "2026-03-02"))}, ended={"one": "2026-03-20"}).lines
    assert [line.metrics[id_].is_known for id_ in (*ANSWERED, "issues_opened")] == [False, False, True]
    assert (line.metrics["issues_opened"].value, line.waiting) == (1, 1)


# Repositories


@pytest.mark.parametrize(
    ("threads", "is_quiet"),
    [
        ([], True),
        ([issue(1, "2025-03-02", event("2025-03-03", "commented"))], True),
        ([issue(1, "2026-03-02", event("2026-03-03", "commented"))], False),
        ([issue(1, "2025-03-02", event("2026-03-03", "closed"))], False),
        ([issue(1, "2025-03-02")], False),  # somebody's first, and nobody answered
    ],
)
def test_quiet_is_where_nothing_happened_and_nobody_waits(threads: list, is_quiet: bool) -> None:  # type: ignore[type-arg]
    assert [line.is_quiet for line in rolled({"one": reported(*threads)}).lines] == [is_quiet]


def test_repositories_come_in_the_order_of_the_alphabet_and_keep_nothing_large() -> None:
    found = rolled({"b": reported(issue(1, "2026-03-02")), "A": reported()})
    assert [line.repository for line in found.lines] == ["acme/A", "acme/b"]
    kept = [metric for line in found.lines for metric in (*line.metrics.values(), *line.before.values())]
    assert not any(metric.items or metric.breakdown for metric in kept)


def test_without_any_repository_there_is_nothing_to_say() -> None:
    found = rolled({})
    assert (found.lines, found.needs_you, found.waiting) == ((), (), 0)
    assert (figure(found, "issues_open").value, figure(found, "issues_open").is_known) == (None, False)
    assert figure(found, "absence_factor_merged_prs").value is None


def test_the_window_before_is_as_long() -> None:
    found = rolled({"one": reported(issue(1, "2026-02-20"))})
    assert (found.window.start, found.window.until) == (at("2026-03-01"), at("2026-04-01"))
    assert found.before["issues_opened"].value == 1

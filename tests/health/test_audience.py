"""Whose threads the figures are about."""

import pytest

from bot.core.history import PastThread
from bot.health.audience import Audience
from bot.health.figures import AudienceName
from bot.health.report import Beside, Report, report
from bot.health.settings import HealthConfig
from tests.health.examples import BO, BOT, DAY, HOUR, MAINT, MAX, NIA, PERSONS, at, event, issue, period, pull

WHO: tuple[AudienceName, ...] = ("everyone", "newcomers", "outsiders", "maintainers")
# nia came in 2025, bo with number 3, max with a word on number 3 and then with number 5.
THREADS = (
    issue(1, "2025-11-02", event("2026-03-20", "closed"), author=NIA),
    issue(2, "2026-03-02", event("2026-03-02 03:00", "commented"), author=NIA),
    issue(
        3,
        "2026-03-05",
        event("2026-03-05 01:00", "commented", MAX),
        event("2026-03-05 05:00", "commented"),
        author=BO,
    ),
    issue(4, "2026-03-06", event("2026-03-06 02:00", "commented", NIA), author=MAINT),
    pull(5, "2026-03-07", event("2026-03-09", "reviewed"), event("2026-03-10", "merged"), author=MAX),
    pull(6, "2026-03-08", event("2026-03-08 01:00", "commented"), author=BOT),
    issue(7, "2026-03-09", author=None),
    issue(8, "2025-01-05", event("2025-01-06", "closed"), author=MAINT),
)


def of(audience: AudienceName, *threads: PastThread, until: str = "2026-04-01") -> Report:
    beside = Beside(persons=PERSONS, maintainers=[MAINT])
    return report(threads or THREADS, at(until), HealthConfig(window=31), beside, audience)


def numbers(audience: AudienceName, *threads: PastThread) -> list[int]:
    """The numbers of the threads that an audience has."""
    seen = period(*threads or THREADS)
    chosen = Audience(audience, seen.people, seen.gathered.activities)
    assert [o.opened for o in chosen.outlines(seen.gathered)] == [
        thread.created_at.toordinal() for thread in threads or THREADS if chosen.has(thread)
    ]
    return [thread.number for thread in threads or THREADS if chosen.has(thread)]


def test_each_audience_has_its_threads() -> None:
    assert numbers("everyone") == [1, 2, 3, 4, 5, 6, 7, 8]
    assert numbers("newcomers") == [1, 3, 5, 8]
    assert numbers("outsiders") == [1, 2, 3, 5, 7]
    assert numbers("maintainers") == [4, 8]


def test_everybody_s_threads_are_those_of_maintainers_outsiders_and_bots() -> None:
    counts = {who: of(who).audience.threads for who in WHO}
    assert counts == {"everyone": 6, "newcomers": 2, "outsiders": 4, "maintainers": 1}
    chosen = of("outsiders").audience
    assert (chosen.name, chosen.of, chosen.people) == ("outsiders", 6, 3)  # a ghost is on top of these


@pytest.mark.parametrize(("opened", "is_new"), [("2026-03-31", True), ("2026-03-31 00:01", False)])
def test_a_newcomer_is_one_for_ninety_days(opened: str, is_new: bool) -> None:
    first = issue(1, "2025-12-31", author=NIA)
    assert numbers("newcomers", first, issue(2, opened, author=NIA)) == ([1, 2] if is_new else [1])


def test_the_first_contribution_may_be_a_word_or_a_review_on_somebody_else_s_thread() -> None:
    own = pull(3, "2026-03-20", author=NIA)
    for kind in ("commented", "reviewed", "review_commented"):
        word = pull(2, "2025-10-01", event("2025-10-02", kind, NIA), author=BO)
        assert numbers("newcomers", word, own) == [2]
    label = pull(2, "2025-10-01", event("2025-10-02", "labeled", NIA), author=BO)
    by_app = pull(2, "2025-10-01", event("2025-10-02", "commented", NIA, by_app=True), author=BO)
    assert numbers("newcomers", label, own) == numbers("newcomers", by_app, own) == [2, 3]


def test_an_issue_that_was_transferred_here_counts_from_its_own_date() -> None:
    assert numbers("newcomers", issue(1, "2026-03-02"), issue(2, "2024-03-02")) == [2]


def test_who_maintains_the_project_today_was_a_newcomer_then() -> None:
    assert 8 in numbers("newcomers")


def test_figures_of_threads_are_of_the_audience() -> None:
    new, outside, maintaining = (of(who) for who in WHO[1:])
    response = "time_to_first_response_issue"
    assert new.metric(response).values == (HOUR,)
    assert (outside.metric(response).values, outside.metric(response).pending) == ((HOUR, 3 * HOUR), 1)
    assert maintaining.metric(response).values == (2 * HOUR,)
    assert new.metric("time_to_first_maintainer_response").values == (5 * HOUR, 2 * DAY)
    assert [r.metric("issues_opened").value for r in (new, outside, maintaining)] == [1, 3, 1]
    assert [r.metric("issues_closed").value for r in (new, outside, maintaining)] == [1, 1, 0]
    assert [r.metric("issues_open").value for r in (new, outside, maintaining)] == [1, 3, 1]
    assert [r.metric("prs_merged").value for r in (new, outside, maintaining)] == [1, 1, 0]
    assert new.metric("time_to_merge_pr").values == (3 * DAY,)
    assert new.metric("closure_ratio_issues").details["present"] == 2
    assert [new.metric("time_to_first_review").n, maintaining.metric("time_to_first_review").n] == [1, 0]


def test_figures_of_people_are_of_everyone_and_say_so() -> None:
    everyone, new = of("everyone"), of("newcomers")
    alike = {metric.id for metric in new.metrics if metric.audience == "everyone"}
    assert {m.audience for m in everyone.metrics} == {"everyone"}
    assert {m.audience for m in new.metrics} == {"everyone", "newcomers"}
    assert {"absence_factor_merged_prs", "new_pr_authors", "releases", "review_load_top_share"} <= alike
    assert "issues_opened" not in alike
    assert [new.metric(id_) for id_ in sorted(alike)] == [everyone.metric(id_) for id_ in sorted(alike)]


def test_the_period_before_the_series_and_the_cohorts_are_of_the_audience() -> None:
    threads = [issue(n, f"2026-{month:02}-{day:02}", author=NIA) for n, month, day in ((2, 2, 2), (3, 3, 16))]
    threads = [issue(1, "2026-02-02", event("2026-02-03", "closed"), author=MAINT), *threads]
    found = of("maintainers", *threads)
    assert found.metric("issues_opened").previous == 1
    assert of("outsiders", *threads).metric("issues_opened").previous == 1
    points = {each.id: each.points for each in found.series if each.bucket == "month"}
    assert points["issues_opened"] == (("2026-02", 1), ("2026-03", 0))
    assert points["issues_open"] == (("2026-02", 0), ("2026-03", 0))
    assert [(each.n, each.pending) for each in found.cohorts] == [(1, 0)]


def test_what_needs_somebody_is_of_the_audience() -> None:
    def waiting(audience: AudienceName) -> dict[str, int]:
        found = of(audience, *THREADS, late, bots)
        return {need.kind: need.count for need in found.needs_you if need.count}

    late = issue(9, "2026-03-25", event("2026-03-26", "commented", NIA), author=BO)
    bots = pull(10, "2026-03-26", author=BOT)
    assert waiting("newcomers") == {"answered_only_by_outsiders": 1}
    ghosts = {"issues_unanswered": 1}
    assert waiting("outsiders") == {"answered_only_by_outsiders": 1, **ghosts}
    assert waiting("everyone") == {
        "prs_waiting_for_maintainers": 1,
        "answered_only_by_outsiders": 1,
        **ghosts,
    }
    assert waiting("maintainers") == {}


def test_advice_is_for_everyone_s_report_alone() -> None:
    threads = [
        pull(n, f"2026-03-{n:02}", event(f"2026-03-{n + 1:02}", "merged"), author=n) for n in range(1, 28)
    ]
    assert of("everyone", *threads).advice
    assert of("outsiders", *threads).advice == ()


def test_of_nobody_there_is_a_report_without_cases() -> None:
    found = of("maintainers", issue(1, "2026-03-02"))
    assert (found.series, found.cohorts, found.needs_nobody) == ((), (), True)
    assert (found.audience.threads, found.audience.of, found.audience.people) == (0, 1, 0)

"""The figures of several repositories taken together: by hand."""

from bot.core.history import PastRelease
from bot.health.totals import totals
from tests.health.examples import DAY, HOUR, at, event, issue, pull
from tests.health.rollups import figure, reported, rolled


def test_counts_are_sums_and_so_are_those_of_the_window_before() -> None:
    found = rolled(
        {
            "one": reported(issue(1, "2026-03-02"), issue(2, "2026-02-02", event("2026-03-05", "closed"))),
            "two": reported(issue(1, "2026-03-03"), pull(2, "2026-03-04", event("2026-03-05", "merged"))),
        }
    )
    opened, closed = figure(found, "issues_opened"), figure(found, "issues_closed")
    assert (opened.value, opened.previous, opened.n) == (2, 1, 2)
    assert (closed.value, closed.previous) == (1, 0)
    assert (figure(found, "issues_open").value, figure(found, "prs_merged").value) == (2, 1)


def test_releases_that_nobody_knows_of_are_not_none() -> None:
    beside = {"releases": [PastRelease("v1", at("2026-03-05"))]}
    unknown, known = reported(issue(1, "2026-03-02")), reported(issue(1, "2026-03-02"), beside=beside)
    assert figure(rolled({"one": unknown, "two": known}), "releases").value == 1
    nobody = figure(rolled({"one": unknown}), "releases")
    assert (nobody.value, nobody.is_known) == (None, False)


def test_the_median_is_that_of_all_waits_and_not_one_of_medians() -> None:
    quick = [issue(n, "2026-03-02", event("2026-03-02 01:00", "commented")) for n in range(1, 6)]
    slow = [issue(n, "2026-03-02", event("2026-03-03", "commented")) for n in range(1, 3)]
    found = rolled({"quick": reported(*quick, issue(9, "2026-03-02")), "slow": reported(*slow)})
    waited = figure(found, "time_to_first_response")
    assert (waited.n, waited.median, waited.p90, waited.pending) == (7, HOUR, DAY, 1)
    assert [line.metrics["time_to_first_response"].n for line in found.lines] == [5, 2]


def test_below_five_the_values_of_all_repositories_are_shown() -> None:
    answered = issue(1, "2026-03-02", event("2026-03-02 01:00", "commented"))
    found = rolled({"one": reported(answered), "two": reported(answered)})
    assert figure(found, "time_to_first_response").values == (HOUR, HOUR)
    assert figure(found, "time_to_first_response").median is None


def test_each_repository_has_its_own_idea_of_in_time() -> None:
    # Monday to Wednesday is two business days.
    answered = issue(1, "2026-03-02", event("2026-03-04", "commented"))
    found = rolled({"two-days": reported(answered), "one-day": reported(answered, benchmark=1)})
    share = figure(found, "answered_within_benchmark")
    assert (share.n, share.value, share.detail("in_time")) == (2, 0.5, 1)


def test_what_was_answered_after_a_history_ended_is_not_known() -> None:
    answered = issue(1, "2026-03-02", event("2026-03-02 01:00", "commented"))
    reports = {"known": reported(answered), "ended": reported(answered, issue(2, "2026-03-10"))}
    found = rolled(reports, ended={"ended": "2026-03-10"})
    waited, in_time = figure(found, "time_to_first_response"), figure(found, "answered_within_benchmark")
    assert (waited.n, waited.pending, waited.values) == (1, 0, (HOUR,))
    assert (in_time.n, in_time.value, in_time.detail("repositories_left_out")) == (1, 1, 1)
    assert waited.definition.endswith("before the window does are left out: 1.")
    assert (figure(found, "issues_opened").value, figure(found, "issues_open").value) == (3, 3)
    assert "left out" not in figure(rolled(reports), "time_to_first_response").definition


def test_nothing_is_a_share_of_nothing() -> None:
    found = rolled({"one": reported()})
    assert figure(found, "answered_within_benchmark").value is None
    assert [metric.value for metric in totals([], [])][:3] == [0, 0, 0]


def test_releases_are_summed_and_pre_releases_stay_apart() -> None:
    released = [
        PastRelease("v1", at("2026-03-02"), is_prerelease=False),
        PastRelease("v2-rc", at("2026-03-03"), is_prerelease=True),
    ]
    found = rolled(
        {"one": reported(beside={"releases": released}), "two": reported(beside={"releases": released[:1]})}
    )
    releases = figure(found, "releases")
    assert (releases.value, releases.detail("prereleases")) == (2, 1)

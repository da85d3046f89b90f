"""Commits: how few people they rest on, and what waits for a release; each number counted by hand."""

import itertools
from typing import Any

from bot.core.history import CommitsBefore, PastCommit, PastRelease
from bot.health.calendar import Window
from bot.health.commits import Committed, commits_of
from bot.health.figures import Metric, Part
from bot.health.report import Beside, Report, report
from bot.health.settings import HealthConfig
from tests.health.examples import BO, BOT, NIA, PERSONS, at, gathered, march, period

numbers = itertools.count()


def commit(when: str, who: int | str, *, key: str = "", merge: bool = False) -> PastCommit:
    """A commit by an account, or by a name without one."""
    account = who if isinstance(who, int) else None
    sha = f"{next(numbers):040}"
    name = "Somebody" if isinstance(who, int) else who
    return PastCommit(sha, at(when), at("2020-01-01"), account, key or f"key of {who}", name, is_merge=merge)


def figures(*commits: PastCommit, releases: Any = (), **config: Any) -> dict[str, Metric]:
    now = period(**config)
    return {each.id: each for each in commits_of(now, Committed.of(commits, now.gathered), releases)}


def factor(*commits: PastCommit, **config: Any) -> Metric:
    return figures(*commits, **config)["absence_factor_commits"]


def waiting(*commits: PastCommit, releases: Any = ()) -> Metric:
    return figures(*commits, releases=releases)["unreleased_commits"]


def times(count: int, who: int | str, **more: Any) -> list[PastCommit]:
    return [commit("2026-03-10", who, **more) for _ in range(count)]


def test_the_fewest_people_who_made_half_of_the_commits_are_counted() -> None:
    by = (1000, 202, 90, 33, 332, 343, 42, 433)  # the example of the definitions
    found = factor(*[one for who, count in enumerate(by, 100) for one in times(count, who)])
    assert (found.value, found.n, found.details["people"]) == (2, sum(by), 8)


def test_merges_are_left_out_and_told_apart() -> None:
    found = factor(*times(3, NIA), *times(2, BO), *times(9, BO, merge=True))
    assert (found.value, found.n) == (1, 5)
    assert found.details == {"people": 2, "merges": 9}
    assert found.breakdown == (Part("nia", 3), Part("bo", 2))


def test_bots_are_left_out_with_and_without_an_account() -> None:
    found = factor(
        *times(9, BOT),
        *times(9, "renovate[bot]"),
        *times(9, "codecov-io"),
        *times(9, "Nightly Build"),
        *times(2, NIA),
        bots=["nightly build"],
    )
    assert (found.value, found.n, found.details["people"]) == (1, 2, 1)


def test_who_has_no_account_is_an_address() -> None:
    found = factor(*times(2, "Bo", key="one"), *times(2, "Bo", key="two"), *times(1, NIA))
    assert (found.value, found.details["people"]) == (2, 3), "one name, two people"
    found = factor(*times(2, "Bo", key="one"), *times(2, "Bob", key="one"), *times(3, NIA))
    assert (found.value, found.details["people"]) == (1, 2), "two names, one person"


def test_an_address_of_an_account_is_that_account_in_all_commits() -> None:
    found = factor(
        commit("2019-01-01", NIA, key="nia"), *times(3, "N.", key="nia"), *times(1, NIA), *times(5, BO)
    )
    assert (found.details["people"], found.breakdown) == (2, (Part("bo", 5), Part("nia", 4)))


def test_only_what_was_committed_in_the_window_counts() -> None:
    edges = [commit(when, NIA) for when in ("2026-02-28 23:59", "2026-03-01", "2026-03-31 23:59")]
    found = factor(*edges, commit("2026-04-01", NIA), commit("2026-04-02", BO))
    assert (found.value, found.n) == (1, 2)


def test_without_commits_there_is_no_factor() -> None:
    assert (factor().value, factor().n) == (None, 0)
    assert waiting(releases=RELEASES).value == 0


def test_the_share_is_a_setting() -> None:
    found = factor(*times(5, NIA), *times(5, BO), absence_share=0.8)
    assert found.value == 2
    assert "80%" in found.definition


RELEASES = (
    PastRelease("v1", at("2026-03-05 12:00")),
    PastRelease("v2-rc1", at("2026-03-20"), is_prerelease=True),
    PastRelease("v2", at("2026-04-01")),
)


def test_commits_since_the_last_release_wait_for_one() -> None:
    made = [
        commit("2026-03-05 11:59", NIA),
        commit("2026-03-05 12:00", NIA),
        commit("2026-03-20", BOT),
        commit("2026-03-21", NIA, merge=True),
        commit("2026-04-01", NIA),
    ]
    found = waiting(*made, releases=RELEASES)
    assert (found.value, found.n, found.details) == (2, 2, {"merges": 1})
    assert waiting(*made, releases=RELEASES[1:]).value == 3, "all of them where each was a pre-release"
    assert not waiting(*made).is_known, "who merges may publish elsewhere"


def test_what_is_kept_is_small() -> None:
    seen = Committed.of((commit("2019-01-01", n) for n in range(1, 5000)), gathered([]))
    assert (seen.authors(march()), seen.names) == ({}, {})
    assert seen.count(None, at("2026-01-01")) == (4999, 0)
    assert seen.count(at("2019-01-01"), at("2019-01-01")) == (0, 0)
    assert seen.authors(Window(at("2018-01-01"), at("2020-01-01"))) == {}, "before any window"


def test_commits_before_any_window_are_counted_elsewhere() -> None:
    before = CommitsBefore(plain=7, merges=2, accounts={"nia": NIA})
    seen = Committed.of(times(3, "N.", key="nia"), gathered([]), before)
    assert seen.count(None, at("2026-04-01")) == (10, 2)
    assert seen.count(at("2026-03-01"), at("2026-04-01")) == (3, 0)
    assert seen.authors(march()) == {NIA: 3}, "an address is known by what was counted, too"


def made(*commits: PastCommit, unknown: bool = False) -> Report:
    beside = Beside(persons=PERSONS, releases=RELEASES, commits=None if unknown else commits)
    return report((), at("2026-04-01"), HealthConfig(window=31), beside)


def test_the_report_has_them_beside_those_of_the_window_before() -> None:
    early = [commit("2026-02-10", NIA), commit("2026-02-11", BO), commit("2026-02-12", 4)]
    found = made(*early, *times(3, NIA))
    assert (found.metric("absence_factor_commits").value, found.metric("unreleased_commits").value) == (1, 3)
    assert found.metric("absence_factor_commits").previous == 2
    assert found.metric("unreleased_commits").previous is None, "no release was known then"


def test_where_commits_are_not_known_nothing_is_said_of_them() -> None:
    for id_ in ("absence_factor_commits", "unreleased_commits"):
        found = made(unknown=True).metric(id_)
        assert (found.is_known, found.value, found.n) == (False, None, 0)
        assert made().metric(id_).is_known

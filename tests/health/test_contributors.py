from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.history import PastThread
from bot.health.contributors import absence_factor, contributors
from bot.health.figures import Metric, Part
from tests.health.examples import BO, BOT, MAINT, MAX, NIA, event, issue, period, pull


def figure(id_: str, *threads: PastThread, **how: Any) -> Metric:
    found = period(*threads, **how)
    return {metric.id: metric for metric in contributors(found)}[id_]


def merged(
    number: int, author: int | None, when: str = "2026-03-09", created: str = "2026-01-02"
) -> PastThread:
    return pull(number, created, event(when, "merged", MAINT), author=author)


@pytest.mark.parametrize(
    ("contributions", "people"),
    [
        ([1000, 202, 90, 33, 332, 343, 42, 433], 2),  # the example of the definitions
        ([5, 5], 1),  # reaching the half is enough
        ([1, 1, 1, 1], 2),  # ties do not inflate it
        ([3, 3, 3], 2),
        ([1] * 9, 5),
        ([7], 1),
        ([], None),
        ([0, 0], None),
    ],
)
def test_the_absence_factor_is_the_fewest_who_reach_the_half(
    contributions: list[int], people: int | None
) -> None:
    assert absence_factor(contributions, 0.5) == people


@given(st.lists(st.integers(1, 30), min_size=1, max_size=9), st.sampled_from([0.25, 0.5, 0.75, 1.0]))
def test_no_smaller_group_reaches_it(contributions: list[int], share: float) -> None:
    found = absence_factor(contributions, share)
    assert found is not None
    enough = share * sum(contributions)
    assert max(map(sum, combinations(contributions, found))) >= enough
    assert max(map(sum, combinations(contributions, found - 1))) < enough


@pytest.mark.parametrize(("share", "of", "people"), [(0.07, 100, 7), (0.14, 50, 7), (0.28, 25, 7)])
def test_a_share_is_what_its_digits_say(share: float, of: int, people: int) -> None:
    assert absence_factor([1] * of, share) == people


def test_bots_are_left_out_and_each_ghost_is_somebody() -> None:
    threads = [merged(n, BOT) for n in range(1, 9)] + [merged(n, None) for n in range(9, 12)]
    threads += [merged(12, NIA), merged(13, NIA), merged(14, BO)]
    found = figure("absence_factor_merged_prs", *threads)
    assert (found.value, found.n) == (2, 6)
    assert found.details == {"people": 2, "by_ghosts": 3}
    assert found.breakdown == (Part("nia", 2, who=NIA), Part("bo", 1, who=BO))


def test_only_what_was_merged_in_the_window_counts() -> None:
    found = figure("absence_factor_merged_prs", merged(1, NIA, "2026-02-28"), pull(2, "2026-03-02"))
    assert (found.value, found.n) == (None, 0)


def test_reviews_have_a_factor_of_their_own() -> None:
    thread = pull(
        1, "2026-03-02", event("2026-03-03", "reviewed", MAINT), event("2026-03-03", "reviewed", BO)
    )
    assert figure("absence_factor_reviews", thread).value == 1


def test_the_share_is_a_setting() -> None:
    found = figure("absence_factor_merged_prs", merged(1, NIA), merged(2, BO), absence_share=0.8)
    assert found.value == 2
    assert "80%" in found.definition
    small = figure("absence_factor_merged_prs", merged(1, NIA), absence_share=0.005)
    assert "0.5%" in small.definition


def test_new_is_whose_first_one_ever_lies_in_the_window() -> None:
    threads = [
        issue(1, "2025-01-02", author=NIA),
        issue(2, "2026-03-02", author=NIA),
        issue(3, "2026-03-02", author=BO),
        issue(4, "2026-03-09", author=BO),
        issue(5, "2026-03-02", author=BOT),
        issue(6, "2026-03-02", author=None),
        merged(7, NIA, created="2026-02-02"),
        merged(8, MAX, when="2026-02-02"),
        merged(9, MAX),
        pull(10, "2026-03-09", author=BO),
    ]
    ids = ("new_issue_authors", "new_pr_authors", "new_merged_authors")
    assert [figure(id_, *threads).value for id_ in ids] == [1, 1, 1]


def test_returning_is_who_took_part_in_the_quarter_before_and_again() -> None:
    threads = [
        issue(1, "2025-12-02", event("2025-12-03", "commented", MAINT), author=NIA),
        pull(2, "2026-01-02", event("2026-01-03", "commented", None), author=BO),
        pull(3, "2026-03-02", event("2026-03-03", "reviewed", MAINT), author=MAX),
        issue(4, "2025-11-30", author=MAX),
        issue(5, "2026-01-30", author=BOT),
    ]
    found = figure("returning_contributors", *threads)
    assert (found.value, found.n, found.details["share"]) == (1, 3, pytest.approx(1 / 3))


def test_an_app_in_somebodys_name_is_not_that_person_taking_part() -> None:
    said = event("2026-03-03", "commented", BO, by_app=True)
    threads = [issue(1, "2026-01-02", author=BO), issue(2, "2026-03-02", said)]
    assert figure("returning_contributors", *threads).value == 0


def test_one_time_is_who_ever_took_part_in_one_thread() -> None:
    threads = [
        issue(1, "2026-03-02", event("2026-03-03", "commented", NIA), author=NIA),
        issue(2, "2025-03-02", author=BO),
        issue(3, "2026-03-02", author=BO),
        issue(4, "2025-03-02", author=MAX),
    ]
    found = figure("one_time_contributors", *threads)
    assert (found.value, found.n) == (1, 2)


def test_gone_is_who_did_nothing_for_long() -> None:
    threads = [
        issue(1, "2024-03-02", author=NIA),  # gone for long
        issue(2, "2025-12-20", author=BO),  # gone since the window began
        issue(3, "2024-03-02", event("2026-01-02", "commented", MAX), author=None),  # 89 days ago
        issue(4, "2020-03-02", author=BOT),
    ]
    found = figure("inactive_contributors", *threads)
    assert (found.value, found.n, found.details["since_window_began"]) == (2, 3, 1)
    assert figure("inactive_contributors", *threads, inactive_after=30).value == 3


def test_who_did_something_just_so_many_days_ago_is_not_gone_yet() -> None:
    at_the_end = issue(1, "2026-01-01", author=NIA)  # 90 days before the end of March
    a_minute_before = issue(2, "2025-12-31 23:59", author=BO)
    at_the_start = issue(3, "2025-12-01", author=MAX)  # 90 days before March: not gone when it began
    found = figure("inactive_contributors", at_the_end, a_minute_before, at_the_start)
    assert (found.value, found.n, found.details["since_window_began"]) == (2, 3, 2)

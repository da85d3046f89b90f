from typing import Any

from bot.core.history import PastThread
from bot.health.figures import Metric, Part
from bot.health.reviews import review_counts, review_load, reviews, without_a_word
from tests.health.examples import BO, BOT, DAY, MAINT, MAX, NIA, event, issue, period, pull


def figure(id_: str, *threads: PastThread, **how: Any) -> Metric:
    found = period(*threads, **how)
    return {metric.id: metric for metric in (*reviews(found), *review_load(found))}[id_]


MERGED = event("2026-03-09", "merged", MAINT)
APPROVED = event("2026-03-08", "reviewed", MAINT, "approved")


def test_what_was_merged_without_a_review_does_not_drag_the_time_to_one() -> None:
    threads = [
        pull(1, "2026-03-02", event("2026-03-05", "reviewed"), MERGED),
        pull(2, "2026-03-02", event("2026-03-03", "commented"), MERGED),
        pull(3, "2026-03-02", event("2026-03-05", "closed")),
        pull(4, "2026-03-02"),
        pull(5, "2026-03-02", is_draft=True),
    ]
    found = figure("time_to_first_review", *threads)
    assert (found.values, found.pending, found.items) == ((3 * DAY,), 2, (4, 3))
    unreviewed = figure("merged_unreviewed", *threads)
    assert (unreviewed.value, unreviewed.n, unreviewed.items) == (1, 2, (2,))


def test_a_review_in_plain_comments_is_no_review_but_a_word() -> None:
    threads = [
        pull(1, "2026-03-02", event("2026-03-03", "commented", MAINT), MERGED),
        pull(2, "2026-03-02", event("2026-03-03", "commented", None), MERGED),
        pull(3, "2026-03-02", event("2026-03-03", "commented", BOT), MERGED),
        pull(4, "2026-03-02", event("2026-03-03", "commented", NIA), MERGED),
        pull(5, "2026-03-02", MERGED, event("2026-03-10", "commented", MAINT)),
        pull(6, "2026-03-02", APPROVED, MERGED),
    ]
    found = figure("merged_unreviewed", *threads)
    assert (found.value, found.n, found.details) == (5, 6, {"without_a_word": 3})
    assert without_a_word(period(*threads)) == [3, 4, 5]


def test_a_review_by_a_bot_or_the_author_is_none() -> None:
    thread = pull(
        1, "2026-03-02", event("2026-03-03", "reviewed", BOT), event("2026-03-03", "reviewed", NIA), MERGED
    )
    assert figure("merged_unreviewed", thread).value == 1
    assert figure("time_to_first_review", thread).n == 0


def test_a_review_after_the_merge_comes_too_late() -> None:
    late = event("2026-03-10", "reviewed", BO, "approved")
    thread = pull(1, "2026-03-02", event("2026-03-09", "merged", NIA), late)
    assert figure("time_to_first_review", thread).n == 0
    assert figure("merged_unreviewed", thread).value == 1
    assert figure("self_merged", thread).value == 1
    assert figure("review_cycles", thread).n == 0


def test_self_merged_is_merged_by_the_author_without_an_approval() -> None:
    own = event("2026-03-09", "merged", NIA)
    threads = [
        pull(1, "2026-03-02", own),
        pull(2, "2026-03-02", APPROVED, own),
        pull(3, "2026-03-02", event("2026-03-08", "reviewed", MAINT, "commented"), own),
        pull(4, "2026-03-02", MERGED),
        pull(5, "2026-03-02", event("2026-03-09", "merged", None), author=None),
        pull(6, "2026-01-02", event("2026-02-09", "merged", NIA)),
    ]
    found = figure("self_merged", *threads)
    assert (found.value, found.n, found.items) == (2, 5, (1, 3))


def test_cycles_are_those_of_reviewed_pull_requests_that_were_closed() -> None:
    twice = (
        event("2026-03-03", "reviewed", MAINT, "changes_requested"),
        event("2026-03-04", "force_pushed", NIA),
        APPROVED,
        MERGED,
    )
    threads = [
        pull(1, "2026-01-02", APPROVED, MERGED),
        pull(2, "2026-03-02", *twice),
        pull(3, "2026-03-02", MERGED),
    ]
    found = figure("review_cycles", *threads, pull(4, "2026-03-02", APPROVED))
    assert (found.values, found.items) == ((1, 2), (2, 1))
    assert figure("time_with_author", *threads).values == (0, DAY)
    assert figure("time_with_reviewers", *threads[1:]).values == (6 * DAY,)


def test_load_is_the_reviews_of_others_pull_requests_in_the_window() -> None:
    threads = [
        pull(
            1,
            "2026-03-02",
            APPROVED,
            event("2026-03-09", "reviewed", MAINT),
            event("2026-03-09", "reviewed", BO),
        ),
        pull(
            2,
            "2026-01-02",
            APPROVED,
            event("2026-02-09", "reviewed", BO),
            event("2026-03-09", "commented", BO),
        ),
        pull(3, "2026-03-02", event("2026-03-09", "reviewed", BOT), event("2026-03-09", "reviewed", None)),
        pull(4, "2026-03-02", event("2026-03-09", "reviewed", NIA), event("2026-04-01", "reviewed", BO)),
        issue(5, "2026-03-02"),
    ]
    assert review_counts(period(*threads)) == ({MAINT: 3, BO: 1}, 1)
    found = figure("review_load_top_share", *threads)
    assert (found.value, found.n) == (0.6, 5)
    assert found.breakdown == (Part("maint", 3, who=MAINT), Part("bo", 1, who=BO))
    assert (found.details["reviewers"], found.details["maintainers"]) == (2, 1)
    assert figure("review_load_top_share").value is None


def test_who_reviews_what_is_over_or_approves_without_a_word_did_no_work() -> None:
    late = event("2026-03-20", "reviewed", BO, text="digest")
    bare = event("2026-03-05", "reviewed", MAX, "approved")
    with_lines = event("2026-03-05", "review_commented", MAX)
    merged = pull(1, "2026-03-02", bare, MERGED, late)
    closed = pull(2, "2026-03-02", event("2026-03-06", "closed", NIA), late)
    assert review_counts(period(merged, closed)) == ({}, 0)
    reopened = pull(
        3, "2026-03-02", event("2026-03-06", "closed", NIA), event("2026-03-07", "reopened", NIA), late
    )
    commented = pull(4, "2026-03-02", bare, with_lines)
    in_words = pull(5, "2026-03-02", event("2026-03-05", "reviewed", MAX, "approved", text="digest"))
    by_maintainer = pull(6, "2026-03-02", event("2026-03-05", "reviewed", MAINT, "approved"))
    found = review_counts(period(reopened, commented, in_words, by_maintainer))
    assert found == ({BO: 1, MAX: 2, MAINT: 1}, 0)

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.history import PastThread
from bot.health.past import as_of
from tests.health.examples import MAINT, NIA, at, event, generated, issue, pull

THREADS, _ = generated(150, seed=7)
MOMENTS = st.integers(0, 1200).map(lambda days: at("2023-01-05") + timedelta(days=days))


def test_what_was_not_there_yet_is_nothing() -> None:
    assert as_of(issue(1, "2026-03-02"), at("2026-03-02")) is None
    assert as_of(issue(1, "2026-03-02"), at("2026-03-02 00:01")) == issue(1, "2026-03-02")


def test_what_was_closed_later_was_open() -> None:
    thread = issue(1, "2026-03-02", event("2026-03-05", "closed"))
    assert as_of(thread, at("2026-03-05")) == issue(1, "2026-03-02")
    assert as_of(thread, at("2026-03-05 00:01")) is thread


def test_what_was_reopened_later_was_closed() -> None:
    thread = issue(1, "2026-03-02", event("2026-03-05", "closed"), event("2026-03-09", "reopened", NIA))
    assert thread.is_open
    seen = as_of(thread, at("2026-03-07"))
    assert seen is not None
    assert (seen.is_open, seen.closed_at) == (False, at("2026-03-05"))


def test_what_was_reopened_and_closed_again_was_closed_by_its_first_close() -> None:
    turns = (event("2026-03-05", "closed"), event("2026-03-09", "reopened"), event("2026-03-20", "closed"))
    thread = issue(1, "2026-03-02", *turns)
    seen = [as_of(thread, at(moment)) for moment in ("2026-03-07", "2026-03-10", "2026-03-21")]
    assert [each and each.closed_at for each in seen] == [at("2026-03-05"), None, at("2026-03-20")]


def test_a_second_close_only_gives_another_reason() -> None:
    first, second = event("2026-03-05", "closed"), event("2026-03-09", "closed")
    thread = replace(issue(1, "2026-03-02", first, second), closed_at=at("2026-03-05"))
    seen = as_of(thread, at("2026-03-07"))
    assert seen == issue(1, "2026-03-02", first)
    reopened = issue(1, "2026-03-02", first, second, event("2026-03-12", "reopened"))
    seen = as_of(reopened, at("2026-03-10"))
    assert seen is not None
    assert seen.closed_at == at("2026-03-05")


def test_what_a_backup_has_no_event_for_follows_from_its_dates() -> None:
    thread = issue(1, "2026-03-02", is_open=False, closed_at=at("2026-03-09"))
    assert as_of(thread, at("2026-03-05")) == issue(1, "2026-03-02")
    assert as_of(thread, at("2026-03-10")) is thread


def test_what_was_merged_later_was_open() -> None:
    thread = pull(1, "2026-03-02", event("2026-03-05", "merged"))
    seen = as_of(thread, at("2026-03-04"))
    assert seen == pull(1, "2026-03-02")
    assert thread.merged_by == MAINT


def test_a_draft_was_one_until_it_was_ready() -> None:
    thread = pull(1, "2026-03-02", event("2026-03-05", "ready_for_review", NIA))
    seen = as_of(thread, at("2026-03-04"))
    assert seen is not None
    assert (seen.is_draft, seen.ready_at) == (True, None)
    assert thread.ready_at == at("2026-03-05")


def test_labels_title_and_lock_are_those_of_the_time() -> None:
    thread = issue(
        1,
        "2026-03-02",
        event("2026-03-03", "labeled", detail="bug"),
        event("2026-03-05", "renamed", NIA, "Old"),
        event("2026-03-06", "unlabeled", detail="bug"),
        event("2026-03-07", "labeled", detail="question"),
        event("2026-03-08", "renamed", NIA, "Newer"),
        event("2026-03-09", "locked"),
        title="Newest",
        labels=("question",),
        is_locked=True,
    )
    seen = as_of(thread, at("2026-03-04"))
    assert seen is not None
    assert (seen.title, seen.labels, seen.is_locked) == ("Old", ("bug",), False)
    assert len(seen.timeline) == 1


@pytest.mark.parametrize("thread", THREADS[::10], ids=lambda thread: str(thread.number))
def test_the_end_of_time_changes_nothing(thread: PastThread) -> None:
    assert as_of(thread, at("2100-01-01")) is thread


@given(st.sampled_from(THREADS), MOMENTS, MOMENTS)
def test_looking_back_twice_is_looking_back_once(thread: PastThread, one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    between = as_of(thread, later)
    assert (between and as_of(between, earlier)) == as_of(thread, earlier)


def test_the_head_is_that_of_the_time_as_far_as_it_is_known() -> None:
    commented, pushed = event("2026-03-03", "commented"), event("2026-03-05", "force_pushed", NIA)
    thread = pull(1, "2026-03-02", commented, pushed, head="b", has_conflicts=True)

    def seen(moment: str) -> tuple[str, bool]:
        found = as_of(thread, at(moment))
        assert found is not None
        return found.head, found.has_conflicts

    assert [seen(f"2026-03-0{day}") for day in (3, 5, 6)] == [("", False), ("", False), ("b", True)]
    later = pull(1, "2026-03-02", commented, head="b", has_conflicts=True)
    found = as_of(later, at("2026-03-03"))
    assert found is not None
    assert (found.head, found.has_conflicts) == ("b", True)

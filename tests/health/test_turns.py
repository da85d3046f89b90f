from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.history import EventKind, PastThread, TimelineEvent
from bot.health.people import People
from bot.health.turns import (
    Rounds,
    approvals,
    author_acted_at,
    is_left_by_author,
    is_of_head,
    is_review,
    rounds,
    turn_since,
)
from tests.health.examples import BO, BOT, DAY, MAINT, MAX, NIA, at, event, generated, pull

PEOPLE = People(bots=frozenset({BOT, 90, 91}), maintainers=frozenset({MAINT}))
END = at("2026-03-10")


def went(*events: TimelineEvent) -> Rounds:
    return rounds(pull(1, "2026-03-02", *events), END, PEOPLE)


def test_it_is_the_reviewers_turn_until_somebody_writes() -> None:
    assert went() == Rounds(0, 0, 8 * DAY)
    assert went(event("2026-03-04", "commented", BO)) == Rounds(0, 6 * DAY, 2 * DAY)
    assert went(event("2026-03-04", "commented", BOT)) == Rounds(0, 0, 8 * DAY)


def test_a_round_is_reviews_with_nothing_by_the_author_between_them() -> None:
    assert went(
        event("2026-03-03", "reviewed", MAINT, "changes_requested"),
        event("2026-03-03 01:00", "review_commented", BO),
        event("2026-03-05", "committed", None),
        event("2026-03-05 02:00", "commented", NIA),
        event("2026-03-07", "reviewed", MAINT, "approved"),
    ) == Rounds(2, 2 * DAY, 6 * DAY)


def test_an_approval_makes_it_the_reviewers_turn() -> None:
    approved = event("2026-03-05", "reviewed", MAINT, "approved")
    assert went(approved) == Rounds(1, 0, 8 * DAY)
    assert went(event("2026-03-03", "commented", BO), approved) == Rounds(1, 2 * DAY, 6 * DAY)


def test_a_draft_is_its_authors() -> None:
    drafts = event("2026-03-03", "converted_to_draft", NIA), event("2026-03-05", "ready_for_review", NIA)
    assert went(*drafts) == Rounds(0, 2 * DAY, 6 * DAY)
    assert went(drafts[1]) == Rounds(0, 0, 5 * DAY)  # opened as one: it was not ready before


@pytest.mark.parametrize("kind", ["force_pushed", "commented", "review_requested"])
def test_nothing_but_leaving_draft_makes_a_draft_the_reviewers_turn(kind: EventKind) -> None:
    begun, ready = event("2026-03-03", "converted_to_draft", NIA), event("2026-03-05", "ready_for_review")
    assert went(begun, event("2026-03-04", kind, NIA), ready) == Rounds(0, 2 * DAY, 6 * DAY)
    approved = event("2026-03-04", "reviewed", MAINT, "approved")
    assert went(begun, approved, ready) == Rounds(1, 2 * DAY, 6 * DAY)


def test_what_was_said_of_a_draft_before_it_was_ready_is_no_round() -> None:
    events = (
        event("2026-03-03", "commented", BO),
        event("2026-03-04", "reviewed", MAINT, "changes_requested"),
        event("2026-03-05", "ready_for_review", NIA),
    )
    assert went(*events) == Rounds(0, 0, 5 * DAY)


def test_only_people_other_than_the_author_review() -> None:
    thread = pull(1, "2026-03-02")
    assert is_review(event("2026-03-03", "reviewed", BO), thread, PEOPLE)
    assert is_review(event("2026-03-03", "review_commented", None), thread, PEOPLE)
    assert not is_review(event("2026-03-03", "commented", BO), thread, PEOPLE)
    assert not is_review(event("2026-03-03", "reviewed", NIA), thread, PEOPLE)
    assert not is_review(event("2026-03-03", "reviewed", BOT), thread, PEOPLE)


@pytest.mark.parametrize("kind", ["commented", "review_commented", "force_pushed", "ready_for_review"])
def test_the_author_acts_by_writing_and_pushing(kind: str) -> None:
    thread = pull(
        1, "2026-03-02", event("2026-03-02", "ready_for_review", NIA), event("2026-03-04", kind, NIA)
    )  # type: ignore[arg-type]
    assert author_acted_at(thread) == at("2026-03-04")


def test_what_others_do_is_no_act_of_the_author() -> None:
    events = (
        event("2026-03-04", "commented", BO),
        event("2026-03-04", "closed", NIA),
        event("2026-03-05", "labeled", NIA),
    )
    assert author_acted_at(pull(1, "2026-03-02", *events)) == at("2026-03-02")
    assert author_acted_at(pull(1, "2026-03-02", event("2026-03-06", "committed", None))) == at("2026-03-06")
    assert author_acted_at(pull(1, "2026-03-02", event("2026-02-06", "committed", None))) == at("2026-03-02")


def test_it_is_the_maintainers_turn_since_the_author_acted_first_after_them() -> None:
    acts = event("2026-03-04", "force_pushed", NIA), event("2026-03-06", "commented", NIA)
    for events, answered, expected in (
        (acts, None, "2026-03-02"),
        (acts, "2026-03-03", "2026-03-04"),
        (acts, "2026-03-04", "2026-03-04"),
        (acts, "2026-03-05", "2026-03-06"),
        (acts, "2026-03-07", "2026-03-07"),
    ):
        found = turn_since(pull(1, "2026-03-02", *events), answered and at(answered))
        assert found == at(expected)


def test_it_is_the_maintainers_turn_at_the_earliest_when_it_was_ready_and_open() -> None:
    pushed, ready = event("2026-03-04", "force_pushed", NIA), event("2026-03-05", "ready_for_review", NIA)
    drafted, reopened = event("2026-03-03", "converted_to_draft", NIA), event("2026-03-07", "reopened", MAINT)
    for events, expected in (
        ((pushed, ready), "2026-03-05"),
        ((drafted, pushed, ready), "2026-03-05"),
        ((drafted, pushed, ready, event("2026-03-06", "closed", MAINT), reopened), "2026-03-07"),
    ):
        assert turn_since(pull(1, "2026-03-02", *events), None) == at(expected)
        assert turn_since(pull(1, "2026-03-02", *events), at("2026-03-03")) == at(expected)


def test_who_lets_an_answer_stand_has_left() -> None:
    thread = pull(
        1, "2026-03-02", event("2026-03-04", "commented", MAINT), event("2026-03-08", "commented", BO)
    )
    assert is_left_by_author(thread, END, timedelta(days=6), PEOPLE)
    assert not is_left_by_author(thread, END, timedelta(days=7), PEOPLE)
    assert not is_left_by_author(pull(1, "2026-03-02"), END, timedelta(days=1), PEOPLE)


def test_each_persons_latest_verdict_counts() -> None:
    thread = pull(
        1,
        "2026-03-02",
        event("2026-03-03", "reviewed", MAINT, "changes_requested"),
        event("2026-03-04", "reviewed", MAINT, "approved"),
        event("2026-03-05", "reviewed", MAINT, "commented"),
        event("2026-03-05", "reviewed", BO, "approved"),
        event("2026-03-06", "reviewed", BO, "dismissed"),
        event("2026-03-06", "reviewed", NIA, "approved"),
        event("2026-03-06", "reviewed", MAX, "changes_requested"),
    )
    found = {who: each.detail for who, each in approvals(thread, PEOPLE).items()}
    assert found == {MAINT: "approved", MAX: "changes_requested"}


def test_who_approves_again_has_approved_since_the_first_time() -> None:
    def since(*said: tuple[str, str, str], head: str = "", pushed: str = "") -> str:
        reviews = [event(when, "reviewed", MAINT, what, of_commit=of) for when, what, of in said]
        pushes = [event(pushed, "committed", None)] if pushed else []
        thread = pull(1, "2026-03-02", *sorted([*reviews, *pushes], key=lambda each: each.at), head=head)
        verdict = approvals(thread, PEOPLE)[MAINT]
        assert verdict.detail == "approved"
        return f"{verdict.at:%m-%d}"

    one, two = ("2026-03-03", "approved", ""), ("2026-03-06", "approved", "")
    assert since(one, two) == "03-03"
    assert since(one, ("2026-03-04", "commented", ""), two) == "03-03"
    assert since(one, ("2026-03-04", "changes_requested", ""), two) == "03-06"
    assert since(one, ("2026-03-04", "dismissed", ""), two) == "03-06"
    assert since(one, two, pushed="2026-03-05") == "03-06"
    assert since(one, two, pushed="2026-03-07") == "03-06"
    assert since(("2026-03-03", "approved", "a"), ("2026-03-06", "approved", "b"), head="b") == "03-06"
    assert since(("2026-03-03", "approved", "b"), ("2026-03-06", "approved", "b"), head="b") == "03-03"


def test_a_review_is_of_the_head_until_something_is_pushed() -> None:
    review = event("2026-03-05", "reviewed", MAINT, "approved")
    of_a = event("2026-03-05", "reviewed", MAINT, "approved", of_commit="a")
    before, after = event("2026-03-04", "committed", None), event("2026-03-06", "committed", None)
    forced = event("2026-03-06", "force_pushed", NIA)
    for said, pushes, head, expected in (
        (review, [before], "", True),
        (review, [after], "a", False),
        (review, [event("2026-03-05", "committed", None)], "", True),  # which came first nobody knows
        (review, [before, forced], "", False),
        (of_a, [before], "a", True),
        (of_a, [before], "b", False),  # a commit of an earlier date, pushed later
        (of_a, [forced], "a", True),  # pushed away, and back
        (of_a, [forced], "", False),
    ):
        assert is_of_head(said, pull(1, "2026-03-02", said, *pushes, head=head)) is expected


@given(st.sampled_from([each for each in generated(200, 3)[0] if each.is_pull and each.ready_at]))
def test_all_time_is_somebodys(thread: PastThread) -> None:
    end = at("2026-12-01")
    found = rounds(thread, end, PEOPLE)
    assert thread.ready_at is not None
    assert found.with_author + found.with_reviewers == (end - thread.ready_at).total_seconds()
    reviews = sum(is_review(each, thread, PEOPLE) for each in thread.timeline)
    assert 0 <= found.cycles <= reviews
    assert found.with_author >= 0 <= found.with_reviewers

"""Where a pull request is: the items that the rules report, in; the state that people read, out."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.flow import BEFORE_MERGE, ORDER, Flow, Item, Stage, Status, flow, transitions
from bot.core.phrases import Phrase
from bot.core.pull_context import Skip, Skips
from bot.core.pulls import PullRequest

OPEN = PullRequest(1)
MERGED = PullRequest(1, is_open=False, is_merged=True)
CLOSED = PullRequest(1, is_open=False)


def item(stage: Stage, status: Status, key: str = "", **more: Any) -> Item:
    return Item(key or stage.name.lower(), stage.name.title(), stage, status, Phrase("so it is"), **more)


def seen(pull: PullRequest, *items: Item, skips: Skips = Skips()) -> tuple[Stage, str]:  # noqa: B008
    found = flow(pull, items, skips)
    return found.stage, found.conclusion


# Before the merge


def test_where_nothing_is_open_it_may_be_merged() -> None:
    done = [item(stage, Status.DONE) for stage in BEFORE_MERGE]
    assert seen(OPEN, *done) == (Stage.MERGE, "success")
    assert seen(OPEN) == (Stage.MERGE, "success")


def test_what_is_missing_fails_the_check() -> None:
    assert seen(OPEN, item(Stage.TESTS, Status.MISSING)) == (Stage.TESTS, "failure")


def test_what_is_waited_for_leaves_it_in_progress() -> None:
    assert seen(OPEN, item(Stage.REVIEW, Status.WAITING)) == (Stage.REVIEW, "")


def test_the_first_stage_with_something_open_counts_in_whatever_order_rules_report() -> None:
    items = [
        item(Stage.DOCS, Status.MISSING),
        item(Stage.OPENED, Status.DONE),
        item(Stage.REVIEW, Status.WAITING),
    ]
    for order in itertools.permutations(items):
        found = flow(OPEN, order)
        assert (found.stage, found.conclusion) == (Stage.REVIEW, "failure")
        assert [each.stage for each in found.items] == [Stage.OPENED, Stage.REVIEW, Stage.DOCS]


@pytest.mark.parametrize("status", [Status.MISSING, Status.WAITING])
def test_what_is_not_needed_holds_up_nothing(status: Status) -> None:
    assert seen(OPEN, item(Stage.TESTS, status, needed=False)) == (Stage.MERGE, "success")


def test_what_the_merge_itself_waits_for_does_not_fail_the_check_that_the_merge_needs() -> None:
    assert seen(OPEN, item(Stage.MERGE, Status.MISSING)) == (Stage.MERGE, "success")


def test_what_comes_after_the_merge_does_not_count_before_it() -> None:
    assert seen(OPEN, item(Stage.VERIFICATION, Status.WAITING)) == (Stage.MERGE, "success")


# After it


@pytest.mark.parametrize(
    ("items", "stage"),
    [
        ([], Stage.DONE),
        ([item(Stage.VERIFICATION, Status.WAITING)], Stage.VERIFICATION),
        ([item(Stage.VERIFICATION, Status.MISSING)], Stage.VERIFICATION),
        ([item(Stage.VERIFICATION, Status.DONE), item(Stage.RELEASE, Status.WAITING)], Stage.RELEASE),
        ([item(Stage.VERIFICATION, Status.DONE), item(Stage.RELEASE, Status.DONE)], Stage.DONE),
        ([item(Stage.TESTS, Status.MISSING)], Stage.DONE),
    ],
)
def test_once_merged_only_what_comes_after_counts(items: list[Item], stage: Stage) -> None:
    assert seen(MERGED, *items) == (stage, "success")


def test_closed_without_merging_it_is_neither_good_nor_bad() -> None:
    assert seen(CLOSED, item(Stage.TESTS, Status.MISSING)) == (Stage.CLOSED, "neutral")


# What is waived


def test_what_a_maintainer_waived_is_no_longer_open() -> None:
    skips = Skips((Skip("tests", "only a typo", "maya"),))
    found = flow(OPEN, [item(Stage.TESTS, Status.MISSING)], skips)
    assert found.items[0].status == Status.SKIPPED
    assert found.items[0].text.plain() == "waived by maya: only a typo"
    assert (found.stage, found.conclusion, found.done) == (Stage.MERGE, "success", 1)


def test_what_is_done_anyway_stays_done() -> None:
    skips = Skips((Skip("tests", "only a typo", "maya"),))
    assert flow(OPEN, [item(Stage.TESTS, Status.DONE)], skips).items[0].status == Status.DONE


def test_another_item_is_not_waived_with_it() -> None:
    assert seen(OPEN, item(Stage.DOCS, Status.MISSING), skips=Skips((Skip("tests", "", "maya"),))) == (
        Stage.DOCS,
        "failure",
    )


# Counting, and what is next


def test_what_does_not_apply_is_not_counted() -> None:
    found = flow(OPEN, [item(Stage.TESTS, Status.NOT_APPLICABLE), item(Stage.DOCS, Status.DONE)])
    assert (found.done, len(found.counted)) == (1, 1)


def test_of_two_items_with_one_key_the_first_counts() -> None:
    found = flow(OPEN, [item(Stage.TESTS, Status.DONE, "a"), item(Stage.DOCS, Status.MISSING, "a")])
    assert [each.stage for each in found.items] == [Stage.TESTS]


REVIEW = item(Stage.REVIEW, Status.WAITING, who="maintainers")
HELD = item(Stage.REVIEW, Status.MISSING, "hold", who="maintainers")
DRAFT = item(Stage.REVIEW, Status.WAITING, who="author")
TITLE, TESTS, DOCS = (item(stage, Status.MISSING) for stage in (Stage.OPENED, Stage.TESTS, Stage.DOCS))
CHECKS = item(Stage.TESTS, Status.WAITING, "checks", who="checks")
MERGE = item(Stage.MERGE, Status.WAITING, who="maintainers")
VERIFIED = item(Stage.VERIFICATION, Status.WAITING, who="author")
WISH = item(Stage.OPENED, Status.MISSING, "wish", needed=False)


@pytest.mark.parametrize(
    ("items", "stage", "next_"),
    [
        ((), Stage.MERGE, ()),
        ((REVIEW,), Stage.REVIEW, (REVIEW,)),
        ((REVIEW, TESTS), Stage.REVIEW, (TESTS, REVIEW)),  # the author need not wait for the review
        ((DOCS, TESTS, REVIEW), Stage.REVIEW, (TESTS, DOCS, REVIEW)),
        ((TITLE, REVIEW), Stage.OPENED, (TITLE,)),
        ((TITLE, TESTS, REVIEW), Stage.OPENED, (TITLE, TESTS)),
        ((DRAFT, TESTS), Stage.REVIEW, (DRAFT, TESTS)),
        ((HELD, REVIEW), Stage.REVIEW, (HELD, REVIEW)),
        ((HELD, TESTS), Stage.REVIEW, (TESTS, HELD)),
        ((CHECKS, DOCS), Stage.TESTS, (DOCS, CHECKS)),
        ((WISH, REVIEW), Stage.REVIEW, (REVIEW,)),
        ((MERGE, VERIFIED), Stage.MERGE, (MERGE,)),
    ],
)
def test_next_are_the_author_and_those_whose_stage_it_is(
    items: tuple[Item, ...], stage: Stage, next_: tuple[Item, ...]
) -> None:
    found = flow(OPEN, items)
    assert (found.stage, found.next) == (stage, next_)


def test_what_was_waived_is_not_next() -> None:
    found = flow(OPEN, [REVIEW, TESTS], Skips((Skip("review", "a typo", "maya"),)))
    assert (found.stage, found.next) == (Stage.TESTS, (TESTS,))


def test_once_merged_or_closed_what_was_missing_before_is_not_next() -> None:
    assert flow(MERGED, [TESTS, VERIFIED]).next == (VERIFIED,)
    assert flow(CLOSED, [TESTS, REVIEW, VERIFIED]).next == ()


# Invariants

statuses, stages = st.sampled_from(Status), st.sampled_from(ORDER[:-1])
items_ = st.lists(
    st.builds(
        Item,
        key=st.sampled_from("abcdef"),
        title=st.just("Title"),
        stage=stages,
        status=statuses,
        text=st.just(Phrase("so it is")),
        who=st.sampled_from(["author", "maintainers", "checks"]),
        needed=st.booleans(),
    )
)


@given(items_, st.sampled_from([OPEN, MERGED, CLOSED]))
def test_it_always_has_a_stage_and_every_step_is_one_that_the_manual_shows(
    items: list[Item], pull: PullRequest
) -> None:
    found = flow(pull, items)
    assert isinstance(found, Flow)
    assert found.stage in transitions()
    assert 0 <= found.done <= len(found.counted) <= len(found.items)
    if pull is OPEN:
        assert found.stage in BEFORE_MERGE
        assert found.stage == Stage.MERGE or found.stage in {each.stage for each in found.next}
        assert (found.conclusion == "success") == (found.stage == Stage.MERGE)


def test_every_stage_can_be_reached_and_none_is_left_for_an_unknown_one() -> None:
    steps = transitions()
    assert set(steps) == {*ORDER, Stage.CLOSED}
    reached = {after for stages_after in steps.values() for after in stages_after}
    assert reached == set(steps)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.release.reverts import taken_back
from bot.core.release.state import MergedPull
from tests.core.release.history import merged

SHA = "0123456789abcdef0123456789abcdef01234567"
CHANGE = merged(1, "Cache everything", merge_sha=SHA)


def back(*pulls: MergedPull) -> dict[int, int]:
    return dict(taken_back(pulls, "acme/widgets"))


@pytest.mark.parametrize(
    "revert",
    [
        merged(2, 'Revert "Cache everything"'),
        merged(2, 'Revert "Cache everything (#1)"'),
        merged(2, "Back out the cache", body="Reverts acme/widgets#1\r\n\r\nToo slow."),
        merged(2, "Back out the cache", body="Reverts #1"),
        merged(2, 'Revert "Another title by now"', body=f"This reverts commit {SHA}."),
        merged(2, 'Revert "Another title by now"', messages=(f"This reverts commit {SHA}.",)),
        merged(2, "revert: cache everything", body="Refs: 01234567"),
        merged(2, "revert: Cache everything"),
    ],
)
def test_a_change_and_its_revert_cancel_each_other_out(revert: MergedPull) -> None:
    assert back(CHANGE, revert) == {1: 2, 2: 1}


@pytest.mark.parametrize(
    "other",
    [
        merged(2, "Cache more"),
        merged(2, 'Revert "Something older"'),
        merged(2, "Back out", body="Reverts other/project#1"),
        merged(2, "Cache more", body="Unlike the pull request that Reverts acme/widgets#1, this is fine."),
        merged(2, 'Revert "Something older"', body="This reverts commit fedcba9876543210."),
    ],
)
def test_other_changes_stay(other: MergedPull) -> None:
    assert back(CHANGE, other) == {}


def test_a_revert_that_is_reverted_leaves_the_change() -> None:
    first = merged(2, 'Revert "Cache everything"')
    for second in (
        merged(3, 'Revert "Revert "Cache everything""'),
        merged(3, 'Reapply "Cache everything"'),
        merged(3, "Cache again", body="Reverts acme/widgets#2"),
    ):
        assert back(CHANGE, first, second) == {2: 3, 3: 2}
        third = merged(4, "No cache", body="Reverts acme/widgets#3")
        assert back(CHANGE, first, second, third) == {1: 2, 2: 1, 3: 4, 4: 3}


def test_a_change_that_was_tried_twice_is_taken_back_once() -> None:
    again = merged(3, "Cache everything")
    assert back(CHANGE, merged(2, 'Revert "Cache everything"'), again) == {1: 2, 2: 1}
    assert back(CHANGE, again, merged(4, 'Revert "Cache everything"')) == {3: 4, 4: 3}


def test_nothing_reverts_itself_or_what_follows() -> None:
    assert back(merged(1, "x", body="Reverts #1")) == {}
    assert back(merged(1, 'Revert "Later"'), merged(2, "Later")) == {}


numbers = st.lists(st.integers(1, 9), max_size=9)


@given(numbers)
def test_changes_are_paired_one_to_one(targets: list[int]) -> None:
    pulls = [merged(n, body=f"Reverts #{target}") for n, target in enumerate(targets, 1)]
    pairs = back(*pulls)
    assert all(pairs[other] == one for one, other in pairs.items())

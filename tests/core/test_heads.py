"""Since when a head and a base are there, and so whether who wrote can have seen them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.heads import Standing, looked_at, told, was_there
from bot.core.pull_context import Words
from bot.core.pulls import PullRequest

NOON = datetime(2025, 6, 9, 12, tzinfo=UTC)
OLD, NEW = "a" * 40, "b" * 40


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def pull(seconds: float | None = 0, **changes: Any) -> PullRequest:
    """A pull request as GitHub tells of it so many seconds after noon."""
    at = None if seconds is None else after(seconds)
    return PullRequest(**{"number": 15, "head_sha": OLD, "base": "main", "updated_at": at, **changes})


def known(*pulls: PullRequest) -> Standing | None:
    found = None
    for each in pulls:
        found = told(found, each)
    return found


def test_what_stays_is_there_since_it_was_told_first() -> None:
    assert known(pull(0), pull(5)) == Standing(OLD, after(0), "main", after(0), after(5))


def test_a_push_and_a_new_base_are_there_since_they_were_told() -> None:
    pushed = known(pull(0), pull(5, head_sha=NEW))
    assert pushed == Standing(NEW, after(5), "main", after(0), after(5))
    assert told(pushed, pull(9, head_sha=NEW, base="1.x")) == Standing(
        NEW, after(5), "1.x", after(9), after(9)
    )


def test_what_comes_late_or_cannot_be_placed_changes_nothing() -> None:
    pushed = known(pull(0), pull(5, head_sha=NEW))
    for late in (pull(4), pull(None), pull(9, head_sha="")):
        assert told(pushed, late) == pushed
    assert told(None, pull(None)) is None


def test_a_head_that_comes_back_is_there_since_then() -> None:
    back = known(pull(0), pull(5, head_sha=NEW), pull(9))
    assert back is not None
    assert (back.head, back.head_at) == (OLD, after(9))


@pytest.mark.parametrize(
    ("is_fork", "seconds", "said"),
    [
        *((fork, 4, "no") for fork in (True, False)),
        *((fork, 6, "yes") for fork in (True, False)),
        (True, 5, "no"),
        (False, 5, "yes"),
    ],
)
@pytest.mark.parametrize("change", [{"head_sha": NEW}, {"base": "1.x"}])
def test_who_wrote_before_has_not_seen_it(
    change: dict[str, str], is_fork: bool, seconds: int, said: str
) -> None:
    now = pull(7, is_fork=is_fork, **change)
    assert was_there(known(pull(0), pull(5, **change), now), now, after(seconds)) == said


@pytest.mark.parametrize("now", [pull(9, head_sha=NEW), pull(9, base="1.x")])
def test_what_was_not_told_yet_is_unknown(now: PullRequest) -> None:
    assert was_there(known(pull(0)), now, after(9)) == "unknown"
    assert was_there(None, now, after(9)) == "unknown"


def test_a_head_that_usher_did_not_update_was_looked_at_alone() -> None:
    assert looked_at(Words(), OLD) == {OLD}

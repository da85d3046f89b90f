"""Who waits for nothing still tries smaller portions."""

from datetime import UTC, datetime

import pytest

from bot.backfill_watch import TRIES_AT_ONCE, Impatient
from bot.core.errors import RetryLater


def test_what_was_too_much_is_tried_again_but_not_for_ever() -> None:
    watch, error = Impatient(), RetryLater("GitHub answered 502")
    for tries in range(1, TRIES_AT_ONCE + 1):
        watch.wait(error, tries)
    with pytest.raises(RetryLater):
        watch.wait(error, TRIES_AT_ONCE + 1)


def test_a_limit_is_not_waited_for() -> None:
    with pytest.raises(RetryLater):
        Impatient().wait(RetryLater("rate limit", datetime.now(UTC)), 1)

"""Whoever has no patience asks once."""

import pytest

from bot.core.errors import RetryLater
from bot.github.patience import at_once


def test_without_patience_it_is_asked_once() -> None:
    asked = []

    def ask() -> int:
        asked.append(1)
        raise RetryLater("later")

    assert at_once(lambda: 7) == 7
    with pytest.raises(RetryLater):
        at_once(ask)
    assert asked == [1]

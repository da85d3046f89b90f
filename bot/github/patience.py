"""Asking again: whoever asks GitHub for much says so once, and not at every place that asks."""

from collections.abc import Callable
from typing import Protocol, TypeVar

Answer = TypeVar("Answer")


class Patience(Protocol):
    """Asks again until there is an answer, or raises what it does not wait for."""

    def __call__(self, ask: Callable[[], Answer]) -> Answer: ...


def at_once(ask: Callable[[], Answer]) -> Answer:
    """Ask a single time."""
    return ask()

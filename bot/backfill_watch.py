"""Who looks on while a history is read, and says how long GitHub is waited for."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from bot.core.errors import RetryLater
from bot.github.patience import Answer

TRIES_AT_ONCE = 8  # of who does not wait: a portion of 50 becomes one of 1 in six


class Watch(Protocol):
    """Is told how a reading goes on."""

    def began(self, start: datetime | None, total: int) -> None: ...
    def kept(self, threads: int) -> None: ...
    def met(self, commits: int, total: int) -> None: ...
    def wait(self, error: RetryLater, tries: int) -> None:
        """Wait as long as is right, or raise the error: it is not waited for."""


class Impatient:
    """Says nothing and waits for nothing; what was too much for GitHub is tried again in smaller portions."""

    def began(self, start: datetime | None, total: int) -> None:
        """Nobody wants to know."""

    def kept(self, threads: int) -> None:
        """Nobody wants to know."""

    def met(self, commits: int, total: int) -> None:
        """Nobody wants to know."""

    def wait(self, error: RetryLater, tries: int) -> None:
        """Raises RetryLater where a smaller portion would not help: what is kept is kept."""
        if error.until is not None or tries > TRIES_AT_ONCE:
            raise error


class Patient:
    """Asks GitHub until there is an answer, as long as the watch waits for it.

    Args:
        watch: waits.
        check_pace: raises RetryLater where others need what is left of the hour's requests.
    """

    def __init__(self, watch: Watch, check_pace: Callable[[], None]) -> None:
        self.tries = 0  # in a row, without an answer
        self._watch, self._check_pace = watch, check_pace

    def __call__(self, ask: Callable[[], Answer]) -> Answer:
        """Ask, and again where GitHub asked for patience.

        Raises:
            RetryLater: the watch does not wait any longer.
        """
        while True:
            try:
                self._check_pace()
                answer = ask()
            except RetryLater as error:
                self.wait(error)
            else:
                self.tries = 0
                return answer

    def wait(self, error: RetryLater) -> None:
        """Wait as long as is right. Raises the error where the watch does not wait for it."""
        self.tries += 1
        self._watch.wait(error, self.tries)

"""Who looks on while a history is read, and says how long GitHub is waited for."""

from datetime import datetime
from typing import Protocol

from bot.core.errors import RetryLater

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

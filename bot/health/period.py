"""One window of the history, as a report of that time would have seen it."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.history import PastThread
from bot.health.calendar import BusinessTime, Window
from bot.health.gathered import Gathered
from bot.health.past import as_of
from bot.health.people import People
from bot.health.settings import HealthConfig


@dataclass(frozen=True, slots=True)
class Period:
    """What the figures of a window are made of.

    Args:
        window: the window; nothing that happened after it is known.
        threads: those that matter, as they were at its end, in the order of their numbers.
        people: who counts as what.
        gathered: counts, firsts and lasts of the whole history.
    """

    window: Window
    threads: tuple[PastThread, ...]
    people: People
    gathered: Gathered

    @classmethod
    def of(cls, gathered: Gathered, window: Window, people: People) -> "Period":
        seen = (as_of(thread, window.until) for thread in gathered.threads)
        return cls(window, tuple(thread for thread in seen if thread), people, gathered)

    @property
    def config(self) -> HealthConfig:
        return self.gathered.config

    @property
    def business(self) -> BusinessTime:
        return BusinessTime.of(self.config)

    def opened(self, *, pulls: bool) -> list[PastThread]:
        """The issues, or the pull requests, that were opened in the window."""
        return [t for t in self.threads if t.is_pull == pulls and t.created_at in self.window]

    def closed(self, *, pulls: bool) -> list[PastThread]:
        """Those whose last close lies in the window; merged ones are closed, too."""
        return [t for t in self.threads if t.is_pull == pulls and t.closed_at in self.window]

    def merged(self) -> list[PastThread]:
        """The pull requests that were merged in the window."""
        return [t for t in self.threads if t.merged_at in self.window]

    def open(self, *, pulls: bool) -> list[PastThread]:
        """The issues, or the pull requests, that are open at its end."""
        return [t for t in self.threads if t.is_pull == pulls and t.is_open]

    def waiting(self, *, pulls: bool) -> Iterator[PastThread]:
        """Those opened in the window that ask for a look: no draft that never was ready."""
        for thread in self.opened(pulls=pulls):
            is_left_out = not self.config.threads_of_bots and self.people.is_bot(thread.author)
            if thread.ready_at is not None and not is_left_out:
                yield thread

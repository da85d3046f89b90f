"""How far a run is: a bar or a turning sign on a terminal; elsewhere, as in a log, a plain line a minute."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

EVERY = 60.0  # seconds


class Steps:
    """Progress through steps that are counted; a context in which `advance` is called after each of them."""

    def __init__(self, console: Console, name: str, *, total: int, done: int) -> None:
        self._console, self._said = console, name
        self._total, self._first, self._done = total, done, done
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=console, disable=console.quiet or not console.is_terminal)
        self._task = self._bar.add_task(name, total=total, completed=done)
        self._started = self._told = time.monotonic()

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def say(self, what: str) -> None:
        """Show `what` with the progress from now on."""
        self._said = what
        self._bar.update(self._task, description=what)

    def advance(self) -> None:
        """One step more is done."""
        self._done += 1
        self._bar.advance(self._task)
        now = time.monotonic()
        if not self._console.is_terminal and now - self._told >= EVERY:
            self._told = now
            left = (self._total - self._done) * (now - self._started) / (self._done - self._first) / 60
            self._console.print(
                f"{self._said}: step {self._done:,} of {self._total:,}, about {left:.0f} minutes left"
            )


@contextmanager
def busy(console: Console, what: str) -> Iterator[None]:
    """Show that `what` is being done, which is not counted."""
    if console.quiet or console.is_terminal:
        with console.status(what):
            yield
        return
    over = Event()
    teller = Thread(target=_tell, args=(console, what, over), daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _tell(console: Console, what: str, over: Event) -> None:
    started = time.monotonic()
    while not over.wait(EVERY):
        console.print(f"{what}: {(time.monotonic() - started) / 60:.0f} minutes so far")

"""What takes long to be made: a few at a time, each once, kept for a while; refused where too many wait."""

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import timedelta
from typing import Generic, TypeVar

from cachetools import TTLCache

from bot.core.errors import UsherError

WITHIN = 8  # who makes one or waits for it, of each workshop: each holds one of the server's 40 threads
T = TypeVar("T")
Part = TypeVar("Part")


class BeingMade(UsherError):
    """So many are being made that one more would keep others from the dashboard; or the server ends."""


class Workshop(Generic[T]):
    """Makes one kind of thing.

    Args:
        what: what it makes, for who is refused: ``reports``.
        most: so many are kept.
        keep: for how long one is handed out again.
        at_once: so many are made at a time; the others wait.
    """

    def __init__(self, what: str, most: int, keep: timedelta, at_once: int) -> None:
        self._what = what
        self._kept: TTLCache[Hashable, T] = TTLCache(most, keep.total_seconds())
        self._lock = threading.Lock()
        self._benches = [threading.Lock() for _ in range(at_once)]
        self._within = threading.BoundedSemaphore(WITHIN)
        self._is_ending = threading.Event()

    def get(self, key: Hashable, make: Callable[[], T], *, waits: bool = False) -> T:
        """Return what is kept under a key, or make it; who asks for the same at the same time waits for it.

        Args:
            key: all that it depends on.
            make: makes it.
            waits: however many others do; for who is counted elsewhere.

        Raises:
            BeingMade: too many are being made to wait for one more, or the server ends.
        """
        found = self._find(key)
        if found is not None:
            return found
        if waits:
            return self._made(key, make)
        if not self._within.acquire(blocking=False):
            raise BeingMade(f"other {self._what} are being made: try again in a moment")
        try:
            return self._made(key, make)
        finally:
            self._within.release()

    def end(self) -> None:
        """Give up what is being made, and make nothing any more."""
        self._is_ending.set()

    def watched(self, parts: Iterable[Part]) -> Iterator[Part]:
        """Yield what something is made of, as long as nobody ends it.

        Raises:
            BeingMade: somebody did.
        """
        for part in parts:
            self._check()
            yield part

    def _find(self, key: Hashable) -> T | None:
        with self._lock:
            return self._kept.get(key)

    def _made(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._benches[hash(key) % len(self._benches)]:
            self._check()
            found = self._find(key)
            if found is None:
                found = make()
                with self._lock:
                    self._kept[key] = found
            return found

    def _check(self) -> None:
        if self._is_ending.is_set():
            raise BeingMade("the server is being stopped: try again in a moment")

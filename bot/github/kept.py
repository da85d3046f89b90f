"""Answers of GitHub that are kept with their ETags: asking again costs nothing of the rate limit."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

from cachetools import LRUCache

from bot.github.client import PER_PAGE, RepositoryClient

KEPT_BYTES = 64_000_000  # of answers, roughly; the least recently used go first
_KEPT_AT_LEAST = 1_000  # what an entry costs, however little it holds

Page = tuple[str | None, Any]


class KeptAnswers:
    """Asks conditionally where an earlier answer is at hand."""

    def __init__(self) -> None:
        self._kept: LRUCache[tuple[str, str], Page] = LRUCache(KEPT_BYTES, getsizeof=_size)
        self._lock = threading.Lock()

    def _pages(
        self, client: RepositoryClient, path: str, most: int, *, key: str = ""
    ) -> Iterator[dict[str, Any]]:
        joint = "&" if "?" in path else "?"
        for page in range(1, most + 1):
            data = self._get(client, f"{path}{joint}per_page={PER_PAGE}&page={page}")
            items = data.get(key) if key else data
            yield from items or ()
            if len(items or ()) < PER_PAGE:
                return

    def _get(self, client: RepositoryClient, path: str, part: Callable[[Any], Any] | None = None) -> Any:
        """GET, conditionally where an earlier answer is at hand.

        Args:
            client: the repository.
            path: below it.
            part: what to make of an answer before it is kept; without it all of it is.
        """
        key = (client.full_name, path)
        etag, data = self._known(key) or (None, None)
        fresh, tag = client.get(path, etag)
        if fresh is None and etag is not None:
            return data
        shown = part(fresh) if part else fresh
        self._keep(key, (tag, shown))
        return shown

    def _known(self, key: tuple[str, str]) -> Page | None:
        with self._lock:
            return self._kept.get(key)

    def _keep(self, key: tuple[str, str], page: Page) -> None:
        if _size(page) < KEPT_BYTES // 8:  # one giant must not drive out all others
            with self._lock:
                self._kept[key] = page


def _size(page: Page) -> int:
    """Roughly what an answer takes in memory: of a file, its patch or its content counts."""
    if isinstance(page[1], dict):
        return _KEPT_AT_LEAST + len(page[1].get("content") or "")
    items = page[1] if isinstance(page[1], list) else ()
    patches = (item.get("patch") for item in items if isinstance(item, dict))
    return _KEPT_AT_LEAST * (1 + len(items)) + sum(len(patch) for patch in patches if isinstance(patch, str))

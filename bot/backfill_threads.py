"""A repository's threads over the API into the database: those that changed since a time, in that order.

One that changes meanwhile comes again at the end, as it is listed there by then. Where more threads than a
page changed in one second, a page is no place to go on from: each thread that changes leaves the second, and
the others move up, past what was read. Such a second is read from its last page to its first: what moves up
is still to come, and so nothing is missed. Each portion is kept together with how far the reading has come.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.backfill_watch import Patient, Watch
from bot.core.errors import RetryLater
from bot.core.history import Snapshot
from bot.core.payload import number_at
from bot.core.pull_json import moment_at
from bot.github.client import PER_PAGE
from bot.github.history_reads import HistoryReader
from bot.github.thread_reads import ThreadReader
from bot.store.editions import Editions, Published
from bot.store.progress import Claim, Progress

AT_FIRST, AT_MOST = 50, 100  # threads that are asked about at once; GitHub takes no more
OVER_REST = 10  # threads, each with a request of its own, before the pace is looked at again
SLOW, QUICK = 5.0, 2.5  # seconds; GitHub gives up after ten
TRIES_OF_ONE = 3  # then a single thread is asked for over REST
SECOND = timedelta(seconds=1)  # GitHub tells times no more exactly
Json = Mapping[str, Any]
Key = tuple[int | None, datetime | None]


class PageSize:
    """How many threads to ask about at once: fewer where GitHub is slow, more where it is quick."""

    def __init__(self) -> None:
        self.now = AT_FIRST

    def took(self, seconds: float) -> None:
        """Note how long an answer took."""
        if seconds > SLOW:
            self.now = max(1, self.now // 2)
        elif seconds < QUICK:
            self.now = min(AT_MOST, self.now * 2)

    def failed(self) -> None:
        """Note that there was no answer."""
        self.now = max(1, self.now // 2)


class ThreadBackfill:
    """Reads the threads of one repository.

    Args:
        editions: where they are kept.
        reader: asks GitHub about the repository.
        patiently: asks again where GitHub asked for patience.
        watch: is told how it goes on.
        history: the number of the history that they belong to.
        full_name: the repository's.
    """

    def __init__(
        self,
        editions: Editions,
        reader: HistoryReader,
        patiently: Patient,
        watch: Watch,
        *,
        history: int | None,
        full_name: str,
    ) -> None:
        self.done = Published(0, 0, 0, 0)
        self._editions, self._reader = editions, reader
        self._threads = ThreadReader(reader, patiently)
        self._patiently, self._watch = patiently, watch
        self._history, self._full_name = history, full_name
        self._size = PageSize()
        self._began_with: datetime | None = None

    def run(self, start: datetime | None, progress: Progress, most_pages: int | None) -> bool:
        """Read and keep thread after thread.

        Args:
            start: read those that have changed since then; None for all.
            progress: what is to be noted with them.
            most_pages: of a hundred threads, after which to stop; None for all. A second is read in one turn.

        Returns:
            whether the end was reached.
        """
        at, asked, self._began_with = start, 0, progress.complete_at
        known: set[Key] = set()  # those of the second where the pages meet
        while most_pages is None or asked < most_pages:
            asked_at = datetime.now(UTC)
            listed = self._listed(at)
            asked += 1
            if len(listed) == PER_PAGE and at is not None and _changed_at(listed[-1]) == at:
                asked += self._second(at, known, progress)
                at = at + SECOND
                self._keep((), replace(progress, reached=at))  # or the next turn would read it anew
            else:
                self._read([one for one in listed if _key(one) not in known], progress)
                last = _changed_at(listed[-1]) if listed else None
                if len(listed) < PER_PAGE or last is None:
                    self._keep((), replace(progress, reached=None, complete_at=asked_at))
                    return True
                at, known = last, {key for one in listed if (key := _key(one))[1] == last}
            progress = replace(progress, reached=at)
        return False

    def _second(self, at: datetime, known: set[Key], progress: Progress) -> int:
        """Read what changed in one second, which is more than a page. Returns how many pages that were."""
        last = 2
        while len(listed := self._listed(at, last)) == PER_PAGE and _changed_at(listed[-1]) == at:
            last += 1
        for page in range(last, 0, -1):
            news = [one for one in self._listed(at, page) if (key := _key(one))[1] == at and key not in known]
            self._read(news, progress)
            known |= {_key(one) for one in news}
        return 2 * last - 1

    def _listed(self, since: datetime | None, page: int = 1) -> Sequence[Json]:
        return self._patiently(lambda: self._reader.listed(since, page))

    def _read(self, threads: Sequence[Json], progress: Progress) -> None:
        """Read what happened on threads, as many at once as goes well, and keep it."""
        for chunk, snapshots in self._portions(threads):
            last = _changed_at(chunk[-1])
            self._keep(snapshots, replace(progress, reached=last or progress.reached))
            self._watch.kept(len(chunk))

    def _portions(self, threads: Sequence[Json]) -> Iterator[tuple[Sequence[Json], list[Snapshot]]]:
        while threads:
            most = self._size.now if self._reader.with_graphql else OVER_REST
            chunk, began = threads[:most], time.monotonic()
            over_rest = len(chunk) == 1 and self._patiently.tries >= TRIES_OF_ONE
            try:
                self._reader.check_pace()
                snapshots = self._threads.over_rest(chunk) if over_rest else self._threads.snapshots(chunk)
            except RetryLater as error:
                if error.until is None:
                    self._size.failed()
                self._patiently.wait(error)
                continue
            self._patiently.tries = 0
            self._size.took(time.monotonic() - began)
            yield chunk, snapshots
            threads = threads[len(chunk) :]

    def _keep(self, snapshots: Sequence[Snapshot], progress: Progress) -> None:
        claim, installation = Claim(progress, self._began_with), self._reader.installation
        kept = self._editions.keep(
            self._full_name, snapshots, self._history, claim, installation=installation
        )
        done = self.done
        self.done = Published(
            done.issues + kept.issues,
            done.pulls + kept.pulls,
            done.events + kept.events,
            done.outdated + kept.outdated,
        )


def _changed_at(thread: Json) -> datetime | None:
    return moment_at(thread, "updated_at")


def _key(thread: Json) -> Key:
    """What tells a thread in a certain state."""
    return number_at(thread, "number"), _changed_at(thread)

"""A repository's history over the API into the database: taken up again after any end, and kept current.

Threads are read in the order in which they changed. One that changes meanwhile comes again at the end, so
nothing is missed. Each portion is kept together with how far the reading has come.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.backfill_commits import CommitBackfill, ReadCommits
from bot.backfill_watch import Impatient, Watch
from bot.core.errors import RetryLater, UsherError
from bot.core.history import Snapshot
from bot.core.payload import number_at
from bot.core.pull_json import moment_at
from bot.documents import look_again
from bot.github.client import PER_PAGE
from bot.github.history_reads import HistoryReader
from bot.store.database import Database
from bot.store.editions import Editions, Published
from bot.store.head_checks import Checked
from bot.store.history import Histories
from bot.store.progress import Place, Places, Progress

OVERLAP = timedelta(days=2)  # read again, should anything have been missed
REST_OF_DOCUMENTS = timedelta(days=1)  # where only what is news is read
ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)
AT_FIRST, AT_MOST = 50, 100  # threads that are asked about at once; GitHub takes no more
OVER_REST = 10  # threads, each with a request of its own, before the pace is looked at again
SLOW, QUICK = 5.0, 2.5  # seconds; GitHub gives up after ten
TRIES_OF_ONE = 3  # then a single thread is asked for over REST
Json = Mapping[str, Any]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Read:
    """What was read.

    Args:
        repository: its full name, as it spells it itself.
        start: from when on; None for all of the history.
        is_complete: False where the reading is to go on.
        issues, pulls, deeds: how many were read.
        releases: how many there are.
        calls: requests that it took.
        graphql_calls, points: those among them to GraphQL, and what GitHub counted for these.
        commits: how many were read.
        commit_calls: the requests among them that these took.
    """

    repository: str
    start: datetime | None
    is_complete: bool
    issues: int = 0
    pulls: int = 0
    deeds: int = 0
    releases: int = 0
    calls: int = 0
    graphql_calls: int = 0
    points: int = 0
    commits: int = 0
    commit_calls: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return it for a script."""
        said = {name: getattr(self, name) for name in self.__slots__ if name != "start"}
        return {**said, "start": self.start and self.start.isoformat()}

    def in_words(self) -> str:
        """Return it for a person."""
        since = f" that changed since {self.start:%Y-%m-%d %H:%M} UTC" if self.start else ""
        cost = f"{self.calls:,} requests, {self.graphql_calls:,} of them GraphQL for {self.points:,} points"
        end = "" if self.is_complete else "; there is more to read"
        return (
            f"{self.repository}: {self.issues:,} issues and {self.pulls:,} pull requests{since}, with "
            f"{self.deeds:,} deeds, {self.releases:,} releases and {self.commits:,} commits ({cost}){end}"
        )


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


class Backfill:
    """Reads one repository's history.

    Args:
        database: where it is kept.
        reader: asks GitHub.
        watch: is told how it goes on, and waits.
    """

    def __init__(self, database: Database, reader: HistoryReader, watch: Watch | None = None) -> None:
        self._database = database
        self._editions, self._places = Editions(database), Places(database)
        self._histories, self._database = Histories(database), database
        self._reader = reader
        self._watch = watch or Impatient()
        self._size = PageSize()
        self._tries = 0
        self._history: int | None = None  # into which it is read
        self._done = Published(0, 0, 0, 0)

    def run(
        self,
        since: datetime | None = None,
        *,
        overlap: timedelta = OVERLAP,
        most_pages: int | None = None,
        counted: bool = True,
    ) -> Read:
        """Read what is not known yet.

        Args:
            since: read only what has changed since then; None for all.
            overlap: how far to look back behind what is complete.
            most_pages: of a hundred threads, after which to stop; None for all.
            counted: False saves the request that counts the threads.

        Raises:
            UsherError: what is kept under this name is of another repository, or the database refused.
            BotError: GitHub refused, or could not be asked; what was read is kept.
        """
        number, full_name = self._patiently(self._reader.repository)
        place = self._places.find(full_name)
        _check_same(place, number, full_name)
        start, progress = _start(place.progress if place else None, since, overlap)
        if counted:
            self._watch.began(start, self._patiently(lambda: self._reader.count(start)))
        self._editions.keep(full_name, (), repository_id=number, installation=self._reader.installation)
        place = self._places.find(full_name)
        self._history = place.id if place else None
        is_complete = self._walk(full_name, start, progress, most_pages)
        releases = self._read_releases(full_name) if is_complete else 0
        if is_complete:
            self._read_documents(full_name, timedelta(0) if overlap >= OVERLAP else REST_OF_DOCUMENTS)
        commits = self._read_commits(number, progress.since, most_pages) if is_complete else ReadCommits()
        cost, done = self._reader.cost, self._done
        is_complete = is_complete and commits.is_complete
        return Read(
            *(full_name, start, is_complete, done.issues, done.pulls, done.deeds, releases),
            *(cost.calls, cost.graphql, cost.points, commits.commits, commits.calls),
        )

    def _walk(
        self, full_name: str, start: datetime | None, progress: Progress, most_pages: int | None
    ) -> bool:
        """Read and keep thread after thread. Returns whether the end was reached."""
        at, page, asked = start, 1, 0
        known: set[tuple[int | None, datetime | None]] = set()  # those of the second where the pages meet
        while most_pages is None or asked < most_pages or page > 1:  # one second is read in one turn
            asked_at = datetime.now(UTC)
            listed = self._patiently(lambda at=at, page=page: self._reader.listed(at, page))  # type: ignore[misc]
            asked += 1
            last = moment_at(listed[-1], "updated_at") if listed else None
            self._read([one for one in listed if _key(one) not in known], full_name, progress)
            if len(listed) < PER_PAGE or last is None:
                self._finish(full_name, progress, asked_at)
                return True
            page = page + 1 if last == at else 1  # more than a page may have changed in one second
            known = {key for one in listed if (key := _key(one))[1] == last} | (
                known if last == at else set()
            )
            at, progress = last, replace(progress, reached=last)
        return False

    def _read(self, threads: Sequence[Json], full_name: str, progress: Progress) -> None:
        """Read what happened on threads, as many at once as goes well, and keep it."""
        for chunk, snapshots in self._portions(threads):
            last = moment_at(chunk[-1], "updated_at")
            self._keep(full_name, snapshots, replace(progress, reached=last or progress.reached))
            self._watch.kept(len(chunk))

    def _portions(self, threads: Sequence[Json]) -> Iterator[tuple[Sequence[Json], list[Snapshot]]]:
        while threads:
            most = self._size.now if self._reader.with_graphql else OVER_REST
            chunk, began = threads[:most], time.monotonic()
            over_rest = len(chunk) == 1 and self._tries >= TRIES_OF_ONE
            try:
                self._reader.check_pace()
                snapshots = self._reader.over_rest(chunk) if over_rest else self._reader.snapshots(chunk)
            except RetryLater as error:
                if error.until is None:
                    self._size.failed()
                self._wait(error)
                continue
            self._tries = 0
            self._size.took(time.monotonic() - began)
            yield chunk, snapshots
            threads = threads[len(chunk) :]

    def _keep(self, full_name: str, snapshots: Sequence[Snapshot], progress: Progress) -> None:
        noted = {**progress.as_values(), "installation": self._reader.installation}
        kept = self._editions.keep(full_name, snapshots, self._history, **noted)
        done = self._done
        self._done = Published(
            done.issues + kept.issues,
            done.pulls + kept.pulls,
            done.deeds + kept.deeds,
            done.outdated + kept.outdated,
        )

    def _finish(self, full_name: str, progress: Progress, at: datetime) -> None:
        self._keep(full_name, (), replace(progress, reached=None, complete_at=at))

    def _read_releases(self, full_name: str) -> int:
        history = self._histories.find(full_name)
        if history is None:  # it was purged meanwhile
            return 0
        known = self._histories.releases(history.id)
        found = self._patiently(lambda: self._reader.releases(known))
        self._histories.keep_releases(history.id, found)
        read = self._reader.checks
        Checked(self._database).look_again(history.id, lambda some: self._patiently(lambda: read(some)))
        return len(found)

    def _read_documents(self, full_name: str, rest: timedelta) -> None:
        if history := self._histories.find(full_name):
            read = self._reader.documents
            look_again(self._database, history.id, lambda known: self._patiently(lambda: read(known)), rest)

    def _read_commits(self, number: int, since: datetime | None, most_pages: int | None) -> ReadCommits:
        if self._history is None:
            return ReadCommits()
        self._tries = 0  # what was given up before says nothing of commits
        reading = CommitBackfill(self._database, self._reader, self._patiently, self._watch.met)
        return reading.run(self._history, number, since, most_pages=most_pages)

    def _patiently(self, ask: Callable[[], Answer]) -> Answer:
        while True:
            try:
                self._reader.check_pace()
                answer = ask()
            except RetryLater as error:
                self._wait(error)
            else:
                self._tries = 0
                return answer

    def _wait(self, error: RetryLater) -> None:
        self._tries += 1
        self._watch.wait(error, self._tries)


def _start(
    known: Progress | None, since: datetime | None, overlap: timedelta
) -> tuple[datetime | None, Progress]:
    """Where to begin, and what is to be noted from there on."""
    if known is not None and known.covers(since):
        if known.reached is not None:
            return known.reached, known
        if known.complete_at is not None:
            start = max(known.complete_at - overlap, known.since or ANY_TIME)
            looks_back = overlap >= OVERLAP
            return start, replace(known, reconciled_at=datetime.now(UTC)) if looks_back else known
    return since, Progress(
        since, complete_at=known.complete_at if known else None, reconciled_at=datetime.now(UTC)
    )


def _check_same(place: Place | None, number: int, full_name: str) -> None:
    """Raises UsherError where what is kept under this name is of another repository."""
    if place is not None and place.repository_id not in (None, number):
        raise UsherError(
            f"the history of {full_name} is that of another repository (number {place.repository_id}; this "
            f"one is {number}): usher purge {full_name} first"
        )


def _key(thread: Json) -> tuple[int | None, datetime | None]:
    """What tells a thread in a certain state."""
    return number_at(thread, "number"), moment_at(thread, "updated_at")

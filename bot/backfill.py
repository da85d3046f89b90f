"""A repository's history over the API into the database: taken up again after any end, and kept current."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.backfill_commits import CommitBackfill, ReadCommits
from bot.backfill_threads import ThreadBackfill
from bot.backfill_watch import Impatient, Patient, Watch
from bot.core.errors import UsherError
from bot.documents import look_again
from bot.github.history_reads import HistoryReader
from bot.store.database import Database
from bot.store.editions import Editions
from bot.store.head_checks import Checked
from bot.store.history import Histories
from bot.store.progress import Place, Places, Progress
from bot.store.renaming import rename_history

OVERLAP = timedelta(days=2)  # read again, should anything have been missed
REST_OF_DOCUMENTS = timedelta(days=1)  # where only what is news is read
ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Read:
    """What was read.

    Args:
        repository: its full name, as it spells it itself.
        start: from when on; None for all of the history.
        is_complete: False where the reading is to go on.
        issues, pulls, events: how many were read.
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
    events: int = 0
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
            f"{self.events:,} events, {self.releases:,} releases and {self.commits:,} commits ({cost}){end}"
        )


class Backfill:
    """Reads one repository's history.

    Args:
        database: where it is kept.
        reader: asks GitHub.
        watch: is told how it goes on, and waits.
    """

    def __init__(self, database: Database, reader: HistoryReader, watch: Watch | None = None) -> None:
        self._editions, self._places = Editions(database), Places(database)
        self._histories, self._database = Histories(database), database
        self._reader = reader
        self._watch = watch or Impatient()
        self._patiently = Patient(self._watch, reader.check_pace)
        self._history: int | None = None  # into which it is read

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
        rename_history(self._database, number, full_name)
        place = self._places.find(full_name)
        _check_same(place, number, full_name)
        start, progress = _start(place.progress if place else None, since, overlap)
        if counted:
            self._watch.began(start, self._patiently(lambda: self._reader.count(start)))
        self._editions.keep(full_name, (), repository_id=number, installation=self._reader.installation)
        place = self._places.find(full_name)
        self._history = place.id if place else None
        asked = (self._editions, self._reader, self._patiently, self._watch)
        threads = ThreadBackfill(*asked, history=self._history, full_name=full_name)
        is_complete = threads.run(start, progress, most_pages)
        releases = self._read_releases(full_name) if is_complete else 0
        if is_complete:
            self._read_documents(full_name, timedelta(0) if overlap >= OVERLAP else REST_OF_DOCUMENTS)
        commits = self._read_commits(number, progress.since, most_pages) if is_complete else ReadCommits()
        cost, done = self._reader.cost, threads.done
        is_complete = is_complete and commits.is_complete
        return Read(
            *(full_name, start, is_complete, done.issues, done.pulls, done.events, releases),
            *(cost.calls, cost.graphql, cost.points, commits.commits, commits.calls),
        )

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
        self._patiently.tries = 0  # what was given up before says nothing of commits
        reading = CommitBackfill(self._database, self._reader, self._patiently, self._watch.met)
        return reading.run(self._history, number, since, most_pages=most_pages)


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

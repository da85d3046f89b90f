"""A repository's history from a backup into the database."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.backups import Backup, Line
from bot.core.body import FULL_NAME
from bot.core.errors import ConfigError, Malformed
from bot.core.history import Snapshot
from bot.core.history_json import repository_id_of, repository_of, snapshot_from
from bot.core.payload import number_at
from bot.store.database import Database
from bot.store.editions import Editions, Published

_THREADS, _EVENTS = 200, 2_000  # as many are written together
AHEAD = timedelta(days=1)  # of the time now: no thread can be from later, even where a clock is wrong


@dataclass(frozen=True, slots=True)
class Imported:
    """What a backup held, and what became of it.

    Args:
        repository: its full name, as the backup spells it.
        published: what was in it.
        undated: how many commits were left out, since their own date cannot be right.
    """

    repository: str
    published: Published
    undated: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return it for a script."""
        return {"repository": self.repository, **asdict(self.published), "undated": self.undated}

    def in_words(self) -> str:
        """Return it for a person."""
        found = self.published
        stays = f"; of {_counted(found.outdated, 'thread')} a later state was known, which stays"
        older = stays if found.outdated else ""
        undated = (
            f"; {_counted(self.undated, 'commit')} without a possible date left out" if self.undated else ""
        )
        threads = f"{_counted(found.issues, 'issue')} and {_counted(found.pulls, 'pull request')}"
        return f"{self.repository}: {threads} with {_counted(found.events, 'event')}{older}{undated}"


def check_name(full_name: str) -> None:
    """Raises ConfigError where that is no name of a repository."""
    if not FULL_NAME.fullmatch(full_name):
        raise ConfigError(f"{full_name!r} is no repository: expected owner/repo, such as acme/widgets")


def import_backup(
    database: Database,
    full_name: str,
    backup: Backup,
    advance: Callable[[int], object] = lambda _: None,
    formerly: Collection[str] = (),
) -> Imported:
    """Import a backup: all of it, or nothing where anything is wrong with it.

    Args:
        full_name: the repository that it is of.
        advance: told how many bytes of the backup's files were read since it was told last.
        formerly: names that the repository had before; lines that were backed up then have them still.

    Raises:
        ConfigError: that is no name of a repository, the backup is of another one, it is empty, or a line is
            wrong.
        UsherError: the database refused, or what it has is of another repository of the same name.
    """
    for name in (full_name, *formerly):
        check_name(name)
    source = _Source(full_name, backup, formerly)
    with Editions(database).begin(full_name) as edition:
        for snapshots in _parcels(source.snapshots(advance)):
            edition.add(snapshots)
        if not source.count:
            raise ConfigError("the backup holds no issue and no pull request")
        published = edition.publish(source.full_name, source.repository_id)
    return Imported(source.full_name, published, source.undated)


class _Source:
    """The threads of a backup, and what it says of its repository by the way."""

    def __init__(self, full_name: str, backup: Backup, formerly: Collection[str]) -> None:
        self.full_name = full_name
        self._former = {name.lower() for name in formerly}
        self.repository_id: int | None = None
        self.count = self.undated = 0
        self._backup = backup
        self._latest = datetime.now(UTC) + AHEAD
        self._pulls: set[int] = set()

    def snapshots(self, advance: Callable[[int], object]) -> Iterator[Snapshot]:
        for line in self._backup.lines(advance):
            self._check_repository(line)
            # A list of issues may hold pull requests too; of one that has a line of its own, that says more.
            if line.kind == "issue" and number_at(line.data["issue"], "number") in self._pulls:
                continue
            snapshot = self._snapshot(line)
            if line.kind == "pull":
                self._pulls.add(snapshot.thread.number)
            self.count += 1
            self.undated += snapshot.undated
            yield snapshot

    def _snapshot(self, line: Line) -> Snapshot:
        data, is_pull = line.data[line.kind], line.kind == "pull"
        events, comments = _listed(line, "events"), _listed(line, "comments")
        try:
            snapshot = snapshot_from(data, events, comments, is_pull=is_pull, latest=self._latest)
        except Malformed as error:
            raise ConfigError(f"{line.where}: {error}") from error
        if snapshot.flaws:
            raise ConfigError(f"{line.where}: {snapshot.flaws[0]}")
        return snapshot

    def _check_repository(self, line: Line) -> None:
        name, number = repository_of(line.data[line.kind]), repository_id_of(line.data[line.kind])
        if name and name.lower() == self.full_name.lower():
            self.full_name = name
        elif name and name.lower() not in self._former:
            hint = f"where that was its name before, add --formerly {name}"
            raise ConfigError(f"{line.where}: it is of {name}, not of {self.full_name} ({hint})")
        self.repository_id = self.repository_id or number
        if number not in (None, self.repository_id):
            raise ConfigError(
                f"{line.where}: it is of the repository with the number {number}, the lines before are of "
                f"number {self.repository_id}: they are different ones, whatever their names are"
            )


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _listed(line: Line, key: str) -> list[Any]:
    found = line.data.get(key)
    if found is not None and not isinstance(found, list):
        raise ConfigError(f'{line.where}: its "{key}" is no list')
    return found or []


def _parcels(snapshots: Iterator[Snapshot]) -> Iterator[list[Snapshot]]:
    """Threads that are written together: few enough to be held, and enough to be quick."""
    parcel: list[Snapshot] = []
    events = 0
    for snapshot in snapshots:
        parcel.append(snapshot)
        events += len(snapshot.thread.timeline)
        if len(parcel) >= _THREADS or events >= _EVENTS:
            yield parcel
            parcel, events = [], 0
    if parcel:
        yield parcel

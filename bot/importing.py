"""A repository's history from a backup into the database."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from bot.backups import Backup, Line
from bot.core.body import FULL_NAME
from bot.core.errors import ConfigError, Malformed
from bot.core.history import Snapshot
from bot.core.history_json import repository_id_of, repository_of, snapshot_from
from bot.core.payload import items_at
from bot.store.database import Database
from bot.store.editions import Editions, Published

_THREADS, _DEEDS = 200, 2_000  # as many are written together


@dataclass(frozen=True, slots=True)
class Imported:
    """What a backup held, and what became of it.

    Args:
        repository: its full name, as the backup spells it.
        published: what was in it.
    """

    repository: str
    published: Published

    def as_json(self) -> dict[str, Any]:
        """Return it for a script."""
        return {"repository": self.repository, **asdict(self.published)}

    def in_words(self) -> str:
        """Return it for a person."""
        found = self.published
        stays = f"; of {_counted(found.outdated, 'thread')} a later state was known, which stays"
        older = stays if found.outdated else ""
        threads = f"{_counted(found.issues, 'issue')} and {_counted(found.pulls, 'pull request')}"
        return f"{self.repository}: {threads} with {_counted(found.deeds, 'event')}{older}"


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
    return Imported(source.full_name, published)


class _Source:
    """The threads of a backup, and what it says of its repository by the way."""

    def __init__(self, full_name: str, backup: Backup, formerly: Collection[str]) -> None:
        self.full_name = full_name
        self._former = {name.lower() for name in formerly}
        self.repository_id: int | None = None
        self.count = 0
        self._backup = backup

    def snapshots(self, advance: Callable[[int], object]) -> Iterator[Snapshot]:
        for line in self._backup.lines(advance):
            self._check_repository(line)
            try:
                snapshot = _snapshot(line)
            except Malformed as error:
                raise ConfigError(f"{line.where}: {error}") from error
            # A list of issues may hold pull requests too, about which their own file says more.
            if line.kind == "issue" and snapshot.thread.is_pull and self._backup.has_pulls:
                continue
            self.count += 1
            yield snapshot

    def _check_repository(self, line: Line) -> None:
        name = repository_of(line.data[line.kind])
        if not name:
            return
        if name.lower() == self.full_name.lower():
            self.full_name = name
        elif name.lower() not in self._former:
            hint = f"where that was its name before, add --formerly {name}"
            raise ConfigError(f"{line.where}: it is of {name}, not of {self.full_name} ({hint})")
        self.repository_id = repository_id_of(line.data[line.kind]) or self.repository_id


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _snapshot(line: Line) -> Snapshot:
    events, comments = items_at(line.data, "events"), items_at(line.data, "comments")
    return snapshot_from(line.data[line.kind], events, comments, is_pull=line.kind == "pull")


def _parcels(snapshots: Iterator[Snapshot]) -> Iterator[list[Snapshot]]:
    """Threads that are written together: few enough to be held, and enough to be quick."""
    parcel: list[Snapshot] = []
    deeds = 0
    for snapshot in snapshots:
        parcel.append(snapshot)
        deeds += len(snapshot.thread.deeds)
        if len(parcel) >= _THREADS or deeds >= _DEEDS:
            yield parcel
            parcel, deeds = [], 0
    if parcel:
        yield parcel

"""The checklist of a repository's next release that is kept current, in and out of the database."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.core.events import Repository
from bot.core.release.gate_state import Checklist
from bot.store.database import Database
from bot.store.tables import gates

REST = timedelta(hours=1)  # until an open checklist is looked at without being told
BATCH = 200  # checklists that one sweep looks at


@dataclass(frozen=True, slots=True)
class GateRecord:
    """A checklist, and where it is."""

    place: Repository
    checklist: Checklist


class Gates:
    """Open checklists, one for each repository.

    Args:
        database: where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._database = database

    def of(self, repository_id: int) -> GateRecord | None:
        """Return the checklist that is open in a repository."""
        with self._engine.connect() as connection:
            query = sa.select(gates).where(gates.c.repository_id == repository_id)
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else _record(row)

    def keep(self, record: GateRecord) -> None:
        """Keep a checklist as it was seen just now; it is looked at again within the hour.

        Since when its release commit is the one that it is, is found here: ``since`` is not read.
        """
        place, known = record.place, self.of(record.place.id)
        is_same = known is not None and known.checklist.sha == record.checklist.sha
        since = known.checklist.since if known is not None and is_same else datetime.now(UTC)
        values = {
            "repository_id": place.id,
            "installation": place.installation,
            "repository": place.full_name,
            "default_branch": place.default_branch,
            "look_at": datetime.now(UTC) + REST,
            **asdict(record.checklist),
            "since": since,
        }
        self._database.upsert(gates, values, ["repository_id"])

    def forget(self, repository_id: int, issue: int = 0) -> bool:
        """Follow a checklist no longer.

        Args:
            repository_id: where.
            issue: its number, where no other is meant; 0 for whichever there is.

        Returns:
            False where none was followed.
        """
        meant = [gates.c.repository_id == repository_id, *([gates.c.issue == issue] if issue else [])]
        with self._engine.begin() as connection:
            return connection.execute(sa.delete(gates).where(*meant)).rowcount > 0

    def due(self, now: datetime) -> list[GateRecord]:
        """Return the checklists that should be looked at, and put their next look off."""
        query = sa.select(gates).where(gates.c.look_at <= now).order_by(gates.c.look_at).limit(BATCH)
        with self._engine.begin() as connection:
            found = [_record(row) for row in connection.execute(query).mappings()]
            these = gates.c.repository_id.in_([record.place.id for record in found])
            connection.execute(sa.update(gates).where(these).values(look_at=now + REST))
        return found


def _record(row: Any) -> GateRecord:
    place = Repository(row["repository_id"], row["repository"], row["installation"], row["default_branch"])
    return GateRecord(place, Checklist(**{name: row[name] for name in Checklist.__slots__}))

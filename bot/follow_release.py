"""Following the next release: when the checklist that somebody asked for is to be looked at again.

Only repositories with an open checklist are followed; for all others this costs one question to the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.core.events import ChecksChanged, CommandGiven
from bot.core.parse import RELEASE_LOOK, Route
from bot.core.release.news import EVENTS, bears_on
from bot.store.flows import Flows
from bot.store.gates import GateRecord

_UPDATES = frozenset({"release check", "release prepare"})


@dataclass(frozen=True, slots=True)
class ReleaseFollower:
    """Keeps up with the checklists of releases.

    Args:
        flows: where they are kept, and looks asked for.
    """

    flows: Flows

    def concerned(
        self, event: str, payload: Mapping[str, Any], where: Route, bot_login: str | None
    ) -> GateRecord | None:
        """Return the open checklist that a delivery bears on; None without one.

        Args:
            event: the delivery's ``X-GitHub-Event``.
            payload: its body.
            where: what is known of it.
            bot_login: Usher's own login.
        """
        if event not in EVENTS or where.repository is None:
            return None
        record = self.flows.gates.of(where.repository)
        is_own = where.sender is not None and where.sender == bot_login
        if record is None or not bears_on(record.checklist, event, payload, is_own=is_own):
            return None
        return record

    def checks_changed(self, event: ChecksChanged) -> None:
        """Ask for a look where the checks of the release commit changed."""
        record = self.flows.gates.of(event.repository.id)
        if record is not None and record.checklist.sha == event.sha:
            self.look_again(record)

    def commanded(self, event: CommandGiven) -> None:
        """Ask for a look after a command about the release, or on its checklist."""
        record = self.flows.gates.of(event.repository.id)
        if record is None:
            return
        if event.name in _UPDATES or event.thread.number == record.checklist.issue:
            self.look_again(record)

    def look_again(self, record: GateRecord) -> None:
        """Ask for a look within seconds; several that are asked for at once become one."""
        self.flows.look_again(record.place, record.checklist.issue, datetime.now(UTC), RELEASE_LOOK)

    def sweep(self) -> int:
        """Ask for a look at each checklist that was not looked at for long. Returns how many."""
        records = self.flows.gates.due(datetime.now(UTC))
        for record in records:
            self.look_again(record)
        return len(records)

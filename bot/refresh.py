"""Histories that were read over the API once are kept current from then on.

Soon after a delivery told of something new, what changed since is read; and once a day what changed within
two days, should a delivery have been lost. Both are what ``usher backfill`` does, cut into short turns. What
was deleted or moved to another repository is in no list any more: only a delivery tells of that.
"""

import time
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import structlog

from bot.backfill import OVERLAP, Backfill
from bot.core.errors import UsherError
from bot.github.client import GitHub
from bot.github.history_reads import HistoryReader
from bot.store.database import Database
from bot.store.editions import Editions
from bot.store.progress import Place, Places

REST = timedelta(minutes=15)  # after a reading, however much happens
DAY = timedelta(days=1)
LATELY = timedelta(hours=1)  # looked back for what is news: clocks differ, and GitHub's lists lag behind
ROUTED = timedelta(minutes=1)  # until it is known which repository a delivery is about
LOOKED_BACK = 5_000  # deliveries, at the start; of what came earlier the daily reading knows
TURN = 20.0  # seconds, after which no other history is begun
PAGES = 3  # of a hundred threads, and of a hundred commits, in one turn; the next one goes on from there
log = structlog.get_logger(__name__)


class Refresher:
    """Reads again what is out of date.

    Args:
        database: where the histories are.
        github: the App at GitHub.
    """

    def __init__(self, database: Database, github: GitHub) -> None:
        self._database, self._github = database, github
        self._places, self._editions = Places(database), Editions(database)
        self._told: dict[str, datetime] = {}
        self._looked_at: int | None = None  # the last delivery

    def sweep(self) -> int:
        """Read again what is out of date, a turn's worth of it. Returns how many histories that were."""
        now, until = datetime.now(UTC), time.monotonic() + TURN
        places = self._places.complete()
        self._listen(now, {place.full_name.lower() for place in places})
        done = 0
        for place in places:
            if time.monotonic() > until:
                break
            overlap = self._overdue(place, now)
            if overlap is not None and place.installation is not None:
                done += self._read(place, place.installation, overlap)
        return done

    def _listen(self, now: datetime, names: Collection[str]) -> None:
        """Note what deliveries have told of these repositories since the last turn."""
        after = self._places.last_delivery() - LOOKED_BACK if self._looked_at is None else self._looked_at
        until = now - ROUTED
        for full_name, number in self._places.gone(after, until):
            self._editions.forget(full_name, number)
        self._looked_at, told = self._places.told(after, until)
        self._told = {name: at for name, at in {**self._told, **told}.items() if name in names}

    def _overdue(self, place: Place, now: datetime) -> timedelta | None:
        """How far to look back; None where there is no need to look at all."""
        progress = place.progress
        if progress is None or progress.complete_at is None:
            return None
        looked_back = progress.reconciled_at or progress.complete_at
        if looked_back < now - DAY:
            return OVERLAP
        told = self._told.get(place.full_name.lower())
        is_news = told is not None and told > progress.complete_at
        is_under_way = progress.reached is not None or place.is_walking
        return LATELY if is_under_way or (is_news and progress.complete_at < now - REST) else None

    def _read(self, place: Place, installation: int, overlap: timedelta) -> bool:
        reader = HistoryReader(self._github.repository(installation, place.full_name))
        told = self._told.pop(place.full_name.lower(), None)
        since = place.progress.since if place.progress else None
        try:
            read = Backfill(self._database, reader).run(
                since, overlap=overlap, most_pages=PAGES, counted=False
            )
        except UsherError as error:  # its turn comes again; the others' is now
            log.warning("history.not_read", repository=place.full_name, reason=str(error))
            if told is not None:
                self._told.setdefault(place.full_name.lower(), told)
            return False
        log.info("history.read", **read.as_json())
        return True

"""Deliveries that never arrived: GitHub's own log knows them, and sends them again when asked.

GitHub does not repeat a failed delivery by itself. Its log reaches back three days. A redelivery keeps its
GUID, so asking once too often does no harm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog

from bot.core.errors import BotError, RetryLater
from bot.github.client import GitHub
from bot.store.inbox import Inbox

REACH = timedelta(days=3)
OVERLAP = timedelta(minutes=10)  # what was under way at the last look may have failed since
PER_PAGE = 100
MOST_PAGES = 500
LONGEST_WAIT = timedelta(hours=6)  # between two requests for one delivery: some cannot be taken at all
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Lost:
    """A delivery that did not arrive.

    Args:
        entry: its latest entry in the log, by which it can be asked for.
        at: the time of that entry.
        times: how often it was asked for.
        again_at: when it may be asked for again.
    """

    entry: int
    at: datetime
    times: int = 0
    again_at: datetime | None = None


class DeliveryLog:
    """Compares GitHub's delivery log with the inbox.

    Args:
        github: the App at GitHub.
        inbox: what has arrived.
        patience: how long the first request for a delivery may take to help; doubled each time.
    """

    def __init__(self, github: GitHub, inbox: Inbox, patience: timedelta) -> None:
        self._github = github
        self._inbox = inbox
        self._patience = patience
        self._lost: dict[str, _Lost] = {}
        self._looked: datetime | None = None

    def sweep(self) -> int:
        """Ask for everything that did not arrive since the last look, or still has not. Returns how many.

        Raises:
            BotError: GitHub could not be asked; the next look starts where this one did.
        """
        now = datetime.now(UTC)
        # All the way back once: what another process asked for before this one started may still be missing.
        since = now - REACH if self._looked is None else max(self._looked - OVERLAP, now - REACH)
        arrived = self._read(since)
        arrived |= self._inbox.known([guid for guid in self._lost if guid not in arrived])
        self._lost = {
            guid: lost for guid, lost in self._lost.items() if guid not in arrived and lost.at > now - REACH
        }
        asked = sum(self._ask(guid, lost, now) for guid, lost in self._oldest_first())
        self._looked = now
        if asked:
            log.warning("deliveries.asked_for_again", count=asked)
        return asked

    def _read(self, since: datetime) -> set[str]:
        """Note the latest entry of each delivery. Returns the GUIDs of those that arrived."""
        arrived: set[str] = set()
        seen: set[str] = set()
        for entry in self._entries(since):  # the newest first
            guid, number = str(entry["guid"]), int(entry["id"])
            if 200 <= int(entry.get("status_code") or 0) < 300:
                arrived.add(guid)
            if guid not in seen:
                seen.add(guid)
                at = datetime.fromisoformat(entry["delivered_at"])
                lost = self._lost.setdefault(guid, _Lost(number, at))
                lost.entry, lost.at = number, at
        return arrived

    def _oldest_first(self) -> list[tuple[str, _Lost]]:
        return sorted(self._lost.items(), key=lambda item: item[1].entry)

    def _entries(self, since: datetime) -> Iterator[dict[str, Any]]:
        cursor = ""
        for _page in range(MOST_PAGES):
            path = f"/app/hook/deliveries?per_page={PER_PAGE}{cursor}"
            headers, entries = self._github.app_request("GET", path)
            for entry in entries:
                if datetime.fromisoformat(entry["delivered_at"]) < since:
                    return
                yield entry
            following = _next_cursor(headers.get("link", ""))
            if following is None:
                return
            cursor = f"&cursor={following}"

    def _ask(self, guid: str, lost: _Lost, now: datetime) -> bool:
        if lost.again_at is not None and now < lost.again_at:
            return False
        try:
            self._github.app_request("POST", f"/app/hook/deliveries/{lost.entry}/attempts")
        except RetryLater:
            raise  # nothing can be asked now, so this look does not count
        except BotError as error:
            log.warning("delivery.not_sent_again", guid=guid, reason=str(error))
            asked = False
        else:
            asked = True
        lost.again_at = now + min(self._patience * 2 ** min(lost.times, 20), LONGEST_WAIT)
        lost.times += 1
        return asked


def _next_cursor(link: str) -> str | None:
    """Read the cursor of the next page from a ``Link`` header; its URL itself is not followed."""
    for part in link.split(","):
        url, _, rel = part.partition(";")
        if 'rel="next"' in rel:
            found = parse_qs(urlsplit(url.strip(" <>")).query).get("cursor")
            return found[0] if found else None
    return None

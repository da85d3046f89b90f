"""Deliveries that never arrived: GitHub's own log knows them, and sends them again when asked.

GitHub does not repeat a failed delivery by itself. Its log reaches back three days. A redelivery keeps its
GUID, so asking once too often does no harm.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog

from bot.core.errors import BotError
from bot.github.client import GitHub
from bot.store.inbox import Inbox
from bot.store.marks import Marks

MARK = "delivery log read"
REACH = timedelta(days=3)
OVERLAP = timedelta(minutes=10)  # what was under way at the last look may have failed since
PER_PAGE = 100
MOST_PAGES = 500
LONGEST_WAIT = timedelta(hours=6)  # between two requests for one delivery: some cannot be taken at all
log = structlog.get_logger(__name__)


class DeliveryLog:
    """Compares GitHub's delivery log with the inbox.

    Args:
        github: the App at GitHub.
        inbox: what has arrived.
        marks: how far the log was read.
        patience: how long the first request for a delivery may take to help; doubled each time.
    """

    def __init__(self, github: GitHub, inbox: Inbox, marks: Marks, patience: timedelta) -> None:
        self._github = github
        self._inbox = inbox
        self._marks = marks
        self._patience = patience
        self._asked: dict[str, tuple[int, datetime]] = {}

    def sweep(self) -> int:
        """Ask for everything that did not arrive since the last look. Returns how many were asked for.

        Raises:
            BotError: GitHub could not be asked; the next look starts where this one did.
        """
        now = datetime.now(UTC)
        mark = self._marks.get(MARK)
        since = max(mark - OVERLAP, now - REACH) if mark else now - REACH
        latest: dict[str, int] = {}
        arrived: set[str] = set()
        for entry in self._entries(since):
            guid = str(entry["guid"])
            latest.setdefault(guid, int(entry["id"]))
            if 200 <= int(entry.get("status_code") or 0) < 300:
                arrived.add(guid)
        missing = [guid for guid in latest if guid not in arrived]
        known = self._inbox.known(missing)
        lost = [guid for guid in missing if guid not in known]
        self._asked = {guid: tries for guid, tries in self._asked.items() if guid in latest}
        asked = sum(self._ask(guid, latest[guid]) for guid in reversed(lost))
        self._marks.set(MARK, now)
        if asked:
            log.warning("deliveries.asked_for_again", count=asked)
        return asked

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

    def _ask(self, guid: str, entry: int) -> bool:
        now = datetime.now(UTC)
        times, again_at = self._asked.get(guid, (0, now))
        if now < again_at:
            return False
        wait = min(self._patience * 2 ** min(times, 20), LONGEST_WAIT)
        self._asked[guid] = (times + 1, now + wait)
        try:
            self._github.app_request("POST", f"/app/hook/deliveries/{entry}/attempts")
        except BotError as error:
            log.warning("delivery.not_sent_again", guid=guid, reason=str(error))
            return False
        return True


def _next_cursor(link: str) -> str | None:
    """Read the cursor of the next page from a ``Link`` header; its URL itself is not followed."""
    for part in link.split(","):
        url, _, rel = part.partition(";")
        if 'rel="next"' in rel:
            found = parse_qs(urlsplit(url.strip(" <>")).query).get("cursor")
            return found[0] if found else None
    return None

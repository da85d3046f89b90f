"""Whether checks are to be expected: where others check commits, one without checks is not a checked one."""

import threading
from datetime import UTC, datetime, timedelta

from cachetools import TTLCache

from bot.core.pulls import Checks, ChecksExpected, PullRequest
from bot.gather.situation import Situation
from bot.github.pull_reads import PullReader
from bot.store.flows import Flows
from bot.store.marks import checks_of

LATELY = timedelta(days=90)  # so long a repository in which checks were seen is taken to have some
KEPT_SECONDS = 3600  # so long it is remembered that checks were seen, and that a base has none


class ExpectedChecks:
    """Knows in which repositories commits are checked by others.

    Args:
        flows: keeps when checks were seen, and since when a head is there.
        reader: asks about the base where no checks were seen yet.
    """

    def __init__(self, flows: Flows, reader: PullReader) -> None:
        self._flows = flows
        self._reader = reader
        self._noted: TTLCache[int, bool] = TTLCache(10_000, KEPT_SECONDS)
        self._bare: TTLCache[tuple[str, str], bool] = TTLCache(10_000, KEPT_SECONDS)
        self._lock = threading.Lock()

    def note(self, repository_id: int, found: Checks) -> None:
        """Note that a repository has checks, where these are some."""
        with self._lock:
            if not found.checks or repository_id in self._noted:
                return
            self._noted[repository_id] = True
        self._flows.marks.set(checks_of(repository_id), datetime.now(UTC))

    def of(self, situation: Situation, found: Checks) -> ChecksExpected:
        """Say whether a commit is to be checked, and since when it is there.

        Args:
            situation: the pull request's.
            found: its checks. Where there are none, and none were seen in the repository lately, those of the
                base are asked for, once for each commit.
        """
        pull, where = situation.pull, situation.event.repository
        if not pull.head_sha:
            return ChecksExpected()
        is_so = bool(found.checks) or self._were_seen(where.id) or self._has_some(situation, pull.base_sha)
        return ChecksExpected(is_so, self._since(situation, pull))

    def _were_seen(self, repository_id: int) -> bool:
        at = self._flows.marks.get(checks_of(repository_id))
        return at is not None and datetime.now(UTC) - at < LATELY

    def _has_some(self, situation: Situation, sha: str) -> bool:
        client = situation.client
        key = (client.full_name, sha)
        with self._lock:
            if not sha or key in self._bare:
                return False
        found = self._reader.checks(client, sha, client.bot_login.removesuffix("[bot]"))
        self.note(situation.event.repository.id, found)
        with self._lock:
            if not found.checks:
                self._bare[key] = True
        return bool(found.checks)

    def _since(self, situation: Situation, pull: PullRequest) -> datetime:
        """When the commit was there at the latest: the merge's, or the head. What is news came just now."""
        if pull.merge_sha and pull.merged_at is not None:
            return pull.merged_at
        known = self._flows.heads.of(situation.event.repository.id, pull.number)
        is_known = known is not None and known.head == pull.head_sha
        return known.head_at if known is not None and is_known else situation.received_at

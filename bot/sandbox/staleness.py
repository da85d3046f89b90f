"""Reads that lag behind writes, as they do on a replicated service."""

import copy
from collections import deque
from datetime import datetime, timedelta
from urllib.parse import unquote

from bot.sandbox.clock import Clock
from bot.sandbox.faults import Faults
from bot.sandbox.things import Repository
from bot.sandbox.web import Answer, Request, not_found


class Staleness:
    """Keeps what a repository was before each recent write, for as long as the faults ask for."""

    def __init__(self, clock: Clock, faults: Faults, api: str) -> None:
        self.api = api
        self._clock, self._faults = clock, faults
        self._before: dict[int, deque[tuple[datetime, Repository]]] = {}
        self._fresh: dict[str, datetime] = {}

    def before_write(self, repo: Repository) -> None:
        longest = self._longest("stale_reads")
        if longest == 0:
            return
        now, kept = self._clock.now(), self._before.setdefault(repo.id, deque())
        while kept and kept[0][0] < now - timedelta(seconds=longest):
            kept.popleft()
        kept.append((now, copy.deepcopy(repo)))

    def view(self, repo: Repository, line: str) -> Repository:
        """The repository as this read is to see it."""
        fault = self._faults.find("stale_reads", line)
        if fault is None:
            return repo
        seen = self._clock.now() - timedelta(seconds=fault.seconds)
        for moment, before in self._before.get(repo.id, ()):
            if moment > seen:
                fault.happened += 1
                return before
        return repo

    def note_created(self, answer: Answer) -> None:
        if (
            answer.status != 201
            or not isinstance(answer.body, dict)
            or not self._longest("not_found_after_create")
        ):
            return
        for name in ("url", "issue_url"):
            url = answer.body.get(name)
            # A comment's `issue_url` is the thread it is on, which is not new.
            if isinstance(url, str) and (name == "url" or "/pulls/" in answer.body["url"]):
                self._fresh[unquote(url.removeprefix(self.api))] = self._clock.now()

    def check_fresh(self, request: Request) -> None:
        fault = self._faults.find("not_found_after_create", request.line)
        if fault is None or request.method not in ("GET", "HEAD"):
            return
        path, since = unquote(request.path), self._clock.now() - timedelta(seconds=fault.seconds)
        for made, moment in self._fresh.items():
            if moment > since and (path == made or path.startswith(made + "/")):
                fault.happened += 1
                raise not_found()

    def _longest(self, kind: str) -> float:
        return max((fault.seconds for fault in self._faults.active if fault.kind == kind), default=0)

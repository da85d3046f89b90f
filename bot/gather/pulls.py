"""How the facts about a pull request are obtained: from the delivery where it is fresh, else from GitHub."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cachetools import TTLCache

from bot.core.events import PullEvent, PullRequestUpdated
from bot.core.facts import Fact
from bot.core.payload import mapping_at, text_at
from bot.core.pull_context import (
    Announced,
    CodeOwnersFile,
    ReviewLoad,
    ReviewRequests,
    Skips,
    TeamMembers,
    Words,
)
from bot.core.pull_json import moment_at
from bot.core.pulls import ChangedFiles, Checks, Commits, PullRequest, Reviews
from bot.core.release.state import ReleaseState
from bot.gather.releases import ReleaseGatherer
from bot.github.answers import Forbidden, Missing, Refused
from bot.github.pull_reads import PullReader
from bot.github.reads import TooLarge
from bot.store.flows import Flows

if TYPE_CHECKING:
    from bot.gather.situation import Situation

YEAR = timedelta(days=365)
FILES_TRACED = 5  # of the changed files, those with most changes; each costs a request
OWNERS_KEPT_SECONDS = 300  # most repositories have no such file, and three places to look for it
STATUSES_KEPT_SECONDS = 3600  # so long a repository whose last commit had no statuses is taken to use none
CHECKS_KEPT_SECONDS = 300  # a look asks anew in any case, and comes as soon at the latest
CLOCKS_DIFFER = timedelta(seconds=10)
LOOKED = "look"
CODEOWNERS_BYTES = 3 * 1024 * 1024  # GitHub's own limit
OWNERS_KEPT_BYTES = 64_000_000  # of all such files
CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")  # the first of them counts


@dataclass(frozen=True, slots=True)
class _Kept:
    """The checks of a commit, and when they were asked for (UTC)."""

    at: datetime
    checks: Checks


class PullGatherer:
    """Obtains what there is to know about a pull request.

    Args:
        flows: what is kept of pull requests.
    """

    def __init__(self, flows: Flows) -> None:
        self._flows = flows
        self.reader = PullReader()
        self._releases = ReleaseGatherer(self.reader)
        self._owners: TTLCache[tuple[str, str], CodeOwnersFile] = TTLCache(
            OWNERS_KEPT_BYTES, OWNERS_KEPT_SECONDS, getsizeof=lambda file: 1_000 + len(file.text or "")
        )
        self._checks: TTLCache[tuple[str, str], _Kept] = TTLCache(2_000, CHECKS_KEPT_SECONDS)
        self._without_statuses: TTLCache[str, bool] = TTLCache(10_000, STATUSES_KEPT_SECONDS)
        self._lock = threading.Lock()

    def pull(self, situation: "Situation") -> PullRequest:
        """The pull request; of an issue, only the number."""
        event = situation.event
        if not event.thread.is_pull:
            return PullRequest(event.thread.number, is_open=event.thread.is_open)
        told = event.pull if isinstance(event, PullEvent) else None
        if told is not None and situation.is_fresh and self._is_news(situation, told):
            return told
        try:
            return self.reader.pull(situation.client, event.thread.number)
        except Missing as error:
            raise situation.not_found() from error

    def _is_news(self, situation: "Situation", told: PullRequest) -> bool:
        """Whether nothing as new has been seen before: deliveries may come out of order."""
        thread = situation.event.thread
        kept = self._flows.get(thread.repository.id, thread.number)
        if kept is None or kept.pull_updated_at is None:
            return True
        return told.updated_at is not None and told.updated_at > kept.pull_updated_at

    def files(self, situation: "Situation") -> ChangedFiles:
        pull = situation.pull
        return self.reader.files(situation.client, pull) if pull.head_sha else ChangedFiles()

    def commits(self, situation: "Situation") -> Commits:
        pull = situation.pull
        return self.reader.commits(situation.client, pull) if pull.head_sha else Commits()

    def reviews(self, situation: "Situation") -> Reviews:
        pull = situation.pull
        return self.reader.reviews(situation.client, pull.number) if pull.head_sha else Reviews()

    def checks(self, situation: "Situation") -> Checks:
        """The checks of the head; once merged, those of the commit that the merge made."""
        pull = situation.pull
        sha = pull.merge_sha or pull.head_sha
        if not sha:
            return Checks()
        key = (situation.client.full_name, sha)
        with self._lock:
            kept = self._checks.get(key)
        if kept is not None and not self._may_be_outdated(situation, kept):
            return kept.checks
        fresh = _Kept(datetime.now(UTC), self._read_checks(situation, sha))
        with self._lock:
            self._checks[key] = fresh
        return fresh.checks

    def _may_be_outdated(self, situation: "Situation", kept: "_Kept") -> bool:
        """Whether a check may have changed meanwhile: each that does leads to a look, by whatever process."""
        thread, event = situation.event.thread, situation.event
        if isinstance(event, PullRequestUpdated) and event.what == LOOKED:
            return True
        return self._flows.looked_since(thread.repository.id, thread.number, kept.at - CLOCKS_DIFFER)

    def _read_checks(self, situation: "Situation", sha: str) -> Checks:
        """Ask for the checks; for statuses of what was just pushed only in repositories that have some."""
        repository, event = situation.client.full_name, situation.event
        own_app = situation.client.bot_login.removesuffix("[bot]")
        is_pushed = isinstance(event, PullRequestUpdated) and event.what == "synchronize"
        with self._lock:
            without = self._without_statuses.get(repository, False)
        asks = not (is_pushed and situation.is_fresh and without)
        found = self.reader.checks(situation.client, sha, own_app, statuses=asks)
        if asks:
            with self._lock:
                self._without_statuses[repository] = all(check.app for check in found.checks)
        return found

    def skips(self, situation: "Situation") -> Skips:
        thread = situation.event.thread
        return Skips(self._flows.skips(thread.repository.id, thread.number))

    def words(self, situation: "Situation") -> Words:
        thread = situation.event.thread
        return Words(self._flows.words.of(thread.repository.id, thread.number))

    def announced(self, situation: "Situation") -> Announced:
        thread, at = situation.event.thread, situation.received_at
        return Announced(at, self._flows.pushed_since(thread.repository.id, thread.number, at))

    def code_owners(self, situation: "Situation") -> CodeOwnersFile:
        """The CODEOWNERS file of the branch that the pull request is to be merged into."""
        key = (situation.client.full_name, situation.pull.base)
        with self._lock:
            kept = self._owners.get(key)
        if kept is None:
            kept = self._read_code_owners(situation)
            with self._lock:
                self._owners[key] = kept
        return kept

    def _read_code_owners(self, situation: "Situation") -> CodeOwnersFile:
        for path in CODEOWNERS:
            try:
                text = self.reader.text(situation.client, path, situation.pull.base, CODEOWNERS_BYTES)
            except TooLarge:
                return CodeOwnersFile(None, path, is_too_large=True)
            except (Missing, Forbidden, Refused):
                continue
            return CodeOwnersFile(text, path)
        return CodeOwnersFile()

    def requests(self, situation: "Situation") -> ReviewRequests:
        """Who was asked for a review, from the thread's events; not asked for where it tells nothing."""
        pull = situation.pull
        if not pull.head_sha or not (pull.requested_reviewers or _may_ask(situation)):
            return ReviewRequests()
        asked: dict[str, datetime] = {}
        withdrawn: set[str] = set()
        for event in self.reader.events(situation.client, pull.number):
            login = text_at(mapping_at(event, "requested_reviewer"), "login")
            at = moment_at(event, "created_at")
            if login and at and event.get("event") == "review_requested":
                asked[login] = at
                withdrawn.discard(login)
            elif login and event.get("event") == "review_request_removed":
                withdrawn.add(login)
        wanted = {login: at for login, at in asked.items() if login in pull.requested_reviewers}
        return ReviewRequests(wanted, frozenset(withdrawn))

    def load(self, situation: "Situation") -> ReviewLoad:
        """Who could review; asked for only where somebody is to be asked for a review."""
        pull = situation.pull
        if not _may_ask(situation) or pull.is_draft or pull.requested_reviewers:
            return ReviewLoad()
        waiting = Counter(
            login
            for other in self.reader.open_pulls(situation.client)
            if other.number != pull.number
            for login in other.requested_reviewers
        )
        most_changed = sorted(self.files(situation).files, key=lambda file: -file.additions - file.deletions)
        since = datetime.now(UTC).date() - YEAR
        touched = Counter(
            login
            for file in most_changed[:FILES_TRACED]
            for login in self.reader.authors(situation.client, file.path, since.isoformat())
        )
        return ReviewLoad(waiting, touched, {}, self.reader.writers(situation.client))

    def teams(self, _situation: "Situation") -> TeamMembers:
        """Nobody: looking into teams takes a permission on the organisation that Usher does not ask for."""
        return TeamMembers()

    def releases(self, situation: "Situation") -> ReleaseState:
        return self._releases.state(situation)


def _may_ask(situation: "Situation") -> bool:
    """Whether the configuration wants people asked for reviews."""
    return situation.config.review.reviewers > 0  # type: ignore[attr-defined, no-any-return]


PullProvider = Callable[[PullGatherer, "Situation"], Fact]

PULL_PROVIDERS: Mapping[type[Fact], PullProvider] = {
    PullRequest: PullGatherer.pull,
    ChangedFiles: PullGatherer.files,
    Commits: PullGatherer.commits,
    Reviews: PullGatherer.reviews,
    Checks: PullGatherer.checks,
    Skips: PullGatherer.skips,
    Words: PullGatherer.words,
    Announced: PullGatherer.announced,
    CodeOwnersFile: PullGatherer.code_owners,
    ReviewRequests: PullGatherer.requests,
    ReviewLoad: PullGatherer.load,
    TeamMembers: PullGatherer.teams,
    ReleaseState: PullGatherer.releases,
}

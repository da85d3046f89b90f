"""How it is found out who could review a pull request: owners, teams, who knows the files, who is busy."""

import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from cachetools import TTLCache

from bot.core.codeowners import parse
from bot.core.events import CommandGiven
from bot.core.payload import mapping_at, text_at
from bot.core.pull_context import CodeOwnersFile, ReviewLoad, ReviewRequests, Strangers, TeamMembers
from bot.core.pull_json import moment_at
from bot.core.pulls import ChangedFile
from bot.core.reviewers import named
from bot.core.verdicts import lines_of
from bot.gather.situation import Situation
from bot.github.answers import Forbidden, Missing, Refused
from bot.github.pull_reads import PullReader
from bot.github.reads import TooLarge

YEAR = timedelta(days=365)
FILES_TRACED = 5  # of the changed files, those with most changes; each costs a request
OWNERS_KEPT_SECONDS = 300  # most repositories have no such file, and three places to look for it
REVIEWERS_KEPT_SECONDS = 3600
TEAMS_KEPT_SECONDS = 600
TEAMS_READ = 10  # of those that own changed files; each costs a request
CODEOWNERS_BYTES = 3 * 1024 * 1024  # GitHub's own limit
OWNERS_KEPT_BYTES = 64_000_000  # of all such files
CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")  # the first of them counts


class ReviewerGatherer:
    """Obtains who owns what a pull request changes, and who could review it.

    Args:
        reader: asks GitHub.
    """

    def __init__(self, reader: PullReader) -> None:
        self.reader = reader
        self._owners: TTLCache[tuple[str, str], CodeOwnersFile] = TTLCache(
            OWNERS_KEPT_BYTES, OWNERS_KEPT_SECONDS, getsizeof=lambda file: 1_000 + len(file.text or "")
        )
        self._reviewers: TTLCache[str, Mapping[str, int]] = TTLCache(10_000, REVIEWERS_KEPT_SECONDS)
        self._teams: TTLCache[tuple[str, str], frozenset[str] | None] = TTLCache(10_000, TEAMS_KEPT_SECONDS)
        self._lock = threading.Lock()

    def code_owners(self, situation: Situation) -> CodeOwnersFile:
        """The CODEOWNERS file of the branch that the pull request is to be merged into."""
        key = (situation.client.full_name, situation.pull.base)
        with self._lock:
            kept = self._owners.get(key)
        if kept is None:
            kept = self._read_code_owners(situation)
            with self._lock:
                self._owners[key] = kept
        return kept

    def _read_code_owners(self, situation: Situation) -> CodeOwnersFile:
        for path in CODEOWNERS:
            try:
                text = self.reader.text(situation.client, path, situation.pull.base, CODEOWNERS_BYTES)
            except TooLarge:
                return CodeOwnersFile(None, path, is_too_large=True)
            except (Missing, Forbidden, Refused):
                continue
            return CodeOwnersFile(text, path)
        return CodeOwnersFile()

    def requests(self, situation: Situation) -> ReviewRequests:
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

    def load(self, situation: Situation) -> ReviewLoad:
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
        most_changed = sorted(
            self._files(situation),
            key=lambda file: -file.additions - file.deletions,
        )
        since = datetime.now(UTC).date() - YEAR
        touched = Counter(
            login
            for file in most_changed[:FILES_TRACED]
            for login in self.reader.authors(situation.client, file.path, since.isoformat())
        )
        return ReviewLoad(waiting, touched, self._reviewed(situation), self.reader.writers(situation.client))

    def _reviewed(self, situation: Situation) -> Mapping[str, int]:
        name = situation.client.full_name
        with self._lock:
            kept = self._reviewers.get(name)
        if kept is None:
            kept = self.reader.reviewers(situation.client)
            with self._lock:
                self._reviewers[name] = kept
        return kept

    def teams(self, situation: Situation) -> TeamMembers:
        """Who is in the teams that own changed files, as far as Usher was granted to look into them."""
        text = self.code_owners(situation).text
        if not text:
            return TeamMembers()
        owners = parse(text)
        lines = lines_of(self._files(situation), owners).values()
        names = dict.fromkeys(owner for line in lines for owner in line.owners if "/" in owner)
        home = f"@{situation.client.full_name.split('/', 1)[0]}/".casefold()
        teams = [name.removeprefix("@") for name in names if name.casefold().startswith(home)]
        found = {team: self._members(situation, team) for team in teams[:TEAMS_READ]}
        return TeamMembers({team: members for team, members in found.items() if members is not None})

    def strangers(self, situation: Situation) -> Strangers:
        """Who cannot be asked of those whom ``/cc`` names; each costs a request."""
        event = situation.event
        if not isinstance(event, CommandGiven) or event.name != "cc" or not event.thread.is_pull:
            return Strangers()
        logins = named(event)[0]
        return Strangers(
            frozenset(each for each in logins if not self.reader.has_role(situation.client, each))
        )

    def _files(self, situation: Situation) -> tuple[ChangedFile, ...]:
        pull = situation.pull
        return self.reader.files(situation.client, pull).files if pull.head_sha else ()

    def _members(self, situation: Situation, team: str) -> frozenset[str] | None:
        """The members of a team; None where it cannot be looked into."""
        key = (situation.client.full_name, team.casefold())
        with self._lock:
            if key in self._teams:
                return self._teams[key]
        members: frozenset[str] | None = None
        with suppress(Missing, Forbidden, Refused, TooLarge):
            members = self.reader.team(situation.client, *team.split("/", 1))
        with self._lock:
            self._teams[key] = members
        return members


def _may_ask(situation: Situation) -> bool:
    """Whether the configuration wants people asked for reviews."""
    return situation.config.review.reviewers > 0  # type: ignore[attr-defined, no-any-return]

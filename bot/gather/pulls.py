"""How the facts about a pull request are obtained: from the delivery where it is fresh, else from GitHub."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cachetools import TTLCache

from bot.core.branch_rules import BranchRules
from bot.core.errors import RetryLater
from bot.core.events import CommandGiven, PullEvent, PullRequestUpdated
from bot.core.facts import Fact, SwitchedOff
from bot.core.heads import OF_WHAT_IS_THERE, Standing, told, was_there
from bot.core.merging import QueuePlace, is_known
from bot.core.parse import load_json, parse
from bot.core.pull_context import (
    CodeOwnersFile,
    PushedSince,
    ReviewLoad,
    ReviewRequests,
    Skips,
    TeamMembers,
    Words,
)
from bot.core.pulls import (
    ChangedFiles,
    Checks,
    ChecksExpected,
    Commits,
    ParentChecks,
    PullRequest,
    Reviews,
)
from bot.core.release.gate_state import GateState, OpenChecklist
from bot.core.release.state import ReleaseState
from bot.gather.expected import ExpectedChecks
from bot.gather.gates import GateGatherer
from bot.gather.merging import branch_rules, queue_place
from bot.gather.releases import ReleaseGatherer
from bot.gather.reviewers import ReviewerGatherer
from bot.gather.situation import Situation
from bot.github.answers import Missing
from bot.github.pull_reads import PullReader
from bot.github.rule_reads import RuleReader
from bot.store.flows import Flows

STATUSES_KEPT_SECONDS = 3600  # so long a repository whose last commit had no statuses is taken to use none
CHECKS_KEPT_SECONDS = 300  # a look asks anew in any case, and comes as soon at the latest
CLOCKS_DIFFER = timedelta(seconds=10)
ANNOUNCED_WITHIN = timedelta(seconds=20)  # so long a push that nobody announced is waited for
ASK_AGAIN = timedelta(seconds=2)  # meanwhile
LOOKED = "look"


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
        self.people = ReviewerGatherer(self.reader)
        self._rules = RuleReader()
        self._expected = ExpectedChecks(flows, self.reader)
        self._releases = ReleaseGatherer(self.reader)
        self._gates = GateGatherer(flows, self._releases, self.reader)
        self._checks: TTLCache[tuple[str, str], _Kept] = TTLCache(2_000, CHECKS_KEPT_SECONDS)
        self._without_statuses: TTLCache[str, bool] = TTLCache(10_000, STATUSES_KEPT_SECONDS)
        self._lock = threading.Lock()

    def pull(self, situation: Situation) -> PullRequest:
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

    def _is_news(self, situation: Situation, told: PullRequest) -> bool:
        """Whether nothing as new has been seen before: deliveries may come out of order."""
        thread = situation.event.thread
        kept = self._flows.get(thread.repository.id, thread.number)
        if kept is None or kept.pull_updated_at is None:
            return True
        return told.updated_at is not None and told.updated_at > kept.pull_updated_at

    def files(self, situation: Situation) -> ChangedFiles:
        pull = situation.pull
        return self.reader.files(situation.client, pull) if pull.head_sha else ChangedFiles()

    def commits(self, situation: Situation) -> Commits:
        pull = situation.pull
        return self.reader.commits(situation.client, pull) if pull.head_sha else Commits()

    def reviews(self, situation: Situation) -> Reviews:
        pull = situation.pull
        return self.reader.reviews(situation.client, pull.number) if pull.head_sha else Reviews()

    def checks(self, situation: Situation) -> Checks:
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
        self._expected.note(situation.event.repository.id, fresh.checks)
        with self._lock:
            self._checks[key] = fresh
        return fresh.checks

    def _may_be_outdated(self, situation: Situation, kept: "_Kept") -> bool:
        """Whether a check may have changed meanwhile: each that does leads to a look, by whatever process."""
        thread, event = situation.event.thread, situation.event
        if isinstance(event, PullRequestUpdated) and event.what == LOOKED:
            return True
        return self._flows.looked_since(thread.repository.id, thread.number, kept.at - CLOCKS_DIFFER)

    def _read_checks(self, situation: Situation, sha: str) -> Checks:
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

    def checks_expected(self, situation: Situation) -> ChecksExpected:
        return self._expected.of(situation, self._known_checks(situation))

    def branch_rules(self, situation: Situation) -> BranchRules:
        if situation.pull.merge_state != "blocked" and is_known(situation.pull):
            return BranchRules()
        return branch_rules(self._flows, self._rules, situation, self._known_checks(situation))

    def _known_checks(self, situation: Situation) -> Checks:
        known = situation.known.get(Checks)
        return known if isinstance(known, Checks) else self.checks(situation)

    def parent_checks(self, situation: Situation) -> ParentChecks:
        """The checks of the commit before the merge; asked for only where a check of the merge has failed."""
        pull, client = situation.pull, situation.client
        if not pull.merge_sha or pull.base != situation.event.repository.default_branch:
            return ParentChecks()
        merged = self._known_checks(situation)
        sha = self.reader.parent(client, pull.merge_sha) if merged.failed else ""
        if not sha:
            return ParentChecks()
        found = self.reader.checks(client, sha, client.bot_login.removesuffix("[bot]"))
        return ParentChecks(found.checks, sha)

    def skips(self, situation: Situation) -> Skips:
        thread = situation.event.thread
        return Skips(self._flows.skips(thread.repository.id, thread.number))

    def words(self, situation: Situation) -> Words:
        thread = situation.event.thread
        return Words(self._flows.words.of(thread.repository.id, thread.number))

    def pushed_since(self, situation: Situation) -> PushedSince:
        """Whether a command about what is there was given without having seen it.

        Raises:
            RetryLater: a push, or a new base, seems to be on its way to us.
        """
        event = situation.event
        if not isinstance(event, CommandGiven) or not _is_about_what_is_there(event):
            return PushedSince()
        pull, repository = situation.pull, event.repository
        if not pull.is_open or not event.thread.is_pull:
            return PushedSince()
        if event.at is None:
            return PushedSince(is_so=True)
        known = self._known(repository.id, pull.number)
        answer = was_there(known, pull, event.at)
        # To a branch of the repository itself only people push who may merge as well.
        is_strange = pull.is_fork or known is not None
        if answer == "unknown" and is_strange and situation.age < ANNOUNCED_WITHIN:
            until = datetime.now(UTC) + ASK_AGAIN
            raise RetryLater(f"what {event.thread.key} stands at was not announced yet", until)
        if answer == "no" or (answer == "unknown" and pull.is_fork):
            self._flows.heads.told(repository.id, repository.installation, pull)  # said again, it counts
            return PushedSince(is_so=True)
        return PushedSince()

    def _known(self, repository_id: int, number: int) -> Standing | None:
        """Where a pull request stands, with what was announced and stands behind the command in its line."""
        known = self._flows.heads.of(repository_id, number)
        for body in self._flows.heads.in_line(repository_id, number):
            for event in parse("pull_request", load_json(body)):
                if isinstance(event, PullEvent) and event.pull is not None:
                    known = told(known, event.pull)
        return known

    def queue(self, situation: Situation) -> QueuePlace:
        return queue_place(self._flows, situation)

    def releases(self, situation: Situation) -> ReleaseState:
        return self._releases.state(situation)

    def gate(self, situation: Situation) -> GateState:
        return self._gates.state(situation)

    def checklist(self, situation: Situation) -> OpenChecklist:
        return self._gates.checklist(situation)


#: Facts that commands of one comment do not share.
OF_THE_COMMAND = frozenset({PushedSince, GateState})


def _is_about_what_is_there(event: CommandGiven) -> bool:
    return event.name in OF_WHAT_IS_THERE and event.text.strip().lower() != "cancel"


PullProvider = Callable[[PullGatherer, Situation], Fact]

PULL_PROVIDERS: Mapping[type[Fact], PullProvider] = {
    PullRequest: PullGatherer.pull,
    ChangedFiles: PullGatherer.files,
    Commits: PullGatherer.commits,
    Reviews: PullGatherer.reviews,
    Checks: PullGatherer.checks,
    ChecksExpected: PullGatherer.checks_expected,
    ParentChecks: PullGatherer.parent_checks,
    Skips: PullGatherer.skips,
    Words: PullGatherer.words,
    PushedSince: PullGatherer.pushed_since,
    CodeOwnersFile: lambda all_, situation: all_.people.code_owners(situation),
    ReviewRequests: lambda all_, situation: all_.people.requests(situation),
    ReviewLoad: lambda all_, situation: all_.people.load(situation),
    TeamMembers: lambda all_, situation: all_.people.teams(situation),
    QueuePlace: PullGatherer.queue,
    BranchRules: PullGatherer.branch_rules,
    ReleaseState: PullGatherer.releases,
    GateState: PullGatherer.gate,
    OpenChecklist: PullGatherer.checklist,
    SwitchedOff: lambda _all, situation: SwitchedOff(situation.config.switched_off),
}

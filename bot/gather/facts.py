"""How each fact is obtained: one short function for each, all listed in ``PROVIDERS``."""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

from cachetools import TTLCache

from bot.config import Config
from bot.core.actions import AddLabels, RemoveLabels
from bot.core.commands import parse_commands
from bot.core.errors import Gone, RetryLater
from bot.core.events import (
    CommandGiven,
    IssueEdited,
    IssueOpened,
    LabelChanged,
    PullRequestOpened,
    ThreadEvent,
)
from bot.core.facts import (
    AuthorHistory,
    CommandComment,
    CurrentThread,
    Fact,
    Facts,
    LabelHistory,
    Level,
    Now,
    OwnComments,
    Permission,
    Prediction,
    ReportText,
    RepositoryLabels,
    ThreadLedger,
    ThreadPause,
)
from bot.core.flow import FlowItems
from bot.core.pull_context import PullTypePrediction, Strangers
from bot.gather.people import Contribution, at_least_one, before, contributions, counted, milestone_of
from bot.gather.pulls import PULL_PROVIDERS, PullGatherer
from bot.gather.reports import ReportGatherer
from bot.gather.situation import Situation
from bot.github import reads
from bot.github.answers import Forbidden, Missing, Refused
from bot.github.client import GitHub
from bot.rules import RULES
from bot.rules.triage import TriageConfig
from bot.store.flows import Flows
from bot.store.ledger import Ledger, Plan
from bot.store.registry import Registry
from model.predict import Classifier, ModelError

# Where Usher planned nothing so far, a new thread has no history yet, and of its labels none is Usher's.
NO_HISTORY = (IssueOpened, PullRequestOpened, LabelChanged)
OF_ISSUES = frozenset({IssueOpened, IssueEdited, LabelChanged})  # what is learnt, is learnt of issues
COMMENT_NOT_YET = timedelta(seconds=30)  # the same for a comment, which its author may well have deleted
LABELS_KEPT_SECONDS = 60
LABEL_KINDS = (AddLabels.kind, RemoveLabels.kind)
SIBLING_REPOSITORIES = 30  # of the same owner, asked about a newcomer; each costs one request, once


class Gatherer:
    """Obtains facts from GitHub, the store and the classifier."""

    def __init__(
        self,
        github: GitHub,
        registry: Registry,
        ledger: Ledger,
        flows: Flows,
        classifier: Classifier,
        *,
        reports: ReportGatherer,
    ) -> None:
        self._github = github
        self._registry = registry
        self._ledger = ledger
        self._classifier = classifier
        self._pulls = PullGatherer(flows)
        self._reports = reports
        self._labels: TTLCache[str, RepositoryLabels] = TTLCache(maxsize=10_000, ttl=LABELS_KEPT_SECONDS)
        self._lock = threading.Lock()

    def situation(self, event: ThreadEvent, received_at: datetime, config: Config) -> Situation:
        """Open the books on an event."""
        client = self._github.repository(event.repository.installation, event.repository.full_name)
        return Situation(event, received_at, config, client, self._pulls.pull)

    def gather(self, situation: Situation, needs: Collection[type[Fact]]) -> Facts:
        """Obtain the facts that a rule needs; what is known already is not asked for again.

        Raises:
            RetryLater: GitHub could not be asked now.
            Gone: the thread is no longer there.
        """
        for kind in needs:
            self._one(situation, kind)
        return Facts(situation.known[kind] for kind in needs)

    def forget_labels(self, full_name: str) -> None:
        """Drop the kept labels of a repository."""
        with self._lock:
            self._labels.pop(full_name, None)

    def _one(self, situation: Situation, kind: type[Fact]) -> Fact:
        if kind in situation.known:
            return situation.known[kind]
        if kind in PULL_PROVIDERS:
            situation.known[kind] = PULL_PROVIDERS[kind](self._pulls, situation)
        else:
            situation.known[kind] = PROVIDERS[kind](self, situation)
        return situation.known[kind]

    def _now(self, _situation: Situation) -> Now:
        return Now(datetime.now(UTC))

    def _prediction(self, situation: Situation) -> Prediction:
        thread = cast("CurrentThread", self._one(situation, CurrentThread))
        section = cast("TriageConfig", situation.config.triage)  # type: ignore[attr-defined]
        fixed = None if section.threshold == "auto" else section.threshold
        name = situation.event.repository.full_name
        ask = partial(self._classifier.classify, thread.title, thread.body, repo=name)
        said = ask(precision=section.precision, threshold=fixed)
        # Too low a probability is for the rule to judge; any other reason to abstain is the classifier's own.
        unreadable = said.abstained and (said.threshold >= 1 or ask(threshold=0.0).abstained)
        return Prediction(
            label=said.label,
            probability=said.probability,
            threshold=said.threshold,
            precision=section.precision,
            abstained=unreadable,
            reason=said.reason if unreadable else "",
            evidence=said.evidence,
            model=self._classifier.version,
        )

    def _pull_type(self, situation: Situation) -> PullTypePrediction:
        pull, name = situation.pull, situation.event.repository.full_name
        try:
            said = self._classifier.pr_type(pull.title, pull.body, repo=name)
        except ModelError:  # a classifier without this head
            return PullTypePrediction("", 0.0, abstained=True)
        return PullTypePrediction(said.label, said.probability, said.abstained)

    def _repository_labels(self, situation: Situation) -> RepositoryLabels:
        name = situation.event.repository.full_name
        with self._lock:
            kept = self._labels.get(name)
        if kept is None:
            kept = RepositoryLabels(reads.labels(situation.client))
            with self._lock:
                self._labels[name] = kept
        return kept

    def _current_thread(self, situation: Situation) -> CurrentThread:
        try:
            return reads.thread(situation.client, situation.event.thread.number)
        except Missing as error:
            raise situation.not_found() from error

    def _label_history(self, situation: Situation) -> LabelHistory:
        thread = situation.event.thread
        plans = self._ledger.on_thread(thread.repository.id, thread.number)
        is_new = not plans and isinstance(situation.event, NO_HISTORY) and situation.is_fresh
        if is_new or (thread.is_pull and not self._may_label(situation)):
            return LabelHistory()
        events = reads.labellings(self._pulls.reader.events(situation.client, thread.number))
        return label_history(events, situation.client.bot_login, asked_for(plans))

    def _may_label(self, situation: Situation) -> bool:
        """Whether a rule may set a label of this pull request: one that is there to be set."""
        existing = cast("RepositoryLabels", self._one(situation, RepositoryLabels))
        config = situation.config
        rules = [rule for rule in RULES if config.enabled(rule) and not set(rule.on) <= OF_ISSUES]
        sections = [(rule, config.section(rule)) for rule in rules]
        return any(
            LabelHistory in rule.needed(section) and rule.may_set_one_of(existing, section)
            for rule, section in sections
        )

    def _permission(self, situation: Situation) -> Permission:
        login = situation.event.actor.login
        try:
            level = reads.permission(situation.client, login)
        except (Forbidden, Refused):
            level = Level.NONE  # a check that cannot be made is a check that failed
        return Permission(login, level)

    def _command_comment(self, situation: Situation) -> CommandComment:
        event = situation.event
        assert isinstance(event, CommandGiven)
        comment = reads.comment(situation.client, event.comment)
        if comment is None and situation.age < COMMENT_NOT_YET:
            raise RetryLater(f"the comment on {event.thread.key} is not visible yet, or was deleted")
        if comment is None:
            return CommandComment(still_says=False)
        now = {(command.name, command.text) for command in parse_commands(comment.body, limit=None)}
        return CommandComment(still_says=(event.name, event.text) in now)

    def _thread_ledger(self, situation: Situation) -> ThreadLedger:
        thread = situation.event.thread
        return ThreadLedger(self._ledger.entries(thread.repository.id, thread.number))

    def _own_comments(self, situation: Situation) -> OwnComments:
        thread = situation.event.thread
        return OwnComments(self._registry.comment_purposes(thread.repository.id, thread.number))

    def _thread_pause(self, situation: Situation) -> ThreadPause:
        thread = situation.event.thread
        return ThreadPause(self._registry.is_paused(thread.repository.id, thread.number))

    def _author_history(self, situation: Situation) -> AuthorHistory:
        event = situation.event
        author, repository = event.thread.author, event.repository
        if author.id is None:
            return AuthorHistory(0, 0, 0)
        milestone, key = milestone_of(event), event.thread.key
        known = self._registry.milestones(repository.owner, author.id).get(milestone)
        if known is not None and known != key:
            return at_least_one(milestone)
        earlier = before(self._contributions(situation, author.login), key, milestone)
        # Deliveries may come out of order: the first of its kind is on record, whichever is looked at first.
        first = next((each.key for each in earlier if each.milestone == milestone), key)
        self._registry.keep_milestone(repository.owner, author.id, milestone, first, repository.installation)
        return counted(earlier)

    def _contributions(self, situation: Situation, login: str) -> list[Contribution]:
        here = situation.event.repository
        found = contributions(here.full_name, reads.threads_by(situation.client, login))
        for name in self._registry.repositories_of(here.installation)[:SIBLING_REPOSITORIES]:
            if name != here.full_name:
                found += contributions(name, self._threads_elsewhere(here.installation, name, login))
        return found

    def _threads_elsewhere(self, installation: int, name: str, login: str) -> list[dict[str, Any]]:
        try:
            return reads.threads_by(self._github.repository(installation, name), login)
        except (Missing, Forbidden, Refused, Gone):
            return []  # no longer ours to ask; it says nothing about the newcomer


def asked_for(plans: Sequence[Plan]) -> frozenset[str]:
    """Return the labels whose last change by Usher was a person's word: a command, or an undo."""
    last: dict[str, bool] = {}
    for plan in plans:  # the newest first
        for step in reversed(plan.steps):
            if step.kind in LABEL_KINDS and step.status in ("done", "undone"):
                by_person = step.status == "undone" or plan.event == CommandGiven.__name__
                for label in step.args["labels"]:
                    last.setdefault(label, by_person)
    return frozenset(label for label, by_person in last.items() if by_person)


def label_history(
    events: Sequence[reads.LabelEvent], bot_login: str, asked: Collection[str] = ()
) -> LabelHistory:
    """Read from a thread's labellings whose label is whose.

    Args:
        events: in the order in which they happened.
        bot_login: the login under which Usher writes.
        asked: labels whose last change by Usher was a person's word, and so counts as theirs.
    """

    def by_usher(event: reads.LabelEvent) -> bool:
        return event.by == bot_login and event.label not in asked

    last = {event.label: event for event in events}
    return LabelHistory(
        by_usher=frozenset(name for name, e in last.items() if e.added and by_usher(e)),
        removed_by_humans=frozenset(name for name, e in last.items() if not e.added and not by_usher(e)),
        set_by_humans=frozenset(name for name, e in last.items() if e.added and not by_usher(e)),
        ever_by_usher=frozenset(event.label for event in events if event.added and by_usher(event)),
    )


#: Facts that nobody has to obtain: what the rules before have reported.
HANDED_ON = (FlowItems,)
Provider = Callable[[Gatherer, Situation], Fact]

# ruff: noqa: SLF001 - the table stands beside the class whose methods it lists
PROVIDERS: Mapping[type[Fact], Provider] = {
    Now: Gatherer._now,
    Prediction: Gatherer._prediction,
    PullTypePrediction: Gatherer._pull_type,
    RepositoryLabels: Gatherer._repository_labels,
    CurrentThread: Gatherer._current_thread,
    LabelHistory: Gatherer._label_history,
    Permission: Gatherer._permission,
    CommandComment: Gatherer._command_comment,
    ThreadLedger: Gatherer._thread_ledger,
    OwnComments: Gatherer._own_comments,
    ThreadPause: Gatherer._thread_pause,
    AuthorHistory: Gatherer._author_history,
    ReportText: lambda gatherer, situation: gatherer._reports.text(situation),
    Strangers: lambda gatherer, situation: gatherer._pulls.people.strangers(situation),
}

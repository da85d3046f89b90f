"""From a repository's history in the database to its report."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cachetools import TTLCache

from bot.asking import audience_of, end_of_day, until_of, window_days
from bot.config import Config, defaults, read
from bot.core.body import FULL_NAME
from bot.core.errors import ConfigError
from bot.health.figures import AudienceName
from bot.health.releases import last_release
from bot.health.report import Beside, Report, report
from bot.health.settings import HealthConfig
from bot.making import Workshop
from bot.rules.triage import TriageConfig
from bot.store.commits import Commits
from bot.store.database import Database
from bot.store.documents import Documents
from bot.store.head_checks import Checked
from bot.store.history import BotMark, Histories, History
from bot.store.record import Record
from bot.store.registry import Registry

KEPT = 32  # reports
AT_ONCE = 4  # reports that are made; each takes some 200 MB where the history has 70,000 threads
LONG = 400  # days; what a longer window looks back to is held in memory, so those are made one at a time
COUNTED = timedelta(days=1)  # so long it is known how many threads waited
MOST_COUNTED = 10_000  # repositories
WEEK = timedelta(days=7)


class UnknownHistory(ConfigError):
    """Nothing is known of a repository's history. Says what to do."""

    def __init__(self, repository: str) -> None:
        super().__init__(
            f"nothing is known of the history of {repository}: "
            f"usher backfill {repository} asks GitHub for it, usher import {repository} DIR reads a backup"
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What report somebody asks for.

    Args:
        repository: its full name.
        until: the day before which it ends, or the moment; None for now, or for the end of a history that
            ends a week or more before.
        window: how many days it looks back; None for what the settings say.
        with_bots: whether what bots opened counts among what waits for an answer; None for what the
            settings say.
        audience: whose threads it is about; None for everyone's.
    """

    repository: str
    until: str | datetime | None = None
    window: str | None = None
    with_bots: bool | None = None
    audience: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody said of an account by a click.

    Args:
        account: its number.
        login: its name; the number, where the name is not known.
        said: what, who and when.
    """

    account: int
    login: str
    said: BotMark


@dataclass(frozen=True, slots=True)
class Told:
    """A report, and what is needed to show it.

    Args:
        repository: its full name, as it spells itself.
        report: the figures.
        config: the settings that they were made with.
        known_until: until when the history is known: when all of it was read from GitHub last, or when a
            thread changed last.
        titles: of the threads that are listed; other people's text.
        marks: what somebody said of accounts.
        actions: how many of Usher's own actions in the window have each status.
        ends_with_history: whether the window ends where the history does, since nobody asked for another end.
    """

    repository: str
    report: Report
    config: HealthConfig
    known_until: datetime | None = None
    titles: Mapping[int, str] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    actions: Mapping[str, int] = field(default_factory=dict)
    ends_with_history: bool = False

    @property
    def is_stale(self) -> bool:
        """Whether nothing is known of the last week of the window, or of more."""
        return is_stale(self.known_until, self.report.window.until)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a repository without a report that is made for it.

    Args:
        repository: its full name.
        until: until when its history is known; None where that has no thread.
        waiting: how many threads needed a person by its last report; None where none was made lately.
    """

    repository: str
    until: datetime | None
    waiting: int | None


def is_stale(known_until: datetime | None, until: datetime) -> bool:
    """Return whether nothing is known of the last week before a moment, or of more."""
    return known_until is not None and known_until < until - WEEK


class Reports:
    """Makes reports.

    Args:
        database: where histories, settings and the ledger are.
        keep: for how long a report that was made is handed out again.
        config: the settings that hold for all; None for each repository's own.
    """

    def __init__(
        self, database: Database, keep: timedelta = timedelta(0), config: Config | None = None
    ) -> None:
        self.histories = Histories(database)
        self._commits = Commits(database)
        self._documents, self._registry = Documents(database), Registry(database)
        self._record, self._checked = Record(database), Checked(database)
        self.given = config
        self._usual = Workshop[Told]("reports", KEPT, keep, AT_ONCE)
        self._long = Workshop[Told]("reports", KEPT, keep, 1)
        self._lock = threading.Lock()
        self._waiting: TTLCache[int, int] = TTLCache(MOST_COUNTED, COUNTED.total_seconds())

    def known(self) -> list[Known]:
        """Return what is known of all repositories that have a history, those first where most waits."""
        with self._lock:
            waiting = dict(self._waiting)
        found = [
            Known(history.full_name, _latest(at, history.complete_at), waiting.get(history.id))
            for history, at in self.histories.ends().items()
        ]
        return sorted(found, key=lambda each: -1 if each.waiting is None else each.waiting, reverse=True)

    def end(self) -> None:
        """Give up the reports that are being made, and make none any more."""
        self._usual.end()
        self._long.end()

    def make(self, asked: Asked, *, waits: bool = True) -> Told:
        """Return a report.

        Args:
            asked: which.
            waits: whether it waits for others that are being made, however many do.

        Raises:
            ConfigError: what was asked for makes no sense.
            UnknownHistory: nothing is known of the repository's history.
            BeingMade: it does not wait and too many are being made, or they were ended.
        """
        if not FULL_NAME.fullmatch(asked.repository):
            raise ConfigError(
                f"{asked.repository!r} is no repository: expected owner/repo, such as acme/widgets"
            )
        history = self.histories.find(asked.repository)
        if history is None:
            raise UnknownHistory(asked.repository)
        config = self.config(history.full_name)
        settings = _settings(config.health, asked)
        known, until = self.known_until(history), until_of(asked.until, settings.zone)
        ends_early = not asked.until and is_stale(known, until)
        if known and ends_early:
            until = end_of_day(known, settings.zone)
        marks, audience = self.histories.marks(history.id), audience_of(asked.audience)
        key = (history, settings, asked.until and until, audience, tuple(marks.items()))

        is_of_all = not asked.until or known is None or known <= until

        def made() -> Told:
            told = self._make(history, config, settings, until, audience=audience, marks=marks)
            if audience == "everyone" and asked.with_bots is None and is_of_all:
                needed = frozenset[int]().union(*(need.numbers for need in told.report.needs_you))
                with self._lock:
                    self._waiting[history.id] = len(needed)
            return replace(told, ends_with_history=ends_early)

        workshop = self._long if settings.window > LONG else self._usual
        return workshop.get(key, made, waits=waits)

    def known_until(self, history: History) -> datetime | None:
        """Return until when a history is known; None where it has no threads."""
        return _latest(self.histories.known_until(history.id), history.complete_at)

    def config(self, full_name: str) -> Config:
        """Return the last good settings of a repository; those that hold for all, where there are some."""
        if self.given is not None:
            return self.given
        record = self._registry.repository(full_name)
        return read(record.good_config).config if record and record.good_config else defaults()

    def _make(
        self,
        history: History,
        config: Config,
        settings: HealthConfig,
        until: datetime,
        *,
        audience: AudienceName,
        marks: Mapping[int, BotMark],
    ) -> Told:
        people = self.histories.people(history.id)
        name, since = history.full_name, until - timedelta(days=2 * settings.window + settings.label_days + 1)
        triage = getattr(config, "triage", None)
        unsure = triage.abstain_label if isinstance(triage, TriageConfig) else None
        published = self.histories.releases(history.id)
        earliest = last_release(published, since) or since
        commits = self._commits.read(history.id, earliest)
        beside = Beside(
            persons=tuple(people.values()),
            releases=published,
            commits=commits if commits is None else self._usual.watched(commits),
            commits_before=self._commits.before(history.id, earliest),
            labellings=self._record.labellings(name, since, unsure),
            marks={account: said.is_bot for account, said in marks.items()},
            documents=self._documents.of(history.id),
            checks=self._checked.of(history.id),
        )
        threads = self._usual.watched(self.histories.threads(history.id))
        made = report(threads, until, settings, beside, audience, watched=self._usual.watched)
        if is_stale(known := self.known_until(history), until):
            made = replace(made, advice=())  # who did not come back may only not be known
        return Told(
            name,
            made,
            settings,
            known,
            titles=self.histories.titles(history.id, _listed(made)),
            marks=tuple(
                Mark(account, people[account].login if account in people else str(account), said)
                for account, said in marks.items()
            ),
            actions=self._record.counts(name, made.window.start, made.window.until),
        )


def _settings(config: HealthConfig, asked: Asked) -> HealthConfig:
    changes: dict[str, object] = {}
    if asked.window:
        changes["window"] = window_days(asked.window)
    if asked.with_bots is not None:
        changes["threads_of_bots"] = asked.with_bots
    return config.model_copy(update=changes)


def _latest(*moments: datetime | None) -> datetime | None:
    return max(filter(None, moments), default=None)


def _listed(made: Report) -> set[int]:
    """The numbers of the threads that a report names."""
    found = {number for metric in made.metrics for number in metric.items}
    found.update(number for advice in made.advice for number in advice.items)
    return found | {item.number for need in made.needs_you for item in need.items}

"""From a repository's history in the database to its report."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from cachetools import TTLCache

from bot.config import Config, defaults, read
from bot.core.body import FULL_NAME
from bot.core.errors import ConfigError
from bot.health.figures import AudienceName
from bot.health.releases import last_release
from bot.health.report import Beside, Report, report
from bot.health.settings import HealthConfig
from bot.rules.triage import TriageConfig
from bot.store.commits import Commits
from bot.store.database import Database
from bot.store.documents import Documents
from bot.store.head_checks import Checked
from bot.store.history import BotMark, Histories, History
from bot.store.record import Record
from bot.store.registry import Registry

MOST_DAYS = 3_650
FIRST_DAY = date(2000, 1, 1)
KEPT = 32  # reports
AT_ONCE = 4  # reports that are made; each may take two hundred megabytes
WEEK = timedelta(days=7)
_WINDOW = re.compile(r"([0-9]{1,4})([dwmy])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LENGTH = {"d": 1.0, "w": 7.0, "m": 365 / 12, "y": 365.0}


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
        return _is_stale(self.known_until, self.report.window.until)


def _is_stale(known_until: datetime | None, until: datetime) -> bool:
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
        self._lock = threading.Lock()
        self._making = [threading.Lock() for _ in range(AT_ONCE)]
        self._kept: TTLCache[object, Told] = TTLCache(KEPT, keep.total_seconds())

    def make(self, asked: Asked) -> Told:
        """Return a report.

        Raises:
            ConfigError: what was asked for makes no sense.
            UnknownHistory: nothing is known of the repository's history.
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
        known, until = self._known_until(history), until_of(asked.until, settings.zone)
        ends_early = not asked.until and _is_stale(known, until)
        if known and ends_early:
            until = _end_of_day(known, settings.zone)
        marks, audience = self.histories.marks(history.id), _audience(asked.audience)
        key = (history, settings, asked.until and until, audience, tuple(marks.items()))
        with self._making[hash(key) % AT_ONCE]:  # who asks for the same at the same time waits for it
            with self._lock:
                told = self._kept.get(key)
            if told is None:
                made = self._make(history, config, settings, until, audience=audience, marks=marks)
                with self._lock:
                    told = self._kept[key] = replace(made, ends_with_history=ends_early)
            return told

    def _known_until(self, history: History) -> datetime | None:
        return max(filter(None, (self.histories.known_until(history.id), history.complete_at)), default=None)

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
        beside = Beside(
            persons=tuple(people.values()),
            releases=published,
            commits=self._commits.read(history.id, earliest),
            commits_before=self._commits.before(history.id, earliest),
            labellings=self._record.labellings(name, since, unsure),
            marks={account: said.is_bot for account, said in marks.items()},
            documents=self._documents.of(history.id),
            checks=self._checked.of(history.id),
        )
        made = report(self.histories.threads(history.id), until, settings, beside, audience)
        if _is_stale(known := self._known_until(history), until):
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


def _audience(name: str | None) -> AudienceName:
    """Whose threads a report is about.

    Raises:
        ConfigError: there is no such audience.
    """
    known: dict[str, AudienceName] = {each: each for each in get_args(AudienceName)}
    found = known.get(name or "everyone")
    if found is None:
        raise ConfigError(f"{name!r} is no audience: expected {', '.join(known)}")
    return found


def _listed(made: Report) -> set[int]:
    """The numbers of the threads that a report names."""
    found = {number for metric in made.metrics for number in metric.items}
    return found | {item.number for need in made.needs_you for item in need.items}


def window_days(text: str) -> int:
    """Return how many days a window has: ``90d``, ``12w``, ``6m`` (half of 365) or ``1y``.

    Raises:
        ConfigError: it is none, or longer than ten years.
    """
    found = _WINDOW.fullmatch(text)
    days = int(int(found[1]) * _LENGTH[found[2]]) if found else 0
    if not 1 <= days <= MOST_DAYS:
        raise ConfigError(
            f"{text!r} is no window: expected days, weeks, months or years, such as 90d, 12w, 6m or 1y"
        )
    return days


def _end_of_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """The midnight after a moment."""
    day = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def until_of(text: str | datetime | None, zone: ZoneInfo) -> datetime:
    """Return the end of a window: the beginning of a day in the report's time zone; now where none is named.

    A moment is what it is.

    Raises:
        ConfigError: it is no day, or lies too far back or ahead.
    """
    if isinstance(text, datetime):
        return text
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    if not text:
        return now
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise ConfigError(
            f"{text!r} is no day: expected one such as 2026-06-15; the report ends where that day begins"
        )
    if day < FIRST_DAY:
        raise ConfigError(f"{text} lies too far back: the first day that a report can end at is {FIRST_DAY}")
    until = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    if until > now:
        raise ConfigError(f"{text} lies ahead: leave it out for a report until now")
    return until

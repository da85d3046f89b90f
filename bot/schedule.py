"""Reports that come by themselves: when one is due, a delivery of Usher's own says so.

Such a delivery is as durable as any. Its GUID names repository and day, so that there is one however many
processes look; a mark remembers it when the delivery itself was forgotten long ago.
"""

import json
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache

import structlog

from bot.config import read
from bot.core.errors import BotError
from bot.core.events import Repository
from bot.core.parse import REPORT_DUE
from bot.gather.configs import ConfigSource
from bot.github import reads
from bot.github.client import GitHub
from bot.health.due import PURPOSE, Due, last_due
from bot.health.settings import HealthConfig
from bot.store.database import Database
from bot.store.history import Histories, History
from bot.store.inbox import Inbox, Incoming
from bot.store.marks import Marks
from bot.store.own_issues import OwnIssues
from bot.store.registry import Registry, RepositoryRecord

#: Somewhere it is Monday already. A mark that lies further ahead was made while the clock was wrong.
A_DAY = timedelta(days=1)
log = structlog.get_logger(__name__)


class ReportSchedule:
    """Says of which repositories a report is due.

    Args:
        database: where histories, settings and the inbox are.
        github: the App at GitHub.
        configs: asked for the settings of a repository that nothing has happened in yet.
    """

    def __init__(self, database: Database, github: GitHub, configs: ConfigSource) -> None:
        self._github, self._configs = github, configs
        self._histories, self._registry = Histories(database), Registry(database)
        self._inbox, self._marks = Inbox(database), Marks(database)
        self._own_issues = OwnIssues(database)

    def sweep(self, now: datetime | None = None) -> int:
        """Put what is due into the inbox. Returns how many reports that are.

        Args:
            now: the time (UTC); None for the clock's.
        """
        now = now or datetime.now(UTC)
        return sum(self._look(name, now) for name in self._histories.names())

    def _look(self, name: str, now: datetime) -> bool:
        record, history = self._registry.repository(name), self._histories.find(name)
        if record is None or history is None or self._registry.is_suspended(record.installation):
            return False
        try:
            config = self._health(record)
        except BotError as error:
            log.warning("report.put_off", repository=name, reason=str(error))
            return False
        if not config.enabled or config.issue == "off":
            return False
        due = last_due(now, config.issue, config.zone)
        mark, at = f"report {history.id} {due.every}", datetime.combine(due.until, time(), UTC)
        known = self._marks.get(mark)
        if known is not None and at <= known <= now + A_DAY:
            return False
        try:
            told = self._tell(record, history, due, now)
        except BotError as error:  # its turn comes again; the others' is now
            log.warning("report.put_off", repository=name, reason=str(error))
            return False
        self._marks.set(mark, at)
        return told

    def _health(self, record: RepositoryRecord) -> HealthConfig:
        """The settings of a repository; they were read already where anything has happened there."""
        if record.good_config is None:
            return self._configs.named(record.full_name, record.installation).health
        return _health(record.good_config) if record.good_config else HealthConfig()

    def _tell(self, record: RepositoryRecord, history: History, due: Due, now: datetime) -> bool:
        """Put the delivery into the inbox, unless the name belongs to another repository by now."""
        where = reads.repository(self._github.repository(record.installation, record.full_name))
        if history.repository_id not in (None, where.id):
            return False
        own = self._own_issues.of(where.id, PURPOSE)
        guid = f"report:{where.id}:{due.every}:{due.until}"
        body = json.dumps(_payload(where, due, own.number if own else None, now)).encode()
        self._inbox.store([Incoming(guid, REPORT_DUE, body, datetime.now(UTC))])
        return True


def _payload(where: Repository, due: Due, number: int | None, now: datetime) -> dict[str, object]:
    said = {"every": due.every, "until": due.until.isoformat(), "days": due.days, "at": now.isoformat()}
    return {
        "action": "due",
        **where.as_payload(),
        "report": said,
        "issue": {"number": number},
    }


@lru_cache(maxsize=1_000)
def _health(text: str) -> HealthConfig:
    """The settings in a repository's file; read once, since every look asks for them."""
    return read(text).config.health

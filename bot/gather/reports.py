"""The text of a report that is due: made from the history when the rule asks for it."""

from urllib.parse import quote

from bot.core.errors import ConfigError
from bot.core.events import ReportDue
from bot.core.facts import ReportText
from bot.gather.situation import Situation
from bot.render import COMMENT_LIMIT
from bot.reporting import Asked, Reports
from bot.reports.brief import says_nothing
from bot.reports.markdown import markdown

ROOM = 2_000  # characters, for what an issue says beside the report


class ReportGatherer:
    """Makes the text of reports.

    Args:
        reports: makes their figures.
        web: the address of GitHub's pages.
        pages: the address of Usher's own; "" where nobody knows it.
    """

    def __init__(self, reports: Reports, web: str, pages: str = "") -> None:
        self._reports = reports
        self._web = web
        self._pages = pages.rstrip("/")

    def text(self, situation: Situation) -> ReportText:
        """The report that is due; empty where nothing is known that it could tell."""
        event = situation.event
        assert isinstance(event, ReportDue)
        where, until, window = event.repository, event.until.isoformat(), f"{event.days}d"
        history = self._reports.histories.find(where.full_name)
        # A history under this name may be that of another repository, which was renamed or deleted.
        if history is None or history.repository_id not in (None, where.id):
            return ReportText()
        try:
            told = self._reports.make(Asked(where.full_name, until, window))
            now = self._reports.make(Asked(where.full_name, event.at, window)) if event.at else told
        except ConfigError:  # it was purged just now, or this is no day that a report can end at
            return ReportText()
        if now.is_stale:  # of now nothing is known
            now = told
        if self._reports.histories.known_until(history.id) is None or says_nothing(told, now):
            return ReportText()
        page = f"{self._pages}/r/{quote(where.full_name)}/report?until={until}&window={window}"
        return ReportText(
            markdown(
                told,
                web=self._web,
                page=page if self._pages else None,
                limit=COMMENT_LIMIT - ROOM,
                now=now,
            ).strip()
        )

"""One repository: what needs somebody, what is known of it, and what Usher did; no word of others."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from bot.config import defaults, read
from bot.core.body import FULL_NAME
from bot.making import BeingMade
from bot.reporting import Asked, Reports, UnknownHistory
from bot.reports.view import view
from bot.store.inbox import FAILED
from bot.store.progress import Places
from bot.store.record import Record
from bot.store.registry import RepositoryRecord
from bot.web import words
from bot.web.pages import PER_PAGE, READ, Number, Pages
from bot.web.services import Services
from bot.web.wanted import come_again

LATELY = 30  # days, over which Usher's actions are counted


def repository_routes(services: Services, reports: Reports, pages: Pages) -> APIRouter:
    """Return the route of a repository's page."""
    router = APIRouter()
    router.add_api_route("/r/{owner}/{name}", RepositoryPage(services, reports, pages).show, methods=READ)
    return router


class RepositoryPage:
    """The page of a repository.

    Args:
        services: the application's parts.
        reports: makes the report of which it shows the beginning.
        pages: renders pages.
    """

    def __init__(self, services: Services, reports: Reports, pages: Pages) -> None:
        self._services = services
        self._reports = reports
        self._pages = pages
        self._known = _Known(services, reports)

    def is_there(self, full_name: str) -> bool:
        """Return whether the App is installed on a repository of that name, or its history is known."""
        known = self._services.registry.repository(full_name), self._reports.histories.find(full_name)
        return any(known)

    def show(self, request: Request, owner: str, name: str, before: Number | None = None) -> Response:
        """Show one repository; ``before`` a plan's number pages its ledger on."""
        asked = f"{owner}/{name}"
        found = self._services.ledger.recent(limit=PER_PAGE + 1, before=before, repository=asked)
        about = self._known.about(asked, found[0].repository if found else None)
        shown = found[:PER_PAGE]
        older = urlencode({"before": shown[-1].id}) if len(found) > PER_PAGE else ""
        return self._pages.render(
            request,
            "repository",
            **about,
            days=words.by_day(shown, datetime.now(UTC)),
            newer=before is not None,
            older=older,
            words=words,
        )


class _Known:
    """What is known of a repository beside its ledger."""

    def __init__(self, services: Services, reports: Reports) -> None:
        self._services = services
        self._reports = reports
        self._places = Places(services.database)
        self._record = Record(services.database)

    def about(self, asked: str, in_ledger: str | None) -> dict[str, Any]:
        """Return what the page's template is handed.

        Args:
            asked: the name in the address.
            in_ledger: how the ledger spells it; None where nothing happened there.

        Raises:
            HTTPException: nothing at all is known of it, or too many reports are being made.
        """
        if not FULL_NAME.fullmatch(asked):
            raise HTTPException(404, "A repository is written as owner/name.")
        record, place = self._services.registry.repository(asked), self._places.find(asked)
        name = (record and record.full_name) or (place and place.full_name) or in_ledger
        if name is None:
            raise HTTPException(404, f"Usher knows nothing of {asked}: the App is not installed there.")
        now, deliveries = datetime.now(UTC), self._services.inbox.counts(name)
        return {
            "repository": name,
            "github": words.web_url(self._services.settings.github_api_url),
            "app": self._services.credentials,
            "counts": self._record.counts(name, now - timedelta(days=LATELY), now),
            "lately": LATELY,
            "failed_deliveries": sum(deliveries.get(state, 0) for state in FAILED),
            "record": record,
            "mode": _mode(record),
            "progress": place.progress if place else None,
            **self._history(name),
        }

    def _history(self, name: str) -> dict[str, Any]:
        """How far the history is known, and what needs somebody by it."""
        histories = self._reports.histories
        try:
            shown = view(self._reports.make(Asked(name), waits=False))
        except BeingMade as error:
            raise come_again(error) from error
        except UnknownHistory:
            return {"history": None, "known_until": None, "shown": None}
        history = histories.find(name)
        return {
            "history": history,
            "known_until": histories.known_until(history.id) if history else None,
            "shown": shown,
        }


def _mode(record: RepositoryRecord | None) -> str:
    """Whether Usher acts in a repository, by the last settings that could be read."""
    config = read(record.good_config).config if record and record.good_config else defaults()
    return config.mode

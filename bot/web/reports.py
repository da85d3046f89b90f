"""The pages of the community-health reports: as a page with charts, as Markdown, JSON and CSV."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import structlog
from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from fastapi.responses import Response

from bot.core.errors import ConfigError
from bot.health.as_json import as_json
from bot.reporting import Asked, Reports, Told, UnknownHistory
from bot.reports.markdown import markdown
from bot.reports.page import page_context
from bot.reports.sheet import sheet
from bot.web.pages import Pages, client_of
from bot.web.services import Services
from bot.web.words import web_url

KEPT = timedelta(minutes=1)
WINDOWS = (("7d", "a week"), ("30d", "30 days"), ("90d", "90 days"), ("6m", "half a year"), ("1y", "a year"))
LONGEST = 40  # characters of what is asked for


Word = Annotated[str, Query(max_length=LONGEST)]


@dataclass
class Wanted:
    """What an address asks for, after its question mark; empty where the settings decide."""

    until: Word = ""
    window: Word = ""
    bots: Word = ""

    @property
    def query(self) -> str:
        """The same as an address says it."""
        given = urlencode({name: value for name, value in vars(self).items() if value})
        return f"?{given}" if given else ""


Given = Annotated[Wanted, Depends()]

log = structlog.get_logger(__name__)


def report_routes(services: Services, pages: Pages) -> APIRouter:
    """Return the routes of the reports."""
    router = APIRouter()
    reports = Reports(services.database, KEPT)
    _list(router, reports, services, pages)
    _page(router, reports, services, pages)
    _files(router, reports, services)
    _bots(router, reports, pages)
    return router


def _list(router: APIRouter, reports: Reports, services: Services, pages: Pages) -> None:
    @router.get("/reports")
    def list_page(request: Request) -> Response:
        """Show which reports there are, and whose history is not known yet."""
        known = reports.histories.names()
        lower = {name.lower() for name in known}
        unknown = [each.full_name for each in services.registry.all_repositories()]
        unknown = [name for name in unknown if name.lower() not in lower]
        return pages.render(request, "reports", with_history=known, without=unknown)


def _page(router: APIRouter, reports: Reports, services: Services, pages: Pages) -> None:
    web = web_url(services.settings.github_api_url)

    @router.get("/r/{owner}/{name}/report")
    def report_page(request: Request, owner: str, name: str, wanted: Given) -> Response:
        """Show a report."""
        told = _told(reports, f"{owner}/{name}", wanted)
        return pages.render(request, "report", **page_context(told, web), form=_form(told, wanted))


def _form(told: Told, wanted: Wanted) -> dict[str, Any]:
    """What the forms of the page show, with what was asked for filled in."""
    window = wanted.window or f"{told.config.window}d"
    known = window in dict(WINDOWS)
    return {
        "here": f"/r/{quote(told.repository)}/report",
        "query": wanted.query,
        "until": wanted.until,
        "window": window,
        "windows": WINDOWS if known else ((window, f"{told.config.window} days"), *WINDOWS),
        "with_bots": told.config.threads_of_bots,
    }


def _files(router: APIRouter, reports: Reports, services: Services) -> None:
    settings = services.settings

    def as_markdown(told: Told, request: Request) -> str:
        base = settings.public_url or str(request.base_url)
        page = f"{base.rstrip('/')}/r/{quote(told.repository)}/report"
        return markdown(told, web=web_url(settings.github_api_url), page=page)

    kinds: dict[str, tuple[str, Callable[[Told, Request], str]]] = {
        "md": ("text/markdown", as_markdown),
        "json": ("application/json", lambda told, _: json.dumps(as_json(told.report, told.repository))),
        "csv": ("text/csv", lambda told, _: sheet(told)),
    }

    @router.get("/r/{owner}/{name}/report.{kind}")
    def report_file(request: Request, owner: str, name: str, kind: str, wanted: Given) -> Response:
        """Give a report to a program."""
        if kind not in kinds:
            raise HTTPException(404)
        media_type, write = kinds[kind]
        told = _told(reports, f"{owner}/{name}", wanted)
        # A lone surrogate in somebody's text has no bytes.
        content = write(told, request).encode("utf-8", "replace")
        file = f"{told.repository.replace('/', '-')}-report.{kind}"
        headers = {"content-disposition": f'attachment; filename="{file}"'} if kind == "csv" else {}
        return Response(content, media_type=f"{media_type}; charset=utf-8", headers=headers)


def _bots(router: APIRouter, reports: Reports, pages: Pages) -> None:
    @router.post("/r/{owner}/{name}/report/bots", dependencies=[pages.form])
    def mark(
        request: Request,
        owner: str,
        name: str,
        login: Annotated[str, Form(max_length=100)],
        is_bot: Annotated[bool, Form()],
    ) -> Response:
        """Keep what somebody says of an account: that it is a bot, or that it is none."""
        history = reports.histories.find(f"{owner}/{name}")
        if history is None:
            raise HTTPException(404, _line(UnknownHistory(f"{owner}/{name}")))
        people = reports.histories.people(history.id)
        wanted = login.strip().removeprefix("@").lower()
        found = next((who for who, person in people.items() if person.login.lower() == wanted), None)
        where = f"/r/{quote(history.full_name)}/report"
        if found is None:
            return pages.go(where, f"No account {login} took part in {history.full_name}.")
        reports.mark(history, found, is_bot=is_bot, by="the dashboard")
        log.info(
            "bot.marked",
            repository=history.full_name,
            account=found,
            is_bot=is_bot,
            client=client_of(request),
        )
        return pages.go(
            where, f"{people[found].login} counts as {'a bot' if is_bot else 'a person'} from now on."
        )


def _told(reports: Reports, repository: str, wanted: Wanted) -> Told:
    """The report that was asked for.

    Raises:
        HTTPException: there is none, or what was asked for makes no sense.
    """
    with_bots = {"with": True, "without": False}.get(wanted.bots)
    try:
        return reports.make(Asked(repository, wanted.until or None, wanted.window or None, with_bots))
    except UnknownHistory as error:
        raise HTTPException(404, _line(error)) from error
    except ConfigError as error:
        raise HTTPException(400, _line(error)) from error


def _line(error: Exception) -> str:
    line = str(error)
    return f"{line[:1].upper()}{line[1:]}."

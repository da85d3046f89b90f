"""The pages of the community-health reports: as a page with charts, as Markdown, JSON and CSV."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from bot.health.as_json import as_json
from bot.reporting import Reports, Told
from bot.reports.markdown import markdown
from bot.reports.names import AUDIENCES
from bot.reports.page import page_context
from bot.reports.sheet import sheet
from bot.reports.words import day
from bot.web.bot_marks import mark_routes
from bot.web.pages import READ, Pages
from bot.web.repository import repository_routes
from bot.web.services import Services
from bot.web.wanted import Given, Wanted
from bot.web.wanted import told as report_told
from bot.web.words import web_url

KEPT = timedelta(minutes=1)
WINDOWS = (("7d", "a week"), ("30d", "30 days"), ("90d", "90 days"), ("6m", "half a year"), ("1y", "a year"))


def report_routes(reports: Reports, services: Services, pages: Pages) -> APIRouter:
    """Return the routes of the reports."""
    router = APIRouter()
    _list(router, reports, services, pages)
    _page(router, reports, services, pages)
    _files(router, reports, services)
    router.include_router(repository_routes(services, reports, pages))
    router.include_router(mark_routes(reports.histories, pages))
    return router


def _list(router: APIRouter, reports: Reports, services: Services, pages: Pages) -> None:
    @router.api_route("/reports", methods=READ)
    def list_page(request: Request) -> Response:
        """Show which reports there are, and whose history is not known yet."""
        known = reports.known()
        names = sorted((each.repository for each in known), key=str.lower)
        lower = {name.lower() for name in names}
        unknown = [each.full_name for each in services.registry.all_repositories()]
        unknown = [name for name in unknown if name.lower() not in lower]
        owners = [name.partition("/")[0] for name in names]
        counts = Counter(owner.lower() for owner in owners)
        spelled = {owner.lower(): owner for owner in reversed(owners)}  # as the first of them spells it
        several = [(spelled[owner], count) for owner, count in counts.items()]
        return pages.render(request, "reports", day=day, repositories=known, owners=several, without=unknown)


def _page(router: APIRouter, reports: Reports, services: Services, pages: Pages) -> None:
    web = web_url(services.settings.github_api_url)

    @router.api_route("/r/{owner}/{name}/report", methods=READ)
    def report_page(request: Request, owner: str, name: str, wanted: Given) -> Response:
        """Show a report."""
        told = report_told(reports, wanted.of(f"{owner}/{name}"))
        return pages.render(request, "report", **page_context(told, web), form=_form(told, wanted))


def _form(told: Told, wanted: Wanted) -> dict[str, Any]:
    """What the forms of the page show, with what was asked for filled in."""
    window = wanted.window or f"{told.config.window}d"
    known = window in dict(WINDOWS)
    return {
        "here": f"/r/{quote(told.repository)}/report",
        "repository": f"/r/{quote(told.repository)}",
        "query": wanted.query,
        "until": wanted.until,
        "window": window,
        "windows": WINDOWS if known else ((window, f"{told.config.window} days"), *WINDOWS),
        "with_bots": told.config.threads_of_bots,
        "audience": told.report.audience.name,
        "audiences": AUDIENCES.items(),
    }


def _files(router: APIRouter, reports: Reports, services: Services) -> None:
    web = web_url(services.settings.github_api_url)
    kinds: dict[str, tuple[str, Callable[[Told, str], str]]] = {
        "md": ("text/markdown", lambda told, page: markdown(told, web=web, page=page)),
        "json": ("application/json", lambda told, _: json.dumps(as_json(told.report, told.repository))),
        "csv": ("text/csv", lambda told, _: sheet(told)),
    }

    @router.api_route("/r/{owner}/{name}/report.{kind}", methods=READ)
    def report_file(request: Request, owner: str, name: str, kind: str, wanted: Given) -> Response:
        """Give a report to a program."""
        if kind not in kinds:
            raise HTTPException(404)
        media_type, write = kinds[kind]
        told = report_told(reports, wanted.of(f"{owner}/{name}"))
        base = (services.settings.public_url or str(request.base_url)).rstrip("/")
        page = f"{base}/r/{quote(told.repository)}/report{wanted.query}"
        # A lone surrogate in somebody's text has no bytes.
        content = write(told, page).encode("utf-8", "replace")
        file = f"{told.repository.replace('/', '-')}-report.{kind}"
        headers = {"content-disposition": f'attachment; filename="{file}"'} if kind == "csv" else {}
        return Response(content, media_type=f"{media_type}; charset=utf-8", headers=headers)

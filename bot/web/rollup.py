"""The pages of the roll-ups: an organisation's repositories together, as a page, Markdown, JSON and CSV."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from bot.core.errors import ConfigError
from bot.making import BeingMade
from bot.reporting import Reports
from bot.reports.rollup_formats import rollup_context, rollup_data, rollup_markdown, rollup_sheet
from bot.reports.rollup_lines import COLUMNS, DEFAULT, NAME
from bot.rollups import AskedRollup, Rollups, ToldRollup, UnknownOwner
from bot.web.pages import READ, Number, Pages
from bot.web.reports import WINDOWS
from bot.web.repository import RepositoryPage
from bot.web.services import Services
from bot.web.wanted import Word, come_again, line
from bot.web.words import web_url

KEPT = timedelta(minutes=10)  # many reports go into one


@dataclass
class Wanted:
    """What an address asks for, after its question mark; empty where nothing is said."""

    until: Word = ""
    window: Word = ""
    sort: Word = ""

    def query(self, **changed: str) -> str:
        """The same as an address says it, with changes."""
        values = {**vars(self), **changed}
        given = urlencode({name: value for name, value in values.items() if value})
        return f"?{given}" if given else ""


Given = Annotated[Wanted, Depends()]


def rollup_routes(reports: Reports, services: Services, pages: Pages) -> APIRouter:
    """Return the routes of the roll-ups.

    A repository may be called ``report``: then its page is at ``/r/{owner}/report``, where the ledger and
    the list of reports look for it, and the roll-up is at ``/r/{owner}``. Likewise ``report.md`` and others.

    Args:
        reports: makes the reports that go into them.
        services: the application's parts.
        pages: renders pages.
    """
    router = APIRouter()
    rollups = Rollups(reports, services.registry, KEPT)
    repository = RepositoryPage(services, reports, pages)
    _pages(router, rollups, repository, pages, web_url(services.settings.github_api_url))
    _files(router, rollups, repository, services)
    return router


def _pages(router: APIRouter, rollups: Rollups, repository: RepositoryPage, pages: Pages, web: str) -> None:
    def page(request: Request, owner: str, wanted: Wanted, here: str) -> Response:
        told = _told(rollups, owner, wanted)
        context = rollup_context(told, web, wanted.sort)
        return pages.render(request, "rollup", **context, form=_form(told, wanted, here))

    @router.api_route("/r/{owner}", methods=READ)
    def owner_page(request: Request, owner: str, wanted: Given) -> Response:
        """Lead to the roll-up of an owner's repositories, or show it where its place is taken."""
        with _said():
            name = quote(rollups.owner(owner))
        if repository.is_there(f"{owner}/report"):
            return page(request, owner, wanted, f"/r/{name}")
        return pages.go(f"/r/{name}/report{wanted.query()}")

    @router.api_route("/r/{owner}/report", methods=READ)
    def rollup_page(request: Request, owner: str, wanted: Given, before: Number | None = None) -> Response:
        """Show a roll-up."""
        if repository.is_there(f"{owner}/report"):
            return repository.show(request, owner, "report", before)
        with _said():
            name = quote(rollups.owner(owner))
        return page(request, owner, wanted, f"/r/{name}/report")


def _files(router: APIRouter, rollups: Rollups, repository: RepositoryPage, services: Services) -> None:
    web = web_url(services.settings.github_api_url)
    kinds: dict[str, tuple[str, Callable[[ToldRollup, str], str]]] = {
        "md": ("text/markdown", lambda told, page: rollup_markdown(told, web=web, page=page)),
        "json": ("application/json", lambda told, _: json.dumps(rollup_data(told))),
        "csv": ("text/csv", lambda told, _: rollup_sheet(told)),
    }

    @router.api_route("/r/{owner}/report.{kind}", methods=READ)
    def rollup_file(
        request: Request, owner: str, kind: str, wanted: Given, before: Number | None = None
    ) -> Response:
        """Give a roll-up to a program."""
        if repository.is_there(f"{owner}/report.{kind}"):
            return repository.show(request, owner, f"report.{kind}", before)
        if kind not in kinds:
            raise HTTPException(404)
        media_type, write = kinds[kind]
        told = _told(rollups, owner, wanted)
        base = (services.settings.public_url or str(request.base_url)).rstrip("/")
        page = f"{base}/r/{quote(told.rollup.organisation)}{wanted.query(sort='')}"
        # A lone surrogate in somebody's text has no bytes.
        content = write(told, page).encode("utf-8", "replace")
        file = f"{told.rollup.organisation}-report.csv"
        headers = {"content-disposition": f'attachment; filename="{file}"'} if kind == "csv" else {}
        return Response(content, media_type=f"{media_type}; charset=utf-8", headers=headers)


def _form(told: ToldRollup, wanted: Wanted, here: str) -> dict[str, Any]:
    """What the form and the links of the page need, with what was asked for filled in."""
    window = wanted.window or f"{told.days}d"
    return {
        "here": here,
        "files": f"/r/{quote(told.rollup.organisation)}/report",
        "query": wanted.query(sort=""),
        "single": wanted.query(sort="", window=f"{told.days}d", until=wanted.until or _end(told)),
        "until": wanted.until,
        "window": window,
        "windows": WINDOWS if window in dict(WINDOWS) else ((window, f"{told.days} days"), *WINDOWS),
        "sorts": list(_sorts(here, wanted)),
    }


def _end(told: ToldRollup) -> str:
    """The day at which the roll-up ends with the histories, for the reports that it leads to."""
    return f"{told.rollup.window.until.astimezone(told.zone).date()}" if told.ends_with else ""


def _sorts(here: str, wanted: Wanted) -> list[tuple[str, str, str, str, str]]:
    """The orders of the repositories: key, heading, link, and how it is sorted now; again turns it round."""
    now, is_turned = wanted.sort.removeprefix("-") or DEFAULT, wanted.sort.startswith("-")
    found = []
    for key, head in ((NAME, "Repository"), *((column.key, column.head) for column in COLUMNS)):
        order = f"-{key}" if key == now and not is_turned else key
        current = direction = ""
        if key == now:
            direction = "ascending" if is_turned != (key == NAME) else "descending"
            low, high = ("A to Z", "Z to A") if key == NAME else ("lowest first", "highest first")
            current = low if direction == "ascending" else high
        found.append((key, head, f"{here}{wanted.query(sort=order)}#repositories", current, direction))
    return found


def _told(rollups: Rollups, owner: str, wanted: Wanted) -> ToldRollup:
    """The roll-up that was asked for.

    Raises:
        HTTPException: there is none, or what was asked for makes no sense.
    """
    with _said():
        return rollups.make(AskedRollup(owner, wanted.until or None, wanted.window or None))


@contextmanager
def _said() -> Iterator[None]:
    """Say what cannot be shown, and why, with the status that fits.

    Raises:
        HTTPException: it cannot.
    """
    try:
        yield
    except BeingMade as error:
        raise come_again(error) from error
    except UnknownOwner as error:
        raise HTTPException(404, line(error)) from error
    except ConfigError as error:
        raise HTTPException(400, line(error)) from error

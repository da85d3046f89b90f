"""A roll-up as a page, as Markdown and as CSV: complete, harmless, and short enough for a comment."""

import re
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from bot import __version__
from bot.health.rollup_json import rollup_json
from bot.render import COMMENT_LIMIT, Trusted, page_environment, render_report
from bot.reports.markdown import fitting, reference
from bot.reports.page import FEW, address, style
from bot.reports.rollup import rollup_view
from bot.reports.rollup_lines import COLUMNS
from bot.reports.sheet import HEAD, Line, metric_lines, written
from bot.rollups import ToldRollup

ROWS = 60  # repositories in Markdown


def rollup_context(told: ToldRollup, web: str, sort: str = "") -> dict[str, Any]:
    """Return what ``templates/pages/_rollup.html.j2`` shows of a roll-up.

    Args:
        told: the roll-up.
        web: the address of GitHub's pages.
        sort: the order of the repositories.
    """

    def thread(repository: str, number: int) -> str:
        return address(repository, web)(number)

    return {
        "view": rollup_view(told, sort),
        "columns": COLUMNS,
        "few": FEW,
        "thread": thread,
        "short": _short,
    }


def _short(repository: str) -> str:
    """A repository without its owner, which is the same for all."""
    return repository.partition("/")[2]


def rollup_page(told: ToldRollup, web: str) -> str:
    """Return the page as one file, which needs no server. See ``rollup_context``."""
    template = page_environment().get_template("reports/rollup.html.j2")
    return template.render(**rollup_context(told, web), form=None, style=Markup(style()), version=__version__)  # noqa: S704 (our own style sheet)


def rollup_markdown(
    told: ToldRollup, *, web: str, page: str | None = None, limit: int = COMMENT_LIMIT
) -> str:
    """Return the roll-up as Markdown, which notifies nobody and leaves no mark on threads.

    Args:
        told: the roll-up.
        web: the address of GitHub's pages.
        page: the address of the page; None where nobody knows it.
        limit: how many characters it may have; whole sections are left out beyond.
    """

    def thread(repository: str, number: int) -> Trusted:
        return reference(repository, web)(number)

    context = {
        "view": rollup_view(told),
        "page": page,
        "thread": thread,
        "columns": COLUMNS,
        "most": ROWS,
        "short": _short,
    }
    text = render_report(context, "rollup")
    return fitting(re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", limit, page)


def rollup_data(told: ToldRollup) -> dict[str, Any]:
    """Return what is written as JSON."""
    return rollup_json(told.rollup, told.without, told.problems)


def rollup_sheet(told: ToldRollup) -> str:
    """Return the roll-up as CSV: the same numbers as in its JSON."""
    return written(("repository", *HEAD), _lines(rollup_data(told)))


def _lines(data: dict[str, Any]) -> Iterator[Line]:
    for name in ("organisation", "from", "until", "timezone", "waiting"):
        yield "", "report", name, "", "", "", "value", data[name]
    for metric in (*data["totals"], *data["people"]):
        for line in metric_lines(metric):
            yield "", *line
    for need in data["needs_you"]:
        yield "", "needs_you", need["kind"], "count", "", "", "count", need["count"]
        for item in need["items"]:
            yield (
                item["repository"],
                "needs_you",
                need["kind"],
                "",
                "",
                item["number"],
                "since",
                item["since"],
            )
    for each in data["repositories"]:
        yield from _of_a_repository(each)
    for name in data["without_history"]:
        yield name, "report", "without_history", "", "", "", "value", True
    for name, problem in data["problems"].items():
        yield name, "report", "problem", "", "", "", "value", problem


def _of_a_repository(data: dict[str, Any]) -> Iterator[Line]:
    for name in ("waiting", "quiet", "left_out", "known_until"):
        yield data["repository"], "report", name, "", "", "", "value", data[name]
    for metric in data["metrics"]:
        for line in metric_lines(metric):
            yield data["repository"], *line

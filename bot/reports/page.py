"""The report as a page: what its template is handed, and the page as a file that needs no server."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from bot import __version__
from bot.health.figures import LISTED
from bot.render import page_environment
from bot.reporting import Told
from bot.reports import words
from bot.reports.behind import evidence
from bot.reports.meanings import RULE
from bot.reports.pictures import pictures
from bot.reports.plain import USUAL
from bot.reports.view import view
from bot.resources import resource_dir

NOTHING = Markup("")
FEW = 3  # threads that are never folded away: a fold takes a click, and a line of its own


def page_context(told: Told, web: str) -> dict[str, Any]:
    """Return what ``templates/pages/_report.html.j2`` shows of a report.

    Args:
        told: the report.
        web: the address of GitHub's pages.
    """
    return {
        "view": view(told),
        "titles": {number: words.legible(title, words.UNTITLED) for number, title in told.titles.items()},
        "maintainers": [words.legible(login) for login in told.report.maintainers],
        "few": FEW,
        "nothing": words.NOTHING,
        "lists_rule": RULE,
        "usual": USUAL,
        "pictures": pictures(told.report),
        "advice": [(each.say.plain(), evidence(each, told.report)) for each in told.report.advice],
        "listed": LISTED,
        "community": f"{web}/{quote(told.repository)}/community",
        "thread": address(told.repository, web),
    }


def address(repository: str, web: str) -> Callable[[int], str]:
    """Return the page of a thread, which leads from an issue's address to a pull request's by itself."""
    return lambda number: f"{web}/{quote(repository)}/issues/{number}"


def style() -> str:
    """Return the style sheet of a page that stands alone."""
    return (resource_dir("templates") / "pages" / "usher.css").read_text("utf-8")


def standalone(
    told: Told, web: str, *, instead: Mapping[str, Any] | None = None, appendix: Markup = NOTHING
) -> str:
    """Return the page as one file: with its style, and without what needs a server. See ``page_context``.

    Args:
        told: the report.
        web: the address of GitHub's pages.
        instead: takes the place of what ``page_context`` has.
        appendix: what stands below the report.
    """
    template = page_environment().get_template("reports/report.html.j2")
    return template.render(
        **{**page_context(told, web), **(instead or {})},
        form=None,
        style=Markup(style()),  # noqa: S704 (our own style sheet)
        appendix=appendix,
        version=__version__,
    )

"""The report as Markdown: it notifies nobody, leaves no mark on other threads, and fits into one comment."""

import re
from collections.abc import Callable
from urllib.parse import quote

from bot.render import COMMENT_LIMIT, Trusted, render_report
from bot.reporting import Told
from bot.reports.brief import as_of, begins, brief
from bot.reports.plain import USUAL
from bot.reports.view import view

GITHUB = "https://github.com"
#: GitHub's own way to link to a thread without leaving a mark on it.
UNMARKED = "https://redirect.github.com"
#: Between "#" and a number it stops a reference, as a zero-width space does; and no line ends there.
_WORD_JOINER = "\u2060"
_HEADING = re.compile(r"^(?=### )", re.MULTILINE)
SHOWN = 3  # threads, of those that a piece of advice rests on
_ROOM = 1_000  # characters, for what says what was left out


def markdown(
    told: Told, *, web: str, page: str | None = None, limit: int = COMMENT_LIMIT, now: Told | None = None
) -> str:
    """Return the report as Markdown.

    Args:
        told: the report.
        web: the address of GitHub's pages.
        page: the address of the page with charts; None where nobody knows it.
        limit: how many characters it may have; whole sections are left out beyond.
        now: for an issue, the report until the moment of writing, which says what needs somebody. Then only
            what says something stands open: see ``brief``.
    """
    shown = view(told)
    if now is not None:
        shown = brief(shown, now, with_tables=page is None)
    text = render_report(
        {
            "view": shown,
            "usual": USUAL,
            "page": page,
            "is_brief": now is not None,
            "as_of": as_of(now) if now is not None and now is not told else "",
            "begins": begins(told),
            "community": f"{web}/{quote(told.repository)}/community",
            "thread": reference(told.repository, web),
            "advice": [(each.say.as_json(), each.items[: -SHOWN - 1 : -1]) for each in told.report.advice],
            "definitions": [shown.headlines, *(table.rows for table in shown.tables)],
        }
    )
    return fitting(re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", limit, page)


def reference(repository: str, web: str) -> Callable[[int], Trusted]:
    """How a thread is named: with a link where that leaves no mark on it, else without."""

    def named(number: int) -> Trusted:
        shown = f"#{_WORD_JOINER}{number}"
        if web != GITHUB:
            return Trusted(shown)
        return Trusted(f"[{shown}]({UNMARKED}/{quote(repository)}/issues/{number})")

    return named


def fitting(text: str, limit: int, page: str | None) -> str:
    """Return as many of the first sections of a text as a limit leaves room for, and say what was left out.

    The text before the first section always stays.
    """
    if len(text) <= limit:
        return text
    first, *sections = _HEADING.split(text)
    kept, left_out = first, list[str]()
    for section in sections:
        if left_out or len(kept) + len(section) > limit - _ROOM:
            left_out.append(section.splitlines()[0].removeprefix("### "))
        else:
            kept += section
    where = f"on [the page]({page})" if page else "on the dashboard, and in `usher report --format html`"
    names = ", ".join(left_out)
    return f"{kept.rstrip()}\n\n*Left out here, as it would be too long: {names}. It is {where}.*\n"

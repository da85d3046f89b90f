"""The report with which the demo ends: on a project with a longer past than a day.

It is made by the server as any other; what a maintainer should find in it is expected of it, too.
"""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
from markupsafe import Markup

from bot.core.errors import BotError, UsherError
from bot.core.history import PastThread
from bot.demo import history
from bot.demo.browser import Browser
from bot.demo.cast import GREETER
from bot.demo.expectations import Check, Found
from bot.demo.history import Made
from bot.demo.stage import Stage
from bot.demo.threads import place
from bot.health.report import Report
from bot.health.waiting import NeedKind
from bot.reporting import Asked, Reports, Told
from bot.reports.page import standalone
from bot.reports.words import day
from bot.store.database import Database

ABOUT = "the report"
NEEDED: tuple[NeedKind, ...] = (
    "first_timers_waiting",
    "prs_waiting_for_maintainers",
    "approved_unmerged",
    "heated",
)
TREND = "time_to_first_response_pr"
_OUTLINE = Markup(
    '<li id="thread-{n}"><strong>#{n}</strong> <bdi>{title}</bdi> <span class="soft">{what}</span></li>'
)
_THREADS = Markup(
    '<h2 id="threads">The threads</h2><div class="sheet"><p>All of this is made up. On a real report, links'
    ' lead to GitHub; here they lead to these lines.</p><ul class="threads">{}</ul></div>'
)


def remember(stage: Stage) -> tuple[Made, Told]:
    """Give the server a history and the local GitHub its threads. Returns it, with the report on it."""
    made = history.made_up(datetime.now(UTC))
    place(made, stage.sandbox)
    database = Database(stage.server.database_url, pool_size=1)
    try:
        history.keep(made, database)
        return made, Reports(database).make(Asked(history.NAME))
    finally:
        database.close()


def address(stage: Stage) -> str:
    """Return where the report's page is."""
    return f"{stage.server.url}/r/{history.NAME}/report"


def check_report(stage: Stage, told: Told) -> list[Check]:
    """Hold what a maintainer should find in the report against the report and its page."""
    return [Check(ABOUT, *one) for one in (*check_figures(told.report), *_page(stage))]


def check_figures(report: Report) -> Iterator[Found]:
    """Hold the figures against what the story is meant to tell, on whatever day it ends."""
    needs = {need.kind: need.count for need in report.needs_you}
    for kind in NEEDED:
        yield f"somebody is needed: {kind}", f"{needs.get(kind, 0)}", needs.get(kind, 0) > 0
    suspects = [suspect.login for suspect in report.suspects]
    yield f"taken for a bot: {GREETER}", f"{suspects}", suspects == [GREETER]
    now, before = report.metric(TREND).median, report.before[TREND].median
    held = now is not None and before is not None and now < 0.8 * before
    yield "pull requests are answered sooner than before", f"{now} s, {before} s before", held
    tried = [each.id for each in report.advice]
    yield "something to try", f"{tried}", bool(tried)


def _page(stage: Stage) -> Iterator[Found]:
    browser, dead = Browser(), list[str]()
    try:
        page = browser.open(address(stage))
        yield "the page says what needs somebody", f"{page.status_code}", "Needs you now" in page.text
        links = browser.links(page)
        for link in links:
            try:
                browser.open(link)
            except (UsherError, httpx.HTTPError) as error:
                dead.append(f"{link}: {error}")
    finally:
        browser.close()
    yield "each of its links leads somewhere", f"{dead or len(links)}", bool(links) and not dead


def write(made: Made, told: Told) -> Path:
    """Write the report into a file that needs no server, and stays when the demo ends. Returns where it is.

    Raises:
        BotError: there is no room for it.
    """
    threads = {thread.number: thread for thread in made.threads}
    names = {person.id: person.login for person in made.people}
    outlines = (
        _OUTLINE.format(n=n, title=threads[n].title, what=_outline(threads[n], names))
        for n in sorted(told.titles)
    )
    text = standalone(
        told,
        web="",
        instead={"thread": "#thread-{}".format, "community": "#threads"},
        appendix=_THREADS.format(Markup("").join(outlines)),
    )
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="usher-report-", suffix=".html", encoding="utf-8", delete=False
        ) as file:
            file.write(text)
    except OSError as error:
        raise BotError(f"cannot write the report into {tempfile.gettempdir()}: {error.strerror}") from error
    return Path(file.name)


def _outline(thread: PastThread, names: dict[int, str]) -> str:
    """A thread in a line: what it is, whose, what became of it, and what was said."""
    author = names[thread.author] if thread.author else "a deleted account"
    kind = "pull request" if thread.is_pull else "issue"
    ended = thread.merged_at or thread.closed_at
    fate = "merged" if thread.merged_at else "closed"
    state = f"{fate} on {day(ended)}" if ended else "open"
    counts = (
        (sum(1 for _ in thread.of("commented")), "comment"),
        (sum(1 for _ in thread.of("reviewed")), "review"),
    )
    said = (f"{n} {word}{'' if n == 1 else 's'}" for n, word in counts if n)
    return ", ".join((f"{kind} by {author} of {day(thread.created_at)}", state, *said))

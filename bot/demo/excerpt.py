"""What of a report fits on a terminal: what needs somebody, the first figures, and what to try."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.reporting import Told
from bot.reports.needed import Needed
from bot.reports.rows import Row
from bot.reports.view import View, view

NAMED = 3  # threads of one kind
FIGURES = (
    "time_to_first_response_issue",
    "time_to_first_response_pr",
    "time_to_merge_pr",
    "issues_opened",
    "prs_merged",
)


def excerpt(told: Told) -> Iterator[RenderableType]:
    """Return the parts of the excerpt, from the top to the bottom."""
    shown = view(told)
    yield Text(f"\nThe report on {shown.repository}, whose two years are made up: {shown.dates}", "bold")
    yield _heading("Needs you now")
    yield from (_indented(_needed(need)) for need in shown.needs)
    if not shown.needs:
        yield _indented(Text("Nothing needs you. Thank you."))
    yield _heading("How it went")
    yield _indented(_figures(shown))
    for suspect, why in shown.suspects:
        yield _heading("Taken for a bot")
        yield _indented(Text.assemble((suspect.login, "bold"), f" {why}."))
    if told.report.advice:
        yield _heading("One thing to try")
        yield _indented(Text(told.report.advice[0].say.plain()))


def _heading(text: str) -> Text:
    return Text(f"\n{text}", "cyan")


def _indented(what: RenderableType) -> Padding:
    return Padding(what, (0, 0, 0, 2))


def _needed(need: Needed) -> Text:
    longest = ", ".join(f"#{item.number} ({item.since})" for item in need.named(NAMED))
    named = ": " if longest else ","
    said = " ".join(filter(None, (f"{need.why}{named}{longest}", need.others(NAMED))))
    return Text.assemble((f"{need.count} {need.noun}", "bold"), f" {said}")


def _figures(shown: View) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for head in ("", shown.now, shown.before, "usual (12 weeks)"):
        table.add_column(head)
    for row in shown.headlines:
        if row.id in FIGURES:
            table.add_row(_name(row), Text(row.now, "bold"), row.before, row.usual)
    return table


def _name(row: Row) -> Text:
    return Text.assemble(row.name, (f" ({row.cases})" if row.cases else "", "dim"))

"""The report for an issue that comes each week: without trends, and without the lines that say nothing."""

from collections.abc import Iterable
from dataclasses import replace

from bot.health.documents import ID as DOCUMENTS
from bot.health.figures import Metric
from bot.reporting import Told
from bot.reports.needed import needed
from bot.reports.rows import PARTS, Row
from bot.reports.view import View
from bot.reports.words import clock, day

#: Days in which somebody who was here the quarter before had a reason to come back.
A_WHILE = 60


def brief(shown: View, now: Told, *, with_tables: bool) -> View:
    """Return what of a report is worth its place in an issue.

    Args:
        shown: the report.
        now: the report until the moment of writing: what needs somebody is that of then.
        with_tables: whether the tables below stay; the page has them.
    """
    tables = (replace(table, rows=_worth(table.rows, shown)) for table in shown.tables)
    return replace(
        shown,
        needs=needed(now),
        headlines=_worth(shown.headlines, shown),
        tables=tuple(table for table in tables if table.rows) if with_tables else (),
        trends=(),
        missing=(),
    )


def says_nothing(told: Told, now: Told) -> bool:
    """Return whether a report is not worth an issue: before the first thread, where nothing needs anybody."""
    return _is_before_all(told) and now.report.needs_nobody


def begins(told: Told) -> str:
    """Why there are no figures: the window ends before the first thread; "" where it does not."""
    if not _is_before_all(told):
        return ""
    return "These days end before the first issue or pull request, so there are no figures of them yet."


def as_of(now: Told) -> str:
    """When it was that something needed somebody: ``16 November 2026, 18:20``."""
    window, zone = now.report.window, now.config.zone
    return ", ".join(filter(None, (day(window.until.astimezone(zone).date()), clock(window, zone))))


def _is_before_all(told: Told) -> bool:
    return not any(series.points for series in told.report.series)


def _worth(rows: Iterable[Row], shown: View) -> tuple[Row, ...]:
    if _is_before_all(shown.told):
        return ()
    always = {row.id for row in shown.headlines}
    known = {metric.id: metric for metric in shown.told.report.metrics}
    worth = (row for row in rows if says(known[row.id], shown.window, is_headline=row.id in always))
    lacking = set(shown.lacking)  # which a sentence below names
    return tuple(
        replace(row, parts=tuple(part for part in row.parts if part[0] not in lacking))
        if row.id == DOCUMENTS
        else row
        for row in worth
    )


def says(metric: Metric, days: int, *, is_headline: bool = False) -> bool:
    """Return whether a figure says anything of a window of so many days.

    A count that is zero, and was zero before, does so only among the first ones.
    """
    if metric.id == "returning_contributors" and days < A_WHILE:
        return False
    if metric.is_distribution or metric.unit in {"share", "ratio"} or metric.id in PARTS:
        return metric.n > 0
    if metric.id.startswith("absence_factor"):
        return metric.detail("people") > 1
    return is_headline or bool(metric.value or metric.previous)

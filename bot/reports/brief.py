"""The report for an issue that comes each week: without trends, and without the lines that say nothing."""

from collections.abc import Iterable
from dataclasses import replace

from bot.health.figures import Metric
from bot.reports.rows import PARTS, Row
from bot.reports.view import View

#: Days in which somebody who was here the quarter before had a reason to come back.
A_WHILE = 60


def brief(shown: View, *, with_tables: bool) -> View:
    """Return what of a report is worth its place in an issue.

    Args:
        shown: the report.
        with_tables: whether the tables below stay; the page has them.
    """
    tables = (replace(table, rows=_worth(table.rows, shown)) for table in shown.tables)
    return replace(
        shown,
        headlines=_worth(shown.headlines, shown),
        tables=tuple(table for table in tables if table.rows) if with_tables else (),
        trends=(),
        missing=(),
    )


def _worth(rows: Iterable[Row], shown: View) -> tuple[Row, ...]:
    always = {row.id for row in shown.headlines}
    known = {metric.id: metric for metric in shown.told.report.metrics}
    return tuple(row for row in rows if says(known[row.id], shown.window, is_headline=row.id in always))


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

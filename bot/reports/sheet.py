"""The report as CSV: one number a line, so that every figure and every series is in one table."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from bot.health.as_json import as_json
from bot.reporting import Told

HEAD = ("what", "id", "unit", "bucket", "name", "measure", "value")
_MEASURES = ("n", "value", "median", "p90", "pending", "previous")
#: What a spreadsheet takes for the beginning of a formula, or drops before one; East Asian ones, too.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\ufeff", "＝", "＋", "－", "＠")  # noqa: RUF001 (full-width)

Line = tuple[object, ...]


def sheet(told: Told) -> str:
    """Return the report as CSV: the same numbers as in its JSON."""
    return written(HEAD, _lines(as_json(told.report, told.repository)))


def written(head: Line, lines: Iterable[Line]) -> str:
    """Return lines as CSV, harmless to spreadsheets."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    for line in lines:
        writer.writerow([_plain(cell) for cell in line])
    return text.getvalue()


def _lines(data: dict[str, Any]) -> Iterator[Line]:
    for name in ("repository", "from", "until", "timezone"):
        yield "report", name, "", "", "", "value", data[name]
    for measure, number in data["audience"].items():
        yield "report", "audience", "", "", "", measure, number
    for metric in data["metrics"]:
        yield from metric_lines(metric)
    for series in data["series"]:
        for place, number in series["points"]:
            yield "series", series["id"], "count", series["bucket"], place, "value", number
    for each in data["cohorts"]:
        for measure in ("n", "pending", "median", "p90"):
            yield "cohort", each["id"], "seconds", "quarter", each["quarter"], measure, each[measure]
    for need in data["needs_you"]:
        yield "needs_you", need["kind"], "count", "", "", "count", need["count"]
        for item in need["items"]:
            yield from _item(("needs_you", need["kind"], "", "", item["number"]), item)


def _item(about: Line, item: dict[str, Any]) -> Iterator[Line]:
    for measure in ("since", "checks"):
        if measure in item:
            yield *about, measure, item[measure]
    for sign in item.get("signs", ()):
        yield *about, sign["id"], sign["n"]


def metric_lines(metric: dict[str, Any]) -> Iterator[Line]:
    """The numbers of one figure."""
    about = ("metric", metric["id"], metric["unit"], "", "")
    for measure in _MEASURES:
        if measure in metric:
            yield *about, measure, metric[measure]
    for case, value in enumerate(metric.get("values", ()), 1):
        yield *about[:4], case, "case", value
    for measure, value in (metric.get("usual") or {}).items():
        yield *about, f"usual_{measure}", value
    for measure, value in metric["details"].items():
        yield *about, measure, value
    for part in metric.get("breakdown", ()):
        for measure, value in part.items():
            if measure != "name":
                yield *about[:4], part["name"], measure, value


def _plain(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: logins and labels are other people's text."""
    is_formula = isinstance(cell, str) and cell.startswith(_FORMULAS)
    return f"'{cell}" if is_formula else cell

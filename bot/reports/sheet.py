"""The report as CSV: one number a line, so that every figure and every series is in one table."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from bot.health.as_json import as_json, moment_json
from bot.health.waiting import Item, Need
from bot.reporting import Told
from bot.reports.pictures import MONTHS, WEEKS

HEAD = ("what", "id", "unit", "bucket", "name", "measure", "value")
_MEASURES = ("n", "value", "median", "p90", "pending", "previous")
#: These are in the unit of their figure; of the others, all that are not named here are counts.
_OWN = frozenset({*_MEASURES, "case", "usual_low", "usual_median", "usual_high"} - {"n", "pending"})
_UNITS = {
    "age_days": "days",
    "business_median": "seconds",
    "business_p90": "seconds",
    "closed_of_present": "share",
    "days_since_look": "days",
    "has_contact": "yes or no",
    "is_shared": "yes or no",
    "share": "share",
    "usual_gap": "days",
}
#: What the parts of a figure are in, where that is not a count.
_PARTS = {"label_precision": "share", "releases": "seconds since 1970"}
#: So many places of a series, as in most charts; the JSON has all of them.
_PLACES = {"month": MONTHS, "week": WEEKS}
#: What a spreadsheet takes for the beginning of a formula, or drops before one; East Asian ones, too.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\ufeff", "＝", "＋", "－", "＠")  # noqa: RUF001 (full-width)

Line = tuple[object, ...]


def sheet(told: Told) -> str:
    """Return the report as CSV: the same numbers as in its JSON, but of series only the last ones."""
    head = (*HEAD, "group", "opened_by")
    data = as_json(told.report, told.repository)
    waiting = (line for need in told.report.needs_you for line in _waiting(need))
    return written(head, (*_lines(data), *_counts(data["needs_you"]), *waiting))


def written(head: Line, lines: Iterable[Line]) -> str:
    """Return lines as CSV, harmless to spreadsheets; a line may leave its last cells out."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    for line in lines:
        writer.writerow([_plain(cell) for cell in line] + [""] * (len(head) - len(line)))
    return text.getvalue()


def _lines(data: dict[str, Any]) -> Iterator[Line]:
    for name in ("repository", "from", "until", "timezone"):
        yield "report", name, "moment" if name in {"from", "until"} else "", "", "", "value", data[name]
    for measure, number in data["audience"].items():
        yield "report", "audience", "" if measure == "name" else "count", "", "", measure, number
    for metric in data["metrics"]:
        yield from metric_lines(metric)
    for series in data["series"]:
        for place, number in series["points"][-_PLACES[series["bucket"]] :]:
            yield "series", series["id"], "count", series["bucket"], place, "value", number
    for each in data["cohorts"]:
        for measure in ("n", "pending", "median", "p90"):
            unit = unit_of(measure, "seconds")
            yield "cohort", each["id"], unit, "quarter", each["quarter"], measure, each[measure]
        for value in each.get("values", ()):
            yield "cohort", each["id"], "seconds", "quarter", each["quarter"], "case", value


def _counts(needs: Iterable[dict[str, Any]]) -> Iterator[Line]:
    for need in needs:
        for opened_by, tally in (("", need), *need["by"].items()):
            for measure in ("count", "new", "over_a_year"):
                yield "needs_you", need["kind"], "count", "", "", measure, tally[measure], "", opened_by


def _waiting(need: Need) -> Iterator[Line]:
    for group in need.groups:
        aged = [("over a year", item) for item in group.old]
        aged += [("new" if item.is_new else "recent", item) for item in group.recent]
        for age, item in aged:
            for measure, unit, value in _of_an_item(item):
                yield "needs_you", need.kind, unit, "", item.number, measure, value, age, item.opened_by


def _of_an_item(item: Item) -> Iterator[tuple[str, str, object]]:
    yield "since", "moment", moment_json(item.since)
    if item.turn_since:
        yield "turn_since", "moment", moment_json(item.turn_since)
    if item.checks:
        yield "checks", "", item.checks
    for sign in item.signs:
        yield sign.id, "count", sign.n


def unit_of(measure: str, own: str) -> str:
    """What a measure is in; ``own`` is its figure's unit."""
    return own if measure in _OWN else _UNITS.get(measure, "count")


def metric_lines(metric: dict[str, Any]) -> Iterator[Line]:
    """The numbers of one figure."""
    for name, measure, value in _numbers(metric):
        yield "metric", metric["id"], unit_of(measure, metric["unit"]), "", name, measure, value
    own = _PARTS.get(metric["id"], "count")
    for part in metric.get("breakdown", ()):
        for measure, value in part.items():
            if measure != "name":
                yield "metric", metric["id"], unit_of(measure, own), "", part["name"], measure, value


def _numbers(metric: dict[str, Any]) -> Iterator[tuple[object, str, object]]:
    """What one case, or nobody in particular, has to do with."""
    yield from (("", measure, metric[measure]) for measure in _MEASURES if measure in metric)
    yield from ((case, "case", value) for case, value in enumerate(metric.get("values", ()), 1))
    yield from (("", f"usual_{measure}", value) for measure, value in (metric.get("usual") or {}).items())
    yield from (("", measure, value) for measure, value in metric["details"].items())


def _plain(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: logins and labels are other people's text."""
    is_formula = isinstance(cell, str) and cell.startswith(_FORMULAS)
    return f"'{cell}" if is_formula else cell

"""The report as JSON: what ``usher report --format json`` prints. Times are in seconds, moments in UTC."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.health.audience import Chosen
from bot.health.everywhere import GroupEverywhere
from bot.health.figures import LISTED, Advice, Cohort, Metric, Part, Series, Usual
from bot.health.people import Suspect
from bot.health.report import Report
from bot.health.waiting import Group, Item, Need

DIGITS = 4


def as_json(report: Report, repository: str) -> dict[str, Any]:
    """Return the report as plain dictionaries and lists.

    Args:
        report: the report.
        repository: its full name.
    """
    return {
        "repository": repository,
        "from": moment_json(report.window.start),
        "until": moment_json(report.window.until),
        "history_from": moment_json(report.begins_at) if report.begins_at else None,
        "timezone": report.time_zone,
        "audience": _audience(report.audience),
        "metrics": [metric_json(metric) for metric in report.metrics],
        "series": [_series(series) for series in report.series],
        "needs_you": [_need(need) for need in report.needs_you],
        "cohorts": [_cohort(cohort) for cohort in report.cohorts],
        "advice": [_advice(advice) for advice in report.advice],
        "suspected_bots": [_suspect(suspect) for suspect in report.suspects],
        "maintainers": [{"login": login} for login in report.maintainers],
    }


def _audience(chosen: Chosen) -> dict[str, Any]:
    return {"name": chosen.name, "threads": chosen.threads, "of": chosen.of, "people": chosen.people}


def moment_json(moment: datetime) -> str:
    """A moment, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(value: float | None) -> float | int | None:
    """A number as short as it is: whole ones without a point."""
    if value is None:
        return None
    rounded = round(value, DIGITS)
    return int(rounded) if rounded == int(rounded) else rounded


def _numbers(values: Mapping[str, float | None]) -> dict[str, float | int | None]:
    return {name: _number(value) for name, value in values.items()}


def metric_json(metric: Metric) -> dict[str, Any]:
    """A figure: with ``value``, or with ``median`` and ``p90``; with ``values`` below five cases."""
    found: dict[str, Any] = {"id": metric.id, "unit": metric.unit, "known": metric.is_known, "n": metric.n}
    if metric.is_distribution:
        found |= {"median": _number(metric.median), "p90": _number(metric.p90)}
        if metric.values:
            found["values"] = [_number(value) for value in metric.values]
    else:
        found["value"] = _number(metric.value)
    return found | {
        "pending": metric.pending,
        "previous": _number(metric.previous),
        "usual": _usual(metric.usual),
        "definition": metric.definition,
        "details": _numbers(metric.details),
        "breakdown": [_part(part) for part in metric.breakdown[:LISTED]],
        "items": list(metric.items),
        "audience": metric.audience,
    }


def _usual(usual: Usual | None) -> dict[str, Any] | None:
    if usual is None:
        return None
    low, median, high = (_number(value) for value in (usual.low, usual.median, usual.high))
    counted = {"weeks": usual.weeks, "n": usual.n, "pending": usual.pending}
    return {"low": low, "median": median, "high": high, **counted}


def _part(part: Part) -> dict[str, Any]:
    return {"name": part.name, "value": _number(part.value), **_numbers(part.details)}


def _series(series: Series) -> dict[str, Any]:
    return {
        "id": series.id,
        "bucket": series.bucket,
        "points": [[bucket, number] for bucket, number in series.points],
    }


def _cohort(cohort: Cohort) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": cohort.id,
        "quarter": cohort.quarter,
        "n": cohort.n,
        "median": _number(cohort.median),
        "p90": _number(cohort.p90),
        "pending": cohort.pending,
    }
    if cohort.values:
        found["values"] = [_number(value) for value in cohort.values]
    return found


def _need(need: Need) -> dict[str, Any]:
    return {
        "kind": need.kind,
        **tally(need.groups),
        "by": {group.opened_by: tally([group]) for group in need.groups if group.opened_by},
        "items": [item_json(item) for item in need.items],
    }


def tally(groups: Iterable[Group | GroupEverywhere]) -> dict[str, int]:
    """How many threads some groups have, how many of them are new, and how many wait for over a year."""
    count = new = over_a_year = 0
    for group in groups:
        count, new, over_a_year = count + group.count, new + group.new, over_a_year + group.over_a_year
    return {"count": count, "new": new, "over_a_year": over_a_year}


def item_json(item: Item) -> dict[str, Any]:
    """A thread that needs somebody."""
    found: dict[str, Any] = {
        "number": item.number,
        "since": moment_json(item.since),
        "is_pull": item.is_pull,
        "is_new": item.is_new,
    }
    if item.opened_by:
        found["opened_by"] = item.opened_by
    if item.turn_since:
        found["turn_since"] = moment_json(item.turn_since)
    if item.checks:
        found["checks"] = item.checks
    if item.signs:
        found["signs"] = [{"id": sign.id, "n": sign.n} for sign in item.signs]
    return found


def _advice(advice: Advice) -> dict[str, Any]:
    return {
        "id": advice.id,
        "topic": advice.topic,
        "n": advice.n,
        "figures": _numbers(advice.figures),
        "text": advice.say.plain(),
        "items": list(advice.items),
    }


def _suspect(suspect: Suspect) -> dict[str, Any]:
    return {
        "login": suspect.login,
        "threads": suspect.threads,
        "instant": suspect.instant,
        "alike": _number(suspect.alike),
    }

"""The charts of a report, each with its words and the table of its numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.health.calendar import month_name, week_name
from bot.health.figures import Bucket, Cohort
from bot.health.report import Report
from bot.reports import charts
from bot.reports.charts import Curve, Stretch
from bot.reports.words import DAY, HOUR, MINUTE, MONTH, NOTHING, YEAR, bucket, duration, number

MONTHS, WEEKS, EVER = 24, 26, 10_000
_LENGTHS = (
    ("1 s", 1),
    ("1 min", MINUTE),
    ("1 h", HOUR),
    ("1 day", DAY),
    ("1 week", 7 * DAY),
    ("1 month", MONTH),
    ("1 year", YEAR),
    ("10 years", 10 * YEAR),
)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A chart of counts over time: of which series, what it calls them, and how many places it has."""

    id: str
    title: str
    bucket: Bucket
    most: int
    names: Mapping[str, str]


_PLANS = (
    _Plan(
        "issues",
        "Issues by month",
        "month",
        MONTHS,
        {"issues_opened": "opened", "issues_closed": "closed"},
    ),
    _Plan(
        "pulls",
        "Pull requests by month",
        "month",
        MONTHS,
        {"prs_opened": "opened", "prs_merged": "merged", "prs_closed": "closed, merged or not"},
    ),
    _Plan(
        "weeks",
        "Opened by week",
        "week",
        WEEKS,
        {"issues_opened": "issues", "prs_opened": "pull requests"},
    ),
    _Plan(
        "open",
        "Open at the end of each month",
        "month",
        EVER,
        {"issues_open": "issues", "prs_open": "pull requests"},
    ),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart.

    Args:
        title: what it shows.
        svg: the chart.
        words: what it says.
        legend: the names of its lines or bars, in the order of their colours.
        drawn: whether these are ``lines`` or ``bars``; "" for neither.
        note: how to read it, where that is not plain; else "".
        head, rows: the numbers in it, as a table; the latest first.
    """

    title: str
    svg: Markup
    words: str
    legend: tuple[str, ...]
    drawn: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def pictures(report: Report) -> tuple[Picture, ...]:
    """Return the charts; none of what never happened."""
    found = (
        *(_over_time(plan, report) for plan in _PLANS),
        _times("closing", "Time to close an issue, by quarter of opening", "time_to_close_issue", report),
        _times("merging", "Time to merge, by quarter of opening", "time_to_merge_pr", report),
    )
    return tuple(picture for picture in found if picture is not None)


def _over_time(plan: _Plan, report: Report) -> Picture | None:
    """A chart of some series; None where all of them are nothing but zero."""
    points = {series.id: series.points for series in report.series if series.bucket == plan.bucket}
    found = {name: points.get(id_, ())[-plan.most :] for id_, name in plan.names.items()}
    curves = [Curve(name, [value for _, value in each]) for name, each in found.items()]
    if not any(value for curve in curves for value in curve.values):
        return None
    places = [bucket(place) for place, _ in next(iter(found.values()))]
    is_weekly = plan.bucket == "week"
    # Below a chart of half a year, the day and the month of each Monday are enough.
    below = [place.removeprefix("from ").rpartition(" ")[0] if is_weekly else place for place in places]
    draw = charts.bars if is_weekly else charts.lines
    span = f"since {places[0]}" if len(places) < plan.most else f"the last {len(places)} {plan.bucket}s"
    title = f"{plan.title}, {span.replace('since from', 'since')}"
    goes_on = is_under_way(plan.bucket, report)
    if goes_on:
        places[-1] += ", so far"
    rows = [(place, *(number(curve.values[i]) for curve in curves)) for i, place in enumerate(places)]
    return Picture(
        title,
        draw(plan.id, title, below, curves, is_under_way=goes_on),
        charts.told(places, curves),
        tuple(found),
        "bars" if is_weekly else "lines",
        f"The {plan.bucket} that is shaded is not over yet." if goes_on else "",
        (plan.bucket.capitalize(), *found),
        tuple(reversed(rows)),
    )


def is_under_way(kind: Bucket, report: Report) -> bool:
    """Whether the last bucket goes on after the window."""
    next_day = report.window.until.astimezone(ZoneInfo(report.time_zone)).date()
    last_day = (report.window.until - timedelta(microseconds=1)).astimezone(ZoneInfo(report.time_zone)).date()
    name = week_name if kind == "week" else month_name
    return name(next_day) == name(last_day)


def _times(id_: str, title: str, metric: str, report: Report) -> Picture | None:
    cohorts = [cohort for cohort in report.cohorts if cohort.id == metric][::-1]
    if not any(cohort.n for cohort in cohorts):
        return None
    rows = [Stretch(bucket(each.quarter), each.median, each.p90, _done(each)) for each in cohorts]
    words = _told(rows)
    return Picture(
        title,
        charts.stretches(id_, title, rows, _LENGTHS, words),
        words,
        (),
        "",
        "The mark is the median; up to the end of the bar are 9 in 10.",
        ("Quarter", "Done", "Not yet", "Median", "9 in 10 up to"),
        tuple(
            (
                bucket(each.quarter),
                number(each.n),
                number(each.pending),
                _each(each) if each.median is None else duration(each.median),
                NOTHING if each.p90 is None else duration(each.p90),
            )
            for each in cohorts
        ),
    )


def _done(cohort: Cohort) -> str:
    """How many of a quarter are done, where there are few: each of them."""
    each = f" ({_each(cohort)})" if cohort.values else ""
    return f"{cohort.n} done{each}, {cohort.pending} not yet"


def _each(cohort: Cohort) -> str:
    return ", ".join(map(duration, cohort.values)) or NOTHING


def _told(rows: Sequence[Stretch]) -> str:
    said = [
        f"{row.name}: median {duration(row.median)}, 9 in 10 up to {duration(row.p90)}."
        if row.median is not None and row.p90 is not None
        else f"{row.name}: {row.note}."
        for row in rows
    ]
    return "From the mark, the median, to the end, up to which 9 in 10 are. " + " ".join(said)

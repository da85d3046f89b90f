"""The repositories of a roll-up as the lines of a table: what stands in each column, and how it is sorted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.health.figures import Metric
from bot.health.rollup import Line
from bot.reports.names import name_of
from bot.reports.rows import value
from bot.reports.words import DAY, NOTHING, day, duration, number


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a column: the figure, and below it over how many cases it is and what it was before."""

    head: str
    now: tuple[str, ...]
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table.

    Args:
        key: what it is called in an address.
        head: its heading.
        sorts: what it is sorted by, the largest first; None comes last in both directions, as do those that
            are left out.
        cell: what stands in it.
    """

    key: str
    head: str
    sorts: Callable[[Line], float | None]
    cell: Callable[[Line], tuple[tuple[str, ...], tuple[str, ...]]]


def _count(line: Line, *ids: str) -> float:
    return sum(line.metrics[id_].value or 0 for id_ in ids)


def _both(line: Line, happened: str) -> tuple[str, ...]:
    """Issues and pull requests, of which something happened."""
    issues, pulls = (line.metrics[f"{kind}_{happened}"].value or 0 for kind in ("issues", "prs"))
    return (
        f"{number(issues)} issue{'' if issues == 1 else 's'}",
        f"{number(pulls)} PR{'' if pulls == 1 else 's'}",
    )


def _both_before(line: Line, happened: str) -> tuple[str, ...]:
    issues, pulls = (line.before[f"{kind}_{happened}"].value or 0 for kind in ("issues", "prs"))
    return (f"before: {number(issues)}, {number(pulls)}",)


def _figure(line: Line, id_: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A figure with its cases, and the one before."""
    metric, earlier = line.metrics[id_], line.before[id_]
    beside = [_cases(metric)] if metric.n or metric.pending else []
    if value(earlier) != NOTHING:
        beside.append(f"before: {value(earlier)} (n {number(earlier.n)})")
    return (value(metric),), tuple(beside)


def _cases(metric: Metric) -> str:
    """Over how many cases a figure is, in short, and how many have not got there yet."""
    waiting = f", {number(metric.pending)} {name_of(metric.id).waiting}" if metric.pending else ""
    return f"n {number(metric.n)}{waiting}"


def _absence(line: Line) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How many people reach half of what was merged."""
    (now,), beside = _figure(line, "absence_factor_merged_prs")
    return (now if now == NOTHING else f"by {now} {'person' if now == '1' else 'people'}",), beside


def _release(line: Line) -> tuple[tuple[str, ...], tuple[str, ...]]:
    since, made = line.metrics["days_since_release"].value, line.metrics["releases"].value or 0
    beside = f"{number(made)} here, before: {number(line.before['releases'].value or 0)}"
    return (NOTHING if since is None else f"{duration(since * DAY)} ago",), () if since is None else (beside,)


COLUMNS = (
    Column("waiting", "Waiting", lambda line: line.waiting, lambda line: ((number(line.waiting or 0),), ())),
    Column(
        "open",
        "Open",
        lambda line: _count(line, "issues_open", "prs_open"),
        lambda line: (_both(line, "open"), _both_before(line, "open")),
    ),
    Column(
        "opened",
        "Opened",
        lambda line: _count(line, "issues_opened", "prs_opened"),
        lambda line: (_both(line, "opened"), _both_before(line, "opened")),
    ),
    Column(
        "closed",
        "Closed",
        lambda line: _count(line, "issues_closed", "prs_closed"),
        lambda line: (_both(line, "closed"), _both_before(line, "closed")),
    ),
    Column(
        "merged",
        "Merged",
        lambda line: _count(line, "prs_merged"),
        lambda line: (
            (number(_count(line, "prs_merged")),),
            (f"before: {number(line.before['prs_merged'].value or 0)}",),
        ),
    ),
    Column(
        "response",
        "First response",
        lambda line: line.metrics["time_to_first_response"].headline,
        lambda line: _figure(line, "time_to_first_response"),
    ),
    Column(
        "in-time",
        "In time",
        lambda line: line.metrics["answered_within_benchmark"].value,
        lambda line: _figure(line, "answered_within_benchmark"),
    ),
    Column(
        "absence",
        "Half the merges",
        lambda line: line.metrics["absence_factor_merged_prs"].value,
        _absence,
    ),
    Column("release", "Last release", lambda line: line.metrics["days_since_release"].value, _release),
)
NAME, DEFAULT = "name", "waiting"
_BY_KEY = {column.key: column for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Shown:
    """One repository as it is shown.

    Args:
        repository: its full name.
        note: that its history ends early; "" where it does not.
        cells: what stands in the columns.
    """

    repository: str
    note: str
    cells: tuple[Cell, ...]


def shown(line: Line) -> Shown:
    """Return the line of a repository in words."""
    if line.is_left_out:
        cells = tuple(Cell(each.head, (NOTHING,)) for each in COLUMNS)
    else:
        cells = tuple(Cell(each.head, *each.cell(line)) for each in COLUMNS)
    return Shown(line.repository, known(line), cells)


def in_order(lines: Iterable[Line], by: str = "") -> list[Line]:
    """Return the lines in the order that an address asks for.

    Args:
        by: the key of a column, or ``name``; with ``-`` before it the other way round. What is unknown is the
            usual order: who waits for most comes first.
    """
    key, turned = by.removeprefix("-"), by.startswith("-")
    if key == NAME:
        return sorted(lines, key=lambda line: line.repository.lower(), reverse=turned)
    column = _BY_KEY.get(key) or _BY_KEY[DEFAULT]
    ordered = sorted(lines, key=lambda line: line.repository.lower())
    places = [(None if line.is_left_out else column.sorts(line), line) for line in ordered]
    found = [(place, line) for place, line in places if place is not None]
    found.sort(key=lambda each: each[0], reverse=not turned)
    return [line for _, line in found] + [line for place, line in places if place is None]


def quiet(line: Line) -> str:
    """What is said of a repository in which nothing happened."""
    issues, pulls = _both(line, "open")
    since = line.metrics["days_since_release"].value
    released = "" if since is None else f", last release {duration(since * DAY)} ago"
    note = f", {known(line)}" if line.known_until else ""
    return f"{issues} and {pulls} open{released}{note}"


def known(line: Line) -> str:
    """Until when the history of a repository is known; "" where that is long enough."""
    return f"known until {day(line.known_until.date())}" if line.known_until else ""

"""The lines of the report's tables: a figure beside the one of the window before, and what is usual."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.health.figures import FEW, LISTED, Metric
from bot.health.report import Report
from bot.reports import documents
from bot.reports.behind import Behind, behind
from bot.reports.names import HEADLINES, SECTIONS, name_of
from bot.reports.words import DAY, NOTHING, amount, day, duration, legible, number, percent, span

#: Counts of some among the cases.
PARTS = frozenset(
    {
        "active_in_several",
        "documents_present",
        "inactive_contributors",
        "merged_unreviewed",
        "one_time_contributors",
        "returning_contributors",
        "self_merged",
    }
)

#: Counts of people of whom the names are listed.
NEW = frozenset({"new_issue_authors", "new_pr_authors", "new_merged_authors"})
WEEK = timedelta(days=7)
#: Said of a figure that has no audience, where the others are of some people's threads.
WHOLE = "of the whole project"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure in words; only the names of its parts are other people's.

    Args:
        id: the figure's.
        name: what it is called.
        cases: over how many cases it is, and how many have not got there yet.
        now: the figure.
        previous, previous_cases: that of the window before, and over how many cases it was.
        most: up to what 9 in 10 of the cases are; "" where nothing can be said about that.
        usual: what a week had, by those before the window; a dash where that is not known.
        notes: what else belongs to it.
        parts: what of it is one label's, one release's or one person's: the name, and the figure.
        definition: what it says.
        listed: what the threads are that are listed behind it.
        items: those that are listed.
        how_many: how many there are, listed or not.
        people: who did something for the first time; other people's text, so many at most as are listed.
    """

    id: str
    name: str
    cases: str
    now: str
    most: str
    previous: str
    previous_cases: str
    usual: str
    notes: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    definition: str
    listed: str
    items: tuple[Behind, ...] = ()
    how_many: int = 0
    people: tuple[str, ...] = ()

    @property
    def before(self) -> str:
        """The figure of the window before, with its cases."""
        return f"{self.previous} ({self.previous_cases})" if self.previous_cases else self.previous


@dataclass(frozen=True, slots=True)
class Table:
    """A section of the report: its heading and its lines."""

    id: str
    heading: str
    rows: tuple[Row, ...]


def headlines(report: Report) -> tuple[Row, ...]:
    """Return the lines that say how it went."""
    known = {metric.id for metric in report.metrics}
    return tuple(row_of(report.metric(id_), report) for id_ in HEADLINES if id_ in known)


def tables(report: Report) -> tuple[Table, ...]:
    """Return all other figures in their sections; those that no section names come last."""
    found = {metric.id: metric for metric in report.metrics if metric.id not in HEADLINES}
    for id_ in _without_cases(report):
        found.pop(id_, None)
    sections = [
        Table(each.id, each.heading, _rows((found.pop(id_) for id_ in each.names if id_ in found), report))
        for each in SECTIONS
    ]
    rest = Table("more", "More", _rows(found.values(), report))
    return tuple(table for table in (*sections, rest) if table.rows)


def _without_cases(report: Report) -> Iterable[str]:
    """The figures that say nothing, as nothing of their kind is known at all."""
    found = {metric.id: metric for metric in report.metrics}
    yield from (id_ for id_, metric in found.items() if not metric.is_known)
    for id_ in ("label_precision", "label_coverage"):
        if id_ in found and not (found[id_].n or found[id_].pending):
            yield id_


def _rows(metrics: Iterable[Metric], report: Report) -> tuple[Row, ...]:
    return tuple(row_of(metric, report) for metric in metrics)


def row_of(metric: Metric, report: Report) -> Row:
    """Return the line of a figure of a report."""
    notes = (WHOLE,) if metric.audience != report.audience.name else ()
    weeks = (report.window.until - report.window.start) / WEEK
    if name_of(metric.id).is_flow and metric.usual is not None and metric.value and round(weeks) > 1:
        notes = (f"{number(metric.value / weeks)} a week", *notes)
    line = row(metric, report.before.get(metric.id), notes)
    return replace(line, items=behind(metric, report), how_many=metric.of_items)


def row(metric: Metric, before: Metric | None, notes: tuple[str, ...] = ()) -> Row:
    """Return the line of a figure.

    Args:
        metric: the figure.
        before: that of the window before.
        notes: what else is to be said of it.
    """
    name = name_of(metric.id)
    return Row(
        metric.id,
        name.text,
        cases(metric),
        value(metric),
        _most(metric),
        NOTHING if before is None else value(before),
        "" if before is None else _cases_in_short(before),
        _usual(metric),
        (*_notes(metric), *notes),
        tuple(_parts(metric)),
        metric.definition,
        name.listed,
        people=tuple(legible(part.name) for part in metric.breakdown[:LISTED]) if metric.id in NEW else (),
    )


def value(metric: Metric) -> str:
    """The figure itself. Of fewer than five cases, the cases."""
    if metric.values:
        return _each(metric)
    if metric.median is not None:
        return amount(metric.median, metric.unit)
    if metric.value is None:
        return NOTHING
    if metric.unit == "share" and metric.n < FEW:
        return f"{number(metric.value * metric.n)} of {metric.n}"
    if metric.id in PARTS:
        return f"{number(metric.value)} of {number(metric.n)}"
    return amount(metric.value, metric.unit)


def _each(metric: Metric) -> str:
    """All values of a figure with few cases."""
    if metric.unit == "cycles":  # whose unit is the same for all
        *before, last = metric.values
        return ", ".join([*map(number, before), amount(last, "cycles")])
    return ", ".join(amount(each, metric.unit) for each in metric.values)


def cases(metric: Metric) -> str:
    """Over how many cases a figure is, and how many have not got there yet; "" for a mere count."""
    said = []
    if metric.is_distribution:
        said.append(f"median of {number(metric.n)}" if metric.median is not None else _few(metric.n))
    elif metric.unit in {"share", "ratio"}:
        said.append(f"of {number(metric.n)}")
    elif metric.id.startswith("absence_factor"):
        said.append(f"of {number(metric.n)} by {number(metric.detail('people'))} people")
    if metric.pending:
        waiting = f"{number(metric.pending)} {name_of(metric.id).waiting}"
        closed = metric.detail("pending_closed")
        ended = "closed" if closed == metric.pending else f"{number(closed)} of them closed"
        said.append(f"{waiting}, {ended}" if closed else waiting)
    return "; ".join(said)


def _most(metric: Metric) -> str:
    return "" if metric.p90 is None else f"9 in 10 up to {amount(metric.p90, metric.unit)}"


def _few(n: int) -> str:
    return "none yet" if n == 0 else "1 case" if n == 1 else f"{n} cases"


def _cases_in_short(metric: Metric) -> str:
    """Over how many cases a figure of the window before is; "" where that says nothing."""
    if value(metric) == NOTHING or not (metric.is_distribution or metric.unit in {"share", "ratio"}):
        return ""
    parts = []
    if not metric.values and not (metric.unit == "share" and metric.n < FEW):
        parts.append(f"of {number(metric.n)}")
    if metric.pending:
        parts.append(f"{number(metric.pending)} {name_of(metric.id).waiting}")
    return "; ".join(parts)


def _usual(metric: Metric) -> str:
    if metric.usual is None:
        return NOTHING
    low, said, high = metric.usual.low, amount(metric.usual.median, metric.unit), metric.usual.high
    if low is not None and high is not None and low != high:
        said = f"{said} ({span(low, high, metric.unit)})"
    return f"{said} a week" if name_of(metric.id).is_flow else said


def _notes(metric: Metric) -> Iterable[str]:
    """What else is known of a figure, from its details."""
    found = metric.details
    if found.get("business_median") is not None and metric.median is not None:
        working = duration(metric.detail("business_median"))
        within = f"9 in 10 up to {duration(metric.detail('business_p90'))}"
        is_same = working == duration(metric.median)
        if within != _most(metric):
            yield f"in working time {within if is_same else f'{working}; {within}'}"
        elif not is_same:
            yield f"in working time {working}"
    if found.get("drafts"):
        yield f"{number(metric.detail('drafts'))} of them drafts"
    if found.get("closed_of_present") is not None:
        share = percent(metric.detail("closed_of_present"))
        yield f"{number(metric.detail('closed'))} closed, {number(metric.detail('opened'))} opened"
        yield f"{share} of the {number(metric.detail('present'))} that were open at some time"
    if "abandoned" in found and (metric.n or metric.detail("abandoned")):
        yield (
            f"{number(metric.detail('merged'))} merged, {number(metric.detail('closed_unmerged'))} closed "
            f"unmerged, {number(metric.detail('abandoned'))} left by their author"
        )
    elif found.get("closed_unmerged"):
        yield f"{number(metric.detail('closed_unmerged'))} closed unmerged"
    if metric.detail("without_a_word"):
        yield f"{number(metric.detail('without_a_word'))} of them without a word by anybody else"
    yield from _notes_on_people(metric)
    yield from documents.notes(metric)


def _notes_on_people(metric: Metric) -> Iterable[str]:
    found = metric.details
    if metric.detail("since_window_began"):
        yield f"{number(metric.detail('since_window_began'))} of them since the window began"
    if metric.detail("by_ghosts"):
        yield f"{number(metric.detail('by_ghosts'))} by accounts that were deleted"
    if metric.detail("merges"):
        many = metric.detail("merges")
        yield f"{number(many)} merge{'' if many == 1 else 's'} left out"
    if "reviewers" in found and metric.n:
        yield f"{number(metric.detail('reviewers'))} people reviewed"
        if found.get("per_maintainer_median") is not None:
            yield f"a maintainer's median: {number(metric.detail('per_maintainer_median'))} reviews"
    if metric.detail("prereleases"):
        many = metric.detail("prereleases")
        yield f"and {number(many)} pre-release{'' if many == 1 else 's'}"
    if found.get("usual_gap") is not None:
        yield f"usually every {duration(metric.detail('usual_gap') * DAY)}"
    if metric.detail("applied"):
        yield (
            f"{number(metric.detail('kept'))} kept, {number(metric.detail('changed'))} changed, "
            f"{number(metric.detail('removed'))} removed"
        )
    if metric.detail("abstained"):
        yield f"{number(metric.detail('abstained'))} left to a person, as it was not sure"


def _parts(metric: Metric) -> Iterable[tuple[str, str]]:
    """The figure by label, release, reviewer or document, where that says more than the thanks do."""
    if metric.id == "documents_present":
        yield from documents.parts(metric)
        return
    for part in metric.breakdown[:LISTED]:
        name = legible(part.name)
        if metric.id == "label_precision":
            kept, changed, removed = (number(part.details[name]) for name in ("kept", "changed", "removed"))
            yield name, f"{percent(part.value)}: {kept} kept, {changed} changed, {removed} removed"
        elif metric.id == "releases":
            yield name, day(datetime.fromtimestamp(part.value, UTC).date())
        elif metric.id == "review_load_top_share" and metric.n:
            yield name, f"{number(part.value)} of {number(metric.n)}"

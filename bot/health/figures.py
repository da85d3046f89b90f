"""The figures of a report as values: what was measured, over how many, and what it rests on.

The house's manners: the number of cases, the median and the 90th percentile, never a mean alone; below five
cases the values themselves; what has not happened yet is a count of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.core.phrases import Phrase

#: Below so many cases there is no percentile: the values are shown.
FEW = 5
#: So many threads or people behind a figure are listed at most.
LISTED = 20

Unit = Literal["count", "seconds", "share", "ratio", "days", "cycles", "people"]
Bucket = Literal["week", "month"]
AudienceName = Literal["everyone", "newcomers", "outsiders", "maintainers"]
Topic = Literal["attraction", "visibility", "disputes", "sustainability"]


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in a week, by the twelve weeks before a window.

    Args:
        low, high: the lowest and the highest of the weeks that have enough cases; None where too few do.
        median: the figure of the cases of all weeks together; of counts, the median of the weeks.
        weeks: how many weeks have enough cases.
        n: how many cases all weeks have together; None for counts.
        pending: how many had not got there when their week ended; None where nothing is waited for.
    """

    low: float | None
    median: float
    high: float | None
    weeks: int
    n: int | None = None
    pending: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What of a figure is one person's, one label's or one release's.

    Args:
        name: the login, label or tag; other people's text.
        value: its figure.
        details: other counts that belong to it.
        who: the number of the account, where it is a person's: two accounts may have one login.
    """

    name: str
    value: float
    details: Mapping[str, float] = field(default_factory=dict)
    who: int | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure of a window.

    Args:
        id: its name in JSON.
        unit: of the value, the median and the values.
        n: over how many cases.
        value: the figure, where it is one number; None where there is nothing to measure.
        median, p90: of a distribution of five cases or more.
        values: of a distribution of fewer, the smallest first.
        cases: all values of a distribution, the smallest first, where they are of use yet.
        part: how many of the cases a share or ratio counts.
        pending: how many cases have not got there yet; None where nothing is waited for.
        previous: the value, or the median, of the period before, with what was known at its end; who is a bot
            or a maintainer is known as of this report.
        usual: in the twelve weeks before the window.
        definition: what it says, in one line.
        details: other counts and figures that belong to it.
        breakdown: the figure by person or label, the largest first; of people, all.
        items: the numbers of threads behind it: the pending ones, where there are any to wait for.
        of_items: how many these are, listed or not.
        audience: whose threads it is about; everyone's also where it is about people, releases or labels.
        is_known: False where nothing is known of what it counts, so that it says nothing, not even zero.
    """

    id: str
    unit: Unit
    n: int
    definition: str
    value: float | None = None
    median: float | None = None
    p90: float | None = None
    values: tuple[float, ...] = ()
    cases: tuple[float, ...] = ()
    part: int = 0
    pending: int | None = None
    previous: float | None = None
    usual: Usual | None = None
    details: Mapping[str, float | None] = field(default_factory=dict)
    breakdown: tuple[Part, ...] = ()
    items: tuple[int, ...] = ()
    of_items: int = 0
    audience: AudienceName = "everyone"
    is_known: bool = True

    @property
    def is_distribution(self) -> bool:
        """Whether it is one of many values, rather than one number."""
        return self.unit in {"seconds", "cycles"}

    @property
    def headline(self) -> float | None:
        """The one number that is compared with other periods."""
        return self.median if self.is_distribution else self.value

    def detail(self, name: str) -> float:
        """One of the details; 0 where there is nothing to measure."""
        return self.details.get(name) or 0


@dataclass(frozen=True, slots=True)
class Series:
    """A count over time: by the week (``2026-W07``) or the month (``2026-02``), the first bucket first."""

    id: str
    bucket: Bucket
    points: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Cohort:
    """How long it took those that were opened in one quarter (``2026-Q1``): who came lately looks fast.

    As in a figure, there are ``values`` in place of the percentiles where fewer than five have ended.
    """

    id: str
    quarter: str
    n: int
    pending: int
    median: float | None
    p90: float | None
    values: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to try, and what it rests on.

    Args:
        id: its name.
        topic: what it helps with.
        n: over how many cases the evidence is.
        figures: the metrics that it rests on, with their values.
        say: the evidence, and what to try.
        items: the numbers of the threads that are the evidence, where these say more than their number.
    """

    id: str
    topic: Topic
    n: int
    figures: Mapping[str, float]
    say: Phrase
    items: tuple[int, ...] = ()


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return a percentile, linear between the two values beside it (Hyndman and Fan 1996, definition 7).

    That is what numpy, PostgreSQL's ``percentile_cont`` and spreadsheets' ``PERCENTILE.INC`` compute; the
    half is the median.

    Args:
        ordered: the values, the smallest first; at least one.
        share: from 0 to 1.
    """
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def spread(values: Iterable[float]) -> tuple[float | None, float | None]:
    """Return the median and the 90th percentile; None twice below five values."""
    ordered = sorted(values)
    if len(ordered) < FEW:
        return None, None
    return percentile(ordered, 0.5), percentile(ordered, 0.9)


def distribution(
    id_: str,
    unit: Unit,
    values: Iterable[float],
    definition: str,
    *,
    pending: int | None = None,
    details: Mapping[str, float | None] | None = None,
    items: Iterable[int] = (),
) -> Metric:
    """Return the figure of many values. See ``Metric`` for the arguments."""
    ordered, behind = sorted(values), tuple(items)
    median, p90 = spread(ordered)
    return Metric(
        id_,
        unit,
        len(ordered),
        definition,
        median=median,
        p90=p90,
        values=tuple(ordered) if len(ordered) < FEW else (),
        cases=tuple(ordered),
        pending=pending,
        details=details or {},
        items=behind[:LISTED],
        of_items=len(behind),
    )


def count(
    id_: str,
    items: Sequence[int],
    definition: str,
    *,
    of: int | None = None,
    details: Mapping[str, float | None] | None = None,
) -> Metric:
    """Return the figure that says how many there are of the threads with these numbers.

    Args:
        id_, items, definition, details: as for ``Metric``; the last ones are listed.
        of: over how many cases, where these are some of them.
    """
    many, last = len(items), tuple(items[-LISTED:])
    n = many if of is None else of
    return Metric(id_, "count", n, definition, value=many, details=details or {}, items=last, of_items=many)


def share(
    id_: str,
    part: int,
    whole: int,
    definition: str,
    *,
    pending: int | None = None,
    details: Mapping[str, float | None] | None = None,
    items: Iterable[int] = (),
) -> Metric:
    """Return a part of a whole; without a value where the whole is nothing."""
    value = part / whole if whole else None
    behind = tuple(items)
    return Metric(
        id_,
        "share",
        whole,
        definition,
        value=value,
        part=part,
        pending=pending,
        details=details or {},
        items=behind[:LISTED],
        of_items=len(behind),
    )

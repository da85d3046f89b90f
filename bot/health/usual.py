"""What is usual: a figure of the twelve weeks before a window, taken together.

Each week is told as its own report told it, so that a window of a week is watched for as long as the weeks
beside which it stands, and both lack the slow cases alike (decision 15).
"""

from collections.abc import Sequence

from bot.health.calendar import WEEK, Window
from bot.health.figures import FEW, Metric, Usual, percentile

#: So many of the twelve weeks must lie in the history, and have a value of their own for a range to be given.
WEEKS_FOR_USUAL = 8
#: Figures of what stands at one moment: a thread that is open for long is a case of every week.
STANDING = frozenset({"age_issues_open", "age_prs_open"})


def is_comparable(metric: Metric, window: Window) -> bool:
    """Return whether a figure of a window may stand beside that of a week.

    What waits for something looks the slower, the longer it is watched; so its window has to be about a week.
    """
    return metric.pending is None or round((window.until - window.start) / WEEK) == 1


def usual(weeks: Sequence[Metric]) -> Usual | None:
    """Return what is usual by one figure of some weeks; None where too little is known.

    The middle of times, shares and ratios is that of all their cases, at least five, so that no week is left
    out for having few; that of counts is the median of the weeks. The lowest and the highest are of the weeks
    that have enough cases themselves, and None where too few do.
    """
    if len(weeks) < WEEKS_FOR_USUAL:
        return None
    values = sorted(value for week in weeks if (value := _of_week(week)) is not None)
    low, high = (values[0], values[-1]) if len(values) >= WEEKS_FOR_USUAL else (None, None)
    if weeks[0].unit == "count" or weeks[0].id in STANDING:
        return None if low is None else Usual(low, percentile(values, 0.5), high, len(values))
    n = sum(week.n for week in weeks)
    if n < FEW:
        return None
    return Usual(low, _of_all(weeks, n), high, len(values), n, _pending(weeks))


def _of_week(week: Metric) -> float | None:
    """The figure of one week, where it has enough cases."""
    is_thin = week.unit in {"share", "ratio"} and week.n < FEW
    return None if is_thin else week.headline


def _of_all(weeks: Sequence[Metric], n: int) -> float:
    """The figure of the cases of all weeks."""
    if weeks[0].is_distribution:
        return percentile(sorted(case for week in weeks for case in week.cases), 0.5)
    return sum(week.part for week in weeks) / n


def _pending(weeks: Sequence[Metric]) -> int | None:
    return None if weeks[0].pending is None else sum(week.pending or 0 for week in weeks)

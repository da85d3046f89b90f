"""The figures of several repositories taken together: sums of counts, and the waits of all their threads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.health.figures import Metric, distribution, share
from bot.health.responses import FIRST_RESPONSE

COUNTS = (
    "issues_open",
    "prs_open",
    "issues_opened",
    "issues_closed",
    "prs_opened",
    "prs_closed",
    "prs_merged",
    "releases",
)
IN_TIME = (
    "Of the issues and pull requests opened in the window, the share with a first response within the time"
    " that each repository set itself. Younger ones without a response count neither way."
)
ALL_KNOWN = " Repositories whose history ends a week or more before the window does are left out: {}."

Figures = Mapping[str, Metric]


def totals(
    found: Sequence[Figures], seconds: Iterable[float], ended: Sequence[Figures] = (), left_out: int = 0
) -> Iterator[Metric]:
    """The figures of all repositories together, of one window.

    Args:
        found: those of each, by their ids.
        seconds: how long each first response of all of them took.
        ended: those of repositories of whose last days nothing is known: their counts are in the sums, but
            whether anybody was answered in time is not known of them.
        left_out: of how many other repositories too little is known for anything here.
    """
    for id_ in COUNTS:
        yield _sum(id_, [each[id_] for each in (*found, *ended)])
    fewer = len(ended) + left_out
    without = {"repositories_left_out": fewer} if fewer else {}
    note = ALL_KNOWN.format(fewer) if fewer else ""
    waiting = [each["time_to_first_response"] for each in found]
    yield distribution(
        "time_to_first_response",
        "seconds",
        seconds,
        FIRST_RESPONSE + note,
        pending=sum(metric.pending or 0 for metric in waiting),
        details={"pending_closed": sum(metric.detail("pending_closed") for metric in waiting), **without},
    )
    answered = [each["answered_within_benchmark"] for each in found]
    in_time = int(sum(metric.detail("in_time") for metric in answered))
    yield share(
        "answered_within_benchmark",
        in_time,
        sum(metric.n for metric in answered),
        IN_TIME + note,
        pending=sum(metric.pending or 0 for metric in answered),
        details={"in_time": in_time, **without},
    )


def _sum(id_: str, metrics: Sequence[Metric]) -> Metric:
    """A count of all repositories where it is known; none where it is of no one."""
    known = [metric.value for metric in metrics if metric.value is not None]
    names = {name for metric in metrics for name in metric.details}
    return Metric(
        id_,
        "count",
        sum(metric.n for metric in metrics),
        metrics[0].definition if metrics else "",
        value=sum(known) if known or not metrics else None,
        details={name: sum(metric.detail(name) for metric in metrics) for name in sorted(names)},
        is_known=bool(known) or not metrics,
    )

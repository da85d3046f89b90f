"""How long it takes to close an issue and to merge a pull request, by cohort of creation.

Those that are still open are counted beside: of what came lately, only the quick ones are closed already.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from bot.health.calendar import quarter_name
from bot.health.figures import FEW, Cohort, Metric, distribution, spread
from bot.health.outlines import Outline
from bot.health.period import Period

TO_CLOSE = (
    "From the opening to the close, the last one where it was reopened, of issues opened in the window."
)
TO_MERGE = "From the opening to the merge, of pull requests opened in the window."
TO_CLOSE_UNMERGED = (
    "From the opening to the close, of pull requests opened in the window that were closed unmerged."
)
#: So many cohorts are shown, the latest ones.
COHORTS = 8


def closing(period: Period) -> Iterator[Metric]:
    """The figures of closing and merging, for what was opened in the window."""
    issues, pulls = period.opened(pulls=False), period.opened(pulls=True)
    is_open = [issue.number for issue in issues if issue.is_open]
    yield distribution(
        "time_to_close_issue",
        "seconds",
        ((issue.closed_at - issue.created_at).total_seconds() for issue in issues if issue.closed_at),
        TO_CLOSE,
        pending=len(is_open),
        items=is_open,
    )
    is_open = [pull.number for pull in pulls if pull.is_open]
    unmerged = [pull for pull in pulls if pull.closed_at and not pull.is_merged]
    yield distribution(
        "time_to_merge_pr",
        "seconds",
        ((pull.merged_at - pull.created_at).total_seconds() for pull in pulls if pull.merged_at),
        TO_MERGE,
        pending=len(is_open),
        details={"closed_unmerged": len(unmerged)},
        items=is_open,
    )
    yield distribution(
        "time_to_close_unmerged_pr",
        "seconds",
        ((pull.closed_at - pull.created_at).total_seconds() for pull in unmerged if pull.closed_at),
        TO_CLOSE_UNMERGED,
        pending=len(is_open),
        items=(pull.number for pull in unmerged),
    )


def cohorts(outlines: Iterable[Outline]) -> Iterator[Cohort]:
    """The times to close and to merge of the last quarters in which anything was opened, the oldest first.

    Pull requests that were closed unmerged are in none.
    """
    took: dict[str, defaultdict[str, list[float | None]]] = {
        "time_to_close_issue": defaultdict(list),
        "time_to_merge_pr": defaultdict(list),
    }
    for each in outlines:
        if not each.is_pull or each.merged or not each.closed:
            quarter = quarter_name(date.fromordinal(each.opened))
            took["time_to_merge_pr" if each.is_pull else "time_to_close_issue"][quarter].append(each.took)
    for id_, quarters in took.items():
        for quarter in sorted(quarters)[-COHORTS:]:
            ended = sorted(seconds for seconds in quarters[quarter] if seconds is not None)
            pending, few = len(quarters[quarter]) - len(ended), tuple(ended) if len(ended) < FEW else ()
            yield Cohort(id_, quarter, len(ended), pending, *spread(ended), few)

"""How it goes for people who open their first pull request."""

from collections.abc import Iterator
from datetime import timedelta

from bot.core.history import PastThread
from bot.health.figures import Metric, distribution, share
from bot.health.period import Period
from bot.health.responses import in_time
from bot.health.turns import is_left_by_author

ANSWERED = (
    "Of the first pull requests of people, opened in the window, the share with a first response within"
    " {benchmark:g} business days. Younger ones without a response count neither way."
)
MERGED = (
    "Of the first pull requests of people, opened in the window, that were merged or closed by its end, the"
    " share that was merged. Open ones count neither way."
)
TO_MERGE = "From the opening to the merge of the first pull requests of people, opened in the window."


def first_pulls(period: Period) -> list[PastThread]:
    """Return the pull requests opened in the window that are their author's first. Ghosts have none."""
    found = []
    for pull in period.opened(pulls=True):
        if pull.author is None or period.people.is_bot(pull.author):
            continue
        first = period.gathered.activities[pull.author].first_pull
        if first is not None and first[1] == pull.number:
            found.append(pull)
    return found


def first_timers(period: Period) -> Iterator[Metric]:
    """The figures of first pull requests."""
    pulls = first_pulls(period)
    definition = ANSWERED.format(benchmark=period.config.benchmark)
    yield in_time("first_timer_answered", pulls, period, definition)
    merged = [pull for pull in pulls if pull.is_merged]
    is_open = [pull.number for pull in pulls if pull.is_open]
    yield share(
        "first_timer_merged",
        len(merged),
        len(pulls) - len(is_open),
        MERGED,
        pending=len(is_open),
        details={
            "merged": len(merged),
            "closed_unmerged": len(pulls) - len(merged) - len(is_open),
            "abandoned": sum(_is_abandoned(pull, period) for pull in pulls),
        },
        items=is_open,
    )
    yield distribution(
        "first_timer_time_to_merge",
        "seconds",
        ((pull.merged_at - pull.created_at).total_seconds() for pull in merged if pull.merged_at),
        TO_MERGE,
        pending=len(is_open),
        items=is_open,
    )


def _is_abandoned(pull: PastThread, period: Period) -> bool:
    """Whether it was not merged, and its author left it without an answer."""
    silence = timedelta(days=period.config.abandoned_after)
    end = pull.closed_at or period.window.until
    return not pull.is_merged and is_left_by_author(pull, end, silence, period.people)

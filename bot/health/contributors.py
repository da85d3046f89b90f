"""Contributors: who came, who came back, who is gone, and on how few people the work rests.

Ghosts have no number, so nobody knows how many people they are: each of their contributions counts as one
person's, and none of them is ever new, back or gone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from fractions import Fraction

from bot.health.calendar import Window, days_before
from bot.health.figures import Metric, Part
from bot.health.gathered import QUARTER, Activity
from bot.health.period import Period
from bot.health.reviews import review_counts

ABSENCE = (
    "The fewest people who together reach {percent:g}% of the {what} in the window; bots are left out. Also"
    " known as the bus factor."
)
NEW = "People whose first {what} ever lies in the window."
RETURNING = (
    f"Of the people who took part in the {QUARTER} days before the window, those who did so in it again."
)
ONE_TIME = (
    "Of the people who took part in the window, those who had ever taken part in one thread only by its end."
)
INACTIVE = "Of all people who ever took part, those who did not for more than {days} days."

Firsts = Callable[[Activity], datetime | None]


def absence_factor(contributions: Iterable[int], share: float) -> int | None:
    """Return the fewest people who reach a share of all contributions; None where there are none.

    Args:
        contributions: how many each person made.
        share: from 0 to 1; reaching it exactly is enough.
    """
    largest = sorted(contributions, reverse=True)
    # 0.07 of 100 is 7 and nothing more, which binary fractions miss.
    enough, reached = Fraction(str(share)) * sum(largest), 0
    for people, number in enumerate(largest, 1):
        reached += number
        if reached and reached >= enough:
            return people
    return None


def contributors(period: Period) -> Iterator[Metric]:
    """The figures of who contributed."""
    yield from _absence(period)
    yield from _new(period)
    active = _activities(period)
    yield _returning(period, active)
    yield _one_time(period, active)
    yield _inactive(period, active)


def _one_time(period: Period, activities: Iterable[Activity]) -> Metric:
    """How many of those who took part had done so on one thread only, by all that was known at the end."""
    here = [activity for activity in activities if activity.was_active(period.window)]
    is_latest = period.window == period.gathered.window
    once = sum((each.threads if is_latest else each.threads_before) == 1 for each in here)
    return Metric("one_time_contributors", "people", len(here), ONE_TIME, value=once)


def _activities(period: Period) -> list[Activity]:
    """What people contributed, bots left out."""
    everyone = period.gathered.activities.items()
    return [activity for who, activity in everyone if not period.people.is_bot(who)]


def merge_counts(period: Period) -> tuple[Counter[int], int]:
    """How many pull requests of each person were merged in the window; and how many of ghosts were."""
    authors = Counter(t.author for t in period.merged() if not period.people.is_bot(t.author))
    ghosts = authors.pop(None, 0)
    return Counter({who: number for who, number in authors.items() if who is not None}), ghosts


def _absence(period: Period) -> Iterator[Metric]:
    merged, ghosts = merge_counts(period)
    reviewed, unknown = review_counts(period)
    for id_, what, counts, others in (
        ("absence_factor_merged_prs", "merged pull requests", merged, ghosts),
        ("absence_factor_reviews", "reviews of others' pull requests", reviewed, unknown),
    ):
        share = period.config.absence_share
        ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        yield Metric(
            id_,
            "people",
            sum(counts.values()) + others,
            ABSENCE.format(percent=100 * share, what=what),
            value=absence_factor([*counts.values(), *[1] * others], share),
            details={"people": len(counts), "by_ghosts": others},
            breakdown=tuple(Part(period.people.login(who), number, who=who) for who, number in ranked),
        )


def _new(period: Period) -> Iterator[Metric]:
    stages: tuple[tuple[str, str, Firsts], ...] = (
        ("new_issue_authors", "issue", lambda a: a.first_issue and a.first_issue[0]),
        ("new_pr_authors", "pull request", lambda a: a.first_pull and a.first_pull[0]),
        ("new_merged_authors", "merged pull request", lambda a: a.first_merge),
    )
    for id_, what, first in stages:
        found = sorted(
            (at, who)
            for who, activity in period.gathered.activities.items()
            if (at := first(activity)) in period.window and not period.people.is_bot(who)
        )
        named = tuple(Part(period.people.login(who), 1, who=who) for _, who in found)
        yield Metric(id_, "people", len(found), NEW.format(what=what), value=len(found), breakdown=named)


def _returning(period: Period, activities: Iterable[Activity]) -> Metric:
    start = period.window.start
    before = Window(days_before(start, QUARTER, period.gathered.zone), start)
    earlier = [activity for activity in activities if activity.was_active(before)]
    back = sum(activity.was_active(period.window) for activity in earlier)
    part = back / len(earlier) if earlier else None
    return Metric(
        "returning_contributors", "people", len(earlier), RETURNING, value=back, details={"share": part}
    )


def _inactive(period: Period, activities: Iterable[Activity]) -> Metric:
    days, zone = period.config.inactive_after, period.gathered.zone
    limit = days_before(period.window.until, days, zone)
    limit_at_start = days_before(period.window.start, days, zone)
    lasts = [activity.last_before(period.window.until) for activity in activities]
    known = [last for last in lasts if last is not None]
    gone = [last for last in known if last < limit]
    return Metric(
        "inactive_contributors",
        "people",
        len(known),
        INACTIVE.format(days=days),
        value=len(gone),
        details={"since_window_began": sum(last >= limit_at_start for last in gone)},
    )

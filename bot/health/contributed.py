"""What one repository gives to the figures of its whole organisation: small, however long its history is."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.health.calendar import Window, days_before
from bot.health.contributors import merge_counts
from bot.health.figures import Metric
from bot.health.gathered import QUARTER
from bot.health.period import Period
from bot.health.responses import FIRST_RESPONSE, waiting_time, waits
from bot.health.reviews import review_counts


class First(NamedTuple):
    """When somebody did something for the first time in a repository.

    Args:
        at: when.
        window: how many windows of that repository's own before this one it lies; None: more than one.
    """

    at: datetime
    window: int | None


#: Somebody's first issue, first pull request, and first one that was merged.
Firsts = tuple[First | None, First | None, First | None]


@dataclass(frozen=True, slots=True)
class Given:
    """What people gave in one window; bots are left out.

    Args:
        first_response: how long issues and pull requests, taken together, waited for a first response.
        seconds: the waits that ended.
        merged, reviews: how many pull requests each account had merged, and how many reviews it gave.
        merged_of_ghosts, reviews_of_ghosts: the same of deleted accounts, of which nobody knows how many.
        active: who took part.
        earlier: who took part in the 90 days before.
    """

    first_response: Metric
    seconds: "array[float]"
    merged: Mapping[int, int]
    merged_of_ghosts: int
    reviews: Mapping[int, int]
    reviews_of_ghosts: int
    active: frozenset[int]
    earlier: frozenset[int]


@dataclass(frozen=True, slots=True)
class Contributed:
    """What one repository gives, as its own settings say who counts.

    Args:
        now, before: in the window, and in the one before.
        firsts: of everybody who ever opened something, by the number of the account.
    """

    now: Given
    before: Given
    firsts: Mapping[int, Firsts]


def contributed(now: Period, before: Period) -> Contributed:
    """Return what a repository gives to its organisation.

    Args:
        now: the window.
        before: the one before, of the same history.
    """

    def first(at: datetime | None) -> First | None:
        return (
            None if at is None else First(at, 0 if at in now.window else 1 if at in before.window else None)
        )

    firsts = {
        who: (
            first(activity.first_issue and activity.first_issue[0]),
            first(activity.first_pull and activity.first_pull[0]),
            first(activity.first_merge),
        )
        for who, activity in now.gathered.activities.items()
        if (activity.first_issue or activity.first_pull) and not now.people.is_bot(who)
    }
    return Contributed(_given(now), _given(before), firsts)


def _given(period: Period) -> Given:
    asked = [*period.waiting(pulls=False), *period.waiting(pulls=True)]
    found = waits(asked, period.people.is_answer)
    merged, merged_of_ghosts = merge_counts(period)
    reviews, reviews_of_ghosts = review_counts(period)
    start = period.window.start
    quarter = Window(days_before(start, QUARTER, period.gathered.zone), start)
    return Given(
        waiting_time("time_to_first_response", found, period, FIRST_RESPONSE),
        array("d", ((wait.end - wait.start).total_seconds() for wait in found if wait.end is not None)),
        merged,
        merged_of_ghosts,
        reviews,
        reviews_of_ghosts,
        _active(period, period.window),
        _active(period, quarter),
    )


def _active(period: Period, window: Window) -> frozenset[int]:
    """Who took part in a window, bots left out."""
    return frozenset(
        who
        for who, activity in period.gathered.activities.items()
        if not period.people.is_bot(who) and activity.was_active(window)
    )

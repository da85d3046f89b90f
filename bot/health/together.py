"""The people of an organisation: who is new to all of it, who came back, and who is active in several places.

Each repository's settings say who counts there. An account that one repository takes for a bot, and another
for a person, is a person with what it did in the other.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from operator import attrgetter

from bot.health.contributed import Contributed, First, Firsts, Given
from bot.health.contributors import absence_factor
from bot.health.figures import Metric, Part
from bot.health.gathered import QUARTER
from bot.health.totals import ALL_KNOWN

HALF = 0.5
ACTIVE = "People who took part in the window, in whatever repository; each counts once."
SEVERAL = "Of the people who took part in the window, those who did so in more than one repository."
ABSENCE = "The fewest people who together reach half of the {what} in the window; bots are left out."
NEW = "People whose first {what} ever, in any of the repositories whose history is known, lies in the window."
RETURNING = (
    f"Of the people who took part in the {QUARTER} days before the window, those who did so in it again,"
    " in the same repository or another."
)
STAGES = (
    ("new_issue_authors", "issue"),
    ("new_pr_authors", "pull request"),
    ("new_merged_authors", "merged pull request"),
)


@dataclass(slots=True)
class Sum:
    """What people gave in one window, over all repositories.

    Args:
        merged, reviews: how many pull requests each had merged, and how many reviews each gave.
        merged_of_ghosts, reviews_of_ghosts: the same of deleted accounts.
        active: in how many repositories each took part.
        earlier: who took part in the 90 days before.
    """

    merged: Counter[int] = field(default_factory=Counter)
    reviews: Counter[int] = field(default_factory=Counter)
    merged_of_ghosts: int = 0
    reviews_of_ghosts: int = 0
    active: Counter[int] = field(default_factory=Counter)
    earlier: set[int] = field(default_factory=set)

    def add(self, given: Given) -> None:
        self.merged.update(given.merged)
        self.reviews.update(given.reviews)
        self.merged_of_ghosts += given.merged_of_ghosts
        self.reviews_of_ghosts += given.reviews_of_ghosts
        self.active.update(given.active)
        self.earlier |= given.earlier


@dataclass(slots=True)
class Everybody:
    """The people of all repositories.

    Args:
        now, before: what they gave in the window, and in the one before.
        firsts: when each did what for the first time, in whatever repository.
        ended: how many repositories are not known to the end of the window, or left out.
    """

    now: Sum = field(default_factory=Sum)
    before: Sum = field(default_factory=Sum)
    firsts: dict[int, Firsts] = field(default_factory=dict)
    ended: int = 0

    def add(self, given: Contributed, *, has_ended: bool = False) -> None:
        """Take in the people of one more repository.

        Args:
            given: what they gave.
            has_ended: whether the history ends early, so that nobody knows who came back.
        """
        self.now.add(replace(given.now, earlier=frozenset()) if has_ended else given.now)
        self.ended += has_ended
        self.before.add(given.before)
        for who, firsts in given.firsts.items():
            known = self.firsts.get(who)
            self.firsts[who] = firsts if known is None else _earlier(known, firsts)

    def named(self) -> AbstractSet[int]:
        """Who may be named: who gave something in the window, or was new."""
        new = {
            who for who, firsts in self.firsts.items() if any(each and each.window == 0 for each in firsts)
        }
        return new | self.now.active.keys() | self.now.merged.keys() | self.now.reviews.keys()


def _earlier(one: Firsts, other: Firsts) -> Firsts:
    def earlier(mine: First | None, theirs: First | None) -> First | None:
        return min(filter(None, (mine, theirs)), key=attrgetter("at"), default=None)

    issue, pull, merge = (earlier(*pair) for pair in zip(one, other, strict=True))
    return issue, pull, merge


def people(everybody: Everybody, window: int, names: Mapping[int, str]) -> Iterator[Metric]:
    """The figures of an organisation's people, in one window.

    Args:
        everybody: what they gave, and their firsts.
        window: 0 for the window, 1 for the one before it.
        names: what accounts are called, by their numbers; who has no name there is counted, and not named.
    """
    given = (everybody.now, everybody.before)[window]
    several = {who: number for who, number in given.active.items() if number > 1}
    active = len(given.active)
    yield Metric("active_contributors", "people", active, ACTIVE, value=active)
    yield Metric(
        "active_in_several",
        "people",
        active,
        SEVERAL,
        value=len(several),
        breakdown=_most(several, names),
    )
    yield from _new(everybody.firsts, window, names)
    yield _returning(given, 0 if window else everybody.ended)
    for id_, what, counts, ghosts in (
        ("absence_factor_merged_prs", "merged pull requests", given.merged, given.merged_of_ghosts),
        (
            "absence_factor_reviews",
            "reviews of others' pull requests",
            given.reviews,
            given.reviews_of_ghosts,
        ),
    ):
        yield Metric(
            id_,
            "people",
            counts.total() + ghosts,
            ABSENCE.format(what=what),
            value=absence_factor([*counts.values(), *[1] * ghosts], HALF),
            details={"people": len(counts), "by_ghosts": ghosts},
            breakdown=_most(counts, names),
        )


def _returning(given: Sum, ended: int) -> Metric:
    back, earlier = len(given.earlier & given.active.keys()), len(given.earlier)
    return Metric(
        "returning_contributors",
        "people",
        earlier,
        RETURNING + (ALL_KNOWN.format(ended) if ended else ""),
        value=back,
        details={
            "share": back / earlier if earlier else None,
            **({"repositories_left_out": ended} if ended else {}),
        },
    )


def _new(firsts: Mapping[int, Firsts], window: int, names: Mapping[int, str]) -> Iterator[Metric]:
    for stage, (id_, what) in enumerate(STAGES):
        found = sorted(
            (first.at, who)
            for who, each in firsts.items()
            if (first := each[stage]) is not None and first.window == window
        )
        named = tuple(Part(names[who], 1, who=who) for _, who in found if who in names)
        yield Metric(id_, "people", len(found), NEW.format(what=what), value=len(found), breakdown=named)


def _most(counts: Mapping[int, int], names: Mapping[int, str]) -> tuple[Part, ...]:
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Part(names[who], number, who=who) for who, number in ranked if who in names)

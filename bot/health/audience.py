"""Whose threads the figures are about: everyone's, newcomers', those of people outside, or maintainers'.

Who is who is known once the whole history was seen, so threads are chosen after that and not before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.history import PastThread
from bot.health.figures import AudienceName
from bot.health.gathered import Activity, Gathered
from bot.health.outlines import Outline
from bot.health.people import People
from bot.health.period import Period

#: For how long after their first contribution people are newcomers.
NEW = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose threads a report is about, and how many these are.

    Args:
        name: the audience.
        threads: how many threads of theirs were opened in the window.
        of: how many were opened by anybody.
        people: how many accounts opened those of the audience; of ghosts nobody knows how many they are.
    """

    name: AudienceName
    threads: int
    of: int
    people: int


@dataclass(frozen=True, slots=True)
class Audience:
    """The people whose threads are chosen.

    ``everyone`` is all accounts, bots too. ``newcomers`` are people up to 90 days after their first
    contribution ever: each thread is a newcomer's or not, whatever window it is looked at in. ``outsiders``
    are people who do not maintain the project, ghosts among them.

    Args:
        name: which.
        people: who counts as what.
        activities: what each account contributed, and when first.
    """

    name: AudienceName
    people: People
    activities: Mapping[int, Activity]

    def has(self, thread: PastThread | Outline) -> bool:
        """Return whether a thread is of this audience, by who opened it and when."""
        match self.name:
            case "everyone":
                return True
            case "newcomers":
                return self._is_newcomer(thread.author, thread.created_at)
            case "outsiders":
                return not (self.people.is_maintainer(thread.author) or self.people.is_bot(thread.author))
            case "maintainers":
                return self.people.is_maintainer(thread.author)

    def _is_newcomer(self, who: int | None, at: datetime) -> bool:
        if who is None or self.people.is_bot(who):
            return False
        first = self.activities[who].first
        return first is not None and at - first <= NEW

    def of(self, period: Period) -> Period:
        """Return a period with the threads of this audience alone."""
        return replace(period, threads=tuple(thread for thread in period.threads if self.has(thread)))

    def outlines(self, gathered: Gathered) -> Iterator[Outline]:
        """Yield the outlines of the threads of this audience, of all times."""
        return filter(self.has, gathered.outlines)

    def chosen(self, period: Period) -> Chosen:
        """Return how many threads of a period's window are of this audience."""
        opened = [thread for thread in period.threads if thread.created_at in period.window]
        own = [thread for thread in opened if self.has(thread)]
        accounts = {thread.author for thread in own} - {None}
        return Chosen(self.name, len(own), len(opened), len(accounts))

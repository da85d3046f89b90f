"""What one pass over a project's threads keeps: of all outlines, firsts and lasts, whole only what matters.

A thread matters while it is open, or when something happened on it since the horizon, which is the earliest
moment that a figure of the report looks back to. So a long history takes little memory where the window is
short; where that is half as long as the history, nearly all of it is kept.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from bot.core.history import ANSWERS, PastThread, Person
from bot.health.calendar import Window, days_before, window_of
from bot.health.outlines import Outlines
from bot.health.past import as_of
from bot.health.people import MAINTAINERS, People, known_bots, listed_maintainers, shows_rights
from bot.health.settings import HealthConfig
from bot.health.suspicion import Habits

#: How far back those are looked for who may have come back.
QUARTER = 90


@dataclass(slots=True)
class Activity:
    """What one account contributed: what it opened and wrote.

    Args:
        first: when it contributed first.
        first_issue, first_pull: when it opened its first one, and the number of that.
        first_merge: when its first pull request was merged.
        answered_by: who wrote on its threads, as long as nothing of it was merged.
        threads: on how many threads it took part.
        threads_before: on how many it did before the window began.
        last: when it did so last before the horizon.
        recent: when it did so since.
    """

    first: datetime | None = None
    first_issue: tuple[datetime, int] | None = None
    first_pull: tuple[datetime, int] | None = None
    first_merge: datetime | None = None
    answered_by: tuple[int, ...] = ()
    threads: int = 0
    threads_before: int = 0
    last: datetime | None = None
    recent: list[datetime] = field(default_factory=list)

    def last_before(self, moment: datetime) -> datetime | None:
        """When it contributed last before a moment that is later than the horizon."""
        return max((at for at in self.recent if at < moment), default=self.last)

    def was_active(self, window: Window) -> bool:
        """Whether it contributed in a window that begins at the horizon or later."""
        return any(at in window for at in self.recent)


class Gathered:
    """The history of a project until a moment, as far as its figures need it.

    Args:
        until: what happens from this moment on is not looked at.
        config: the settings.

    ``begins_at`` is when the first thread was opened that is known; None without any. Of what comes after
    the window, ``ends_at`` alone is kept: when something happened last, as far as anybody knows.
    """

    def __init__(self, until: datetime, config: HealthConfig) -> None:
        self.config = config
        self.zone = config.zone
        self.window = window_of(until, config.window, self.zone)
        self.previous = window_of(self.window.start, config.window, self.zone)
        # The twelve weeks before the window, which say what is usual, lie after this, too.
        self.horizon = days_before(self.previous.start, QUARTER, self.zone)
        self.begins_at: datetime | None = None
        self.ends_at = until
        self.threads: list[PastThread] = []
        self.outlines = Outlines(self.zone)
        self.merges: array[float] = array("d")
        self.activities: defaultdict[int, Activity] = defaultdict(Activity)
        self._habits = Habits()
        self._rights: set[int] = set()

    def add(self, thread: PastThread) -> None:
        """Take in the next thread. They come in the order of their numbers, each once."""
        # A commit has its time from its author's clock, which may be years ahead.
        done = (event.at for event in reversed(thread.timeline) if event.kind != "committed")
        self.ends_at = max(self.ends_at, thread.closed_at or thread.created_at, *islice(done, 1))
        self.begins_at = min(self.begins_at or thread.created_at, thread.created_at)
        seen = as_of(thread, self.window.until)
        if seen is None:
            return
        self.outlines.add(seen)
        if seen.merged_at:
            self.merges.append(seen.merged_at.timestamp())
        self._note_people(seen)
        self._habits.add(seen)
        if seen.is_open or self._is_recent(seen):
            self.threads.append(seen)

    def _is_recent(self, thread: PastThread) -> bool:
        moments = (thread.created_at, thread.closed_at, thread.merged_at)
        return any(at is not None and at >= self.horizon for at in moments) or any(
            event.at >= self.horizon for event in thread.timeline
        )

    def _note_people(self, thread: PastThread) -> None:
        if thread.association in MAINTAINERS and thread.author is not None:
            self._rights.add(thread.author)
        if thread.merged_by is not None:
            self._rights.add(thread.merged_by)
        here: dict[int, datetime] = {}  # who took part, and when first
        if thread.author is not None:
            here[thread.author] = thread.created_at
            self._note_author(thread, self.activities[thread.author])
        for event in thread.timeline:
            if event.by_app or event.who is None:
                continue
            if event.who not in self._rights and shows_rights(event, thread):
                self._rights.add(event.who)
            if event.kind in ANSWERS:
                here.setdefault(event.who, event.at)
                self._note_act(self.activities[event.who], event.at)
        for who, first in here.items():
            self.activities[who].threads += 1
            self.activities[who].threads_before += first < self.window.start
        if thread.author is not None:
            self._note_answers(self.activities[thread.author], here.keys() - {thread.author})

    def _note_answers(self, activity: Activity, here: set[int]) -> None:
        if activity.first_merge is not None:
            activity.answered_by = ()
        elif not here.issubset(activity.answered_by):
            activity.answered_by = tuple(here.union(activity.answered_by))

    def _note_author(self, thread: PastThread, activity: Activity) -> None:
        opened = (thread.created_at, thread.number)
        if thread.is_pull:
            activity.first_pull = min(activity.first_pull or opened, opened)
        else:
            activity.first_issue = min(activity.first_issue or opened, opened)
        if thread.merged_at:
            activity.first_merge = min(activity.first_merge or thread.merged_at, thread.merged_at)
        self._note_act(activity, thread.created_at)

    def _note_act(self, activity: Activity, at: datetime) -> None:
        if activity.first is None or at < activity.first:
            activity.first = at
        if at >= self.horizon:
            activity.recent.append(at)
        elif activity.last is None or at > activity.last:
            activity.last = at

    def people(
        self,
        persons: Iterable[Person],
        marks: Mapping[int, bool],
        maintainers: Iterable[int] | None = None,
    ) -> People:
        """Return who counts as what, by all that was seen.

        Args:
            persons: the accounts.
            marks: what people said of accounts by a click: True for a bot.
            maintainers: who has the triage role or more; None where nobody knows, and what
                people did, and what GitHub calls them, has to tell.
        """
        persons = tuple(persons)
        logins = {person.id: person.login for person in persons}
        bots, humans = known_bots(persons, self.config, marks)
        shown = self._rights if maintainers is None else maintainers
        maintaining = frozenset(shown) | listed_maintainers(persons, self.config)
        suspects = self._habits.suspects(bots | humans, maintaining, logins)
        bots |= {suspect.who for suspect in suspects}
        return People(logins, bots, maintaining - bots, suspects)

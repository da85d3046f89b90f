"""Two years of a made-up project, the same for the same end: what a report of its health has to tell.

``acme/widgets`` has three maintainers, one of whom does most of the reviews, and two people who write half of
what is merged. People come, some stay. An account that looks like a person's greets every pull request within
seconds. The last summer was quiet: few were there, answers took days, and no release came. Since li-wei
joined it goes better, but newcomers of the last days wait (``scenes.py``).
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core.documents import Inventory
from bot.core.history import (
    EventKind,
    HeadChecks,
    PastCommit,
    PastRelease,
    PastThread,
    Person,
    Snapshot,
    TimelineEvent,
)
from bot.demo.cast import (
    AUTHORS,
    GREETER,
    HELPER,
    ISSUES,
    LABELS,
    MAINTAINERS,
    NEWCOMERS,
    PULLS,
    REGULARS,
    THINGS,
)
from bot.demo.commits import keep_commits, made_up_commits
from bot.demo.documents import made_up_documents
from bot.demo.scenes import SCENES, Scene
from bot.store.database import Database
from bot.store.documents import Documents
from bot.store.editions import Editions
from bot.store.head_checks import Checked
from bot.store.history import Histories

NAME = "acme/widgets"
DAYS = 730
LATELY = timedelta(days=90)  # since when there is a helping hand more, and answers come sooner
SUMMER = (7, 1), (9, 1)  # from one month and day to the other, much rests
RELEASE_EVERY = 42
AT_ONCE = 200
_Events = Sequence[TimelineEvent]


@dataclass(frozen=True, slots=True)
class Made:
    """A history that was made up.

    Args:
        snapshots: its threads, in the order of their numbers.
        people: all accounts.
        releases: the oldest first.
        documents: which there are at its end.
        checks: how those of approved pull requests stand at its end.
    """

    snapshots: tuple[Snapshot, ...]
    people: tuple[Person, ...]
    releases: tuple[PastRelease, ...]
    documents: Inventory
    checks: Mapping[int, HeadChecks]

    @property
    def threads(self) -> tuple[PastThread, ...]:
        return tuple(snapshot.thread for snapshot in self.snapshots)

    @property
    def commits(self) -> tuple[PastCommit, ...]:
        return made_up_commits(self.threads, {person.id: person.login for person in self.people})


def made_up(until: datetime, seed: int = 7, *, times: int = 1) -> Made:
    """Make up the history.

    Args:
        until: when it ends (aware).
        seed: another one gives another history of the same kind.
        times: how many times as much happened.
    """
    return _Maker(until, seed, times).make()


def summer(until: datetime) -> tuple[datetime, datetime]:
    """Return the last summer that was over for a while when the history ends: begin and end."""
    begin, end = (datetime(until.year, month, day, tzinfo=UTC) for month, day in SUMMER)
    while end > until - LATELY + timedelta(days=10):
        begin, end = begin.replace(year=begin.year - 1), end.replace(year=end.year - 1)
    return begin, end


def keep(made: Made, database: Database) -> None:
    """Put a history into a database, as an import does."""
    with Editions(database).begin(NAME) as edition:
        for first in range(0, len(made.snapshots), AT_ONCE):
            edition.add(made.snapshots[first : first + AT_ONCE])
        edition.publish(NAME)
    histories = Histories(database)
    kept = histories.find(NAME)
    assert kept is not None, "it was published just now"
    histories.keep_releases(kept.id, made.releases)
    Documents(database).keep(kept.id, made.documents)
    keep_commits(made.commits, database, kept.id)
    states = {number: seen.state for number, seen in made.checks.items()}
    for at in sorted({at for seen in made.checks.values() for at in (seen.since, seen.seen_at)}):
        Checked(database).keep(kept.id, states, at)


def _is_approved(thread: PastThread) -> bool:
    return thread.is_open and any(event.detail == "approved" for event in thread.of("reviewed"))


class _Maker:
    def __init__(self, until: datetime, seed: int, times: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 (a story, no secret)
        self._times = times
        self._until = until.astimezone(UTC).replace(microsecond=0)
        self._begin = self._until - timedelta(days=DAYS)
        self._summer = summer(self._until)
        passing = {act.who for scene in SCENES for act in scene.acts if act.who}
        passing |= {scene.author for scene in SCENES}
        names = dict.fromkeys((*MAINTAINERS, GREETER, HELPER, *REGULARS, *NEWCOMERS, *sorted(passing)))
        self._people = {name: Person(n, name, name == HELPER) for n, name in enumerate(names, 1)}

    def make(self) -> Made:
        snapshots = []
        for number, (opened, scene) in enumerate(self._openings(), 1):
            thread = self._of_chance(number, opened) if scene is None else self._scene(number, opened, scene)
            updated = max([thread.created_at, *(event.at for event in thread.timeline)])
            snapshots.append(Snapshot(thread, self._on(thread), updated))
        green = HeadChecks("green", self._until - timedelta(days=13), self._until)
        return Made(
            tuple(snapshots),
            tuple(self._people.values()),
            tuple(self._releases()),
            made_up_documents(self._begin, self._until),
            {each.thread.number: green for each in snapshots if _is_approved(each.thread)},
        )

    def _openings(self) -> list[tuple[datetime, Scene | None]]:
        """When threads were opened: more on working days, and by day, and more as the project grows."""
        found: list[tuple[datetime, Scene | None]] = []
        for day in range(DAYS):
            midnight = (self._begin + timedelta(days=day)).replace(hour=0, minute=0, second=0)
            busy = (0.75 if midnight.weekday() < 5 else 0.25) * (0.7 + day / DAYS) * self._times
            for _ in range(self._often(busy * (0.4 if self._is_summer(midnight) else 1))):
                seconds = min(max(self._chance.gauss(14, 4), 0), 23.9) * 3600
                found.append((midnight + timedelta(seconds=int(seconds)), None))
        found = [each for each in found if self._begin <= each[0] < self._until]
        found += [(self._until - timedelta(days=scene.days), scene) for scene in SCENES]
        return sorted(found, key=lambda each: each[0])

    def _is_summer(self, moment: datetime) -> bool:
        return self._summer[0] <= moment < self._summer[1]

    def _often(self, mean: float) -> int:
        """How often something happens on a day that does so this often in the mean."""
        passed, count = self._chance.expovariate(mean), 0
        while passed < 1:
            passed, count = passed + self._chance.expovariate(mean), count + 1
        return count

    def _releases(self) -> list[PastRelease]:
        moments = [self._begin + timedelta(days=day, hours=11) for day in range(20, DAYS - 20, RELEASE_EVERY)]
        kept = [moment for moment in moments if not self._is_summer(moment)]
        return [PastRelease(f"v1.{n}.0", moment) for n, moment in enumerate(kept)]

    def _slowness(self, moment: datetime) -> float:
        if self._is_summer(moment):
            return 5.0
        return 0.4 if moment >= self._until - LATELY else 1.0

    def _newcomer(self, moment: datetime) -> str:
        """They come one after the other; some come a second time."""
        share = (moment - self._begin) / timedelta(days=DAYS)
        latest = min(len(NEWCOMERS) - 1, int(len(NEWCOMERS) * share))
        return NEWCOMERS[max(0, latest - self._chance.choice((0, 0, 0, 1, 1, 2)))]

    def _maintainer(self, author: str | None, moment: datetime) -> str:
        """Who of the maintainers looks at a thread; the last of them joined lately."""
        ranked = {"maya": 12, "sam": 2, "li-wei": 1 if moment >= self._until - LATELY else 0}
        return self._one_of({name: often for name, often in ranked.items() if name != author})

    def _after(self, moment: datetime, hours: float) -> datetime:
        """Some time later, now and then far later."""
        waited = self._chance.lognormvariate(0, 1.1) * hours * self._slowness(moment)
        return moment + timedelta(seconds=int(waited * 3600) + 60)

    def _one_of(self, often: Mapping[str, int]) -> str:
        return self._chance.choices(list(often), list(often.values()))[0]

    def _about(self, title: str) -> str:
        said = title.format(self._chance.choice(THINGS))
        return said[:1].upper() + said[1:]

    def _of_chance(self, number: int, opened: datetime) -> PastThread:
        if self._chance.random() < 0.45:
            return self._issue(number, opened)
        return self._bump(number, opened) if self._chance.random() < 0.12 else self._pull(number, opened)

    def _scene(self, number: int, opened: datetime, scene: Scene) -> PastThread:
        """What was written down beforehand."""
        acts = [
            self._event(self._until - timedelta(days=a.days), a.kind, a.who, a.detail) for a in scene.acts
        ]
        events = [self._greeting(opened), *acts] if scene.is_pull else acts
        return self._thread(number, scene.title, scene.author, opened, events, is_pull=scene.is_pull)

    def _issue(self, number: int, opened: datetime) -> PastThread:
        is_new = self._chance.random() < 0.5
        author = self._newcomer(opened) if is_new else self._chance.choice((*MAINTAINERS, *REGULARS))
        label, events = self._one_of(LABELS), list[TimelineEvent]()
        title = self._chance.choice(ISSUES[label])
        if self._chance.random() < 0.98:
            answered, who = self._after(opened, 9), self._maintainer(author, opened)
            if self._chance.random() < 0.15:  # somebody else is faster
                events.append(self._event(answered, "commented", self._chance.choice(REGULARS)))
                answered = self._after(answered, 12)
            events.append(self._event(answered, "commented", who))
            events.append(self._event(answered, "labeled", who, label))
            if self._chance.random() < 0.87:
                closed = self._after(answered, 100)
                events += [self._event(closed, "commented", who), self._event(closed, "closed", who)]
        return self._thread(number, self._about(title), author, opened, events, is_pull=False)

    def _pull(self, number: int, opened: datetime) -> PastThread:
        is_new = self._chance.random() < 0.2
        author = self._newcomer(opened) if is_new else self._one_of(AUTHORS)
        events, now = [self._greeting(opened)], opened
        for _ in range(self._chance.choice((0, 1, 1, 1, 2, 2, 3))):
            now = self._after(now, 16)
            events.append(self._event(now, "reviewed", self._maintainer(author, now), "changes_requested"))
            now = self._after(now, 9)
            events.append(self._event(now, "committed", None))
        fate = self._chance.random()
        if fate < 0.82:
            now, reviewer = self._after(now, 12), self._maintainer(author, now)
            events.append(self._event(now, "reviewed", reviewer, "approved"))
            now = self._after(now, 3)
            events += [self._event(now, "merged", reviewer), self._event(now, "closed", reviewer)]
        elif fate < 0.99:
            closed = self._after(now, 150)
            events.append(self._event(closed, "closed", self._maintainer(author, closed)))
        title = self._about(self._chance.choice(PULLS))
        return self._thread(number, title, author, opened, events, is_pull=True)

    def _greeting(self, opened: datetime) -> TimelineEvent:
        at = opened + timedelta(seconds=self._chance.randrange(4, 25))
        return self._event(at, "commented", GREETER, text="0123456789abcdef")

    def _bump(self, number: int, opened: datetime) -> PastThread:
        """A dependency that a bot brings up to date, and a maintainer lets in unreviewed."""
        merged = self._after(opened, 20)
        events = [self._event(merged, "merged", "sam"), self._event(merged, "closed", "sam")]
        title = f"Bump gizmo from 2.{number % 9} to 2.{number % 9 + 1}"
        return self._thread(number, title, HELPER, opened, events, is_pull=True)

    def _event(
        self, at: datetime, kind: EventKind, who: str | None, detail: str = "", text: str = ""
    ) -> TimelineEvent:
        answers = kind in {"commented", "reviewed"}
        association = "MEMBER" if who in MAINTAINERS and answers else ""
        account = None if who is None else self._people[who].id
        text = text or (f"{at.timestamp():016.0f}" if answers else "")
        return TimelineEvent(at, kind, account, association, detail, text)

    def _thread(
        self, number: int, title: str, author: str, opened: datetime, events: _Events, *, is_pull: bool
    ) -> PastThread:
        """The thread as far as it went until the end."""
        done = tuple(each for each in sorted(events, key=lambda each: each.at) if each.at < self._until)
        ends = {event.kind: event for event in done if event.kind in {"closed", "merged"}}
        closed, merged = ends.get("closed"), ends.get("merged")
        return PastThread(
            number=number,
            is_pull=is_pull,
            title=title,
            author=self._people[author].id,
            created_at=opened,
            association="MEMBER" if author in MAINTAINERS else "CONTRIBUTOR",
            is_open=closed is None,
            closed_at=closed.at if closed else None,
            merged_at=merged.at if merged else None,
            merged_by=merged.who if merged else None,
            labels=tuple(event.detail for event in done if event.kind == "labeled"),
            timeline=done,
        )

    def _on(self, thread: PastThread) -> tuple[Person, ...]:
        took_part = {thread.author, *(event.who for event in thread.timeline)}
        return tuple(person for person in self._people.values() if person.id in took_part)

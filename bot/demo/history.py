"""Two years of a made-up project, always the same: what a report of its health has to tell.

``acme/widgets`` has three maintainers, one of whom does most of the reviews. People come, some stay. An
account that looks like a person's greets every pull request within seconds. One quarter was slow: a
maintainer was away, and no release came. Since then it goes better, but newcomers of the last days wait.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core.documents import Document, Inventory
from bot.core.history import Deed, DeedKind, PastRelease, PastThread, Person, Snapshot
from bot.store.database import Database
from bot.store.documents import Documents
from bot.store.editions import Editions
from bot.store.history import Histories

NAME = "acme/widgets"
DAYS = 730
SLOW = (330, 420)  # days since the beginning
RELEASE_EVERY = 42
MAINTAINERS = ("maya", "sam", "li-wei")
GREETER, HELPER = "widget-greeter", "dependabot[bot]"
#: Who stays; the others come once or twice.
REGULARS = ("nia", "bo", "aroha", "tomasz", "yuki")
NEWCOMERS = 90
AT_ONCE = 200
LATELY = timedelta(days=6)

ISSUES = (
    "Crash when saving a large file",
    "How do I set a proxy?",
    "Support dark mode in the preview",
    "The manual does not say where settings are kept",
    "Widgets overlap after a resize",
    "Import fails for names with spaces",
    "Please let me sort by date",
    "Undo removes too much",
)
PULLS = (
    "Save before closing",
    "Speed up the first drawing",
    "Explain the settings file",
    "Keep the order of widgets",
    "Test the importer with odd names",
    "Do not lose the selection",
    "Show progress while exporting",
)
LABELS = ("bug", "question", "feature", "documentation")


@dataclass(frozen=True, slots=True)
class Made:
    """A history that was made up.

    Args:
        snapshots: its threads, in the order of their numbers.
        people: all accounts.
        releases: the oldest first.
        documents: which there are at its end.
    """

    snapshots: tuple[Snapshot, ...]
    people: tuple[Person, ...]
    releases: tuple[PastRelease, ...]
    documents: Inventory

    @property
    def threads(self) -> tuple[PastThread, ...]:
        return tuple(snapshot.thread for snapshot in self.snapshots)


def made_up(until: datetime, seed: int = 7, *, times: int = 1) -> Made:
    """Make up the history.

    Args:
        until: when it ends (aware).
        seed: another one gives another history of the same kind.
        times: how many times as much happened.
    """
    return _Maker(until, seed, times).make()


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


class _Maker:
    def __init__(self, until: datetime, seed: int, times: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 (a story, no secret)
        self._times = times
        self._until = until.astimezone(UTC).replace(microsecond=0)
        self._begin = self._until - timedelta(days=DAYS)
        names = [
            *MAINTAINERS,
            GREETER,
            HELPER,
            *REGULARS,
            *(f"newcomer-{n}" for n in range(1, NEWCOMERS + 1)),
        ]
        self._people = {name: Person(n, name, name == HELPER) for n, name in enumerate(names, 1)}

    def make(self) -> Made:
        snapshots = []
        for number, opened in enumerate(self._openings(), 1):
            thread = (
                self._pull(number, opened) if self._chance.random() < 0.55 else self._issue(number, opened)
            )
            updated = max([thread.created_at, *(deed.at for deed in thread.deeds)])
            snapshots.append(Snapshot(thread, self._on(thread), updated))
        return Made(
            tuple(snapshots), tuple(self._people.values()), tuple(self._releases()), self._documents()
        )

    def _openings(self) -> list[datetime]:
        """When threads were opened: more on working days, and by day, and more as the project grows."""
        found = []
        for day in range(DAYS):
            midnight = (self._begin + timedelta(days=day)).replace(hour=0, minute=0, second=0)
            busy = (0.75 if midnight.weekday() < 5 else 0.25) * (0.7 + day / DAYS) * self._times
            for _ in range(self._often(busy)):
                seconds = min(max(self._chance.gauss(14, 4), 0), 23.9) * 3600
                found.append(midnight + timedelta(seconds=int(seconds)))
        return sorted(moment for moment in found if self._begin <= moment < self._until)

    def _often(self, mean: float) -> int:
        """How often something happens on a day that does so this often in the mean."""
        passed, count = self._chance.expovariate(mean), 0
        while passed < 1:
            passed, count = passed + self._chance.expovariate(mean), count + 1
        return count

    def _documents(self) -> Inventory:
        """Most are there; how to report a weakness is not written down."""
        there = (
            Document("readme", "README.md", "1" * 40, "", self._until - timedelta(days=41)),
            Document("contributing", "CONTRIBUTING.md", "2" * 40, "", self._until - timedelta(days=512)),
            Document(
                *("code_of_conduct", "CODE_OF_CONDUCT.md", "3" * 40, "acme/.github"),
                self._begin - timedelta(days=300),
                has_contact=True,
            ),
            Document("license", "LICENSE", "4" * 40, "", self._begin - timedelta(days=900)),
            Document("pull_template", ".github/PULL_REQUEST_TEMPLATE.md", "5" * 40, "", self._begin),
        )
        return Inventory(self._until, there)

    def _releases(self) -> list[PastRelease]:
        days = [day for day in range(20, DAYS - 10, RELEASE_EVERY) if not SLOW[0] <= day < SLOW[1] + 20]
        return [
            PastRelease(f"v1.{n}.0", self._begin + timedelta(days=day, hours=11))
            for n, day in enumerate(days)
        ]

    def _slowness(self, moment: datetime) -> float:
        day = (moment - self._begin).days
        return 5.0 if SLOW[0] <= day < SLOW[1] else 1.0

    def _somebody(self, moment: datetime) -> str:
        """Who opens a thread: newcomers come one after the other, regulars after their first year."""
        share = (moment - self._begin) / timedelta(days=DAYS)
        if self._chance.random() < 0.35:
            latest = max(1, min(NEWCOMERS, round(NEWCOMERS * share)))
            return f"newcomer-{max(1, latest - self._chance.choice((0, 0, 0, 1, 1, 2)))}"
        return self._chance.choice((*MAINTAINERS, *REGULARS[: 2 + round(3 * share)], *REGULARS[:2]))

    def _maintainer(self, author: str) -> str:
        ranked = [name for name in ("maya", "maya", "maya", "maya", "sam", "sam", "li-wei") if name != author]
        return self._chance.choice(ranked)

    def _after(self, moment: datetime, hours: float) -> datetime:
        """Some time later, now and then far later."""
        waited = self._chance.lognormvariate(0, 1.1) * hours * self._slowness(moment)
        return moment + timedelta(seconds=int(waited * 3600) + 60)

    def _waits(self, author: str, opened: datetime) -> bool:
        """Whether nobody found the time yet: a newcomer's thread of the last days."""
        return author.startswith("newcomer") and opened > self._until - LATELY

    def _issue(self, number: int, opened: datetime) -> PastThread:
        author = self._somebody(opened)
        deeds: list[Deed] = []
        label = self._chance.choice(LABELS)
        if self._chance.random() < 0.95 and not self._waits(author, opened):
            answered = self._after(opened, 7)
            who = self._maintainer(author) if self._chance.random() < 0.8 else self._chance.choice(REGULARS)
            deeds.append(self._deed(answered, "commented", who))
            deeds.append(self._deed(answered, "labeled", self._maintainer(author), label))
            if self._chance.random() < 0.8:
                deeds.append(self._deed(self._after(answered, 120), "closed", self._maintainer(author)))
        return self._thread(number, self._chance.choice(ISSUES), author, opened, deeds, is_pull=False)

    def _pull(self, number: int, opened: datetime) -> PastThread:
        if self._chance.random() < 0.12:
            return self._bump(number, opened)
        author, deeds, now = self._somebody(opened), [], opened
        greeted = opened + timedelta(seconds=self._chance.randrange(4, 25))
        deeds.append(self._deed(greeted, "commented", GREETER, text="0123456789abcdef"))
        if self._waits(author, opened):
            return self._thread(number, self._chance.choice(PULLS), author, opened, deeds, is_pull=True)
        for _ in range(self._chance.choice((0, 1, 1, 1, 2, 2, 3))):
            now = self._after(now, 16)
            deeds.append(self._deed(now, "reviewed", self._maintainer(author), "changes_requested"))
            now = self._after(now, 9)
            deeds.append(self._deed(now, "committed", None))
        fate = self._chance.random()
        if fate < 0.78:
            now = self._after(now, 12)
            reviewer = self._maintainer(author)
            deeds.append(self._deed(now, "reviewed", reviewer, "approved"))
            if fate < 0.74:
                now = self._after(now, 3)
                deeds += [self._deed(now, "merged", reviewer), self._deed(now, "closed", reviewer)]
        elif fate < 0.98:
            deeds.append(self._deed(self._after(now, 400), "closed", self._maintainer(author)))
        return self._thread(number, self._chance.choice(PULLS), author, opened, deeds, is_pull=True)

    def _bump(self, number: int, opened: datetime) -> PastThread:
        """A dependency that a bot brings up to date, and a maintainer lets in unreviewed."""
        merged = self._after(opened, 20)
        deeds = [self._deed(merged, "merged", "sam"), self._deed(merged, "closed", "sam")]
        title = f"Bump gizmo from 2.{number % 9} to 2.{number % 9 + 1}"
        return self._thread(number, title, HELPER, opened, deeds, is_pull=True)

    def _deed(self, at: datetime, kind: DeedKind, who: str | None, detail: str = "", text: str = "") -> Deed:
        answers = kind in {"commented", "reviewed"}
        association = "MEMBER" if who in MAINTAINERS and answers else ""
        account = None if who is None else self._people[who].id
        return Deed(
            at, kind, account, association, detail, text or (f"{at.timestamp():016.0f}" if answers else "")
        )

    def _thread(
        self, number: int, title: str, author: str, opened: datetime, deeds: Sequence[Deed], *, is_pull: bool
    ) -> PastThread:
        """The thread as far as it went until the end."""
        done = tuple(sorted((deed for deed in deeds if deed.at < self._until), key=lambda deed: deed.at))
        ends = {deed.kind: deed for deed in done if deed.kind in {"closed", "merged"}}
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
            labels=tuple(deed.detail for deed in done if deed.kind == "labeled"),
            deeds=done,
        )

    def _on(self, thread: PastThread) -> tuple[Person, ...]:
        took_part = {thread.author, *(deed.who for deed in thread.deeds)}
        return tuple(person for person in self._people.values() if person.id in took_part)

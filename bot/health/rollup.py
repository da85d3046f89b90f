"""The roll-up: the repositories of an organisation side by side, and what they are together.

One repository's report comes after the other, and only what is small of each stays. The counts of the whole
are the sums of those of the single reports; its people are counted once, wherever they took part.
"""

from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.health.calendar import Window, window_of
from bot.health.figures import LISTED, Metric
from bot.health.report import Report
from bot.health.together import Everybody, people
from bot.health.totals import COUNTS, totals
from bot.health.waiting import Item, NeedKind

#: The figures of each repository.
FIGURES = (
    *COUNTS,
    "time_to_first_response",
    "answered_within_benchmark",
    "absence_factor_merged_prs",
    "days_since_release",
)
_HAPPENINGS = ("issues_opened", "issues_closed", "prs_opened", "prs_closed", "prs_merged", "releases")


@dataclass(frozen=True, slots=True)
class Line:
    """One repository.

    Args:
        repository: its full name.
        metrics: its figures, by their ids, without what lies behind them.
        before: the same of the window before.
        waiting: how many of its threads need a person.
        known_until: until when its history is known, where that is a week or more before the window ends.
    """

    repository: str
    metrics: Mapping[str, Metric]
    before: Mapping[str, Metric]
    waiting: int
    known_until: datetime | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether nothing was opened, closed, merged or released in the window, and nobody waits."""
        return not self.waiting and not any(self.metrics[id_].value for id_ in _HAPPENINGS)


@dataclass(frozen=True, slots=True)
class Waits:
    """A thread that needs a person, and where."""

    repository: str
    item: Item


@dataclass(frozen=True, slots=True)
class Everywhere:
    """One kind of thing that needs a person, in all repositories.

    Args:
        kind: what it is.
        count: how many there are.
        repositories: in how many repositories.
        items: those that wait longest.
    """

    kind: NeedKind
    count: int
    repositories: int
    items: tuple[Waits, ...]


@dataclass(frozen=True, slots=True)
class Rollup:
    """What is said of an organisation.

    Args:
        organisation: its name.
        window: the window of the whole.
        time_zone: where its days begin.
        needs_you: what needs a person now, of all kinds.
        lines: the repositories, in the order of the alphabet.
        totals, people: the figures of the whole; those of people count each of them once.
        before: the figures of the whole in the window before, by their ids.
    """

    organisation: str
    window: Window
    time_zone: str
    needs_you: tuple[Everywhere, ...]
    lines: tuple[Line, ...]
    totals: tuple[Metric, ...]
    people: tuple[Metric, ...]
    before: Mapping[str, Metric]

    @property
    def waiting(self) -> int:
        """How many threads need a person."""
        return sum(line.waiting for line in self.lines)

    def without(self, gone: Collection[tuple[str, int]]) -> "Rollup":
        """Return the same without threads that are listed and no longer there.

        Args:
            gone: their repositories and numbers.
        """
        needs = []
        for need in self.needs_you:
            left = tuple(each for each in need.items if (each.repository, each.item.number) not in gone)
            count = need.count - len(need.items) + len(left)
            needs.append(replace(need, count=count, repositories=min(count, need.repositories), items=left))
        return replace(self, needs_you=tuple(needs))


@dataclass(slots=True)
class _Kind:
    count: int = 0
    repositories: int = 0
    items: list[Waits] = field(default_factory=list)


class RollingUp:
    """Takes in the reports of an organisation's repositories, one after the other.

    Args:
        organisation: its name.
        until: the end of the window of all the reports (aware).
        days: how many days it has.
        zone: where the days of the whole begin.
    """

    def __init__(self, organisation: str, until: datetime, days: int, zone: ZoneInfo) -> None:
        self._organisation, self._zone = organisation, zone
        self._window = window_of(until, days, zone)
        self._lines: list[Line] = []
        self._kinds: dict[NeedKind, _Kind] = {}
        self._seconds, self._seconds_before = array("d"), array("d")
        self._everybody = Everybody()

    def add(self, repository: str, report: Report, known_until: datetime | None = None) -> None:
        """Take in a repository's report.

        Args:
            repository: its full name.
            report: of the same window.
            known_until: until when its history is known, where that is too early to say what is now.
        """
        given = report.contributed
        metrics = {metric.id: _bare(metric) for metric in report.metrics if metric.id in FIGURES}
        before = {id_: _bare(metric) for id_, metric in report.before.items() if id_ in FIGURES}
        metrics["time_to_first_response"] = replace(
            _bare(given.now.first_response), previous=given.before.first_response.headline
        )
        before["time_to_first_response"] = _bare(given.before.first_response)
        waiting = frozenset[int]().union(*(need.numbers for need in report.needs_you))
        self._lines.append(Line(repository, metrics, before, len(waiting), known_until))
        if known_until is None:
            self._seconds.extend(given.now.seconds)
            self._seconds_before.extend(given.before.seconds)
        self._everybody.add(given)
        for need in report.needs_you:
            kind = self._kinds.setdefault(need.kind, _Kind())
            kind.count += need.count
            kind.repositories += bool(need.count)
            kind.items = _longest([*kind.items, *(Waits(repository, item) for item in need.items)])

    def named(self) -> AbstractSet[int]:
        """The numbers of the accounts that may be named."""
        return self._everybody.named()

    def rollup(self, logins: Mapping[int, str]) -> Rollup:
        """Return what all of them say together.

        Args:
            logins: what accounts are called, by their numbers; who has no name there is counted, and not
                named.
        """
        window = self._window
        lines = tuple(sorted(self._lines, key=lambda line: line.repository.lower()))
        known = [line for line in lines if line.known_until is None]
        ended = [line for line in lines if line.known_until is not None]
        now = tuple(totals([line.metrics for line in known], self._seconds, [line.metrics for line in ended]))
        then = totals([line.before for line in known], self._seconds_before, [line.before for line in ended])
        here = tuple(people(self._everybody, 0, logins))
        before = {metric.id: metric for metric in (*then, *people(self._everybody, 1, logins))}
        return Rollup(
            self._organisation,
            window,
            self._zone.key,
            tuple(
                Everywhere(name, kind.count, kind.repositories, tuple(kind.items))
                for name, kind in self._kinds.items()
            ),
            lines,
            tuple(_beside(now, before)),
            tuple(_beside(here, before)),
            before,
        )


def _bare(metric: Metric) -> Metric:
    """A figure without the threads and the people behind it, of which nobody asks here."""
    return replace(metric, usual=None, breakdown=(), items=())


def _longest(found: Sequence[Waits]) -> list[Waits]:
    ordered = sorted(found, key=lambda each: (each.item.since, each.repository.lower(), each.item.number))
    return ordered[:LISTED]


def _beside(now: Sequence[Metric], before: Mapping[str, Metric]) -> Iterator[Metric]:
    for metric in now:
        yield replace(metric, previous=before[metric.id].headline)

"""The roll-up: the repositories of an organisation side by side, and what they are together.

One repository's report comes after the other, and only what is small of each stays. The counts of the whole
are the sums of those of the single reports; its people are counted once, wherever they took part.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.health.calendar import Window, window_of
from bot.health.everywhere import Everywhere, Gathering
from bot.health.figures import Metric
from bot.health.report import Report
from bot.health.together import Everybody, people
from bot.health.totals import COUNTS, totals
from bot.health.waiting import NeedKind

ANSWERED = ("time_to_first_response", "answered_within_benchmark")
#: The figures of each repository.
FIGURES = (
    *COUNTS,
    *ANSWERED,
    "absence_factor_merged_prs",
    "days_since_release",
)
_HAPPENINGS = ("issues_opened", "issues_closed", "prs_opened", "prs_closed", "prs_merged", "releases")


@dataclass(frozen=True, slots=True)
class Line:
    """One repository.

    Args:
        repository: its full name.
        metrics: its figures, by their ids, without what lies behind them; none where it is left out.
        before: the same of the window before.
        waiting: how many of its threads need a person; None where it is left out.
        known_until: until when its history is known, where that is a week or more before the window ends.
    """

    repository: str
    metrics: Mapping[str, Metric]
    before: Mapping[str, Metric]
    waiting: int | None
    known_until: datetime | None = None

    @property
    def is_left_out(self) -> bool:
        """Whether too little of the window is known to say anything of the repository."""
        return self.waiting is None

    @property
    def is_quiet(self) -> bool:
        """Whether nothing was opened, closed, merged or released in the window, and nobody waits."""
        return self.waiting == 0 and not any(self.metrics[id_].value for id_ in _HAPPENINGS)


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
        return sum(line.waiting or 0 for line in self.lines)

    @property
    def counted(self) -> int:
        """How many repositories its figures are of."""
        return sum(not line.is_left_out for line in self.lines)

    def without(self, gone: Collection[tuple[str, int]]) -> "Rollup":
        """Return the same without threads that are listed and no longer there.

        Args:
            gone: their repositories and numbers.
        """
        return replace(self, needs_you=tuple(need.without(gone) for need in self.needs_you))


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
        self._kinds: dict[NeedKind, Gathering] = {}
        self._seconds, self._seconds_before = array("d"), array("d")
        self._everybody = Everybody()

    def is_enough(self, known_until: datetime | None) -> bool:
        """Return whether a history that is known until then says anything of the window: of half of it."""
        start, until = self._window.start, self._window.until
        return known_until is None or known_until >= start + (until - start) / 2

    def leave_out(self, repository: str, known_until: datetime) -> None:
        """Name a repository of which too little of the window is known."""
        self._lines.append(Line(repository, {}, {}, None, known_until))
        self._everybody.ended += 1

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
        if known_until is not None:  # what was answered since, and when, nobody knows
            metrics |= {id_: _unknown(metrics[id_]) for id_ in ANSWERED}
        waiting = frozenset[int]().union(*(need.numbers for need in report.needs_you))
        self._lines.append(Line(repository, metrics, before, len(waiting), known_until))
        if known_until is None:
            self._seconds.extend(given.now.seconds)
            self._seconds_before.extend(given.before.seconds)
        self._everybody.add(given, has_ended=known_until is not None)
        for need in report.needs_you:
            kind = self._kinds.setdefault(need.kind, Gathering())
            kind.add(repository, need.groups, has_ended=known_until is not None)

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
        counted = [line for line in lines if not line.is_left_out]
        known = [line for line in counted if line.known_until is None]
        ended = [line for line in counted if line.known_until is not None]
        fewer = len(lines) - len(counted)
        now = totals([each.metrics for each in known], self._seconds, [each.metrics for each in ended], fewer)
        then = totals(
            [each.before for each in known], self._seconds_before, [each.before for each in ended], fewer
        )
        here, earlier = (people(self._everybody, window, logins) for window in (0, 1))
        before = {metric.id: _said(metric, counted) for metric in (*then, *earlier)}
        return Rollup(
            self._organisation,
            window,
            self._zone.key,
            tuple(Everywhere(name, kind.repositories, kind.shown()) for name, kind in self._kinds.items()),
            lines,
            tuple(_beside((_said(metric, counted) for metric in now), before)),
            tuple(_beside((_said(metric, counted) for metric in here), before)),
            before,
        )


def _bare(metric: Metric) -> Metric:
    """A figure without the threads and the people behind it, of which nobody asks here."""
    return replace(metric, usual=None, breakdown=(), items=())


def _unknown(metric: Metric) -> Metric:
    return Metric(metric.id, metric.unit, 0, metric.definition, previous=metric.previous, is_known=False)


def _said(metric: Metric, counted: Sequence[Line]) -> Metric:
    """A figure, which is unknown where it is of no repository."""
    return metric if counted else replace(metric, value=None, is_known=False)


def _beside(now: Iterable[Metric], before: Mapping[str, Metric]) -> Iterator[Metric]:
    for metric in now:
        yield replace(metric, previous=before[metric.id].headline)

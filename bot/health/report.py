"""The report: all figures of a window, beside those of the window before and of the last weeks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.documents import Inventory
from bot.core.history import CommitsBefore, HeadChecks, PastCommit, PastRelease, PastThread, Person
from bot.health.advice import advice
from bot.health.audience import Audience, Chosen
from bot.health.calendar import Window, weeks_before
from bot.health.closing import closing, cohorts
from bot.health.commits import Committed, commits_of
from bot.health.contributed import Contributed, contributed
from bot.health.contributors import contributors
from bot.health.documents import documents
from bot.health.figures import Advice, AudienceName, Cohort, Metric, Series, Usual
from bot.health.first_timers import first_timers
from bot.health.flow import flow, series
from bot.health.gathered import Gathered
from bot.health.labels import Labelling, labels
from bot.health.listed import Listed, listed
from bot.health.needs import needs
from bot.health.people import Suspect
from bot.health.period import Period
from bot.health.releases import releases
from bot.health.responses import responses
from bot.health.reviews import review_load, reviews
from bot.health.settings import HealthConfig
from bot.health.usual import is_comparable, usual
from bot.health.waiting import Need

Watched = Callable[[Iterable[Metric]], Iterable[Metric]]


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known beside the threads.

    Args:
        persons: the accounts that took part.
        releases: all releases.
        commits: the commits of the default branch, which are gone through once; None where nobody knows.
        commits_before: of those that are not among them, as they are older than both windows, and than the
            last release before these.
        labellings: what Usher decided about labels, since the beginning of the window before.
        checks: how the checks of approved pull requests stand, by their numbers; without those unknown.
        marks: what people said of accounts by a click: True for a bot.
        maintainers: who has the triage role or more; None where nobody knows.
        documents: which documents there are; None where nobody looked.
    """

    persons: Sequence[Person] = ()
    releases: Sequence[PastRelease] = ()
    commits: Iterable[PastCommit] | None = None
    commits_before: CommitsBefore | None = None
    labellings: Sequence[Labelling] = ()
    checks: Mapping[int, HeadChecks] = field(default_factory=dict)
    marks: Mapping[int, bool] = field(default_factory=dict)
    maintainers: Sequence[int] | None = None
    documents: Inventory | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is said about a window.

    Args:
        window: the window.
        audience: whose threads it is about.
        time_zone: where its days begin.
        metrics: the figures, in the order in which they are shown.
        series: the counts by week and by month.
        before: the figures of the window before, by their ids.
        cohorts: the times to close and to merge by quarter of creation.
        needs_you: what needs a person now, of all kinds.
        advice: what may help; nothing where it is about some people's threads alone.
        suspects: accounts that were left out since they behave like bots, until somebody says what they are.
        maintainers: the names of the accounts that count as maintainers.
        threads: those that the figures and the advice list, by their numbers, as far as they are known.
        begins_at: when the first thread was opened that is known; what was before is unknown, not zero.
        contributed: what it gives to the figures of its organisation, whose threads it may be about.
    """

    window: Window
    audience: Chosen
    time_zone: str
    metrics: tuple[Metric, ...]
    series: tuple[Series, ...]
    before: Mapping[str, Metric]
    cohorts: tuple[Cohort, ...]
    needs_you: tuple[Need, ...]
    advice: tuple[Advice, ...]
    suspects: tuple[Suspect, ...]
    maintainers: tuple[str, ...]
    threads: Mapping[int, Listed]
    begins_at: datetime | None
    contributed: Contributed

    @property
    def needs_nobody(self) -> bool:
        """Whether nothing needs a person."""
        return not any(need.count for need in self.needs_you)

    def metric(self, id_: str) -> Metric:
        """The figure of this id.

        Raises:
            KeyError: there is none.
        """
        return {metric.id: metric for metric in self.metrics}[id_]


def report(
    threads: Iterable[PastThread],
    until: datetime,
    config: HealthConfig,
    beside: Beside | None = None,
    audience: AudienceName = "everyone",
    *,
    watched: Watched = iter,
) -> Report:
    """Return the report of the window that ends at a moment.

    Args:
        threads: the whole history, in the order of numbers; it is gone through once.
        until: the end of the window (aware); what happens from then on is not looked at.
        config: the settings.
        beside: what is known beside the threads.
        audience: whose threads it is about.
        watched: the figures come through it as they are made, so that it may end what takes long.
    """
    gathered = Gathered(until, config)
    for thread in threads:
        gathered.add(thread)
    return report_of(gathered, beside or Beside(), audience, watched)


def report_of(
    gathered: Gathered, beside: Beside, name: AudienceName = "everyone", watched: Watched = iter
) -> Report:
    """Return the report of what was gathered."""
    people = gathered.people(beside.persons, beside.marks, beside.maintainers)
    audience = Audience(name, people, gathered.activities)
    known = beside.commits
    committed = None if known is None else Committed.of(known, gathered, beside.commits_before)
    now = Period.of(gathered, gathered.window, people)
    previous = Period.of(gathered, gathered.previous, people)
    before = {m.id: m for m in watched(_compared(previous, audience, beside, committed))}
    usually = _usually(gathered, audience, watched)
    metrics = tuple(
        replace(
            metric,
            previous=before[metric.id].headline if metric.id in before else None,
            usual=usually.get(metric.id),
        )
        for metric in watched(_compared(now, audience, beside, committed))
    )
    metrics += (documents(gathered.window.until, beside.documents),)
    needed = needs(audience.of(now), beside.checks)
    told = advice({m.id: m for m in metrics}, now, needed[-1].count) if name == "everyone" else ()
    return Report(
        gathered.window,
        audience.chosen(now),
        gathered.config.time_zone,
        metrics,
        tuple(series(audience.outlines(gathered), gathered.window, gathered.zone)),
        before,
        tuple(cohorts(audience.outlines(gathered))),
        needed,
        told,
        people.suspects,
        tuple(sorted(map(people.login, people.maintainers), key=str.lower)),
        listed((*metrics, *told), gathered.threads),
        gathered.begins_at,
        contributed(now, previous),
    )


def _compared(
    period: Period, audience: Audience, beside: Beside, committed: Committed | None
) -> Iterator[Metric]:
    """The figures that are compared with the period before."""
    for metric in _by_week(audience.of(period)):
        yield replace(metric, audience=audience.name, cases=())
    yield from contributors(period)
    yield from first_timers(period)
    yield from releases(period, beside.releases)
    yield from commits_of(period, committed, beside.releases)
    yield from review_load(period)
    yield from labels(period, beside.labellings)


def _by_week(period: Period) -> Iterator[Metric]:
    """The figures of threads, which say something for a single week and for some people's threads, too."""
    yield from responses(period)
    yield from flow(period)
    yield from closing(period)
    yield from reviews(period)


def _usually(gathered: Gathered, audience: Audience, watched: Watched) -> dict[str, Usual | None]:
    """What is usual, by the weeks before the window that lie in the history."""
    window, begins_at = gathered.window, gathered.begins_at
    found: dict[str, list[Metric]] = {}
    for week in weeks_before(window.start, gathered.zone):
        if begins_at is not None and week.start >= begins_at:
            for metric in watched(_by_week(audience.of(Period.of(gathered, week, audience.people)))):
                if is_comparable(metric, window):
                    found.setdefault(metric.id, []).append(metric)
    return {id_: usual(weeks) for id_, weeks in found.items()}

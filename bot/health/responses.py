"""Responsiveness: how long people wait for a first word from somebody else."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.core.history import PastThread, TimelineEvent
from bot.health.figures import Metric, distribution, share, spread
from bot.health.period import Period

TO_ISSUE = "From the opening to the first comment by a person who is not the author."
FIRST_RESPONSE = (
    "From the opening (of one that began as a draft: from when it was ready; words from before do not count)"
    " to the first comment, review or review comment by a person who is not the author."
)
BY_MAINTAINER = (
    "From the opening (of a pull request that began as a draft: from when it was ready) to the first comment,"
    " review or review comment by a maintainer who is not the author; issues and pull requests together."
)
IN_TIME = (
    "Of the issues and pull requests opened in the window, the share with a first response within"
    " {benchmark:g} business days. Younger ones without a response count neither way."
)

Answers = Callable[[TimelineEvent, PastThread], bool]


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a thread waited for something: from when, and until when; None while it still does."""

    thread: PastThread
    start: datetime
    end: datetime | None


def first_answer(thread: PastThread, is_answer: Answers) -> datetime | None:
    """Return when a thread was answered first, once it was ready to be looked at; None while it was not."""
    start = thread.ready_at
    if start is None:
        return None
    return min((d.at for d in thread.timeline if d.at >= start and is_answer(d, thread)), default=None)


def waits(threads: Iterable[PastThread], is_answer: Answers) -> list[Wait]:
    """Return how long those that were ready waited for an answer."""
    return [
        Wait(thread, thread.ready_at, first_answer(thread, is_answer))
        for thread in threads
        if thread.ready_at is not None
    ]


def waiting_time(id_: str, found: Iterable[Wait], period: Period, definition: str) -> Metric:
    """Return the figure of waits: elapsed, in working time, and who still waits, the open ones first."""
    found = list(found)
    ended = [(wait.start, wait.end) for wait in found if wait.end is not None]
    pending = sorted(
        (wait.thread for wait in found if wait.end is None), key=lambda t: (not t.is_open, t.number)
    )
    business = period.business
    median, p90 = spread(business.between(start, end) for start, end in ended)
    return distribution(
        id_,
        "seconds",
        ((end - start).total_seconds() for start, end in ended),
        definition,
        pending=len(pending),
        details={
            "business_median": median,
            "business_p90": p90,
            "pending_closed": sum(not thread.is_open for thread in pending),
        },
        items=(thread.number for thread in pending),
    )


def in_time(id_: str, threads: Iterable[PastThread], period: Period, definition: str) -> Metric:
    """Return the share of threads that were answered by a person within the benchmark."""
    business, people = period.business, period.people
    limit = business.day * period.config.benchmark
    within, late, young = 0, [], 0
    for wait in waits(threads, people.is_answer):
        if wait.end is not None and business.between(wait.start, wait.end) <= limit:
            within += 1
        elif wait.end is None and business.between(wait.start, period.window.until) < limit:
            young += 1
        else:
            late.append(wait.thread.number)
    return share(
        id_, within, within + len(late), definition, pending=young, details={"in_time": within}, items=late
    )


def responses(period: Period) -> Iterator[Metric]:
    """The figures of responsiveness, for what was opened in the window."""
    people = period.people
    issues, pulls = list(period.waiting(pulls=False)), list(period.waiting(pulls=True))
    for id_, threads, definition in (
        ("time_to_first_response_issue", issues, TO_ISSUE),
        ("time_to_first_response_pr", pulls, FIRST_RESPONSE),
    ):
        yield waiting_time(id_, waits(threads, people.is_answer), period, definition)
    yield waiting_time(
        "time_to_first_maintainer_response",
        waits([*issues, *pulls], people.is_maintainers_answer),
        period,
        BY_MAINTAINER,
    )
    definition = IN_TIME.format(benchmark=period.config.benchmark)
    yield in_time("answered_within_benchmark", [*issues, *pulls], period, definition)

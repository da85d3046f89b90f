"""The threads behind a figure or a piece of advice, in words: how old each is, and how it ended."""

from dataclasses import dataclass
from datetime import datetime

from bot.health.figures import Advice, Metric
from bot.health.listed import Listed
from bot.health.report import Report
from bot.reports.names import LATEST, name_of
from bot.reports.words import ago, duration


@dataclass(frozen=True, slots=True)
class Behind:
    """A thread behind a figure.

    Args:
        number: its number.
        age: how long before the end of the window it was opened; "" where that is not known.
        ended: how it ended, and after how long; "" where it was open still, or nothing is known of it.
    """

    number: int
    age: str
    ended: str


def behind(metric: Metric, report: Report) -> tuple[Behind, ...]:
    """Return the threads that a figure lists: of those that wait for something, the open ones first."""
    numbers = metric.items[::-1] if name_of(metric.id).listed == LATEST else metric.items
    found = [_behind(number, report.threads.get(number), report.window.until) for number in numbers]
    return tuple(sorted(found, key=lambda each: bool(each.ended)) if metric.pending else found)


def evidence(advice: Advice, report: Report) -> tuple[Behind, ...]:
    """Return the threads that a piece of advice rests on, the latest first; none where it lists none."""
    numbers, until = advice.items[::-1], report.window.until
    return tuple(_behind(number, report.threads.get(number), until) for number in numbers)


def _behind(number: int, thread: Listed | None, until: datetime) -> Behind:
    if thread is None:
        return Behind(number, "", "")
    ended = ""
    if thread.closed_at is not None:
        took = duration((thread.closed_at - thread.opened_at).total_seconds())
        ended = f"{'merged' if thread.is_merged else 'closed'} after {took}"
    return Behind(number, ago(thread.opened_at, until), ended)

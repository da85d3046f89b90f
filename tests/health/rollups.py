"""Roll-ups for the tests, of threads written in few words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.core.history import PastThread, Person
from bot.health.figures import Metric
from bot.health.report import Beside, Report, report
from bot.health.rollup import RollingUp, Rollup
from bot.health.settings import HealthConfig
from tests.health.examples import MAINT, PERSONS, at


def reported(
    *threads: PastThread, until: str = "2026-04-01", beside: Mapping[str, Any] | None = None, **config: Any
) -> Report:
    """A repository's report of March 2026, unless it is said otherwise."""
    settings = HealthConfig(**{"window": 31, **config})
    known = Beside(**{"persons": PERSONS, "maintainers": (MAINT,), **(beside or {})})
    return report(threads, at(until), settings, known)


def rolled(reports: Mapping[str, Report], until: str = "2026-04-01", days: int = 31) -> Rollup:
    """The roll-up of reports, by the names of their repositories."""
    rolling = RollingUp("acme", at(until), days, HealthConfig().zone)
    for name, each in reports.items():
        rolling.add(f"acme/{name}", each)
    return rolling.rollup()


def rolled_up(
    histories: Sequence[tuple[Sequence[PastThread], Sequence[Person]]], until: datetime, days: int
) -> tuple[Rollup, list[Report]]:
    """The roll-up of several histories, and their own reports."""
    rolling = RollingUp("acme", until, days, HealthConfig().zone)
    reports = [
        report(threads, until, HealthConfig(window=days), Beside(persons=persons))
        for threads, persons in histories
    ]
    for number, each in enumerate(reports):
        rolling.add(f"acme/number-{number}", each)
    return rolling.rollup(), reports


def figure(rollup: Rollup, id_: str) -> Metric:
    """A figure of the whole."""
    return {metric.id: metric for metric in (*rollup.totals, *rollup.people)}[id_]

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

LOGINS = {n: f"person-{n}" for n in range(100, 120)} | {each.id: each.login for each in PERSONS}


def reported(
    *threads: PastThread, until: str = "2026-04-01", beside: Mapping[str, Any] | None = None, **config: Any
) -> Report:
    """A repository's report of March 2026, unless it is said otherwise."""
    settings = HealthConfig(**{"window": 31, **config})
    known = Beside(**{"persons": PERSONS, "maintainers": (MAINT,), **(beside or {})})
    return report(threads, at(until), settings, known)


def rolled(
    reports: Mapping[str, Report],
    until: str = "2026-04-01",
    days: int = 31,
    ended: Mapping[str, str] | None = None,
) -> Rollup:
    """The roll-up of reports, by the names of their repositories; and the days when some histories ended."""
    rolling = RollingUp("acme", at(until), days, HealthConfig().zone)
    for name, each in reports.items():
        end = (ended or {}).get(name)
        rolling.add(f"acme/{name}", each, at(end) if end else None)
    return rolling.rollup(LOGINS)


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
    logins = {person.id: person.login for _, persons in histories for person in persons}
    return rolling.rollup(logins), reports


def figure(rollup: Rollup, id_: str) -> Metric:
    """A figure of the whole."""
    return {metric.id: metric for metric in (*rollup.totals, *rollup.people)}[id_]

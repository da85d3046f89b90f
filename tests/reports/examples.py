"""Reports for the tests of how they are shown."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bot.core.history import PastThread, Person
from bot.demo.history import NAME, made_up
from bot.health.figures import AudienceName
from bot.health.report import Beside, Report, report
from bot.health.settings import HealthConfig
from bot.reporting import Told
from bot.reports.markdown import markdown
from tests.health.examples import PERSONS, at

UNTIL = datetime(2026, 6, 15, tzinfo=UTC)
# What somebody might call themselves, or a thread, to break out of where it is shown.
NASTY = '<script>alert(1)</script> @acme/team fixes #1 "><b> | `x` ![i](https://evil.example/x.png) -->'


def story(**config: Any) -> Told:
    """The report of the made-up project."""
    made = made_up(UNTIL)
    settings = HealthConfig(**config)
    beside = Beside(
        persons=made.people,
        releases=made.releases,
        commits=made.commits,
        checks=made.checks,
        documents=made.documents,
    )
    titles = {thread.number: thread.title for thread in made.threads}
    return Told(NAME, report(made.threads, UNTIL, settings, beside), settings, UNTIL, titles)


def told(
    *threads: PastThread,
    until: str = "2026-04-01",
    persons: Iterable[Person] = PERSONS,
    beside: dict[str, Any] | None = None,
    audience: AudienceName = "everyone",
    **config: Any,
) -> Told:
    """The report of a few threads; the window is March 2026 unless it is said otherwise."""
    settings = HealthConfig(**{"window": 31, **config})
    known = Beside(persons=tuple(persons), **(beside or {}))
    made: Report = report(threads, at(until), settings, known, audience)
    return Told("acme/widgets", made, settings, at(until), {each.number: each.title for each in threads})


if __name__ == "__main__":
    sys.stdout.write(markdown(story(window=7), web="https://github.com"))

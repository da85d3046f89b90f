"""Roll-ups for the tests of how they are shown."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.health.report import Report
from bot.rollups import ToldRollup
from tests.health.examples import BO, MAX, NIA, event, issue, pull
from tests.health.rollups import reported, rolled


def told_rollup(
    reports: Mapping[str, Report], titles: Mapping[tuple[str, int], str] | None = None, **more: Any
) -> ToldRollup:
    """The roll-up of some reports of March 2026."""
    return ToldRollup(rolled(reports), 31, ZoneInfo("UTC"), titles or {}, **more)


def three() -> ToldRollup:
    """Two repositories in which something happened, and a quiet one."""
    return told_rollup(
        {
            "widgets": reported(
                issue(1, "2026-03-02", event("2026-03-02 05:00", "commented"), author=BO),
                issue(2, "2026-03-10", author=MAX),
                issue(3, "2026-03-11", author=NIA),
            ),
            "engine": reported(
                issue(1, "2026-02-02", event("2026-02-03", "closed"), author=NIA),
                pull(2, "2026-03-02", event("2026-03-04", "merged"), author=NIA),
            ),
            "quiet": reported(issue(1, "2025-03-02", event("2025-03-03", "commented"))),
        },
        {("acme/widgets", 2): "It is slow"},
    )

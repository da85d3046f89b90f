"""Who is to be thanked: who gave what in the window, and who was here for the first time."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.health.figures import Metric
from bot.health.report import Report
from bot.reports.words import number


@dataclass(frozen=True, slots=True)
class Thanks:
    """What somebody gave; the name is other people's text."""

    login: str
    gave: str


def thanks(report: Report) -> tuple[Thanks, ...]:
    """Return who had pull requests merged or gave reviews, those who gave most first."""
    merged = {part.name: part.value for part in report.metric("absence_factor_merged_prs").breakdown}
    reviews = {part.name: part.value for part in report.metric("absence_factor_reviews").breakdown}
    names = sorted(
        merged.keys() | reviews, key=lambda name: (-merged.get(name, 0) - reviews.get(name, 0), name)
    )
    found = []
    for name in names:
        gave = []
        if merged.get(name):
            gave.append(f"{number(merged[name])} merged")
        if reviews.get(name):
            gave.append(f"{number(reviews[name])} review{'' if reviews[name] == 1 else 's'}")
        found.append(Thanks(name, ", ".join(gave)))
    return tuple(found)


def newcomers(metrics: Iterable[Metric]) -> list[tuple[str, tuple[str, ...]]]:
    """Return who did something for the first time; each person once, with the furthest that they came."""
    known = {metric.id: metric for metric in metrics}
    named: set[str] = set()
    found = []
    for id_, what in (
        ("new_merged_authors", "their first merge"),
        ("new_pr_authors", "their first pull request"),
        ("new_issue_authors", "their first issue"),
    ):
        names = tuple(p.name for p in known[id_].breakdown if p.name not in named)
        named.update(names)
        if names:
            found.append((what, names))
    return found

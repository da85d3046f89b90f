"""Who is to be thanked: who gave what in the window, and who was here for the first time."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.health.figures import LISTED, Metric
from bot.health.report import Report
from bot.reports.words import legible, number


@dataclass(frozen=True, slots=True)
class Thanks:
    """What somebody gave; the name is other people's text."""

    login: str
    gave: str


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Who did something for the first time.

    Args:
        what: what they did.
        names: other people's text; so many at most as are listed.
        more: how many others did.
    """

    what: str
    names: tuple[str, ...]
    more: int


def thanks(report: Report) -> tuple[Thanks, ...]:
    """Return who had pull requests merged or gave reviews, those who gave most first."""
    logins: dict[int | None, str] = {}
    merged, reviews = dict[int | None, float](), dict[int | None, float]()
    for id_, given in (("absence_factor_merged_prs", merged), ("absence_factor_reviews", reviews)):
        for part in report.metric(id_).breakdown:
            logins[part.who], given[part.who] = part.name, part.value
    people = sorted(
        logins, key=lambda who: (-merged.get(who, 0) - reviews.get(who, 0), logins[who], who or 0)
    )
    found = []
    for who in people:
        gave = []
        if who in merged:
            gave.append(f"{number(merged[who])} merged")
        if who in reviews:
            gave.append(f"{number(reviews[who])} review{'' if reviews[who] == 1 else 's'}")
        found.append(Thanks(legible(logins[who]), ", ".join(gave)))
    return tuple(found)


def newcomers(metrics: Iterable[Metric]) -> list[Newcomers]:
    """Return who did something for the first time: as many people of each first as the figures count."""
    known = {metric.id: metric for metric in metrics}
    found = []
    for id_, what in (
        ("new_merged_authors", "their first merge"),
        ("new_pr_authors", "their first pull request"),
        ("new_issue_authors", "their first issue"),
    ):
        new = known[id_].breakdown
        if new:
            names = tuple(legible(part.name) for part in new[:LISTED])
            found.append(Newcomers(what, names, int(known[id_].value or 0) - len(names)))
    return found

"""A roll-up in the words in which it is shown, whatever it is shown on."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.reports.needed import need_words, notes
from bot.reports.rollup_lines import Shown, in_order, known, quiet, shown
from bot.reports.rows import Row, row
from bot.reports.thanks import Newcomers, newcomers
from bot.reports.words import ago, dates, number, these, those_before, until
from bot.rollups import ToldRollup

LONG = "longer than is set there"
NAMED = 12  # people


@dataclass(frozen=True, slots=True)
class WaitingThere:
    """A thread that needs somebody, where, and since when; its title is other people's text."""

    repository: str
    number: int
    title: str
    since: str


@dataclass(frozen=True, slots=True)
class NeededThere:
    """One kind of thing that needs a person: so many of what, why, where, and those that wait longest."""

    kind: str
    count: int
    noun: str
    why: str
    where: str
    items: tuple[WaitingThere, ...]


@dataclass(frozen=True, slots=True)
class RollupView:
    """Everything that is shown. Titles and logins are other people's text.

    Args:
        told: what it is made from.
        dates: the days of the window.
        zone: the time zone, and until when on the last day.
        now, before: how the columns are headed.
        needs: what needs somebody, without empty ones.
        lines: the repositories, in the order that was asked for, without the quiet ones.
        quiet: those in which nothing happened, and what is said of them.
        totals, people: the figures of the whole.
        newcomers: who did something for the first time in the organisation.
        several, more_several: who was active in more than one repository, and how many others were.
        settings: which window and time zone hold, in a sentence.
    """

    told: ToldRollup
    dates: str
    zone: str
    now: str
    before: str
    needs: tuple[NeededThere, ...]
    lines: tuple[Shown, ...]
    quiet: tuple[tuple[str, str], ...]
    totals: tuple[Row, ...]
    people: tuple[Row, ...]
    newcomers: tuple[Newcomers, ...]
    several: tuple[tuple[str, str], ...]
    more_several: int
    settings: str

    @property
    def organisation(self) -> str:
        return self.told.rollup.organisation


def rollup_view(told: ToldRollup, sort: str = "") -> RollupView:
    """Return what is shown of a roll-up.

    Args:
        told: the roll-up.
        sort: the order of the repositories; see ``in_order``.
    """
    rollup, days = told.rollup, told.days
    lines = in_order(rollup.lines, sort)
    (several,) = (metric for metric in rollup.people if metric.id == "active_in_several")
    return RollupView(
        told,
        dates(rollup.window, told.zone),
        until(rollup.window, rollup.time_zone),
        these(days),
        those_before(days),
        tuple(_needs(told)),
        tuple(shown(line) for line in lines if not line.is_quiet),
        tuple((line.repository, quiet(line)) for line in rollup.lines if line.is_quiet),
        tuple(row(metric, rollup.before[metric.id]) for metric in rollup.totals),
        tuple(row(metric, rollup.before[metric.id]) for metric in rollup.people),
        tuple(newcomers(rollup.people)),
        tuple((part.name, f"{number(part.value)} repositories") for part in several.breakdown[:NAMED]),
        int(several.value or 0) - len(several.breakdown[:NAMED]),
        f"The {days} days and the time zone {rollup.time_zone} hold for all; what else counts, and who, each"
        " repository's own settings say.",
    )


def _needs(told: ToldRollup) -> Iterator[NeededThere]:
    end = told.rollup.window.until
    ends = {line.repository: known(line) for line in told.rollup.lines}
    for need in told.rollup.needs_you:
        if not need.count:
            continue
        noun, why = need_words(need.kind, need.count, LONG)
        many = f"{number(need.repositories)} repositories"
        items = tuple(
            WaitingThere(
                each.repository,
                each.item.number,
                told.titles.get((each.repository, each.item.number), ""),
                "; ".join(
                    filter(None, (ago(each.item.since, end), *notes(each.item, end), ends[each.repository]))
                ),
            )
            for each in need.items
        )
        where = "" if need.repositories == 1 else f"in {many}"
        yield NeededThere(need.kind, need.count, noun, why, where, items)

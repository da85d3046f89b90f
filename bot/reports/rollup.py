"""A roll-up in the words in which it is shown, whatever it is shown on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.health.everywhere import Waits
from bot.health.rollup import Line
from bot.reports.needed import Needed, Waiting, need_words, notes
from bot.reports.rollup_lines import Shown, in_order, known, quiet, shown
from bot.reports.rows import Row, row
from bot.reports.thanks import Newcomers, newcomers
from bot.reports.words import UNTITLED, ago, dates, day, legible, number, these, those_before, until
from bot.rollups import ToldRollup

LONG = "longer than is set there"
NAMED = 12  # people


@dataclass(frozen=True, slots=True)
class WaitingThere(Waiting):
    """A thread that needs somebody, and where."""

    repository: str = ""


@dataclass(frozen=True, slots=True)
class NeededThere(Needed):
    """Things that need a person, and in how many repositories: "" for one.

    Args:
        where: how many, in words.
    """

    where: str = ""


@dataclass(frozen=True, slots=True)
class RollupView:
    """Everything that is shown. Titles and logins are other people's text.

    Args:
        told: what it is made from.
        dates: the days of the window.
        zone: the time zone, and until when on the last day.
        now, before: how the columns are headed.
        stale: that the window ends where all the histories do; "" where it does not.
        left_out, ended: repositories of which too little is known to be in the figures, and others whose
            last days are not known; each with the day until which it is known.
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
    stale: str
    left_out: tuple[tuple[str, str], ...]
    ended: tuple[tuple[str, str], ...]
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

    @property
    def needs_none(self) -> str:
        """What is said where no thread needs anybody."""
        if self.told.rollup.counted:
            return "Nothing needs anybody. Thank you."
        if self.left_out:
            return "Too little of this time is known to say what needs somebody."
        return "Of none of its repositories the history is known yet."


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
        _stale(told),
        _known(line for line in rollup.lines if line.is_left_out),
        _known(line for line in rollup.lines if line.known_until and not line.is_left_out),
        tuple(_needs(told)),
        tuple(shown(line) for line in lines if not line.is_quiet),
        tuple((line.repository, quiet(line)) for line in rollup.lines if line.is_quiet),
        tuple(row(metric, rollup.before[metric.id]) for metric in rollup.totals),
        tuple(row(metric, rollup.before[metric.id]) for metric in rollup.people),
        tuple(newcomers(rollup.people)),
        tuple(
            (legible(part.name), f"{number(part.value)} repositories") for part in several.breakdown[:NAMED]
        ),
        int(several.value or 0) - len(several.breakdown[:NAMED]),
        f"The {days} days and the time zone {rollup.time_zone} hold for all; what else counts, and who, each"
        " repository's own settings say.",
    )


def _known(lines: Iterable[Line]) -> tuple[tuple[str, str], ...]:
    return tuple((line.repository, known(line)) for line in lines)


def _stale(told: ToldRollup) -> str:
    if told.ends_with is None:
        return ""
    last = day(told.ends_with.astimezone(told.zone).date())
    whose = "this repository" if len(told.rollup.lines) == 1 else "these repositories"
    return f"What is known of {whose} ends on {last}, and so does this roll-up."


def _needs(told: ToldRollup) -> Iterator[NeededThere]:
    """What needs somebody, a group of each kind after the other."""
    lines = {line.repository: line for line in told.rollup.lines}

    def waiting(each: Waits) -> WaitingThere:
        there, item, until = lines[each.repository], each.item, told.rollup.window.until
        title = legible(told.titles.get((each.repository, item.number), ""), UNTITLED)
        since = ago(item.since, until)
        said = tuple(filter(None, (*notes(item, until), known(there))))
        return WaitingThere(item.number, title, item.is_pull, since, said, repository=each.repository)

    for need in told.rollup.needs_you:
        for group in need.groups:
            yield NeededThere(
                f"{need.kind}-{group.opened_by}" if group.opened_by else need.kind,
                group.count,
                *need_words(group.opened_by or need.kind, group.count, LONG),
                f"{group.new} new this week" if group.new else "",
                tuple(map(waiting, group.recent)),
                tuple(map(waiting, group.old)),
                group.over_a_year,
                where="" if group.repositories == 1 else f"in {number(group.repositories)} repositories",
            )

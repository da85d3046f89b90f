"""A report in the words in which it is shown, whatever it is shown on."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.health.audience import Chosen
from bot.health.figures import Bucket
from bot.health.people import Suspect
from bot.health.report import Report
from bot.reporting import Mark, Told
from bot.reports import documents, meanings
from bot.reports.accounts import suspicion, word
from bot.reports.names import AUDIENCES
from bot.reports.needed import Needed, needed
from bot.reports.pictures import is_under_way
from bot.reports.rows import Row, Table, headlines, tables
from bot.reports.thanks import Newcomers, Thanks, newcomers
from bot.reports.thanks import thanks as thanks_of
from bot.reports.words import bar, bucket, dates, day, legible, number, these, those_before, until

THANKED = 12
SHORT_WINDOW = 45  # days, up to which trends are by week
TREND = 12  # places


@dataclass(frozen=True, slots=True)
class Trend:
    """A place of a trend.

    Args:
        place: its name, and whether it is not over yet.
        cells: each number with a bar of text.
        shares: each number's part of the largest one of all places.
    """

    place: str
    cells: tuple[tuple[str, str], ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Everything that is shown. Logins, titles and newcomers are other people's text.

    Args:
        told: what it is made from.
        dates: the days of the window.
        zone: the time zone, and until when on the last day.
        audience: whose threads it is about; "" where it is everyone's.
        now, before: how the columns are headed.
        stale: that the history ends before the window does, or before today; "" where it does not.
        known_until: the day before which a report looks at the last days of what is known.
        needs: what needs somebody, without empty ones.
        waiting: how many threads that is, in words; one that does so for two reasons counts once.
        needs_mean: what each of these lists says: its name, and which threads are in it since when.
        maintainers: how many accounts count as maintainers, and why.
        headlines, tables: the figures.
        trend_head, trends: the last months or weeks.
        thanks, more_thanks: who gave what, and how many others did.
        newcomers: the people of each first.
        record: what became of Usher's own actions; "" where there were none.
        missing: what is not known, one line each.
    """

    told: Told
    dates: str
    zone: str
    audience: str
    now: str
    before: str
    stale: str
    known_until: str
    needs: tuple[Needed, ...]
    waiting: str
    needs_mean: tuple[tuple[str, str], ...]
    maintainers: str
    headlines: tuple[Row, ...]
    tables: tuple[Table, ...]
    trend_head: tuple[str, ...]
    trends: tuple[Trend, ...]
    thanks: tuple[Thanks, ...]
    more_thanks: int
    newcomers: tuple[Newcomers, ...]
    record: str
    missing: tuple[str, ...]

    @property
    def repository(self) -> str:
        return self.told.repository

    @property
    def needs_none(self) -> str:
        """What is said where no thread needs anybody."""
        begins_at, window = self.told.report.begins_at, self.told.report.window
        if begins_at is not None and begins_at >= window.until:
            return "Nothing is known of this time."
        return "None of these threads needs you." if self.audience else "Nothing needs you. Thank you."

    @property
    def early(self) -> str:
        """That the history begins after the window before does; "" where it goes back that far."""
        begins_at, window = self.told.report.begins_at, self.told.report.window
        if begins_at is None or begins_at <= window.start - (window.until - window.start):
            return ""
        first = day(begins_at.astimezone(self.told.config.zone).date())
        return f"What is known of this repository begins on {first}; of the time before, zeros say nothing."

    @property
    def lacking(self) -> tuple[str, ...]:
        """The documents that are known not to be there."""
        return documents.lacking(self.told.report)

    @property
    def suspects(self) -> tuple[tuple[Suspect, str], ...]:
        """Who was taken for a bot, and why."""
        return tuple(
            (replace(each, login=legible(each.login)), suspicion(each)) for each in self.told.report.suspects
        )

    @property
    def marks(self) -> tuple[tuple[Mark, str], ...]:
        """What somebody said of accounts, and who said it when."""
        zone = self.told.config.zone
        return tuple((mark, word(mark.said, zone)) for mark in self.told.marks)

    @property
    def window(self) -> int:
        """How many days the window has."""
        return self.told.config.window


def _stale(told: Told, last: str) -> str:
    if told.ends_with_history:
        return f"What is known of this repository ends on {last}, and so does this report."
    return f"What is known of this repository ends on {last}." if told.is_stale else ""


def view(told: Told) -> View:
    """Return what is shown of a report."""
    report, zone, days = told.report, told.config.zone, told.config.window
    last = (told.known_until or report.window.until).astimezone(zone).date()
    thanks = thanks_of(told.report)
    by: Bucket = "week" if days <= SHORT_WINDOW else "month"
    return View(
        told,
        dates(report.window, zone),
        until(report.window, report.time_zone),
        _audience(report.audience),
        these(days),
        those_before(days),
        _stale(told, day(last)),
        f"{last + timedelta(days=1)}",
        needed(told),
        _waiting(report),
        meanings.lists(told),
        meanings.maintainers(told),
        _explained(headlines(report), told),
        tuple(replace(table, rows=_explained(table.rows, told)) for table in tables(report)),
        (by.capitalize(), "Issues opened", "Issues closed", "PRs opened", "PRs merged"),
        _trends(told, by),
        thanks[:THANKED],
        max(0, len(thanks) - THANKED),
        tuple(newcomers(report.metrics)),
        _record(told),
        tuple(_missing(told)),
    )


def _waiting(report: Report) -> str:
    many = len(frozenset[int]().union(*(need.numbers for need in report.needs_you)))
    return f"{number(many)} thread{'' if many == 1 else 's'}"


def _audience(chosen: Chosen) -> str:
    if chosen.name == "everyone":
        return ""
    threads = f"{number(chosen.threads)} of {number(chosen.of)} threads opened in this time"
    people = f"{number(chosen.people)} {'person' if chosen.people == 1 else 'people'}"
    return (
        f"Only threads of {AUDIENCES[chosen.name]}: {threads}, by {people}. "
        "Figures of the whole project are marked as such."
    )


def _explained(rows: tuple[Row, ...], told: Told) -> tuple[Row, ...]:
    """The lines, where what is in time is said beside."""
    limit = f"in time is within {told.config.benchmark:g} business days"
    timed = {"answered_within_benchmark", "first_timer_answered"}
    return tuple(replace(row, notes=(limit, *row.notes)) if row.id in timed else row for row in rows)


def _trends(told: Told, by: Bucket) -> tuple[Trend, ...]:
    """The last places of four series, the latest first; from the first place on where anything happened."""
    ids = ("issues_opened", "issues_closed", "prs_opened", "prs_merged")
    points = {each.id: each.points[-TREND:] for each in told.report.series if each.bucket == by}
    if not all(points.get(id_) for id_ in ids):
        return ()
    most = max(value for id_ in ids for _, value in points[id_])
    places = [bucket(place) for place, _ in points[ids[0]]]
    if by == "week":  # twelve of them need no year
        places = [place.rpartition(" ")[0] for place in places]
    if is_under_way(by, told.report):
        places[-1] += ", so far"
    return tuple(
        Trend(
            place,
            tuple((bar(points[id_][n][1], most), number(points[id_][n][1])) for id_ in ids),
            tuple(points[id_][n][1] / max(most, 1) for id_ in ids),
        )
        for n, place in reversed(list(enumerate(places)))
    )


_FATES = (
    ("done", "done"),
    ("observed", "planned only, as it observes"),
    ("undone", "undone"),
    ("skipped", "left, as a limit or a person stood against it"),
    ("failed", "failed"),
)


def _record(told: Told) -> str:
    """What became of Usher's actions."""
    said = [f"{number(told.actions[status])} {word}" for status, word in _FATES if told.actions.get(status)]
    return ", ".join(said)


def _missing(told: Told) -> list[str]:
    shown = {row.id for table in tables(told.report) for row in table.rows}
    lines = []
    if "releases" not in shown:
        lines.append("No release of this repository is known here, so nothing is said about releases.")
    if "documents_present" not in shown:
        lines.append(documents.UNKNOWN)
    if "absence_factor_commits" not in shown:
        lines.append(
            f"The commits of this repository are not known here: usher backfill {told.repository} reads them."
        )
    if not shown & {"label_precision", "label_coverage"} and not told.actions:
        lines.append("Usher did nothing here in this time, so its own record is empty.")
    return lines

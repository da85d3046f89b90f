"""What came in and what went out: counts, their ratios and their series, and what is open."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.core.history import PastThread
from bot.health.calendar import Window, month_name, months, week_name, weeks
from bot.health.figures import LISTED, Bucket, Metric, Series, count, distribution
from bot.health.outlines import Outline
from bot.health.period import Period

COUNTED = ("issues_opened", "issues_closed", "prs_opened", "prs_closed", "prs_merged")
NOUNS = {"issues": "issues", "prs": "pull requests"}
CLOSURE = (
    "Closed in the window for each one opened in the window, whenever the closed ones were opened. Beside it,"
    " closed for each one that was open at any time of the window."
)
AGE = "How long ago the {nouns} were opened that are open at the end of the window; reopening keeps the age."


def _numbers(threads: Sequence[PastThread]) -> list[int]:
    return [thread.number for thread in threads]


def flow(period: Period) -> Iterator[Metric]:
    """The figures of what was opened, closed and merged in the window, and of what is open at its end."""
    for kind, nouns in NOUNS.items():
        pulls = kind == "prs"
        opened, closed = period.opened(pulls=pulls), period.closed(pulls=pulls)
        yield count(f"{kind}_opened", _numbers(opened), f"The {nouns} opened in the window.")
        how = "closed, merged or not," if pulls else "closed"
        which = f"The {nouns} {how} in the window, and closed still: by their last close."
        yield count(f"{kind}_closed", _numbers(closed), which)
        if pulls:
            merged = _numbers(period.merged())
            yield count("prs_merged", merged, "The pull requests merged in the window.")
        yield from _backlog(period, kind, nouns)
        yield _closure_ratio(period, kind, len(opened), len(closed))


def _backlog(period: Period, kind: str, nouns: str) -> Iterator[Metric]:
    """What is open, and how old it is, the oldest first."""
    until = period.window.until
    threads = sorted(period.open(pulls=kind == "prs"), key=lambda thread: thread.created_at)
    items = tuple(_numbers(threads))
    definition = f"The {nouns} that are open at the end of the window."
    drafts = {"drafts": sum(thread.is_draft for thread in threads)} if kind == "prs" else {}
    yield Metric(
        f"{kind}_open",
        "count",
        len(threads),
        definition,
        value=len(threads),
        details=drafts,
        items=items[:LISTED],
        of_items=len(items),
    )
    yield distribution(
        f"age_{kind}_open",
        "seconds",
        ((until - thread.created_at).total_seconds() for thread in threads),
        AGE.format(nouns=nouns),
        items=items,
    )


def _closure_ratio(period: Period, kind: str, opened: int, closed: int) -> Metric:
    pulls = kind == "prs"
    present = sum(
        thread.is_pull == pulls and (thread.closed_at is None or thread.closed_at >= period.window.start)
        for thread in period.threads
    )
    return Metric(
        f"closure_ratio_{kind}",
        "ratio",
        opened,
        CLOSURE,
        value=closed / opened if opened else None,
        part=closed,
        details={
            "opened": opened,
            "closed": closed,
            "present": present,
            "closed_of_present": closed / present if present else None,
        },
    )


def series(outlines: Iterable[Outline], window: Window, zone: ZoneInfo) -> Iterator[Series]:
    """The counts by week and by month, from the first thread to the end of the window.

    What was reopened counts as open until its last close, so that each bucket's open count is that of the
    bucket before, plus what was opened, less what was closed.

    Args:
        outlines: the threads of the whole history.
        window: the report's; the last bucket is that of its last moment.
        zone: where days begin.
    """
    days = _days(outlines)
    opened = days["issues_opened"] | days["prs_opened"]
    if not opened:
        return
    first = date.fromordinal(min(opened))
    last = (window.until - timedelta(microseconds=1)).astimezone(zone).date()
    buckets: tuple[tuple[Bucket, list[str]], ...] = (
        ("week", list(weeks(first, last))),
        ("month", list(months(first, last))),
    )
    for bucket, names in buckets:
        counts = {id_: _by(bucket, found) for id_, found in days.items()}
        for id_, found in counts.items():
            yield Series(id_, bucket, tuple((name, found[name]) for name in names))
        for kind in NOUNS:
            points, standing = [], 0
            for name in names:
                standing += counts[f"{kind}_opened"][name] - counts[f"{kind}_closed"][name]
                points.append((name, standing))
            yield Series(f"{kind}_open", bucket, tuple(points))


def _days(outlines: Iterable[Outline]) -> dict[str, Counter[int]]:
    """How many threads were opened, closed and merged on each day."""
    found: dict[str, Counter[int]] = {name: Counter() for name in COUNTED}
    for each in outlines:
        kind = "prs" if each.is_pull else "issues"
        found[f"{kind}_opened"][each.opened] += 1
        if each.closed:
            found[f"{kind}_closed"][each.closed] += 1
        if each.merged:
            found["prs_merged"][each.merged] += 1
    return found


def _by(bucket: Bucket, days: Counter[int]) -> Counter[str]:
    """Counts of days as counts of weeks or months."""
    found: Counter[str] = Counter()
    name = week_name if bucket == "week" else month_name
    for day, number in days.items():
        found[name(date.fromordinal(day))] += number
    return found

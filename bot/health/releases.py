"""Releases: how often, and what waits for the next one."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from bot.core.history import PastRelease
from bot.health.figures import Metric, Part, percentile
from bot.health.period import Period

RELEASES = "Releases published in the window, pre-releases apart; tags where the project makes no releases."
SINCE = "Days since the last release that is no pre-release."
UNRELEASED = (
    "Pull requests merged since the last release that is no pre-release; all of them where each was one."
)
DAY = 24 * 60 * 60


def last_release(published: Iterable[PastRelease], until: datetime) -> datetime | None:
    """Return when the last release before a moment was published that is no pre-release."""
    full = (each.published_at for each in published if not each.is_prerelease)
    return max((at for at in full if at < until), default=None)


def releases(period: Period, published: Sequence[PastRelease]) -> Iterator[Metric]:
    """The figures of releases, which say nothing where none is known: who merges may publish elsewhere.

    Args:
        published: all releases, in any order; later ones than the window are not looked at.
    """
    until = period.window.until
    known = sorted((r for r in published if r.published_at < until), key=lambda r: r.published_at)
    full = [release for release in known if not release.is_prerelease]
    here = [release for release in known if release.published_at in period.window]
    is_known = bool(known)
    final = sum(not release.is_prerelease for release in here)
    yield Metric(
        "releases",
        "count",
        len(here),
        RELEASES,
        value=final if is_known else None,
        details={"prereleases": len(here) - final},
        breakdown=tuple(Part(release.tag, release.published_at.timestamp()) for release in here[::-1][:5]),
        is_known=is_known,
    )
    last = last_release(published, until)
    gaps = sorted((b.published_at - a.published_at).total_seconds() / DAY for a, b in pairwise(full))
    yield Metric(
        "days_since_release",
        "days",
        len(full),
        SINCE,
        value=(until - last).total_seconds() / DAY if last else None,
        details={"usual_gap": percentile(gaps, 0.5) if gaps else None},
        is_known=is_known,
    )
    since, end = (last.timestamp() if last else float("-inf")), until.timestamp()
    waiting = sum(since <= merged < end for merged in period.gathered.merges) if is_known else 0
    value = waiting if is_known else None
    yield Metric("unreleased_prs", "count", waiting, UNRELEASED, value=value, is_known=is_known)

"""Commits of the default branch: on how few people they rest, and how many wait for a release.

People are their accounts; who has none at GitHub is the address that the mailmap says. One address that an
account has in some commits is that account's in all.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from bot.core.history import CommitsBefore, PastCommit, PastRelease
from bot.health.calendar import Window
from bot.health.contributors import ABSENCE, absence_factor
from bot.health.figures import Metric, Part
from bot.health.gathered import Gathered
from bot.health.people import known_bots_by_name
from bot.health.period import Period
from bot.health.releases import last_release

UNRELEASED = (
    "Commits of the default branch, merges left out, made since the last release that is no pre-release; all"
    " of them where each was one."
)


class Committed:
    """The commits until a moment, as far as the figures need them.

    Args:
        until: what was committed from this moment on is not looked at.
        horizon: the beginning of the earliest window.
        before: what is known of commits that were made before the horizon, and are not taken in.
    """

    def __init__(self, until: datetime, horizon: datetime, before: CommitsBefore) -> None:
        self._until, self._horizon, self._before = until, horizon, before
        self._times: array[float] = array("d")
        self._merges: array[float] = array("d")
        self._recent: list[tuple[datetime, int | None, str]] = []
        self._accounts = dict(before.accounts)
        self.names: dict[str, str] = {}

    @classmethod
    def of(
        cls, commits: Iterable[PastCommit], gathered: Gathered, before: CommitsBefore | None = None
    ) -> "Committed":
        """Go through the commits once, for the windows of a report."""
        made = cls(gathered.window.until, gathered.previous.start, before or CommitsBefore())
        for commit in commits:
            made.add(commit)
        return made

    def add(self, commit: PastCommit) -> None:
        """Take in a commit. They come in any order, each once."""
        at = commit.committed_at
        if at >= self._until:
            return
        if commit.author is not None:
            self._accounts[commit.key] = commit.author
        if commit.is_merge:
            self._merges.append(at.timestamp())
            return
        self._times.append(at.timestamp())
        if at >= self._horizon:
            self._recent.append((at, commit.author, commit.key))
            self.names[commit.key] = commit.name

    def authors(self, window: Window) -> Counter[int | str]:
        """Return how many commits each author made in a window: accounts, and keys of those without one."""
        return Counter(
            self._accounts.get(key, key) if author is None else author
            for at, author, key in self._recent
            if at in window
        )

    def count(self, start: datetime | None, until: datetime) -> tuple[int, int]:
        """Return how many were committed from a moment until another: merges apart.

        Args:
            start: the first moment, of which all commits since were taken in; None for all there are.
            until: the moment at which it ends.
        """
        since, end = (start.timestamp() if start else float("-inf")), until.timestamp()
        plain, merges = (sum(since <= at < end for at in times) for times in (self._times, self._merges))
        if start is None:
            return plain + self._before.plain, merges + self._before.merges
        return plain, merges


def commits_of(
    period: Period, committed: Committed | None, published: Sequence[PastRelease]
) -> Iterator[Metric]:
    """The figures of commits, which say nothing where these, or all releases, are not known.

    Args:
        period: the window.
        committed: the commits; None where nobody knows.
        published: all releases, in any order.
    """
    yield _absence(period, committed)
    until = period.window.until
    if committed is None or not any(release.published_at < until for release in published):
        yield Metric("unreleased_commits", "count", 0, UNRELEASED, is_known=False)
        return
    waiting, merges = committed.count(last_release(published, until), until)
    yield Metric(
        "unreleased_commits", "count", waiting, UNRELEASED, value=waiting, details={"merges": merges}
    )


def _absence(period: Period, committed: Committed | None) -> Metric:
    id_, share = "absence_factor_commits", period.config.absence_share
    definition = ABSENCE.format(percent=100 * share, what="commits of the default branch, merges left out,")
    if committed is None:
        return Metric(id_, "people", 0, definition, is_known=False)
    found = committed.authors(period.window)
    unknown = {who: committed.names[who] for who in found if isinstance(who, str)}
    programs = known_bots_by_name(unknown.values(), period.config)
    named = {
        who: unknown[who] if isinstance(who, str) else period.people.login(who)
        for who in found
        if not (unknown[who] in programs if isinstance(who, str) else period.people.is_bot(who))
    }
    ranked = sorted(named, key=lambda who: (-found[who], isinstance(who, str), who))
    _plain, merges = committed.count(period.window.start, period.window.until)
    return Metric(
        id_,
        "people",
        sum(found[who] for who in named),
        definition,
        value=absence_factor([found[who] for who in named], share),
        details={"people": len(named), "merges": merges},
        breakdown=tuple(Part(named[who], found[who]) for who in ranked),
    )

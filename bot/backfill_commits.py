"""The commits of a repository's default branch into the database: taken up again after any end.

They are read from the tip on, the newest first. Where the tip of the last time is met again and as many
are known as there are, the rest is known, too. Where it never is met, the branch was rewritten: it is read
to its end, and what is no longer on it is deleted.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.core.errors import Gone, RetryLater
from bot.core.history_commits import commit_from
from bot.core.mailmap import Alias, aliases_of
from bot.core.payload import text_at
from bot.github.answers import Forbidden, Missing, NotInstalled, Refused
from bot.github.commit_reads import CommitPage, CommitReader
from bot.github.history_reads import HistoryReader
from bot.github.patience import Patience
from bot.store.commits import Branch, Commits, Walk
from bot.store.database import Database

TRIES_OF_ONE = 3  # of a page over GraphQL; then REST is asked
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ReadCommits:
    """What was read.

    Args:
        is_complete: False where the reading is to go on.
        commits: how many were read.
        calls: requests that it took.
    """

    is_complete: bool = True
    commits: int = 0
    calls: int = 0


class CommitBackfill:
    """Reads the commits of one repository.

    Args:
        database: where they are kept.
        reader: asks GitHub about the repository.
        patiently: asks again where GitHub asked for patience.
        advance: told how many commits of how many were met.
    """

    def __init__(
        self,
        database: Database,
        reader: HistoryReader,
        patiently: Patience,
        advance: Callable[[int, int], object] = lambda _done, _total: None,
    ) -> None:
        self._commits, self._reader = Commits(database), reader
        self._pages = CommitReader(reader)
        self._patiently, self._advance = patiently, advance

    def run(
        self, history: int, repository: int, since: datetime | None = None, *, most_pages: int | None = None
    ) -> ReadCommits:
        """Read what is not known yet. Where GitHub does not show the commits, nothing is known of them.

        Args:
            history: the number of the history that they belong to.
            repository: the repository's number at GitHub.
            since: leave out commits that are older; None for all.
            most_pages: after which to stop; None for all.

        Raises:
            UsherError: the history was purged meanwhile, or the database refused.
            RetryLater: GitHub could not be asked; what was read is kept.
        """
        turn = _Turn(history, repository, most_pages)
        before, asked = self._reader.cost.calls, None if since is None else since.isoformat()
        try:
            try:
                is_complete = self._run(turn, asked)
            except _TooMuch:
                self._reader.with_graphql = False
                is_complete = self._run(turn, asked)
        except NotInstalled:
            raise
        except (Missing, Forbidden, Refused, Gone) as error:
            log.warning("history.without_commits", repository=self._reader.full_name, reason=str(error))
            self._commits.give_up(history)
            is_complete = True
        return ReadCommits(is_complete, turn.commits, self._reader.cost.calls - before)

    def _run(self, turn: "_Turn", asked: str | None) -> bool:
        branch = self._commits.branch(turn.history)
        wanted = branch.since if branch.tip is not None and branch.covers(asked) else asked
        branch = self._take_up(turn, branch, wanted)
        if branch.walk is not None:
            return False
        newest = self._ask(lambda: self._pages.newest(_moment(wanted)))
        if newest.tip == branch.tip and branch.since == wanted:
            return True
        mailmap = self._patiently(lambda: self._pages.mailmap(newest.tip)) if newest.tip else ""
        walk = Walk(branch.number + 1, newest.tip, wanted, newest.total, newest.cursor, newest.over_rest)
        aliases = aliases_of(mailmap, turn.repository)
        branch = self._keep(turn, replace(branch, walk=walk), newest, aliases)
        return self._walk(turn, branch).walk is None

    def _take_up(self, turn: "_Turn", branch: Branch, wanted: str | None) -> Branch:
        """Go on with the walk that is under way, if there is one; one that cannot go on is given up."""
        walk = branch.walk
        if walk is not None and walk.since == wanted and walk.over_rest != self._reader.with_graphql:
            try:
                return self._walk(turn, branch)
            except NotInstalled:
                raise
            except (Missing, Refused) as error:
                log.info("history.walk_given_up", repository=self._reader.full_name, reason=str(error))
        return replace(branch, walk=None)

    def _walk(self, turn: "_Turn", branch: Branch) -> Branch:
        """Read page after page, to the end or as many as may be read."""
        while branch.walk is not None and not turn.is_over:
            page = self._ask(lambda walk=branch.walk: self._older(walk))  # type: ignore[misc]
            turn.pages += 1
            branch = self._keep(turn, branch, page)
        return branch

    def _ask(self, ask: Callable[[], CommitPage]) -> CommitPage:
        """Ask patiently, but over GraphQL only some times for what is too much for it."""
        failures = 0

        def asked() -> CommitPage:
            nonlocal failures
            try:
                return ask()
            except RetryLater as error:
                failures += error.until is None
                if failures >= TRIES_OF_ONE and self._reader.with_graphql:
                    raise _TooMuch from error
                raise

        return self._patiently(asked)

    def _older(self, walk: Walk) -> CommitPage:
        since, cursor = _moment(walk.since), walk.cursor or ""
        return self._pages.older(walk.tip, cursor, since, over_rest=walk.over_rest)

    def _keep(
        self, turn: "_Turn", branch: Branch, page: CommitPage, aliases: tuple[Alias, ...] | None = None
    ) -> Branch:
        """Keep a page; where nothing is left to read, the walk is over."""
        assert branch.walk is not None
        met = branch.walk.met or any(text_at(one, "sha") == branch.tip for one in page.commits)
        done = branch.walk.done + len(page.commits)
        walk = replace(branch.walk, cursor=page.cursor, met=met, done=done)
        branch = replace(branch, walk=walk)
        found = [commit_from(one, turn.repository) for one in page.commits]
        self._commits.keep(turn.history, branch, found, aliases)
        turn.commits += len(found)
        self._advance(walk.done, walk.total)
        since, is_over = _moment(walk.since), walk.cursor is None
        if is_over or (met and self._commits.count(turn.history, since) == walk.total):
            branch = Branch(walk.number, walk.tip, walk.since)
            self._commits.finish(turn.history, branch, since, sweep=is_over)
        return branch


class _TooMuch(Exception):
    """GitHub gives up on a page over GraphQL."""


@dataclass(slots=True)
class _Turn:
    """What is read at a time, and how much of it was."""

    history: int
    repository: int
    most_pages: int | None
    pages: int = 0
    commits: int = 0

    @property
    def is_over(self) -> bool:
        return self.most_pages is not None and self.pages >= self.most_pages


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)

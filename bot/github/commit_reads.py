"""What Usher asks GitHub about commits: those of the default branch, the newest first, and the mailmap.

All pages are of one commit that is named, the tip, so that they stay the same while the branch moves on.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import structlog

from bot.core.errors import Gone, RetryLater
from bot.core.history_commits import commit_of_node
from bot.core.payload import items_at, mapping_at, number_at, text_at
from bot.github.answers import Forbidden, Missing, NotInstalled, Overtaken, Refused
from bot.github.client import PER_PAGE
from bot.github.commit_documents import NEWEST, OLDER
from bot.github.history_reads import HistoryReader, last_page

MAILMAP = "/contents/.mailmap"
Json = Mapping[str, Any]
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CommitPage:
    """Some commits of a branch.

    Args:
        tip: the commit from which on they are read; "" where the branch has none.
        total: how many there are in all.
        commits: these ones, as REST has them.
        cursor: where the next page begins; None where this one is the last.
        over_rest: of which API the cursor is.
    """

    tip: str
    total: int
    commits: tuple[Json, ...] = ()
    cursor: str | None = None
    over_rest: bool = False


class CommitReader:
    """Asks about the commits of one repository.

    Args:
        reader: asks about its past.
    """

    def __init__(self, reader: HistoryReader) -> None:
        self._reader = reader

    def newest(self, since: datetime | None) -> CommitPage:
        """Return the newest commits; over REST, only how many there are and where they begin.

        Args:
            since: leave out those that were committed earlier.

        Raises:
            Forbidden, Missing: GitHub does not show them.
        """
        if self._reader.with_graphql:
            try:
                return self._newest_over_graphql(since)
            except NotInstalled:
                raise
            except (Missing, Forbidden, Refused) as error:
                log.warning("history.without_graphql", reason=str(error))
                self._reader.with_graphql = False
        return self._newest_over_rest(since)

    def older(self, tip: str, cursor: str, since: datetime | None, *, over_rest: bool) -> CommitPage:
        """Return the commits of a page.

        Args:
            tip, cursor, over_rest: as a page before said them.
            since: leave out those that were committed earlier.

        Raises:
            Missing, Refused: GitHub does not know the tip, or no longer takes the cursor.
        """
        if over_rest:
            page = int(cursor)
            found = self._reader.get(_commits(since, sha=tip, per_page=PER_PAGE, page=page))[0]
            following = str(page + 1) if len(found) == PER_PAGE else None
            return CommitPage(tip, 0, tuple(found), following, over_rest=True)
        asked = self._asked(since) | {"tip": tip, "after": cursor}
        repository = mapping_at(self._reader.graphql(OLDER, asked, all_or_nothing=True), "repository")
        if not mapping_at(repository, "object"):
            raise Missing(f"GitHub no longer has the commit {tip}")
        return _page(tip, mapping_at(repository, "object"))

    def mailmap(self, tip: str) -> str:
        """Return the mailmap as of a commit; "" where there is none, or one of over a megabyte."""
        try:
            data = self._reader.get(f"{MAILMAP}?ref={tip}")[0]
            return base64.b64decode(text_at(data, "content")).decode("utf-8", "replace")
        except NotInstalled:
            raise
        except (Missing, Forbidden, Gone, binascii.Error):
            return ""

    def _newest_over_graphql(self, since: datetime | None) -> CommitPage:
        data = self._reader.graphql(NEWEST, self._asked(since), all_or_nothing=True)
        repository = mapping_at(data, "repository")
        if repository.get("defaultBranchRef", "") is None:  # nothing was committed yet
            return CommitPage("", 0)
        target = mapping_at(mapping_at(repository, "defaultBranchRef"), "target")
        return _page(text_at(target, "oid"), target)

    def _newest_over_rest(self, since: datetime | None) -> CommitPage:
        try:
            newest, headers = self._reader.get(_commits(since, per_page=1))
        except Overtaken:  # 409: "Git Repository is empty."
            return CommitPage("", 0, over_rest=True)
        tip = text_at(newest[0], "sha") if newest else ""
        total = last_page(headers) or len(newest)
        return CommitPage(tip, total, cursor="1" if tip else None, over_rest=True)

    def _asked(self, since: datetime | None) -> dict[str, Any]:
        owner, _, name = self._reader.full_name.partition("/")
        return {"owner": owner, "name": name, "since": since and _stamp(since)}


def _page(tip: str, commit: Json) -> CommitPage:
    """A page of a commit's history. Raises RetryLater where a part of it is not there."""
    history = mapping_at(commit, "history")
    has_more, nodes = mapping_at(history, "pageInfo").get("hasNextPage"), items_at(history, "nodes")
    is_whole = isinstance(has_more, bool) and all(isinstance(node, Mapping) for node in nodes)
    if not tip or not is_whole or not isinstance(history.get("nodes"), list):
        raise RetryLater("GitHub's answer left out commits")
    cursor = text_at(mapping_at(history, "pageInfo"), "endCursor") if has_more else None
    found = tuple(commit_of_node(node) for node in nodes)
    return CommitPage(tip, number_at(history, "totalCount") or 0, found, cursor)


def _commits(since: datetime | None, **asked: str | int) -> str:
    return f"/commits?{urlencode(asked | ({'since': _stamp(since)} if since else {}))}"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

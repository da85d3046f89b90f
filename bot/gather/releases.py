"""What there is to know about a repository's releases: what was merged since the last, and by whom.

The draft is read before the pull requests. So whoever finds it unchanged later knows that these are at least
as new as those that it was made from (``bot/apply/releases.py``).
"""

import re
import threading
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

from cachetools import LRUCache

from bot.core.actors import MAINTAINER_ASSOCIATIONS
from bot.core.pull_json import moment_at
from bot.core.pulls import Commit, PullRequest
from bot.core.release.draft import target
from bot.core.release.people import named_in
from bot.core.release.previous import last_release, open_draft
from bot.core.release.settings import ReleaseConfig
from bot.core.release.state import MergedPull, Person, Release, ReleaseState
from bot.core.release.templates import uses
from bot.gather.situation import Situation
from bot.github import reads
from bot.github.answers import Forbidden, Missing, Refused
from bot.github.client import PER_PAGE
from bot.github.pull_reads import PullReader
from bot.github.release_reads import Closed, ReleaseReader, Since

LAG = timedelta(minutes=10)  # GitHub's lists may be behind for a while
MOST_TAGS = 5  # that are asked whether they have a commit
MOST_AUTHORS = 100  # that are asked about in one go
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_SHA = re.compile(r"[0-9a-f]{40}")


class ReleaseGatherer:
    """Obtains what there is to know about releases.

    Args:
        pulls: asks about a pull request's commits and files.
    """

    def __init__(self, pulls: PullReader) -> None:
        self._pulls = pulls
        self._reader = ReleaseReader()
        self._first_merges: LRUCache[tuple[str, int], datetime] = LRUCache(100_000)
        self._lock = threading.Lock()

    def state(self, situation: Situation) -> ReleaseState:
        """What was merged since the last release; empty, and mostly unasked, where nobody needs it."""
        return self._state(situation, situation.pull) if situation.pull.is_merged else ReleaseState()

    def current(self, situation: Situation) -> ReleaseState:
        """What was merged since the last release, whatever the event is about."""
        return self._state(situation, None)

    def _state(self, situation: Situation, own: PullRequest | None) -> ReleaseState:
        """The same; a pull request of the event's own counts although lists do not have it yet."""
        config, where = _config(situation), situation.event.repository
        try:
            releases = self._reader.releases(situation.client.for_contents)
        except (Missing, Forbidden, Refused):
            # Not Usher's to see.
            return ReleaseState() if own else ReleaseState(where.full_name, where.default_branch)
        last = last_release(releases, config, where.default_branch)
        draft = open_draft(releases, config, where.default_branch)
        if own is not None and not (config.is_set_up or last or draft):
            return ReleaseState()
        state = ReleaseState(where.full_name, where.default_branch, last=last, draft=draft)
        branch = target(state, config)
        since = self._reader.since(situation.client, last.tag, branch) if last else None
        closed = self._merged(situation, own, branch, last, since)
        pulls = tuple(self._told(situation, each, since) for each in closed)
        asks = own is not None and own.number not in {pull.number for pull in pulls}
        return ReleaseState(
            repository=where.full_name,
            default_branch=where.default_branch,
            server=_server(closed),
            pulls=pulls,
            last=last,
            draft=draft,
            first_timers=self._first_timers(situation, closed, last),
            released_in=self._released_in(situation, own, releases) if own and asks else "",
        )

    def _merged(
        self,
        situation: Situation,
        own: PullRequest | None,
        branch: str,
        last: Release | None,
        since: Since | None,
    ) -> list[Closed]:
        """The pull requests that were merged into the branch and are not in the last release."""
        begin = [last.published_at, since.parted_at if since else None] if last else []
        earliest = min((at for at in begin if at is not None), default=None)
        base = "" if _SHA.fullmatch(branch) else branch
        listed = self._reader.merged(situation.client, base, earliest)
        found = [each for each in listed if _is_in(each.pull, last, since)]
        if own is None or any(each.pull.number == own.number for each in found):
            return found
        is_fresh = own.merged_at is not None and own.merged_at > datetime.now(UTC) - LAG
        if is_fresh and base in {"", own.base} and _is_in(own, last, since):
            found.append(Closed(own, ""))
        return found

    def _told(self, situation: Situation, closed: Closed, since: Since | None) -> MergedPull:
        pull, config = closed.pull, _config(situation)
        commits = self._commits(situation, pull, since)
        files = self._pulls.files(situation.client, pull).paths if config.asks_for_paths else ()
        return MergedPull(
            number=pull.number,
            title=pull.title,
            merged_at=pull.merged_at or _LONG_AGO,
            body=pull.body,
            author=pull.author,
            labels=pull.labels,
            base=pull.base,
            head=pull.head,
            merge_sha=pull.merge_sha,
            url=closed.url,
            coauthors=_coauthors(pull, commits),
            messages=tuple(commit.message for commit in commits),
            paths=tuple(files),
        )

    def _commits(self, situation: Situation, pull: PullRequest, since: Since | None) -> Sequence[Commit]:
        """What a pull request brought: from the comparison; asked for only where it may have been rebased."""
        brought = since.brought_by(pull.merge_sha) if since else ()
        if len(brought) != 1 or brought[0].sha != pull.merge_sha or _is_squash(brought[0], pull):
            return brought
        own = self._pulls.commits(situation.client, pull).commits
        messages = {commit.message for commit in own}
        return (*own, *(commit for commit in brought if commit.message not in messages))

    def _first_timers(
        self, situation: Situation, closed: Sequence[Closed], last: Release | None
    ) -> frozenset[int]:
        """Those who had nothing merged before the last release; maintainers are not asked about."""
        config = _config(situation)
        pages = (config.template, config.header, config.footer)
        is_wanted = config.new_contributors or any(uses(page, "NEW_CONTRIBUTORS") for page in pages)
        if last is None or last.published_at is None or not is_wanted:
            return frozenset()
        people = {
            each.pull.author.id: each.pull.author.login
            for each in closed
            if each.pull.author.id is not None
            and not each.pull.author.is_bot
            and each.pull.association not in MAINTAINER_ASSOCIATIONS
        }
        found = self._firsts(situation, people)
        return frozenset(id_ for id_, first in found.items() if first > last.published_at)

    def _firsts(self, situation: Situation, people: dict[int, str]) -> dict[int, datetime]:
        """When each of these people had something merged for the first time. That never changes."""
        name = situation.client.full_name
        with self._lock:
            known = {id_: self._first_merges.get((name, id_)) for id_ in people}
        found = {id_: at for id_, at in known.items() if at is not None}
        unknown = [id_ for id_ in people if id_ not in found]
        for id_ in unknown[:MOST_AUTHORS]:
            first = _first_merge(reads.threads_by(situation.client, people[id_]))
            if first is not None:
                found[id_] = first
        with self._lock:
            self._first_merges.update({(name, id_): found[id_] for id_ in unknown if id_ in found})
        return found

    def _released_in(self, situation: Situation, pull: PullRequest, releases: Iterable[Release]) -> str:
        """The tag of the first release that has the pull request's commit; "" where none has."""
        config, merged_at = _config(situation), pull.merged_at
        if merged_at is None or not pull.merge_sha:
            return ""
        later = [
            release
            for release in releases
            if release.published_at is not None
            and release.published_at >= merged_at
            and last_release([release], config, situation.event.repository.default_branch)
        ]
        later.sort(key=lambda release: release.published_at or _LONG_AGO)
        tags = (release.tag for release in later[:MOST_TAGS])
        return next((tag for tag in tags if self._reader.has(situation.client, tag, pull.merge_sha)), "")


def _config(situation: Situation) -> ReleaseConfig:
    return cast("ReleaseConfig", situation.config.release)  # type: ignore[attr-defined]


def _is_in(pull: PullRequest, last: Release | None, since: Since | None) -> bool:
    """Whether what a pull request brought came after the last release: by its commit, else by the time."""
    if last is None:
        return True
    if since is not None and (since.is_complete or pull.merge_sha in since.commits):
        return pull.merge_sha in since.commits
    return last.published_at is None or pull.merged_at is None or pull.merged_at > last.published_at


def _is_squash(commit: Commit, pull: PullRequest) -> bool:
    """Whether a commit is a whole pull request: so GitHub ends the first line of its message."""
    return commit.message.split("\n", 1)[0].rstrip().endswith(f"(#{pull.number})")


def _coauthors(pull: PullRequest, commits: Iterable[Commit]) -> tuple[Person, ...]:
    """Who else worked on a pull request. A name without an account counts only where a message names it."""
    found: list[Person] = []
    for commit in commits:
        author = commit.author
        if author.id is not None and author.id != pull.author.id:
            found.append(Person(author.id, author.login, commit.author_name, author.is_bot))
        found += (person for person in named_in(commit.message) if not _is(person, pull))
    return tuple(dict.fromkeys(found))


def _is(person: Person, pull: PullRequest) -> bool:
    return bool(person.login) and person.login.casefold() == pull.author.login.casefold()


def _first_merge(threads: Collection[dict[str, object]]) -> datetime | None:
    """When a person had something merged first; None where nothing was, as far as the list goes."""
    stamps = [_merged_at(thread) for thread in threads]
    merged = [at for at in stamps if at is not None]
    if merged:
        return min(merged)
    return _LONG_AGO if len(threads) >= PER_PAGE else None  # somebody who is known here, whatever was merged


def _merged_at(thread: dict[str, object]) -> datetime | None:
    return moment_at(thread.get("pull_request"), "merged_at")


def _server(closed: Sequence[Closed]) -> str:
    """Where people see the repository, from the page of a pull request."""
    parts = urlsplit(next((each.url for each in closed if each.url), ReleaseState().server))
    return f"{parts.scheme}://{parts.netloc}"

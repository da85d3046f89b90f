"""GitHub's JSON to the facts about a pull request: from a webhook, an answer or a backup alike.

A field that is missing, null or of the wrong type counts as absent, as in ``bot/core/parse.py``.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, cast, get_args

from bot.core.actors import GHOST, Actor
from bot.core.payload import clean, items_at, mapping_at, number_at, text_at, texts_at
from bot.core.pulls import ChangedFile, Check, Commit, FileStatus, PullRequest, Review, ReviewState

_FILE_STATUSES = frozenset(get_args(FileStatus))
_REVIEW_STATES = frozenset(get_args(ReviewState))


def actor_from(value: object, key: str = "user") -> Actor:
    """The account below ``key``; the ghost where it is gone."""
    account = mapping_at(value, key)
    login = text_at(account, "login")
    if not login or (login == GHOST.login and text_at(account, "type") != "Bot"):
        return GHOST
    return Actor(number_at(account, "id"), login, text_at(account, "type") == "Bot")


def pull_from(data: Mapping[str, Any]) -> PullRequest:
    """A pull request as the REST API and webhooks describe it."""
    base, head = mapping_at(data, "base"), mapping_at(data, "head")
    base_name = text_at(mapping_at(base, "repo"), "full_name")
    head_name = text_at(mapping_at(head, "repo"), "full_name")
    merged_at = moment_at(data, "merged_at")
    is_merged = data.get("merged") is True or merged_at is not None
    mergeable = data.get("mergeable")
    return PullRequest(
        number=number_at(data, "number") or 0,
        title=text_at(data, "title"),
        body=text_at(data, "body"),
        author=actor_from(data),
        association=text_at(data, "author_association") or "NONE",
        is_draft=data.get("draft") is True,
        is_open=text_at(data, "state") != "closed",
        is_merged=is_merged,
        is_locked=data.get("locked") is True,
        base=text_at(base, "ref"),
        head=text_at(head, "ref"),
        base_sha=text_at(base, "sha"),
        head_sha=text_at(head, "sha"),
        head_repository=head_name,
        is_fork=head_name.casefold() != base_name.casefold(),
        labels=texts_at(items_at(data, "labels"), "name"),
        requested_reviewers=texts_at(items_at(data, "requested_reviewers"), "login"),
        requested_teams=texts_at(items_at(data, "requested_teams"), "slug"),
        assignees=texts_at(items_at(data, "assignees"), "login"),
        milestone=text_at(mapping_at(data, "milestone"), "title"),
        mergeable=mergeable if isinstance(mergeable, bool) else None,
        merge_state=text_at(data, "mergeable_state"),
        additions=_count(data, "additions"),
        deletions=_count(data, "deletions"),
        changed_files=_count(data, "changed_files"),
        commits=_count(data, "commits"),
        created_at=moment_at(data, "created_at"),
        updated_at=moment_at(data, "updated_at"),
        merged_at=merged_at,
        merge_sha=text_at(data, "merge_commit_sha") if is_merged else "",
        merged_by=text_at(mapping_at(data, "merged_by"), "login"),
        is_automerge=bool(mapping_at(data, "auto_merge")),
    )


def file_from(data: Mapping[str, Any]) -> ChangedFile:
    """One of a pull request's files."""
    status, patch = text_at(data, "status"), data.get("patch")
    return ChangedFile(
        path=text_at(data, "filename"),
        status=cast("FileStatus", status) if status in _FILE_STATUSES else "changed",
        additions=_count(data, "additions"),
        deletions=_count(data, "deletions"),
        previous=text_at(data, "previous_filename"),
        patch=clean(patch) if isinstance(patch, str) else None,
        sha=text_at(data, "sha"),
    )


def commit_from(data: Mapping[str, Any]) -> Commit:
    """One of a pull request's commits."""
    git = mapping_at(data, "commit")
    author, committer = mapping_at(git, "author"), mapping_at(git, "committer")
    return Commit(
        sha=text_at(data, "sha"),
        message=text_at(git, "message"),
        author_name=text_at(author, "name"),
        author_email=text_at(author, "email"),
        author=actor_from(data, "author"),
        committer_name=text_at(committer, "name"),
        committer_email=text_at(committer, "email"),
        committer_login=text_at(mapping_at(data, "committer"), "login"),
        parents=len(items_at(data, "parents")),
        is_verified=mapping_at(git, "verification").get("verified") is True,
    )


def review_from(data: Mapping[str, Any]) -> Review | None:
    """A review; None where its state is none that is known."""
    state = text_at(data, "state").lower()
    if state not in _REVIEW_STATES:
        return None
    return Review(
        author=actor_from(data),
        state=cast("ReviewState", state),
        association=text_at(data, "author_association") or "NONE",
        sha=text_at(data, "commit_id"),
        at=moment_at(data, "submitted_at"),
    )


def check_from_run(data: Mapping[str, Any]) -> Check:
    """A check run; one that is not completed has no conclusion, whatever an earlier attempt had."""
    is_done = text_at(data, "status") == "completed"
    return Check(
        name=text_at(data, "name"),
        conclusion=text_at(data, "conclusion") if is_done else "",
        app=text_at(mapping_at(data, "app"), "slug"),
        url=text_at(data, "html_url"),
        description=text_at(mapping_at(data, "output"), "title"),
    )


def check_from_status(data: Mapping[str, Any]) -> Check:
    """A commit status, the older sibling of a check run."""
    state = text_at(data, "state")
    return Check(
        name=text_at(data, "context"),
        conclusion="" if state == "pending" else state,
        url=text_at(data, "target_url"),
        description=text_at(data, "description"),
    )


def latest_checks(checks: Iterable[Check]) -> tuple[Check, ...]:
    """One check for each App and name: the first, as GitHub lists the newest first."""
    known: dict[tuple[str, str], Check] = {}
    for check in checks:
        known.setdefault((check.app, check.name), check)
    return tuple(known.values())


def moment_at(value: object, key: str) -> datetime | None:
    """A point in time as GitHub writes them, in UTC; None where it is absent or cannot be read."""
    try:
        found = datetime.fromisoformat(text_at(value, key))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):  # the latter for times of the year 0 once they are in UTC
        return None


def _count(value: object, key: str) -> int:
    return number_at(value, key) or 0

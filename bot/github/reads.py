"""What Usher asks GitHub, as plain values. Each function is one question."""

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.core.errors import BotError, Gone
from bot.core.events import Repository
from bot.core.facts import CurrentThread, Level
from bot.core.payload import clean, items_at, mapping_at, text_at, texts_at
from bot.github.answers import Missing
from bot.github.client import RepositoryClient, segment

LABEL_PAGES = 20  # 2,000 labels; more than any real repository has


class TooLarge(BotError):
    """A file of more than a megabyte, which GitHub lists without its content."""


@dataclass(frozen=True, slots=True)
class LabelEvent:
    """A label put on or taken off, from the thread's own history."""

    label: str
    added: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """Somebody was assigned to a thread, or taken off.

    Args:
        login: of that person, in lower case.
        assigned: False where they were taken off.
        by: the login of who did it.
        at: when (UTC).
    """

    login: str
    assigned: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as GitHub has it."""

    id: int
    author: str
    body: str
    url: str


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as GitHub has it.

    Args:
        closed_by: the login of who closed it; "" while it is open.
        state_reason: GitHub's own word for why it is closed, such as ``completed``.
        node: its id in GraphQL.
    """

    number: int
    author: str
    title: str
    body: str
    is_open: bool
    closed_by: str = ""
    state_reason: str = ""
    node: str = ""


def file_text(
    client: RepositoryClient, path: str, etag: str | None = None
) -> tuple[bytes | None, str | None]:
    """Return a file of the default branch and its ETag; ``(None, etag)`` where it has not changed.

    Raises:
        Missing: there is no such file.
        TooLarge: there is, and GitHub does not send it along.
    """
    data, tag = client.get(f"/contents/{quote(path)}", etag)
    if data is None:
        return None, tag
    if isinstance(data, dict) and data.get("encoding") == "none":
        raise TooLarge(f"{path} has {data.get('size')} bytes")
    try:
        lines = str(data["content"] or "").split()
        return base64.b64decode("".join(lines), validate=True), tag
    except (KeyError, TypeError, binascii.Error, ValueError) as error:
        raise Missing(f"{path} is not a file") from error


def labels(client: RepositoryClient) -> tuple[str, ...]:
    """Return the names of the repository's labels."""
    return tuple(item["name"] for item in client.pages("/labels", LABEL_PAGES))


def thread(client: RepositoryClient, number: int) -> CurrentThread:
    """Return a thread as it is now."""
    data, _etag = client.get(f"/issues/{number}")
    return CurrentThread(
        labels=tuple(label["name"] for label in data.get("labels") or ()),
        is_open=data.get("state") != "closed",
        is_locked=bool(data.get("locked")),
        title=clean(data.get("title") or ""),
        body=clean(data.get("body") or ""),
    )


def label_events(client: RepositoryClient, number: int) -> list[LabelEvent]:
    """Return a thread's labellings in the order in which they happened."""
    return labellings(client.pages(f"/issues/{number}/events"))


def labellings(items: Iterable[dict[str, Any]]) -> list[LabelEvent]:
    """Read a thread's labellings from its events."""
    events = []
    for item in items:
        if item.get("event") not in ("labeled", "unlabeled"):
            continue
        actor = item.get("actor") or {}
        events.append(
            LabelEvent(
                label=(item.get("label") or {}).get("name", ""),
                added=item["event"] == "labeled",
                by=actor.get("login") or "ghost",
                at=datetime.fromisoformat(item["created_at"]),
            )
        )
    return events


def assignees(client: RepositoryClient, number: int) -> frozenset[str]:
    """Return the logins of those whom a thread is assigned to, in lower case."""
    data, _etag = client.get(f"/issues/{number}")
    return assigned_to(data)


def assigned_to(data: Mapping[str, Any]) -> frozenset[str]:
    """Read from an issue or a pull request whom it is assigned to: logins in lower case."""
    return frozenset(login.casefold() for login in texts_at(items_at(data, "assignees"), "login"))


def assignments(client: RepositoryClient, number: int) -> list[Assignment]:
    """Return who was assigned to a thread or taken off, in the order in which it happened."""
    found = []
    for item in client.pages(f"/issues/{number}/events"):
        login = text_at(mapping_at(item, "assignee"), "login")
        if login and item.get("event") in ("assigned", "unassigned"):
            by = text_at(mapping_at(item, "assigner"), "login") or text_at(mapping_at(item, "actor"), "login")
            at = datetime.fromisoformat(item["created_at"])
            found.append(Assignment(login.casefold(), item["event"] == "assigned", by, at))
    return found


def permission(client: RepositoryClient, login: str) -> Level:
    """Return what an account may do here now. Anything unclear counts as nothing."""
    try:
        data, _etag = client.get(f"/collaborators/{segment(login)}/permission")
    except Missing:
        return Level.NONE
    role = str(data.get("role_name") or data.get("permission") or "").upper()
    if role in Level.__members__:
        return Level[role]
    # A custom role of the organisation: its base permissions tell.
    granted = (data.get("user") or {}).get("permissions") or {}
    names = {"admin": Level.ADMIN, "maintain": Level.MAINTAIN, "push": Level.WRITE, "triage": Level.TRIAGE}
    held = [level for name, level in names.items() if granted.get(name)]
    return max(held, default=_plain_level(data))


def _plain_level(data: dict[str, Any]) -> Level:
    return Level.__members__.get(str(data.get("permission") or "none").upper(), Level.NONE)


def comment(client: RepositoryClient, comment_id: int) -> Comment | None:
    """Return a comment, or None where it is gone."""
    try:
        data, _etag = client.get(f"/issues/comments/{comment_id}")
    except Missing:
        return None
    return _comment(data)


def comments(client: RepositoryClient, number: int) -> Iterator[Comment]:
    """Return a thread's comments, the oldest first."""
    return (_comment(item) for item in client.pages(f"/issues/{number}/comments"))


def repository(client: RepositoryClient) -> Repository:
    """Return the repository as GitHub has it now; a name that it once had leads there, too."""
    data, _etag = client.get("")
    return Repository(
        data["id"],
        data["full_name"],
        client.installation,
        text_at(data, "default_branch") or "main",
        data.get("private") is True,
    )


def issue(client: RepositoryClient, number: int) -> Issue | None:
    """Return an issue, or None where it was deleted or moved to another repository."""
    try:
        data, _etag = client.get(f"/issues/{number}")
    except (Missing, Gone):
        return None
    # GitHub redirects to where it was moved, and there it has another number.
    return _issue(data) if data["number"] == number else None


def newest_issues(client: RepositoryClient, login: str) -> list[Issue]:
    """Return the last hundred issues that somebody opened here, the newest first."""
    path = f"/issues?creator={quote(login, safe='')}&state=all&sort=created&direction=desc"
    return [_issue(item) for item in client.pages(path, most=1)]


def check_run(client: RepositoryClient, sha: str, name: str, app: str) -> int | None:
    """Return the id of the newest check run of this name that the App of this slug made."""
    path = f"/commits/{segment(sha)}/check-runs?check_name={quote(name, safe='')}&per_page=100"
    data, _etag = client.get(path)
    runs = data.get("check_runs") or ()
    return next((int(run["id"]) for run in runs if (run.get("app") or {}).get("slug") == app), None)


def threads_by(client: RepositoryClient, login: str) -> list[dict[str, Any]]:
    """Return a person's first hundred issues and pull requests here.

    Not by search, which has narrow limits of its own.
    """
    path = f"/issues?creator={quote(login, safe='')}&state=all&sort=created&direction=asc"
    return list(client.pages(path, most=1))


def _issue(data: dict[str, Any]) -> Issue:
    return Issue(
        data["number"],
        (data.get("user") or {}).get("login") or "ghost",
        clean(data.get("title") or ""),
        clean(data.get("body") or ""),
        data.get("state") != "closed",
        (data.get("closed_by") or {}).get("login") or "",
        data.get("state_reason") or "",
        data.get("node_id") or "",
    )


def _comment(data: dict[str, Any]) -> Comment:
    user = data.get("user") or {}
    return Comment(
        data["id"],
        user.get("login") or "ghost",
        clean(data.get("body") or ""),
        data.get("html_url") or "",
    )

"""What Usher asks GitHub, as plain values. Each function is one question."""

import base64
import binascii
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.core.errors import BotError
from bot.core.facts import CurrentThread, Level
from bot.core.payload import clean
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
class Comment:
    """A comment as GitHub has it."""

    id: int
    author: str
    body: str
    url: str


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


def _comment(data: dict[str, Any]) -> Comment:
    user = data.get("user") or {}
    return Comment(
        data["id"],
        user.get("login") or "ghost",
        clean(data.get("body") or ""),
        data.get("html_url") or "",
    )

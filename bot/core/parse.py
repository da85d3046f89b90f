"""A webhook body to typed events.

Real payloads miss fields and forged ones hold anything, so a value of the wrong type counts as absent,
and only what an event cannot exist without is demanded.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from bot.core.commands import Command, parse_commands
from bot.core.errors import Malformed
from bot.core.events import (
    GHOST,
    Actor,
    CommandGiven,
    Event,
    FilesPushed,
    InstallationChanged,
    IssueEdited,
    IssueOpened,
    LabelChanged,
    LabelsEdited,
    PullRequestMerged,
    PullRequestOpened,
    RepositoriesChanged,
    Repository,
    Thread,
)

NO_INSTALLATION = 0  # of a delivery from a repository's own webhook, as in a saved example

_FULL_NAME = re.compile(r"(?!\.+/)[A-Za-z0-9._-]{1,100}/(?!\.+\Z)[A-Za-z0-9._-]{1,100}")
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Route:
    """What the relay must know of a delivery to put it in line. None where the body does not say."""

    installation: int | None = None
    full_name: str | None = None
    repository: int | None = None
    number: int | None = None
    action: str | None = None
    sender: str | None = None


def load_json(body: bytes) -> dict[str, Any]:
    """Read the body of a delivery.

    Raises:
        Malformed: it is not an object of valid JSON in UTF-8, or it is nested too deeply.
    """
    try:
        payload = json.loads(body.decode(), parse_constant=_not_json)
    except UnicodeDecodeError:
        raise Malformed("the body is not UTF-8") from None
    except RecursionError:
        raise Malformed("the body is nested too deeply") from None
    except ValueError as error:  # JSONDecodeError, or an integer of thousands of digits
        raise Malformed(f"the body is not JSON: {error}") from None
    if not isinstance(payload, dict):
        raise Malformed("the body is not a JSON object")
    return payload


def parse(event: str, payload: Mapping[str, Any], *, bot_login: str | None = None) -> tuple[Event, ...]:
    """Return the events that a delivery stands for; none where it is of no interest.

    Args:
        event: the delivery's ``X-GitHub-Event``.
        payload: its body.
        bot_login: Usher's own login; an account of this name is a bot whatever its type says.

    Raises:
        Malformed: a field is missing without which the event cannot exist.
    """
    read = _READERS.get(event)
    return tuple(read(_Body(payload, bot_login))) if read else ()


def route(event: str, payload: Mapping[str, Any]) -> Route:
    """Return what the relay must know. Raises nothing, whatever the body."""
    repository = _mapping(payload, "repository")
    full_name = _text(repository, "full_name")
    return Route(
        installation=_number(_mapping(payload, "installation"), "id"),
        full_name=full_name if _FULL_NAME.fullmatch(full_name) else None,
        repository=_number(repository, "id"),
        number=_number(_mapping(payload, _thread_key(event)), "number"),
        action=_text(payload, "action") or None,
        sender=_text(_mapping(payload, "sender"), "login") or None,
    )


def clean(text: str) -> str:
    """Make a text safe for databases: without NUL, lone surrogates replaced."""
    return _SURROGATES.sub("\ufffd", text.replace("\0", ""))


def _not_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a JSON value")


def _thread_key(event: str) -> str:
    return "pull_request" if event.startswith("pull_request") else "issue"


def _mapping(value: object, key: str) -> Mapping[str, Any]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _items(value: object, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, list) else []


def _text(value: object, key: str) -> str:
    found = value.get(key) if isinstance(value, Mapping) else None
    return clean(found) if isinstance(found, str) else ""


def _number(value: object, key: str) -> int | None:
    """Return an id: a positive integer that fits a database column."""
    found = value.get(key) if isinstance(value, Mapping) else None
    fits = isinstance(found, int) and not isinstance(found, bool) and 0 < found < 2**63
    return found if fits else None


def _texts(items: Iterable[object], key: str) -> tuple[str, ...]:
    return tuple(text for item in items if (text := _text(item, key)))


class _Body:
    """The parts that several events share. Each is read when asked for, since few are always there."""

    def __init__(self, payload: Mapping[str, Any], bot_login: str | None) -> None:
        self.payload = payload
        self.bot_login = (bot_login or "").casefold()
        self.action = _text(payload, "action")

    def actor(self, value: object, key: str) -> Actor:
        account = _mapping(value, key)
        login = _text(account, "login")
        if not login:
            return GHOST
        is_bot = _text(account, "type") == "Bot" or login.casefold() == self.bot_login
        return Actor(_number(account, "id"), login, is_bot)

    @property
    def sender(self) -> Actor:
        return self.actor(self.payload, "sender")

    @property
    def repository(self) -> Repository:
        repository = _mapping(self.payload, "repository")
        full_name = _text(repository, "full_name")
        if not _FULL_NAME.fullmatch(full_name):
            raise Malformed("the delivery has no usable repository.full_name")
        return Repository(
            id=_demand(_number(repository, "id"), "repository.id"),
            full_name=full_name,
            installation=_number(_mapping(self.payload, "installation"), "id") or NO_INSTALLATION,
            default_branch=_text(repository, "default_branch") or "main",
            is_private=repository.get("private") is True,
        )

    def thread(self, key: str) -> Thread:
        thread = _mapping(self.payload, key)
        return Thread(
            repository=self.repository,
            number=_demand(_number(thread, "number"), f"{key}.number"),
            is_pull=key == "pull_request" or isinstance(thread.get("pull_request"), Mapping),
            title=_text(thread, "title"),
            body=_text(thread, "body"),
            author=self.actor(thread, "user"),
            association=_text(thread, "author_association") or "NONE",
            labels=_texts(_items(thread, "labels"), "name"),
            is_open=_text(thread, "state") != "closed",
        )


def _demand(value: int | None, field: str) -> int:
    if value is None:
        raise Malformed(f"the delivery has no usable {field}")
    return value


def _issues(body: _Body) -> list[Event]:
    changes = _mapping(body.payload, "changes")
    match body.action:
        case "opened":
            return [IssueOpened(body.sender, body.thread("issue"))]
        case "edited" if "title" in changes or "body" in changes:
            return [IssueEdited(body.sender, body.thread("issue"))]
        case _:
            return _label_changes(body, "issue")


def _pull_requests(body: _Body) -> list[Event]:
    pull = _mapping(body.payload, "pull_request")
    match body.action:
        case "opened":
            return [PullRequestOpened(body.sender, body.thread("pull_request"))]
        case "closed" if pull.get("merged") is True:
            merger = body.actor(pull, "merged_by")
            return [
                PullRequestMerged(body.sender if merger == GHOST else merger, body.thread("pull_request"))
            ]
        case _:
            return _label_changes(body, "pull_request")


def _label_changes(body: _Body, key: str) -> list[Event]:
    label = _text(_mapping(body.payload, "label"), "name")
    if body.action not in {"labeled", "unlabeled"} or not label:
        return []  # a label that was deleted altogether is not named
    return [LabelChanged(body.sender, body.thread(key), label, added=body.action == "labeled")]


def _comments(body: _Body) -> list[Event]:
    comment = _mapping(body.payload, "comment")
    author = body.actor(comment, "user")
    actor = author if body.action == "created" else body.sender
    if author.is_bot or actor.is_bot:
        return []
    commands = _given(body, _text(comment, "body"))
    if not commands:
        return []
    thread = body.thread("issue")
    number = _demand(_number(comment, "id"), "comment.id")
    return [CommandGiven(actor, thread, given.name, given.args, given.text, number) for given in commands]


def _given(body: _Body, text: str) -> list[Command]:
    """Return the commands that a comment gives now: after an edit, only those that it added."""
    if body.action == "created":
        return parse_commands(text)
    before = _mapping(_mapping(body.payload, "changes"), "body").get("from")
    if body.action != "edited" or not isinstance(before, str):
        return []
    known = Counter((old.name, old.text) for old in parse_commands(clean(before), limit=None))
    added = []
    for command in parse_commands(text):
        if known[command.name, command.text] > 0:
            known[command.name, command.text] -= 1
        else:
            added.append(command)
    return added


def _installations(body: _Body) -> list[Event]:
    installation = _mapping(body.payload, "installation")
    return [
        InstallationChanged(
            actor=body.sender,
            installation=_demand(_number(installation, "id"), "installation.id"),
            account=_text(_mapping(installation, "account"), "login"),
            action=body.action,
            repositories=_texts(_items(body.payload, "repositories"), "full_name"),
        )
    ]


def _installed_repositories(body: _Body) -> list[Event]:
    installation = _mapping(body.payload, "installation")
    return [
        RepositoriesChanged(
            actor=body.sender,
            installation=_demand(_number(installation, "id"), "installation.id"),
            account=_text(_mapping(installation, "account"), "login"),
            added=_texts(_items(body.payload, "repositories_added"), "full_name"),
            removed=_texts(_items(body.payload, "repositories_removed"), "full_name"),
        )
    ]


def _pushes(body: _Body) -> list[Event]:
    branch = _text(_mapping(body.payload, "repository"), "default_branch") or "main"
    if _text(body.payload, "ref") != f"refs/heads/{branch}":
        return []
    lists = (
        _items(commit, key)
        for commit in _items(body.payload, "commits")
        for key in ("added", "modified", "removed")
    )
    paths = frozenset(clean(path) for paths in lists for path in paths if isinstance(path, str))
    return [FilesPushed(body.sender, body.repository, paths)]


def _labels(body: _Body) -> list[Event]:
    return [LabelsEdited(body.sender, body.repository)]


_READERS: Mapping[str, Callable[[_Body], list[Event]]] = {
    "issues": _issues,
    "pull_request": _pull_requests,
    "issue_comment": _comments,
    "installation": _installations,
    "installation_repositories": _installed_repositories,
    "push": _pushes,
    "label": _labels,
}

"""A request on its way through a handler: what it asks, who asks it, and what that caller may do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, TypeVar

from bot.sandbox.audit import Write
from bot.sandbox.auth import Caller
from bot.sandbox.clock import parse
from bot.sandbox.paging import page
from bot.sandbox.shapes.urls import Urls
from bot.sandbox.state import State
from bot.sandbox.store import Store, at_least
from bot.sandbox.things import (
    App,
    Issue,
    Json,
    Repository,
    Role,
)
from bot.sandbox.users import User
from bot.sandbox.web import Answer, ApiError, Request, forbidden, invalid, not_found

Item = TypeVar("Item")
Who = Literal["anyone", "someone", "person", "app", "installation"]


@dataclass(frozen=True)
class Needs:
    """What a route asks of its caller.

    `app` lists permissions of which an installation must have any one; `role` is what a person must be in
    the repository; `who` says which kind of credential is accepted.
    """

    app: tuple[str, ...] = ("metadata:read",)
    role: Role = "read"
    who: Who = "anyone"

    @property
    def header(self) -> str:
        return "; ".join(permission.replace(":", "=") for permission in self.app)


@dataclass
class Call:
    sandbox: State
    request: Request
    caller: Caller
    params: dict[str, str]
    _repo: Repository | None = field(default=None)

    @property
    def store(self) -> Store:
        return self.sandbox.store

    @property
    def urls(self) -> Urls:
        return self.sandbox.urls

    @property
    def repo(self) -> Repository:
        if self._repo is None:
            raise not_found()
        return self._repo

    @repo.setter
    def repo(self, repo: Repository) -> None:
        self._repo = repo

    @property
    def user(self) -> User:
        """Who acts; for an App its bot."""
        if self.caller.user is None:
            raise ApiError(401, "Requires authentication")
        return self.caller.user

    @property
    def via_app(self) -> App | None:
        return self.caller.app if self.caller.token is not None else None

    def may(self, role: Role) -> bool:
        """Whether a person has at least this role. An installation's permissions are checked by its route."""
        if self.caller.token is not None:
            return True
        return at_least(self.repo, self.caller.user, role)

    def require(self, role: Role) -> None:
        if not self.may(role):
            raise forbidden("Must have admin rights to Repository.")

    def number(self, name: str) -> int:
        text = self.params[name]
        if not text.isascii() or not text.isdigit():
            raise not_found()
        return int(text)

    @cached_property
    def issue(self) -> Issue:
        found = self.repo.issues.get(self.number("number"))
        if found is None:
            raise not_found()
        return found

    @property
    def pull(self) -> Issue:
        if self.issue.pull is None:
            raise not_found()
        return self.issue

    @cached_property
    def json(self) -> Json:
        body = self.request.json()
        if not isinstance(body, dict):
            raise ApiError(400, "Body should be a JSON object")
        return body

    def text(self, name: str, default: str | None = None) -> str | None:
        return self._typed(name, str, default)

    def required_text(self, resource: str, name: str) -> str:
        value = self._typed(name, str, None)
        if not value or not value.strip():
            raise invalid(resource, name, "missing_field")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        return bool(self._typed(name, bool, default))

    def fields(self, name: str) -> Json | None:
        """An object within the body."""
        return self._typed(name, dict, None)

    def names(self, name: str) -> list[str] | None:
        """A list of strings; GitHub also takes objects with a name, as labels come."""
        values = self._typed(name, list, None)
        if values is None:
            return None
        return [self._name(name, value) for value in values]

    def _name(self, field_name: str, value: Any) -> str:
        if isinstance(value, dict):
            value = value.get("name")
        if not isinstance(value, str):
            raise ApiError(422, f"Invalid request.\n\nFor 'links/0/schema', {field_name} is not a string.")
        return value

    def _typed(self, name: str, kind: type[Item], default: Item | None) -> Item | None:
        value = self.json.get(name, default)
        if value is not None and not isinstance(value, kind):
            message = f"Invalid request.\n\nFor 'properties/{name}', {value!r:.60} is not a {kind.__name__}."
            raise ApiError(422, message)
        return value

    def moment(self, name: str) -> datetime | None:
        return _moment(name, self.text(name))

    def asked_moment(self, name: str) -> datetime | None:
        """A moment in the query, such as `since`."""
        return _moment(name, self.request.query.get(name))

    def note(self, operation: str, *, changed: bool) -> None:
        """Keep in the record of writes that the call was carried out."""
        made = Write(
            self.sandbox.clock.now(),
            self.caller.user.login if self.caller.user is not None else "anonymous",
            None if self.via_app is None else self.via_app.slug,
            self.request.method,
            self.request.line.partition(" ")[2],
            operation,
            self.request.json(),
            changed,
        )
        self.sandbox.writes.append(made)

    def page(self, items: Iterable[Item], show: Callable[[Item], Json]) -> Answer:
        """The page of a list that the query asks for, with its `Link` header."""
        chosen, headers = page(self.request, self.urls.html, list(items))
        return Answer(200, [show(item) for item in chosen], headers)


def _moment(name: str, text: str | None) -> datetime | None:
    try:
        return None if text is None else parse(text)
    except ValueError:
        raise ApiError(422, f"Invalid request.\n\n{name} is not a moment in ISO 8601.") from None

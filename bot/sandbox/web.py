"""A request, its answer, and the errors that GitHub answers with: HTTP without a server."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bot.sandbox.things import Json

DOCUMENTATION = "https://docs.github.com/rest"
API_PREFIX, GRAPHQL_PREFIX = "/api/v3", "/api"  # as on Enterprise Server
GRAPHQL = "/graphql"
_FIRST_FIELD = re.compile(r"\{\s*(?:\w+\s*:\s*)?(\w+)")


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is without the prefix that Enterprise Server puts before it, `prefix` is what was there."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names
    body: bytes = b""
    prefix: str = ""

    @property
    def line(self) -> str:
        """What faults are matched against; GraphQL adds the first field that it asks for."""
        field_name = _FIRST_FIELD.search(self.document)
        return f"{self.method} {self.path}" + (f" {field_name[1]}" if field_name else "")

    @property
    def counts_as(self) -> str:
        """The method that limits go by: a GraphQL query is a POST that only reads."""
        if self.path != GRAPHQL:
            return self.method
        return "PATCH" if self.document.lstrip().startswith("mutation") else "GET"

    @property
    def document(self) -> str:
        """What a GraphQL request asks, otherwise nothing."""
        if self.path != GRAPHQL:
            return ""
        try:
            body = self.json()
        except ApiError:
            return ""
        query = body.get("query") if isinstance(body, dict) else None
        return query if isinstance(query, str) else ""

    def url_with(self, base: str, **changed: str) -> str:
        query = urlencode({**self.query, **changed})
        return f"{base}{self.prefix}{self.path}{'?' if query else ''}{query}"

    def json(self) -> Any:
        """The body; nothing and `null` both mean that there is nothing to say."""
        try:
            value = json.loads(self.body or b"{}")
        except (ValueError, RecursionError):
            raise ApiError(400, "Problems parsing JSON") from None
        return {} if value is None else value


@dataclass(slots=True)
class Answer:
    """`changed`: whether an accepted write altered anything (adding a label twice does not)."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    changed: bool = True

    def encoded(self) -> bytes:
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        return encode(self.body)

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "application/json; charset=utf-8")


def encode(value: Any) -> bytes:
    """JSON as GitHub sends it: compact, and real UTF-8 rather than escapes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def created(body: Json) -> Answer:
    return Answer(201, body)


def no_content(*, changed: bool = True) -> Answer:
    return Answer(204, changed=changed)


class ApiError(Exception):
    """An answer that is not the one asked for."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: list[Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message = status, message
        self.errors, self.headers = errors, headers or {}

    def answer(self) -> Answer:
        body: Json = {"message": self.message, "documentation_url": DOCUMENTATION, "status": str(self.status)}
        if self.errors is not None:
            body["errors"] = self.errors
        return Answer(self.status, body, dict(self.headers), changed=False)


def not_found() -> ApiError:
    return ApiError(404, "Not Found")


def forbidden(message: str) -> ApiError:
    return ApiError(403, message)


def invalid(resource: str, field_name: str, code: str = "invalid", message: str | None = None) -> ApiError:
    """422 with the machine-readable reason that clients show."""
    error = {"resource": resource, "field": field_name, "code": code}
    if message is not None:
        error["message"] = message
    return ApiError(422, "Validation Failed", [error])

"""GitHub's own description of its REST API, held against every request that the client sends in a test.

Requests are judged strictly: the operation exists, each parameter is known and of the right type, and the
body fits its schema and has no key that the schema does not name. Answers are judged advisorily, since
real ones often differ from the description.
"""

import gzip
import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import unquote

import httpx
import jsonschema_rs

from tests.shared import SHARED

DESCRIPTION = SHARED / "github" / "openapi_bot_subset.json.gz"
WHOLE = "urn:github"
DRAFT = "http://json-schema.org/draft-04/schema#"  # what OpenAPI 3.0 was made from
PREFIX = "/api/v3"  # of Enterprise Server, and of the sandbox
# GitHub has it, and the description at hand leaves it out: the rules of a branch, in pages; what lies in the
# root ("if you omit the path parameter", says the text of the operation).
LEFT_OUT = re.compile(r"/repos/[^/]+/[^/]+/(rules/branches/[^/]+|contents)")
GRAPHQL = "/graphql"  # has a schema of its own, see ``tests/schema.py``


@cache
def description() -> "Description | None":
    """Return the description; None where its file is not beside this checkout."""
    if not DESCRIPTION.exists():
        return None
    return Description(json.loads(gzip.decompress(DESCRIPTION.read_bytes())))


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that the API can do: ``POST /repos/{owner}/{repo}/issues/{issue_number}/labels``."""

    verb: str
    template: str
    said: dict[str, Any]
    values: dict[str, str]  # of the parameters in the path


class Description:
    """The description, with a validator for each part of it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = _with_null(document)
        self._registry = jsonschema_rs.Registry([(WHOLE, self._document)], draft=jsonschema_rs.Draft4)
        # Fixed words win over parameters: `/issues/comments` is no issue's number.
        templates = sorted(self._document["paths"], key=lambda path: (path.count("{"), -len(path)))
        self._paths = [(_pattern(template), template) for template in templates]

    def operation(self, verb: str, path: str) -> Operation | None:
        """Return the operation that a request asks for."""
        for pattern, template in self._paths:
            match = pattern.fullmatch(path)
            said = self._document["paths"][template].get(verb.lower())
            if match and said:
                values = {name: unquote(value) for name, value in match.groupdict().items()}
                return Operation(verb, template, said, values)
        return None

    def of_request(self, request: httpx.Request) -> list[str]:
        """Return what is wrong with a request; an empty list where nothing is."""
        path = request.url.raw_path.decode().partition("?")[0].removeprefix(PREFIX)
        operation = self.operation(request.method, path)
        if operation is None and request.method == "GET" and LEFT_OUT.fullmatch(path):
            return []
        if operation is None:
            return [f"{request.method} {path}: there is no such operation"]
        query = dict(request.url.params)
        problems = [*self._parameters(operation, query), *self._body(operation, request.content)]
        return [f"{request.method} {operation.template}: {problem}" for problem in problems]

    def of_answer(self, response: httpx.Response) -> list[str]:
        """Return where an answer differs from the description."""
        request = response.request
        path = request.url.raw_path.decode().partition("?")[0].removeprefix(PREFIX)
        operation = self.operation(request.method, path)
        said = operation and operation.said["responses"].get(str(response.status_code))
        schema = said and self._followed(said).get("content", {}).get("application/json", {}).get("schema")
        if operation is None or not schema or not response.content:
            return []
        return [
            f"{request.method} {operation.template}: {problem}"
            for problem in self._against(schema, response.json())
        ]

    def _parameters(self, operation: Operation, query: dict[str, str]) -> list[str]:
        known = {}
        for parameter in operation.said.get("parameters", ()):
            said = self._followed(parameter)
            known[said["in"], said["name"]] = said
        problems = [f"{name} is not a parameter" for name in query if ("query", name) not in known]
        for (place, name), said in known.items():
            value = {"query": query, "path": operation.values}.get(place, {}).get(name)
            if value is not None:
                schema = self._followed(said["schema"])
                problems += [f"{name}: {p}" for p in self._against(said["schema"], _typed(value, schema))]
        return problems

    def _body(self, operation: Operation, content: bytes) -> list[str]:
        wanted = operation.said.get("requestBody", {})
        if not content:
            return ["a body is required"] if wanted.get("required") else []
        if not wanted:
            return ["a body is not expected"]
        schema = wanted["content"]["application/json"]["schema"]
        body = json.loads(content)
        return [*self._against(schema, body), *self._unnamed(schema, body)]

    def _unnamed(self, schema: dict[str, Any], body: Any) -> list[str]:
        """The keys that no schema for this body names."""
        followed = self._followed(schema)
        choices = [self._followed(one) for one in followed.get("oneOf", followed.get("anyOf", [followed]))]
        named = {name for choice in choices for name in choice.get("properties", {})}
        if not isinstance(body, dict) or any(choice.get("additionalProperties") for choice in choices):
            return []
        return [f"{name} is not a key of the body" for name in body if name not in named]

    def _followed(self, node: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = node
        while "$ref" in found:
            target: Any = self._document
            for step in found["$ref"].removeprefix(f"{WHOLE}#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~")]
            found = target
        return found

    def _against(self, schema: dict[str, Any], value: Any) -> list[str]:
        validator = jsonschema_rs.Draft4Validator({"$schema": DRAFT, **schema}, registry=self._registry)
        return [
            f"{'/'.join(map(str, error.instance_path)) or 'the whole'}: {error.message[:200]}"
            for error in validator.iter_errors(value)
        ]


def _with_null(node: Any) -> Any:
    """OpenAPI 3.0 writes ``nullable: true`` where a JSON Schema names the type ``null``.

    Without a ``type`` beside it some validators drop all checks of the value, so it becomes a choice. The
    references are made absolute, for schemas that are taken out of the document.
    """
    if isinstance(node, list):
        return [_with_null(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _with_null(value) for key, value in node.items() if key != "nullable"}
    if isinstance(plain.get("$ref"), str):
        plain["$ref"] = WHOLE + plain["$ref"]
    return {"anyOf": [plain, {"type": "null"}]} if node.get("nullable") is True else plain


def _pattern(template: str) -> re.Pattern[str]:
    """What may have slashes in it, the path of a file and the name of a ref, is only ever the last one."""
    parts = re.split(r"\{(\w+)\}", template)
    long = {"path", "ref"} if "/git/" in template else {"path"}
    named = [
        re.escape(part) if index % 2 == 0 else f"(?P<{part}>{'.+' if part in long else '[^/]+'})"
        for index, part in enumerate(parts)
    ]
    return re.compile("".join(named))


def _typed(value: str, schema: dict[str, Any]) -> Any:
    """A parameter is text; what it stands for is what the schema says."""
    if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    if schema.get("type") == "boolean" and value in ("true", "false"):
        return value == "true"
    return value


@dataclass(slots=True)
class Witness:
    """Sees every request and every answer.

    What is wrong is noted and not raised: the code under test would take an error for a broken network.
    """

    requests: list[str] = field(default_factory=list)  # "GET /repos/octo/engine/labels"
    problems: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    advisories: set[str] = field(default_factory=set)
    unchanged: int = 0  # answers that said so, which GitHub does not count

    def sent(self, request: httpx.Request) -> None:
        path = request.url.raw_path.decode().removeprefix(PREFIX)
        self.requests.append(f"{request.method} {path}")
        known = description()
        if known is not None and not path.endswith(GRAPHQL):
            self.problems += known.of_request(request)

    def answered(self, response: httpx.Response) -> None:
        if response.status_code == 304:
            self.unchanged += 1
        if response.status_code in (403, 429):
            self.refusals.append(f"{response.request.method} {response.request.url.path}")
        known = description()
        if known is not None:
            response.read()
            self.advisories.update(known.of_answer(response))

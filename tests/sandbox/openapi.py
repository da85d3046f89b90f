"""GitHub's own descriptions of its answers and webhooks, as validators.

Where a description asks for what a sandbox cannot have, or contradicts the real GitHub, `TOLERATED` says so.
"""

import gzip
import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest

DESCRIPTIONS = Path(__file__).parents[3] / "shared" / "github"
REST, WEBHOOKS = "openapi_bot_subset.json.gz", "openapi_webhooks.json.gz"

# (the problem, why the answer is right all the same)
TOLERATED: tuple[tuple[str, str], ...] = (
    (
        r"^GET /app/installations at \d+/account: .*'anyOf' keyword$",
        "the list wants an account to be a user and an enterprise at once; a single installation, either",
    ),
    (
        r"^PUT /repos/{owner}/{repo}/contents/{path} at the top: .*\"status\":\"409\"} .*'oneOf' keyword$",
        "a conflict is to fit just one of two schemas, but the plain error fits both",
    ),
)


def _load(name: str) -> Any:
    path = DESCRIPTIONS / name
    if not path.exists():
        pytest.skip(f"GitHub's description {name} is not here ({DESCRIPTIONS})")
    return json.loads(gzip.decompress(path.read_bytes()))


def _without_nullable(node: Any) -> Any:
    """OpenAPI 3.0 writes `nullable: true` where JSON Schema has a type `null`."""
    if isinstance(node, list):
        return [_without_nullable(one) for one in node]
    if not isinstance(node, dict):
        return node
    plain = {name: _without_nullable(value) for name, value in node.items() if name != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if node.get("nullable") is True else plain


class _Description:
    def __init__(self, name: str) -> None:
        self.document = _without_nullable(_load(name))
        self._registry = jsonschema_rs.Registry([("urn:github", self.document)])

    @cache  # noqa: B019 - lives as long as the test session
    def validator(self, *steps: str) -> Any:
        pointer = "/".join(quote(step.replace("~", "~0").replace("/", "~1")) for step in steps)
        return jsonschema_rs.validator_for(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": f"urn:github#/{pointer}"},
            registry=self._registry,
        )


@cache
def _description(name: str) -> _Description:
    return _Description(name)


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    """Paths with fewer parameters first, so that `/releases/latest` is not taken for a release's id."""
    paths = sorted(_description(REST).document["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path)) + "$"), path) for path in paths]


def _operation(path: str) -> str | None:
    if re.search(r"/(contents|git/refs?)/", path):  # their last parameter may hold slashes
        head, kind, _ = re.split(r"/(contents|git/refs?)/", path, maxsplit=1)
        path = f"{head}/{kind}/x"
    return next((template for pattern, template in _templates() if pattern.match(path)), None)


def problems_of_answer(method: str, path: str, status: int, body: Any) -> list[str]:
    """What the description of the operation says against an answer; the path is without prefix and query."""
    document = _description(REST).document
    template = _operation(path) or ""
    operation = document["paths"].get(template, {}).get(method.lower(), {})
    if not operation:
        return []
    response = operation["responses"].get(str(status))
    if response is None and status >= 400:  # any request may be refused in ways that are not listed
        return _problems(template, _description(REST).validator("components", "schemas", "basic-error"), body)
    if response is None:
        return [f"{method} {template} does not describe {status}"]
    steps = ["paths", template, method.lower(), "responses", str(status)]
    if "$ref" in response:
        steps = response["$ref"].removeprefix("#/").split("/")
        response = document["components"]["responses"][steps[-1]]
    if "application/json" not in response.get("content", {}):
        return []
    validator = _description(REST).validator(*steps, "content", "application/json", "schema")
    return _problems(f"{method} {template}", validator, body)


def problems_of_webhook(event: str, payload: Any) -> list[str]:
    name = event.replace("_", "-")
    if "action" in payload:
        name = f"{name}-{payload['action'].replace('_', '-')}"
    if f"webhook-{name}" not in _description(WEBHOOKS).document["components"]["schemas"]:
        return [f"there is no webhook {name}"]
    validator = _description(WEBHOOKS).validator("components", "schemas", f"webhook-{name}")
    return _problems(name, validator, payload)


def _problems(name: str, validator: Any, body: Any) -> list[str]:
    found = []
    for error in validator.iter_errors(body):
        place = "/".join(str(step) for step in error.instance_path)
        found.append(f"{name} at {place or 'the top'}: …{error.message[-200:]}")
    return [one for one in found if not any(re.search(known, one, re.DOTALL) for known, _ in TOLERATED)]

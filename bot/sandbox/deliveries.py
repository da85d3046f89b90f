"""Webhook deliveries and the log of them that an App can read and redeliver from."""

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from bot.sandbox.clock import stamp
from bot.sandbox.things import App, Json

USER_AGENT = "GitHub-Hookshot/sandbox"


@dataclass(eq=False, slots=True)
class Delivery:
    id: int
    guid: str
    event: str
    action: str | None
    app: App
    url: str
    body: bytes
    delivered_at: datetime
    installation_id: int | None = None
    repository_id: int | None = None
    lane: str = ""  # deliveries of one lane keep their order
    redelivery: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    duration: float = 0.0
    status: str = "pending"
    status_code: int = 0
    response_headers: dict[str, str] = field(default_factory=dict)
    response_body: str = ""

    @property
    def name(self) -> str:
        """`issues.opened`: what webhook faults are matched against."""
        return self.event if self.action is None else f"{self.event}.{self.action}"

    def answered(self, code: int, headers: dict[str, str], body: str) -> None:
        self.status_code, self.response_headers, self.response_body = code, headers, body
        good = HTTPStatus.OK <= code < HTTPStatus.MULTIPLE_CHOICES
        self.status = "OK" if good else f"Invalid HTTP Response: {code}"

    def failed(self, why: str, code: int) -> None:
        self.status, self.status_code = why, code


def signatures(secret: str | None, body: bytes) -> dict[str, str]:
    """The two signature headers; none for a hook without a secret."""
    if not secret:
        return {}
    key = secret.encode()
    return {
        "X-Hub-Signature": "sha1=" + hmac.new(key, body, hashlib.sha1).hexdigest(),
        "X-Hub-Signature-256": "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest(),
    }


def new_guid() -> str:
    return str(uuid.uuid4())


def headers_of(delivery: Delivery) -> dict[str, str]:
    app = delivery.app
    return {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "X-GitHub-Delivery": delivery.guid,
        "X-GitHub-Event": delivery.event,
        "X-GitHub-Hook-ID": str(app.hook_id),
        "X-GitHub-Hook-Installation-Target-ID": str(app.id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        **signatures(app.webhook_secret, delivery.body),
    }


def delivery_json(delivery: Delivery) -> Json:
    """As the log lists it."""
    return {
        "id": delivery.id,
        "guid": delivery.guid,
        "delivered_at": stamp(delivery.delivered_at),
        "redelivery": delivery.redelivery,
        "duration": delivery.duration,
        "status": delivery.status,
        "status_code": delivery.status_code,
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": delivery.installation_id,
        "repository_id": delivery.repository_id,
        "throttled_at": None,
    }


def full_delivery_json(delivery: Delivery) -> Json:
    """With what was sent and what came back."""
    return delivery_json(delivery) | {
        "url": delivery.url,
        "request": {"headers": delivery.headers, "payload": _parsed(delivery.body)},
        "response": {"headers": delivery.response_headers, "payload": delivery.response_body},
    }


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return {"raw": body.decode("utf-8", "replace")}

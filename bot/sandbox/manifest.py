"""An App from a manifest: checked, registered, and handed over once for a code."""

import re
import secrets
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from bot.sandbox.shapes.people import app_json
from bot.sandbox.state import State
from bot.sandbox.things import App, Json
from bot.sandbox.web import not_found

CODE_LIFE = timedelta(hours=1)
# Which permissions let an App listen to an event; any one is enough.
EVENT_NEEDS = {
    "check_run": ("checks",),
    "check_suite": ("checks",),
    "discussion": ("discussions",),
    "discussion_comment": ("discussions",),
    "issue_comment": ("issues", "pull_requests"),
    "issues": ("issues",),
    "merge_group": ("merge_queues",),
    "member": ("members",),
    "milestone": ("issues", "pull_requests"),
    "pull_request": ("pull_requests",),
    "pull_request_review": ("pull_requests",),
    "pull_request_review_comment": ("pull_requests",),
    "pull_request_review_thread": ("pull_requests",),
    "push": ("contents",),
    "release": ("contents",),
    "status": ("statuses",),
    "workflow_run": ("actions",),
}


def check(manifest: object) -> Json:
    """The manifest, or a `ValueError` in words."""
    if not isinstance(manifest, dict):
        raise TypeError("The manifest must be a JSON object.")
    if not _is_web_address(manifest.get("url")):
        raise ValueError('"url" wasn\'t supplied.')
    for name in ("redirect_url", "setup_url"):
        if manifest.get(name) is not None and not _is_web_address(manifest[name]):
            raise ValueError(f'"{name}" is not a web address.')
    hook = manifest.get("hook_attributes")
    if hook is not None and (not isinstance(hook, dict) or not _is_web_address(hook.get("url"))):
        raise ValueError("Hook url is not a web address.")
    permissions = manifest.get("default_permissions") or {}
    for event in manifest.get("default_events") or []:
        needed = EVENT_NEEDS.get(event)
        if needed is not None and not any(name in permissions for name in needed):
            raise ValueError(f"Default events are not supported by permissions: {event}")
    return manifest


def _is_web_address(value: object) -> bool:
    return isinstance(value, str) and urlsplit(value).scheme in ("http", "https")


def register(sandbox: State, manifest: Json, owner: str, name: str) -> App:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not slug or any(app.slug == slug for app in sandbox.store.apps.values()):
        raise ValueError("Name is already taken.")
    hook = manifest.get("hook_attributes") or {}
    app = sandbox.add_app(
        slug,
        owner=owner,
        name=name,
        permissions={"metadata": "read"} | (manifest.get("default_permissions") or {}),
        events=manifest.get("default_events") or [],
        webhook_url=hook.get("url"),
        webhook_secret=secrets.token_hex(20) if hook else None,
    )
    app.hook_active = bool(hook.get("active", True))
    app.description = str(manifest.get("description") or "")
    app.external_url, app.setup_url = manifest["url"], manifest.get("setup_url")
    app.callback_urls = list(manifest.get("callback_urls") or [])
    return app


def new_code(sandbox: State, app: App) -> str:
    code = secrets.token_hex(20)
    sandbox.store.manifest_codes[code] = (app, sandbox.clock.now() + CODE_LIFE)
    return code


def redeem(sandbox: State, code: str) -> Json:
    """Everything an App must know about itself, once, within the hour."""
    app, expires = sandbox.store.manifest_codes.pop(code, (None, sandbox.clock.now()))
    if app is None or expires <= sandbox.clock.now():
        raise not_found()
    return app_json(sandbox.urls, app) | {
        "client_secret": app.client_secret,
        "webhook_secret": app.webhook_secret,
        "pem": app.private_key,
    }


def address_with(url: str, **query: str) -> str:
    """The address with more in its query."""
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(query)}"

"""Who is told about what happened: webhooks to the Apps that subscribed to it."""

from dataclasses import replace
from datetime import timedelta

from bot.sandbox.clock import Clock
from bot.sandbox.deliveries import Delivery, headers_of, new_guid
from bot.sandbox.faults import Faults
from bot.sandbox.sender import Sender
from bot.sandbox.shapes.people import user_json
from bot.sandbox.shapes.repos import repo_json
from bot.sandbox.shapes.urls import Urls
from bot.sandbox.store import Store
from bot.sandbox.things import (
    App,
    Installation,
    Json,
    Repository,
)
from bot.sandbox.users import User
from bot.sandbox.web import encode

# Sent to every App without being asked for.
ALWAYS = frozenset({"installation", "installation_repositories", "ping"})
LOG_REACHES = timedelta(days=3)
HELD_BACK = 0.3  # seconds by which a reordered delivery lets others pass


class Hooks:
    def __init__(self, store: Store, clock: Clock, faults: Faults, urls: Urls) -> None:
        self._store, self._clock, self._faults, self.urls = store, clock, faults, urls
        self.sender = Sender()
        self.log: dict[int, Delivery] = {}

    def announce(self, repo: Repository, sender: User, event: str, payload: Json) -> None:
        """Tell every App that is installed on the repository and listens to the event."""
        listening = [
            one
            for one in self._store.installations_on(repo)
            if one.suspended_at is None
            and event in one.events
            and one.app.webhook_url
            and one.app.hook_active
        ]
        if not listening:
            return
        urls = self.urls
        whole = payload | {"repository": repo_json(urls, repo)}
        if repo.owner.type == "Organization":
            whole["organization"] = _organization(user_json(urls, repo.owner))
        whole["sender"] = user_json(urls, sender)
        for installation in listening:
            self.send(installation.app, event, whole, installation=installation, repo=repo)

    def announce_installation(
        self, installation: Installation, sender: User, event: str, payload: Json
    ) -> None:
        whole = payload | {"sender": user_json(self.urls, sender)}
        self.send(installation.app, event, whole, installation=installation)

    def send(
        self,
        app: App,
        event: str,
        payload: Json | bytes,
        *,
        guid: str | None = None,
        installation: Installation | None = None,
        repo: Repository | None = None,
    ) -> Delivery | None:
        """Sign and send one delivery; bytes go out as they are."""
        if not app.webhook_url or not app.hook_active:
            return None
        if isinstance(payload, dict):
            if installation is not None and "installation" not in payload:
                node = f"MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9u{installation.id}"
                payload = payload | {"installation": {"id": installation.id, "node_id": node}}
            action = payload.get("action")
            body = encode(payload)
        else:
            action, body = None, payload
        delivery = Delivery(
            self._store.next_id(),
            guid or new_guid(),
            event,
            action if isinstance(action, str) else None,
            app,
            app.webhook_url,
            body,
            self._clock.now(),
            None if installation is None else installation.id,
            None if repo is None else repo.id,
            app.slug if repo is None else f"{app.slug} {repo.full_name}",
        )
        delivery.headers = headers_of(delivery)
        self._dispatch(delivery)
        return delivery

    def redeliver(self, old: Delivery) -> Delivery:
        """The same GUID and body again, to where the hook points now, signed with its secret now."""
        again = replace(
            old,
            id=self._store.next_id(),
            delivered_at=self._clock.now(),
            redelivery=True,
            url=old.app.webhook_url or old.url,
            duration=0.0,
            status="pending",
            status_code=0,
            response_headers={},
            response_body="",
        )
        again.headers = headers_of(again)
        self._dispatch(again)
        return again

    def _dispatch(self, delivery: Delivery) -> None:
        faults = self._faults
        dropped = None if delivery.redelivery else faults.take("drop_webhooks", delivery.name)
        if dropped is not None:
            delivery.failed("failed to connect to host", 502)
            if not dropped.silent:
                self.log[delivery.id] = delivery
            return
        self.log[delivery.id] = delivery
        held = faults.take("reorder_webhooks", delivery.name)
        delay = 0.0 if held is None else held.seconds or HELD_BACK
        self.sender.send(delivery.lane, delivery, delay=delay)
        if faults.take("duplicate_webhooks", delivery.name) is not None:
            self.sender.send(delivery.lane, replace(delivery), delay=delay)

    def of(self, app: App) -> list[Delivery]:
        """The log as GitHub lists it: newest first, three days back."""
        oldest = self._clock.now() - LOG_REACHES
        return [one for one in reversed(self.log.values()) if one.app is app and one.delivered_at > oldest]


def _organization(owner: Json) -> Json:
    names = ("login", "id", "node_id", "url", "repos_url", "events_url", "avatar_url")
    api = owner["url"].replace("/users/", "/orgs/")
    return {name: owner[name] for name in names} | {
        "url": api,
        "hooks_url": f"{api}/hooks",
        "issues_url": f"{api}/issues",
        "members_url": f"{api}/members{{/member}}",
        "public_members_url": f"{api}/public_members{{/member}}",
        "description": None,
    }

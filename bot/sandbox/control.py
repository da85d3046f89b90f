"""The sandbox's own switches under `/_sandbox/`, for tests and demos in another process; loopback only."""

import asyncio
import ipaddress
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.clock import parse, stamp
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.things import Json

Handler = Callable[[Sandbox, Json], Any]


def routes(sandbox: Sandbox) -> list[Route]:
    table: dict[str, tuple[str, Handler]] = {
        "/_sandbox/writes": ("GET", _writes),
        "/_sandbox/violations": ("GET", _violations),
        "/_sandbox/state": ("GET", _state),
        "/_sandbox/deliver": ("POST", _deliver),
        "/_sandbox/time": ("POST", _time),
        "/_sandbox/role": ("POST", _role),
        "/_sandbox/protect": ("POST", _protect),
        "/_sandbox/merge_methods": ("POST", _merge_methods),
        "/_sandbox/limits": ("POST", _limits),
        "/_sandbox/wait_idle": ("POST", _wait_idle),
    }
    made = [Route(path, _endpoint(sandbox, do), methods=[method]) for path, (method, do) in table.items()]
    faults: dict[str, Handler] = {"GET": _faults, "POST": _add_fault, "DELETE": _clear_faults}
    for method, do in faults.items():
        made.append(Route("/_sandbox/faults", _endpoint(sandbox, do), methods=[method]))
    return made


def _endpoint(sandbox: Sandbox, do: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        if request.client is None or not _is_loopback(request.client.host):
            return JSONResponse({"message": "The sandbox is controlled from its own machine only."}, 403)
        try:
            raw = await request.body()
            body = json.loads(raw) if raw else dict(request.query_params)
            # In a thread, since waiting for webhooks must not hold up the API that their receivers call.
            result = await asyncio.to_thread(do, sandbox, body)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return JSONResponse({"message": str(error)}, 422)
        return JSONResponse(result)

    return answer


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _writes(sandbox: Sandbox, _body: Json) -> list[Json]:
    return [write.as_json() for write in list(sandbox.writes)]


def _violations(sandbox: Sandbox, _body: Json) -> list[Json]:
    return [asdict(one) | {"time": stamp(one.time)} for one in sandbox.violations]


def _state(sandbox: Sandbox, _body: Json) -> Json:
    """What there is, in one look."""
    with sandbox.lock:
        return {
            "url": sandbox.urls.html,
            "time": stamp(sandbox.clock.now()),
            "apps": [
                {"id": app.id, "slug": app.slug, "webhook_url": app.webhook_url}
                for app in sandbox.store.apps.values()
            ],
            "installations": [
                {"id": one.id, "app": one.app.slug, "account": one.account.login}
                for one in sandbox.store.installations.values()
            ],
            "repositories": [
                {"name": repo.full_name, "id": repo.id, "private": repo.private, "threads": len(repo.issues)}
                for repo in sandbox.store.repositories.values()
            ],
            "writes": len(sandbox.writes),
            "deliveries": len(sandbox.hooks.log),
            "violations": len(sandbox.violations),
            "faults": sandbox.faults.as_json(),
        }


def _faults(sandbox: Sandbox, _body: Json) -> list[Json]:
    return sandbox.faults.as_json()


def _add_fault(sandbox: Sandbox, body: Json) -> list[Json]:
    with sandbox.lock:
        sandbox.faults.add(**body)
        return sandbox.faults.as_json()


def _clear_faults(sandbox: Sandbox, body: Json) -> list[Json]:
    with sandbox.lock:
        sandbox.faults.clear(body.get("kind"))
        return sandbox.faults.as_json()


def _deliver(sandbox: Sandbox, body: Json) -> Json:
    app = next((one for one in sandbox.store.apps.values() if one.slug == body.get("app")), None)
    payload = body["payload"]
    sent = sandbox.deliver(
        body["event"],
        payload.encode() if isinstance(payload, str) else payload,
        guid=body.get("guid"),
        app=app,
        installation=sandbox.store.installations.get(body.get("installation", 0)),
    )
    return {"guid": None if sent is None else sent.guid}


def _time(sandbox: Sandbox, body: Json) -> Json:
    if "set" in body:
        sandbox.clock.set(parse(body["set"]))
    sandbox.clock.advance(float(body.get("advance", 0)))
    return {"time": stamp(sandbox.clock.now())}


def _role(sandbox: Sandbox, body: Json) -> Json:
    sandbox.set_role(body["repository"], body["login"], body["role"], association=body.get("association"))
    return body


def _protect(sandbox: Sandbox, body: Json) -> Json:
    rules = {name: value for name, value in body.items() if name not in ("repository", "branch")}
    sandbox.protect(body["repository"], body.get("branch"), **rules)
    return body


def _merge_methods(sandbox: Sandbox, body: Json) -> Json:
    sandbox.set_merge_methods(body["repository"], *body["methods"])
    return body


def _limits(sandbox: Sandbox, body: Json) -> Json:
    sandbox.limits.enforced = bool(body["enforced"])
    return {"enforced": sandbox.limits.enforced}


def _wait_idle(sandbox: Sandbox, body: Json) -> Json:
    return {"idle": sandbox.wait_idle(float(body.get("timeout", 10)))}

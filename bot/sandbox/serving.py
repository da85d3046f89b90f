"""How a request becomes an answer: who, limits and faults, the route, the audit log, the headers."""

import secrets
from typing import TYPE_CHECKING

from bot.sandbox.access import READS, admit
from bot.sandbox.api import ROUTER
from bot.sandbox.audit import Write
from bot.sandbox.auth import Caller, identify
from bot.sandbox.call import Call
from bot.sandbox.paging import conditional, link_header
from bot.sandbox.routing import Route
from bot.sandbox.web import Answer, ApiError, Request

if TYPE_CHECKING:
    from bot.sandbox.state import Sandbox


def serve(sandbox: "Sandbox", request: Request) -> Answer:
    """Answer a client, with whatever faults are switched on."""
    caller = Caller()
    with sandbox.lock:
        try:
            caller = identify(sandbox.store, request.headers.get("authorization"))
            _strike_before(sandbox, request, caller)
            answer = perform(sandbox, request, caller)
            _strike_after(sandbox, request, answer)
        except ApiError as error:
            answer = error.answer()
        answer = conditional(request, answer)
        if answer.status == 304:
            sandbox.limits.refund(caller.name)
        answer.headers = {
            **sandbox.limits.headers(caller.name),
            "x-github-media-type": "github.v3; format=json",
            "x-github-request-id": secrets.token_hex(8).upper(),
            **answer.headers,
        }
    return answer


def perform(sandbox: "Sandbox", request: Request, caller: Caller) -> Answer:
    """Do what is asked, without faults or limits; also how `Person` acts."""
    route, params = ROUTER.find(request.method, request.path)
    call = Call(sandbox, request, caller, params)
    reading = request.method in READS
    with sandbox.lock:
        admit(call, route.needs)
        on_repository = "owner" in params
        if on_repository and reading:
            call.repo = sandbox.staleness.view(call.repo, request.line)
        elif on_repository:
            sandbox.staleness.before_write(call.repo)
        answer = route.handler(call)
        if on_repository and not reading:
            sandbox.staleness.note_created(answer)
            sandbox.writes.append(_write(call, route, answer))
    return answer


def _strike_before(sandbox: "Sandbox", request: Request, caller: Caller) -> None:
    faults = sandbox.faults
    if request.path == "/rate_limit":  # asking is free
        return
    if caller.name != "anonymous" and faults.take("revoke_tokens", request.line):
        raise ApiError(401, "Bad credentials")
    sandbox.limits.check(caller.name, request)
    if faults.take("bad_gateway", request.line):
        raise ApiError(502, "Server Error")
    moved = faults.take("redirect", request.line)
    if moved is not None:
        raise ApiError(301, "Moved Permanently", headers={"location": request.url_with(moved.to)})
    sandbox.staleness.check_fresh(request)


def _strike_after(sandbox: "Sandbox", request: Request, answer: Answer) -> None:
    if request.method not in READS and sandbox.faults.take("bad_gateway", request.line, after=True):
        raise ApiError(502, "Server Error")
    foreign = sandbox.faults.take("foreign_links", request.line)
    if foreign is not None:
        answer.headers |= link_header({"next": request.url_with(foreign.to, page="2")})


def _write(call: Call, route: Route, answer: Answer) -> Write:
    app = call.via_app
    return Write(
        call.sandbox.clock.now(),
        call.caller.user.login if call.caller.user is not None else "anonymous",
        None if app is None else app.slug,
        call.request.method,
        call.request.path,
        route.name,
        call.request.json(),
        answer.changed,
    )

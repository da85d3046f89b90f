"""How a request becomes an answer: who, limits and faults, the route, the audit log, the headers."""

import secrets

from bot.sandbox import merge_queue
from bot.sandbox.access import READS, admit
from bot.sandbox.api import ROUTER
from bot.sandbox.auth import Caller, identify
from bot.sandbox.call import Call
from bot.sandbox.paging import conditional, link_header
from bot.sandbox.state import State
from bot.sandbox.web import GRAPHQL, Answer, ApiError, Request, not_found

WENT_WRONG = "Something went wrong while executing your query. This may be the result of a timeout."


def serve(sandbox: State, request: Request) -> Answer:
    """Answer a client, with whatever faults are switched on."""
    caller = Caller()
    with sandbox.lock:
        try:
            caller = identify(sandbox.store, request.headers.get("authorization"))
            _strike_before(sandbox, request, caller)
            answer = perform(sandbox, request, caller)
            _strike_after(sandbox, request, answer)
        except ApiError as error:
            answer = _refused(request, error)
        answer = conditional(request, answer)
        if answer.status == 304:
            sandbox.limits.refund(caller.name)
        answer.headers = {
            **sandbox.limits.headers(caller.name),
            "x-github-media-type": "github.v3; format=json",
            "x-github-request-id": secrets.token_hex(8).upper(),
            **({"x-ratelimit-resource": "graphql"} if request.path == GRAPHQL else {}),
            **answer.headers,
        }
    return answer


def _refused(request: Request, error: ApiError) -> Answer:
    """GraphQL says 200 where the hour's requests are used up, or it took too long; else it is as in REST."""
    if error.message == WENT_WRONG:
        return Answer(200, {"data": None, "errors": [{"message": error.message}]})
    if request.path != GRAPHQL or error.headers.get("x-ratelimit-remaining") != "0":
        return error.answer()
    return Answer(200, {"errors": [{"type": "RATE_LIMITED", "message": error.message}]}, error.headers)


def perform(sandbox: State, request: Request, caller: Caller) -> Answer:
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
            call.note(route.name, changed=answer.changed)
            merge_queue.advance(call)
    return answer


def _strike_before(sandbox: State, request: Request, caller: Caller) -> None:
    faults = sandbox.faults
    if request.path == "/rate_limit":  # asking is free
        return
    if caller.name != "anonymous" and faults.take("revoke_tokens", request.line):
        raise ApiError(401, "Bad credentials")
    sandbox.limits.check(caller.name, request)
    if faults.take("bad_gateway", request.line):
        raise ApiError(502, "Server Error")
    if request.path == GRAPHQL and faults.take("went_wrong", request.line):
        raise ApiError(502, WENT_WRONG)
    if request.path == GRAPHQL and faults.take("no_graphql", request.line):
        raise not_found()
    moved = faults.take("redirect", request.line)
    if moved is not None:
        raise ApiError(301, "Moved Permanently", headers={"location": request.url_with(moved.to)})
    sandbox.staleness.check_fresh(request)


def _strike_after(sandbox: State, request: Request, answer: Answer) -> None:
    if request.counts_as not in READS and sandbox.faults.take("bad_gateway", request.line, after=True):
        raise ApiError(502, "Server Error")
    foreign = sandbox.faults.take("foreign_links", request.line)
    if foreign is not None:
        answer.headers |= link_header({"next": request.url_with(foreign.to, page="2")})

"""The sandbox as an ASGI application: the API at `/` and under `/api/v3`, pages, and its own switches."""

import asyncio
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from bot.sandbox import control
from bot.sandbox.pages import editor, login, setup, threads
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.web import API_PREFIX, GRAPHQL, GRAPHQL_PREFIX, Answer, Request

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def create_app(sandbox: Sandbox) -> Starlette:
    api = _Api(sandbox)
    ours = [*control.routes(sandbox), *setup.routes(sandbox), *login.routes(sandbox), *editor.routes(sandbox)]
    routes = [_Page(route) for route in threads.routes(sandbox)]
    return Starlette(routes=[*ours, *routes, Route("/{path:path}", api, methods=METHODS)])


class _Page(Route):
    """A page for browsers only, at an address where a program gets the API's answer."""

    def __init__(self, page: Route) -> None:
        super().__init__(page.path, page.endpoint, methods=["GET"])

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not any(name == b"accept" and b"text/html" in value for name, value in scope.get("headers", [])):
            return Match.NONE, {}
        return super().matches(scope)


class _Api:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await _request(HttpRequest(scope, receive))
        lag = self._sandbox.faults.take("lag", request.line)
        if lag is not None:
            await asyncio.sleep(lag.seconds)
        await _response(request, self._sandbox.handle(request))(scope, receive, send)


async def _request(http: HttpRequest) -> Request:
    path = http.scope["raw_path"].decode("ascii", "replace").partition("?")[0]
    prefix = API_PREFIX if path == API_PREFIX or path.startswith(API_PREFIX + "/") else ""
    prefix = GRAPHQL_PREFIX if path == GRAPHQL_PREFIX + GRAPHQL else prefix
    return Request(
        http.method,
        path[len(prefix) :] or "/",
        dict(parse_qsl(http.url.query, keep_blank_values=True)),
        {name.decode("latin-1"): value.decode("latin-1") for name, value in http.scope["headers"]},
        await http.body(),
        prefix,
    )


def _response(request: Request, answer: Answer) -> Response:
    headers, body = dict(answer.headers), answer.encoded()
    if body:
        headers.setdefault("content-type", answer.content_type)
    if request.method == "HEAD":
        headers["content-length"] = str(len(body))
        body = b""
    return Response(body, answer.status, headers)

"""The sandbox as an ASGI application: the REST API at `/` and under `/api/v3`, pages, and its own switches."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox import control
from bot.sandbox.state import Sandbox
from bot.sandbox.web import API_PREFIX, Answer, Request

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def create_app(sandbox: Sandbox) -> Starlette:
    async def api(http: HttpRequest) -> Response:
        request = await _request(http)
        delay = sandbox.faults.take("lag", request.line)
        if delay is not None:
            await asyncio.sleep(delay.seconds)
        return _response(request, sandbox.handle(request))

    return Starlette(
        routes=[
            *control.routes(sandbox),
            Route("/{path:path}", api, methods=METHODS),
        ]
    )


async def _request(http: HttpRequest) -> Request:
    path = http.scope["raw_path"].decode("ascii", "replace").partition("?")[0]
    prefix = API_PREFIX if path == API_PREFIX or path.startswith(API_PREFIX + "/") else ""
    return Request(
        http.method,
        path[len(prefix) :] or "/",
        dict(parse_qsl(http.url.query, keep_blank_values=True)),
        {name.decode("latin-1"): value.decode("latin-1") for name, value in http.scope["headers"]},
        await http.body(),
        prefix,
        http.client.host if http.client is not None else "",
    )


def _response(request: Request, answer: Answer) -> Response:
    headers: dict[str, Any] = dict(answer.headers)
    body = answer.encoded()
    if request.method == "HEAD":
        headers["content-length"] = str(len(body))
        body = b""
    if body or request.method == "HEAD":
        headers.setdefault("content-type", answer.content_type)
    return Response(body, answer.status, headers)

"""Signing in with GitHub, where anyone may be anyone: choose whom to be, and an App gets a token for them."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.sandbox.manifest import address_with
from bot.sandbox.pages.layout import hidden, page, problem
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.things import App

Endpoint = Callable[[Request], Awaitable[Response]]
CODE_LIFE = timedelta(minutes=10)
CHOOSE = Markup('<p><strong>{app}</strong> asks who you are.</p><form method="post">{fields}{people}</form>')
PERSON = Markup('<p><button name="login" value="{0}">Continue as {0}</button></p>')


def routes(sandbox: Sandbox) -> list[Route]:
    return [
        Route("/login/oauth/authorize", _authorize(sandbox), methods=["GET", "POST"]),
        Route("/login/oauth/access_token", _access_token(sandbox), methods=["POST"]),
    ]


def _app(sandbox: Sandbox, client_id: str | None) -> App | None:
    return next((one for one in sandbox.store.apps.values() if one.client_id == client_id), None)


def _authorize(sandbox: Sandbox) -> Endpoint:
    async def authorize(request: Request) -> Response:
        query = request.query_params
        app = _app(sandbox, query.get("client_id"))
        if app is None:
            return problem("There is no App with this client id.", 404)
        back = query.get("redirect_uri") or next(iter(app.callback_urls), "")
        if app.callback_urls and not any(back.startswith(one) for one in app.callback_urls):
            return problem("The redirect_uri is not associated with this application.")
        if request.method == "GET":
            people = [one for one in sandbox.store.users.values() if one.type == "User"]
            buttons = Markup("").join(PERSON.format(one.login) for one in people)
            return page("Sign in", CHOOSE.format(app=app.name, fields=hidden(), people=buttons))
        user = sandbox.store.user(str((await request.form()).get("login", "")))
        if user is None:
            return problem("There is nobody of that name.")
        code = secrets.token_hex(10)
        sandbox.store.login_codes[code] = (app, user, sandbox.clock.now() + CODE_LIFE)
        state = {"state": query["state"]} if "state" in query else {}
        return RedirectResponse(address_with(back, code=code, **state), 302)

    return authorize


def _access_token(sandbox: Sandbox) -> Endpoint:
    async def access_token(request: Request) -> Response:
        """A code for a token, once. Mistakes are answered 200 with an `error`, as GitHub does."""
        raw = await request.body()
        if "json" in request.headers.get("content-type", ""):
            told = await request.json()
        else:
            told = dict(parse_qsl(raw.decode("utf-8", "replace"))) or dict(request.query_params)
        app = _app(sandbox, told.get("client_id"))
        if app is None or told.get("client_secret") != app.client_secret:
            return _answer(request, {"error": "incorrect_client_credentials"})
        issued, user, expires = sandbox.store.login_codes.pop(str(told.get("code")), (None, None, None))
        if issued is not app or user is None or expires is None or expires <= sandbox.clock.now():
            return _answer(request, {"error": "bad_verification_code"})
        token = "ghu_" + secrets.token_hex(18)
        sandbox.store.person_tokens[token] = user
        return _answer(request, {"access_token": token, "scope": "", "token_type": "bearer"})

    return access_token


def _answer(request: Request, body: dict[str, str]) -> Response:
    if "json" in request.headers.get("accept", ""):
        return JSONResponse(body)
    return PlainTextResponse(urlencode(body), media_type="application/x-www-form-urlencoded")

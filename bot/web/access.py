"""Who may see the pages: whoever has the dashboard's key, until logging in with GitHub takes its place."""

import ipaddress
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import structlog
from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.pages import Pages, client_of
from bot.web.seal import Seal, equal, new_token

KEY_FILE = "usher-dashboard.key"
COOKIE = "usher_session"
SESSION_SECONDS = 7 * 24 * 3600
# Probes carry no key; the setup callback comes from GitHub, and proves itself by its state.
PUBLIC = frozenset({"/healthz", "/readyz", "/metrics", "/schema/usher.json", "/setup/callback"})
PUBLIC_FOLDER = "/static/"
NO_NUL = "There is a NUL character in this address."  # which PostgreSQL would stumble over

log = structlog.get_logger(__name__)


def dashboard_key(given: str | None, path: Path, store: Callable[[Path, str], None]) -> str:
    """Return the dashboard's key: the one given, else the one in the file, which is made where it is absent.

    Args:
        given: from the settings.
        path: the file.
        store: writes a file that only its owner can read.
    """
    if given:
        return given
    if path.exists():
        kept = path.read_text().strip()
        if kept:
            return kept
    key = secrets.token_urlsafe(32)
    store(path, key + "\n")
    return key


def security_headers(form_targets: str) -> list[tuple[bytes, bytes]]:
    """Return the headers of every page.

    Args:
        form_targets: origins beside this one that a form may be sent to.
    """
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {form_targets}"
    )
    return [
        (b"content-security-policy", policy.encode()),
        (b"x-frame-options", b"DENY"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cache-control", b"no-store"),
    ]


class Guard:
    """Lets requests through to the pages.

    Args:
        app: the pages.
        pages: renders the page that asks for the key.
        seal: signs sessions.
        key: the dashboard's key; None where everyone on this machine may come in.
        headers: put on every answer that does not have them yet.
    """

    def __init__(
        self,
        app: ASGIApp,
        pages: Pages,
        seal: Seal,
        key: str | None,
        headers: list[tuple[bytes, bytes]],
    ) -> None:
        self._app = app
        self._pages = pages
        self._seal = seal
        self._key = key
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        send = self._secured(send)
        path = scope["path"]
        request = Request(scope)
        session = self._session(request)
        request.state.session = session
        free = path in PUBLIC or path.startswith(PUBLIC_FOLDER)
        if "\0" in path or b"%00" in scope["query_string"]:
            refused = self._pages.render(request, "error", 400, title="Bad Request", line=NO_NUL)
            await refused(scope, receive, send)
        elif free or (session and "key" not in request.query_params):
            await self._app(scope, receive, send)
        elif self._key is None:
            await self._visit(request, receive, send)
        else:
            await self._enter(request, self._key)(scope, receive, send)

    def _session(self, request: Request) -> str:
        sealed = request.cookies.get(COOKIE)
        return (self._seal.open("session", sealed) if sealed else None) or ""

    def _enter(self, request: Request, key: str) -> Response:
        """Answer a visitor who has no session, or who shows a key."""
        given = request.query_params.get("key")
        if given is None or request.method != "GET":
            return self._pages.render(request, "locked", 403, wrong=False, file=KEY_FILE)
        if not equal(given, key):
            log.warning("dashboard.wrong_key", client=client_of(request))
            return self._pages.render(request, "locked", 403, wrong=True, file=KEY_FILE)
        rest = urlencode([item for item in request.query_params.multi_items() if item[0] != "key"])
        # One slash at the start: two would lead to another host.
        where = "/" + request.url.path.lstrip("/\\") + (f"?{rest}" if rest else "")
        response = RedirectResponse(where, 303)
        response.headers.append("set-cookie", self._cookie(request, new_token()))
        return response

    async def _visit(self, request: Request, receive: Receive, send: Send) -> None:
        """Give a visitor of an open dashboard a session: their forms need one."""
        if not _is_local(request.url.hostname or ""):
            # The name of another site may point at this machine; its pages must not read ours.
            refused = self._pages.render(request, "locked", 403, wrong=False, file=KEY_FILE)
            await refused(request.scope, receive, send)
            return
        request.state.session = new_token()
        cookie = self._cookie(request, request.state.session).encode()

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"set-cookie", cookie)]
            await send(message)

        await self._app(request.scope, receive, with_cookie)

    def _cookie(self, request: Request, session: str) -> str:
        secure = "; Secure" if request.url.scheme == "https" else ""
        value = self._seal.close("session", session, SESSION_SECONDS)
        return f"{COOKIE}={value}; Path=/; Max-Age={SESSION_SECONDS}; HttpOnly; SameSite=Strict{secure}"

    def _secured(self, send: Send) -> Send:
        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                missing = [item for item in self._headers if item[0] not in present]
                message["headers"] = [*message["headers"], *missing]
            await send(message)

        return secured


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

"""``/setup``: registering the GitHub App in the browser, from a manifest."""

import ipaddress
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Protocol
from urllib.parse import urlencode, urlsplit

import structlog
from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response

from bot.core.errors import BotError, RetryLater, UsherError
from bot.github.client import PERMISSIONS
from bot.web.conversion import convert
from bot.web.manifest import CALLBACK_PATH, EVENT_REASONS, NAME_LIMIT, PERMISSION_REASONS, Wanted, WrongInput
from bot.web.pages import READ, Pages, client_of
from bot.web.seal import Seal, equal, new_token
from bot.web.services import Services
from bot.web.words import web_url

STATE_COOKIE = "usher_setup"
STATE_SECONDS = 3600  # as long as GitHub's own code is good
REPLACE = "replace"

log = structlog.get_logger(__name__)


class Vault(Protocol):
    """Where the credentials are kept."""

    @property
    def path(self) -> Path: ...
    @property
    def from_environment(self) -> bool:
        """Whether the environment holds credentials, so that stored ones would not be read."""
        ...

    def keep(self, text: str) -> None:
        """Write the file, for its owner's eyes only."""
        ...


@dataclass
class Setup:
    """The flow's steps: a form, a page that leads to GitHub, and the way back."""

    services: Services
    pages: Pages
    seal: Seal
    vault: Vault

    def __post_init__(self) -> None:
        self._used: set[str] = set()
        self._api = self.services.settings.github_api_url
        self._web = web_url(self._api)

    def form(
        self, request: Request, wanted: Wanted | None = None, problem: str = "", status: int = 200
    ) -> Response:
        """Show what the App will be able to do, and ask what it should be called."""
        url = self.services.settings.public_url or str(request.base_url).rstrip("/")
        return self.pages.render(
            request,
            "setup",
            status,
            app=self.services.credentials,
            events=EVENT_REASONS,
            from_environment=self.vault.from_environment,
            github=self._web,
            name_limit=NAME_LIMIT,
            path=self.vault.path,
            permissions={name: (level, PERMISSION_REASONS[name]) for name, level in PERMISSIONS.items()},
            problem=problem,
            wanted=wanted or Wanted("", "", url),
        )

    def prepare(self, request: Request, wanted: Wanted, *, replace: bool) -> Response:
        """Check the form, and show the button that goes to GitHub with the manifest."""
        try:
            wanted.check()
        except WrongInput as error:
            return self.form(request, wanted, str(error), 400)
        if self.vault.from_environment or (self.services.credentials is not None and not replace):
            return self.form(request, wanted, "An App is set up already; confirm that you replace it.", 409)
        state = self.seal.close("setup", f"{new_token()} {REPLACE if replace else ''}", STATE_SECONDS)
        answer = self.pages.render(
            request,
            "setup-go",
            manifest=json.dumps(wanted.manifest(), indent=1),
            target=f"{wanted.target(self._web)}?{urlencode({'state': state})}",
            unreachable=_is_private(wanted.public_url) and not _is_private(self._web),
            wanted=wanted,
            github=self._web,
        )
        # Lax, because the way back starts at GitHub.
        answer.set_cookie(
            STATE_COOKIE,
            state,
            max_age=STATE_SECONDS,
            path=CALLBACK_PATH,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return answer

    def finish(self, request: Request, code: str, state: str) -> Response:
        """Turn GitHub's code into credentials, store them, and use them at once."""
        replace = self._take_state(request, state)
        if self.services.credentials is not None and not replace:
            raise HTTPException(409, "An App was set up meanwhile. Nothing was changed.")
        try:
            self.vault.keep(convert(self._api, code))
        except RetryLater as error:
            self._used.discard(state)
            raise HTTPException(502, f"{error}. Nothing was stored: reload this page to try again.") from None
        except BotError as error:
            raise HTTPException(400, f"{error}. Nothing was stored: start again at /setup.") from None
        log.info("setup.stored", path=str(self.vault.path), client=client_of(request))
        try:
            self.services.reconfigure()
        except UsherError as error:
            raise HTTPException(
                500, f"The credentials are stored, but cannot be used yet: {error}. Restart Usher."
            ) from None
        answer = self.pages.render(
            request,
            "setup-done",
            app=self.services.credentials,
            path=self.vault.path,
            schema=str(request.base_url).rstrip("/") + "/schema/usher.json",
        )
        answer.delete_cookie(STATE_COOKIE, path=CALLBACK_PATH)
        return answer

    def _take_state(self, request: Request, state: str) -> bool:
        """Use up the state, which only the browser that began has. Returns whether it may replace an App.

        Raises:
            HTTPException: it is unknown, was used before, or is over.
        """
        value = self.seal.open("setup", state)
        if value is None or state in self._used or not equal(state, request.cookies.get(STATE_COOKIE, "")):
            log.warning("setup.refused", client=client_of(request))
            raise HTTPException(403, "This is not the end of a setup that began here. Start at /setup.")
        self._used.add(state)
        return value.endswith(REPLACE)


def setup_routes(setup: Setup) -> APIRouter:
    """Return the routes of the flow."""
    router = APIRouter()

    @router.api_route("/setup", methods=READ)
    def form(request: Request) -> Response:
        return setup.form(request)

    @router.post("/setup", dependencies=[setup.pages.form])
    def prepare(
        request: Request,
        name: Annotated[str, Form(max_length=200)] = "",
        organization: Annotated[str, Form(max_length=200)] = "",
        public_url: Annotated[str, Form(max_length=500)] = "",
        replace: Annotated[str, Form()] = "",
    ) -> Response:
        wanted = Wanted(name.strip(), organization.strip(), public_url.strip())
        return setup.prepare(request, wanted, replace=bool(replace))

    @router.get(CALLBACK_PATH)
    def callback(request: Request, code: str = "", state: str = "") -> Response:
        return setup.finish(request, code, state)

    return router


def _is_private(url: str) -> bool:
    """Tell whether an address is of this machine or network, where GitHub's own servers cannot reach it."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False

"""What every page shares: the templates, the visitor's session, and one line that is said once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote, urlsplit

import structlog
from fastapi import Form, HTTPException, Query, Request, params
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from bot import __version__
from bot.render import page_environment
from bot.web.seal import Seal, equal

SAID_COOKIE = "usher_said"
SAID_SECONDS = 60
SAID_LENGTH = 500
PER_PAGE = 50
READ = ["GET", "HEAD"]  # of a page that only shows something
NUMBER_LIMIT = 2**63  # what a database's number column holds

Number = Annotated[int, Query(ge=0, lt=NUMBER_LIMIT)]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Notices:
    """What the operator should see on every page."""

    problems: Sequence[str]
    dry_run: bool


class Pages:
    """Renders pages.

    Args:
        seal: signs what travels through the browser.
        notices: what the operator should see on every page.
    """

    def __init__(self, seal: Seal, notices: Notices) -> None:
        self._seal = seal
        self._notices = notices
        self._templates = page_environment()
        self._templates.filters |= {
            "clock": _clock,
            "host": lambda url: urlsplit(url).netloc,
            "moment": _moment,
            "path": quote,
            "percent": _percent,
        }

    def render(self, request: Request, name: str, status: int = 200, **context: object) -> Response:
        """Render ``templates/pages/<name>.html.j2`` for this visitor."""
        session = session_of(request)
        sealed = request.cookies.get(SAID_COOKIE)
        said = self._seal.open("said", sealed) if sealed and session else None
        text = self._templates.get_template(f"pages/{name}.html.j2").render(
            **context,
            csrf=self.csrf(session),
            known=bool(session),
            notices=self._notices,
            here=request.url.path,
            said=said,
            version=__version__,
        )
        # A lone surrogate in somebody's text has no bytes.
        response = HTMLResponse(text.encode("utf-8", "replace"), status)
        if sealed:
            response.delete_cookie(SAID_COOKIE)
        return response

    def go(self, where: str, said: str = "") -> Response:
        """Send the visitor to another page of ours; ``said`` is shown there once."""
        response = RedirectResponse(where, 303)
        if said:
            sealed = self._seal.close("said", said[:SAID_LENGTH], SAID_SECONDS)
            response.set_cookie(
                SAID_COOKIE, sealed, max_age=SAID_SECONDS, httponly=True, samesite="strict", path="/"
            )
        return response

    def csrf(self, session: str) -> str:
        """Return the token that this visitor's forms carry."""
        return self._seal.mac("csrf", session)

    def meant(self, request: Request, csrf: Annotated[str, Form()] = "") -> None:
        """Check that a form came from a page of ours. A dependency of every POST.

        Raises:
            HTTPException: it did not.
        """
        session = session_of(request)
        if not session or not equal(csrf, self.csrf(session)):
            log.warning("form.refused", path=request.url.path, client=client_of(request))
            raise HTTPException(403, "This form is not from this page, or it is too old. Go back and reload.")

    @property
    def form(self) -> params.Depends:
        """The dependency that makes a POST route take forms of ours alone."""
        return params.Depends(self.meant)


def session_of(request: Request) -> str:
    """Return the visitor's session; empty where there is none."""
    return str(getattr(request.state, "session", ""))


def client_of(request: Request) -> str:
    """Return the visitor's address, for the log."""
    return request.client.host if request.client else ""


def _percent(share: float) -> str:
    """A whole percentage, rounded down as in the reasons: what misses a threshold must not look like it."""
    return f"{int(share * 100 + 1e-9)}%"


def _clock(at: datetime) -> Markup:
    return _time(at, at.strftime("%H:%M"))


def _moment(at: datetime) -> Markup:
    year = "" if at.year == datetime.now(UTC).year else f" {at.year}"
    return _time(at, f"{at.day} {at:%b}{year} {at:%H:%M}")


def _time(at: datetime, shown: str) -> Markup:
    exact = f"{at:%Y-%m-%d %H:%M:%S} UTC"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(), exact, shown)

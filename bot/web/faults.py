"""Errors as pages: one kind line, and never a traceback or a secret."""

from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.pages import Pages

WORDS = {
    404: "There is no such page.",
    405: "This address does not take that.",
    500: "Something went wrong on our side. It is in the log.",
    503: "The database does not answer. Deliveries are refused until it does, so nothing is lost silently.",
}

log = structlog.get_logger(__name__)


def catch_errors(app: FastAPI, pages: Pages, *, debug: bool) -> None:
    """Make every error of the application a page.

    Args:
        app: the pages' application.
        pages: renders them.
        debug: log tracebacks too.
    """

    def shown(request: Request, status: int, line: str) -> Response:
        return pages.render(request, "error", status, title=HTTPStatus(status).phrase, line=line)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        plain = error.detail == HTTPStatus(error.status_code).phrase
        line = WORDS.get(error.status_code, error.detail) if plain else error.detail
        response = shown(request, error.status_code, line)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, _error: RequestValidationError) -> Response:
        return shown(request, 400, "Something in the address or the form cannot be used.")

    class Last:
        """Answers what nothing else answered; the server would log it with all its values."""

        def __init__(self, inner: ASGIApp) -> None:
            self._inner = inner

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await self._inner(scope, receive, send)
            except Exception as error:
                if scope["type"] != "http":
                    raise
                status = 503 if isinstance(error, SQLAlchemyError) else 500
                # Its message may hold parameters of a statement, and so what somebody wrote.
                log.error("page.failed", path=scope["path"], kind=type(error).__name__, exc_info=debug)  # noqa: TRY400
                await shown(Request(scope), status, WORDS[status])(scope, receive, send)

    app.add_middleware(Last)

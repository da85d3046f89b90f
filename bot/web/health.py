"""Probes: ``/healthz`` (the process lives), ``/readyz`` (it can do its work) and ``/metrics``."""

import asyncio
import contextlib
from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from bot.core.errors import SetupError
from bot.web.metrics import CONTENT_TYPE, Meter
from bot.web.pages import READ
from bot.web.services import Services

CHECK_SECONDS = 2.0


def health_routes(services: Services, meter: Meter) -> APIRouter:
    """Return the probes' routes."""
    router = APIRouter()
    probe = _Probe(services.database.check)

    @router.api_route("/healthz", methods=READ)
    async def healthz() -> Response:
        return PlainTextResponse("ok\n")

    @router.api_route("/readyz", methods=READ)
    async def readyz() -> Response:
        checks = {
            "database": await probe.passes(),
            "engine": services.engine_ready(),
            "app": services.credentials is not None,
        }
        ready = all(checks.values())
        return JSONResponse({"ready": ready, **checks}, 200 if ready else 503)

    @router.api_route("/metrics", methods=READ)
    def metrics() -> Response:
        try:
            return Response(meter.text(), media_type=CONTENT_TYPE)
        except SQLAlchemyError:
            return PlainTextResponse("the database does not answer\n", 503)

    return router


class _Probe:
    """Asks a blocking question, one at a time, and does not wait long for its answer."""

    def __init__(self, check: Callable[[], None]) -> None:
        self._check = check
        self._asking: asyncio.Task[bool] | None = None

    async def passes(self) -> bool:
        """Say whether the check passed in time; while an old question hangs, no new one is asked."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(asyncio.to_thread(self._ask))
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(asyncio.shield(self._asking), CHECK_SECONDS)
        return False

    def _ask(self) -> bool:
        try:
            self._check()
        except (SetupError, SQLAlchemyError):
            return False
        return True

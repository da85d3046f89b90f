"""Files that are the same for everyone: the style sheet, the icon, and the schema of the config file."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import JSONResponse, Response

from bot.config_docs import json_schema
from bot.resources import resource_dir
from bot.web.pages import READ

KINDS = {"usher.css": "text/css; charset=utf-8", "usher.svg": "image/svg+xml"}
CACHED = {"cache-control": "public, max-age=3600"}


def static_routes() -> APIRouter:
    """Return the routes."""
    router = APIRouter()
    folder = resource_dir("templates") / "pages"
    files = {name: (folder / name).read_bytes() for name in KINDS}
    schema = json_schema()

    @router.api_route("/static/{name}", methods=READ)
    async def static(name: str) -> Response:
        if name not in files:
            raise HTTPException(404)
        return Response(files[name], media_type=KINDS[name], headers=CACHED)

    @router.api_route("/schema/usher.json", methods=READ)
    async def config_schema() -> Response:
        # Editors fetch it from pages of their own.
        return JSONResponse(schema, headers={**CACHED, "access-control-allow-origin": "*"})

    return router

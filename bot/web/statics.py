"""Files that are the same for everyone: the style sheet, the icon, and the schema of the config file."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import JSONResponse, Response

from bot.config_docs import json_schema
from bot.resources import resource_dir

KINDS = {"usher.css": "text/css; charset=utf-8", "usher.svg": "image/svg+xml"}
CACHED = {"cache-control": "public, max-age=3600"}


def static_routes() -> APIRouter:
    """Return the routes."""
    router = APIRouter()
    folder = resource_dir("templates") / "pages"
    files = {name: (folder / name).read_bytes() for name in KINDS}
    schema = json_schema()

    @router.get("/static/{name}")
    async def static(name: str) -> Response:
        if name not in files:
            raise HTTPException(404)
        return Response(files[name], media_type=KINDS[name], headers=CACHED)

    @router.get("/schema/usher.json")
    async def config_schema() -> Response:
        # Editors fetch it from pages of their own.
        return JSONResponse(schema, headers={**CACHED, "access-control-allow-origin": "*"})

    return router

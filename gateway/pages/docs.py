"""The API's description, as a document and as a page: no script, and nothing from other hosts."""

from functools import cache
from pathlib import Path

import orjson
from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse

from chassis.errors import NotFound
from gateway.pages.docs_page import render

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
STYLE = Path(__file__).resolve().parent / "docs.css"


def install(app: FastAPI) -> None:
    """Adds the document, and a page generated from it."""

    @app.get("/api/openapi.json")
    async def document() -> FileResponse:
        if not DOCUMENT.exists():
            raise NotFound
        return FileResponse(DOCUMENT, media_type="application/json")

    @app.get("/api/docs")
    def page() -> HTMLResponse:
        if not DOCUMENT.exists():
            raise NotFound
        return HTMLResponse(_page())

    @app.get("/api/docs.css")
    async def style() -> FileResponse:
        return FileResponse(STYLE, media_type="text/css")


@cache
def _page() -> str:
    return render(orjson.loads(DOCUMENT.read_bytes()))

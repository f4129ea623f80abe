"""The web app's files. All its own paths, such as /expenses, get the one page."""

from os import PathLike
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

PAGE = "index.html"
_HASHED = "assets"
"""The folder of files with a hash of their content in their name."""
_NO_PAGES = frozenset({"api", "internal", ".well-known", "metrics", _HASHED})
"""Paths that are not the app's: unknown ones below them are 404."""

_FOR_EVER = "public, max-age=31536000, immutable"
_REVALIDATE = "no-cache"
_NOT_FOUND, _ERRORS = 404, 400


class WebApp(StaticFiles):
    """Files of a folder; Starlette prevents access outside it."""

    def __init__(self, root: Path) -> None:
        super().__init__(directory=root)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Returns the file, or the app's page for a path of the app."""
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != _NOT_FOUND or not _is_page(path):
                raise
            response = await super().get_response(PAGE, scope)
        hashed = path.startswith(f"{_HASHED}/") and response.status_code < _ERRORS
        response.headers["Cache-Control"] = _FOR_EVER if hashed else _REVALIDATE
        return response


def _is_page(path: str | PathLike[str]) -> bool:
    parts = Path(path).parts
    return not parts or (parts[0] not in _NO_PAGES and "." not in parts[-1])

"""What a failing database means to whoever asked; apart, for the gateway has none."""

import logging

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from chassis import problems
from chassis.database import is_transient
from chassis.errors import Unavailable

log = logging.getLogger(__name__)


def install(app: FastAPI) -> None:
    """Adds the handler."""
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(PoolTimeoutError, _exhausted)


async def _database(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DBAPIError)  # noqa: S101 - Starlette's handler type is wider than what it passes
    if is_transient(error):
        log.warning("database busy or away", extra={"error": type(error.orig).__name__})
        return problems.respond(Unavailable("The database is busy or away; nothing was stored."))
    return await problems.unexpected(request, error)


async def _exhausted(_: Request, __: Exception) -> JSONResponse:
    """Every connection of the pool was in use for as long as a thread may wait for one."""
    log.warning("no database connection was free in time")
    return problems.respond(Unavailable("The database is busy; nothing was stored."))

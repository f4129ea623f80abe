"""Maps database errors to HTTP problems. A separate module because the gateway does not depend on SQLAlchemy."""

import logging

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.database.engine import Database, is_transient
from chassis.database.faults import StorageFault, fault_of
from chassis.errors import InsufficientStorage, Problem, Unavailable
from chassis.http import problems

log = logging.getLogger(__name__)

_DAMAGED = Unavailable(
    "Part of the data on this server is damaged; nothing was stored. Its operator has to put that right.",
    retry_after=60,
)
_PROBLEMS: dict[StorageFault | None, Problem] = {
    None: Unavailable("The database is busy or unavailable; nothing was stored."),
    StorageFault.DAMAGED: _DAMAGED,
    StorageFault.FULL: InsufficientStorage(),
    StorageFault.READ_ONLY: Unavailable(
        "The data on this server cannot be written to just now; nothing was stored.", retry_after=30
    ),
    StorageFault.FAILING: Unavailable(
        "The disk of this server does not work as it should; nothing was stored.", retry_after=30
    ),
}


_NOT_UP_TO_DATE = Unavailable(
    "The disk of the server is full, so this cannot be brought up to date. Its operator has to make room.",
    retry_after=30,
)


def install(app: FastAPI, database: Database) -> None:
    """Adds the handlers."""
    app.state.database_health = database.health
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(PoolTimeoutError, _exhausted)
    app.add_middleware(DamagedDataMiddleware, database=database)


class DamagedDataMiddleware:
    """Responds 503 to any error while the database is known to be damaged: the data read may be invalid."""

    def __init__(self, app: ASGIApp, database: Database) -> None:
        self.app = app
        self._health = database.health

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on errors of a sound database, and errors after the response has begun."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:
            if begun or scope["type"] != "http" or self._health.damage is None:
                raise
            log.warning("damaged data was read", extra={"error": repr(error), "path": scope["path"]})
            await problems.respond(_DAMAGED)(scope, receive, send)


async def _database(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DBAPIError)  # noqa: S101 - Starlette's handler type is wider than what it passes
    if is_transient(error):
        fault = fault_of(error)
        if fault is StorageFault.FAILING:  # for example a full disk, which only the database could detect
            fault = request.app.state.database_health.fault or fault
        log.warning("database %s", fault or "busy or unavailable", extra={"error": type(error.orig).__name__})
        reads = request.method in {"GET", "HEAD"}
        return problems.respond(_NOT_UP_TO_DATE if reads and fault is StorageFault.FULL else _PROBLEMS[fault])
    return await problems.unexpected(request, error)


async def _exhausted(_: Request, __: Exception) -> JSONResponse:
    """No connection of the pool became free within its timeout."""
    log.warning("no database connection was free in time")
    return problems.respond(Unavailable("The database is busy; nothing was stored."))

"""Startup errors that an operator has to fix: one sentence in the log, and a distinct exit code."""

import asyncio
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from sqlalchemy.exc import DBAPIError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.database.engine import Database
from chassis.database.faults import fault_of

log = logging.getLogger(__name__)

EXIT_CODE = os.EX_CONFIG
"""78. A supervisor need not restart the process: the next start would fail in the same way."""


class StartupError(Exception):
    """Names the fault and the remedy, for the operator. Raised before the service accepts requests."""


@contextmanager
def exit_on_startup_error(database: Database) -> Iterator[None]:
    """Ends the process with a sentence instead of a traceback if the next start would fail in the same way."""
    try:
        yield
    except Exception as error:
        if (sentence := _sentence(error, database)) is None:
            raise
        log.critical("%s", sentence)
        _exit()


class StartupErrorMiddleware:
    """Does the same for an app's lifespan, whose errors Starlette and uvicorn would log as tracebacks."""

    def __init__(self, app: ASGIApp, database: Database) -> None:
        self.app = app
        self._database = database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Holds back the message about a failed start until its cause is known."""
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return
        failed: list[Message] = []

        async def held_back(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed":
                failed.append(message)
            else:
                await send(message)

        try:
            await self.app(scope, receive, held_back)
        except BaseException as error:
            if (sentence := _sentence(error, self._database)) is None:
                for message in failed:
                    await send(message)
                raise
            log.critical("%s", sentence)
            # The server would turn a SystemExit raised here into a traceback; one from a callback ends the loop.
            asyncio.get_running_loop().call_soon(_exit)


def _sentence(error: BaseException, database: Database) -> str | None:
    """Returns the sentence; None if the next start may succeed."""
    if isinstance(error, StartupError):
        return str(error)
    if isinstance(error, DBAPIError) and fault_of(error):
        # A migration has its own connection, whose faults this database has not recorded.
        database.record_fault(error.orig or error)
        return f"This service cannot start. {database.health.report()['detail']}"
    return None


def _exit() -> NoReturn:
    raise SystemExit(EXIT_CODE)

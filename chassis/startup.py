"""A start that cannot succeed until a person changes something: one sentence, and an exit code that says so."""

import asyncio
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

EXIT_CODE = os.EX_CONFIG
"""78. A supervisor need not start the process again: the next start would end in the same way."""


class StartupError(Exception):
    """The text is for the operator: what is wrong, and what to do. Raised before anything is served."""


@contextmanager
def plainly() -> Iterator[None]:
    """Ends the process with the sentence of a StartupError instead of a traceback."""
    try:
        yield
    except StartupError as error:
        log.critical("%s", error)
        _exit()


class PlainStartup:
    """The same for an app's lifespan, whose errors Starlette and uvicorn would log as tracebacks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Holds back the message that a start failed until it is known why."""
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
        except StartupError as error:
            log.critical("%s", error)
            # The server would turn a SystemExit raised here into a traceback; one from a callback ends the loop.
            asyncio.get_running_loop().call_soon(_exit)
        except BaseException:
            for message in failed:
                await send(message)
            raise


def _exit() -> NoReturn:
    raise SystemExit(EXIT_CODE)

"""Reads the body of a request, and detects a disconnected client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import Receive

from chassis.errors import TooLarge
from gateway.errors import ClientLeftError, RequestTimeout

MAX_BODY_BYTES = 1024 * 1024
"""Bytes of any request's body at most."""
SHORT_BODY_BYTES = 64 * 1024
"""Bytes up to which a request body needs no upload slot."""
TIMEOUT = 60.0
"""Seconds for the whole body."""
CHUNK_TIMEOUT = 20.0
"""Seconds for its first bytes, and between any two chunks."""


class RequestBody:
    """Reads the body completely before the service is called, so that a slow client holds no slot there."""

    def __init__(self, receive: Receive, declared: bytes | None) -> None:
        self._receive = receive
        self._declared = declared
        self._deadline = asyncio.get_running_loop().time() + TIMEOUT
        self._body = bytearray()
        self._complete = asyncio.Event()

    async def is_short(self) -> bool:
        """Reads up to SHORT_BODY_BYTES; returns whether that is all. Raises like `read`."""
        if self._declared is not None and int(self._declared) > MAX_BODY_BYTES:
            raise _too_large()
        await self._next()
        while not self._complete.is_set() and len(self._body) < SHORT_BODY_BYTES:
            await self._next()
        return self._complete.is_set()

    async def read(self) -> bytes | None:
        """Returns the whole body; None without one. Raises TooLarge, RequestTimeout, ClientLeftError."""
        while not self._complete.is_set():
            await self._next()
        return bytes(self._body) or None

    async def wait_for_disconnect(self) -> None:
        """Returns when the client has disconnected."""
        await self._complete.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _next(self) -> None:
        remaining = self._deadline - asyncio.get_running_loop().time()
        try:
            message = await asyncio.wait_for(self._receive(), min(remaining, CHUNK_TIMEOUT))
        except TimeoutError:
            raise RequestTimeout from None
        if message["type"] == "http.disconnect":
            raise ClientLeftError
        self._body += message.get("body", b"")
        if len(self._body) > MAX_BODY_BYTES:
            raise _too_large()
        if not message.get("more_body", False):
            self._complete.set()


def _too_large() -> TooLarge:
    return TooLarge(f"At most {MAX_BODY_BYTES // 1024} KiB at once.", headers={"Connection": "close"})


@asynccontextmanager
async def until_client_disconnects(body: RequestBody) -> AsyncIterator[None]:
    """Cancels the block when the client disconnects. Raises ClientLeftError."""
    worker = asyncio.current_task()
    assert worker is not None  # noqa: S101 - there is always one in a coroutine
    watch = asyncio.create_task(body.wait_for_disconnect())
    ended = False

    def break_off(_: asyncio.Task[None]) -> None:
        if not ended:
            worker.cancel()

    watch.add_done_callback(break_off)
    try:
        yield
    except asyncio.CancelledError:
        if watch.done() and not watch.cancelled() and worker.uncancel() == 0:
            raise ClientLeftError from None
        raise
    finally:
        ended = True
        watch.cancel()

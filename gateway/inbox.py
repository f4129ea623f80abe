"""The body of a request as it arrives, and whether the client is still there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import Receive

from chassis.errors import Problem, TooLarge
from gateway.errors import ClientLeftError, TooSlow

LARGEST_BODY = 1024 * 1024
"""Bytes that any request may have."""
HELD = 64 * 1024
"""Bytes that are waited for before the service is asked: a slow sender then keeps nobody's place but its own."""
PATIENCE = 20.0
"""Seconds for those bytes, and for each piece after them."""


class Inbox:
    """What the client sends."""

    def __init__(self, receive: Receive, declared: bytes | None) -> None:
        self._receive = receive
        self._declared = declared
        self._seen = 0
        self._complete = asyncio.Event()
        self._failure: Exception | None = None

    async def open(self) -> bytes | AsyncIterator[bytes] | None:
        """The body: whole, if it is small; else a stream of it. Raises TooLarge, TooSlow, ClientLeftError."""
        if self._declared is not None and int(self._declared) > LARGEST_BODY:
            raise _too_large()
        held = await self._next()
        while not self._complete.is_set() and len(held) < HELD:
            held += await self._next()
        return held or None if self._complete.is_set() else self._stream(held)

    def failure(self) -> Exception | None:
        """Why the body broke off half-way: the client's doing, and not the service's."""
        return self._failure

    async def client_left(self) -> None:
        """Returns when the client has hung up."""
        await self._complete.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _stream(self, held: bytes) -> AsyncIterator[bytes]:
        yield held
        while not self._complete.is_set():
            try:
                piece = await self._next()
            except (Problem, ClientLeftError) as failure:
                self._failure = failure
                raise
            if piece:
                yield piece

    async def _next(self) -> bytes:
        try:
            message = await asyncio.wait_for(self._receive(), PATIENCE)
        except TimeoutError:
            raise TooSlow from None
        if message["type"] == "http.disconnect":
            raise ClientLeftError
        piece: bytes = message.get("body", b"")
        self._seen += len(piece)
        if self._seen > LARGEST_BODY:
            raise _too_large()
        if not message.get("more_body", False):
            self._complete.set()
        return piece


def _too_large() -> TooLarge:
    return TooLarge(f"At most {LARGEST_BODY // 1024} KiB at once.", headers={"Connection": "close"})


@asynccontextmanager
async def while_client_stays(inbox: Inbox) -> AsyncIterator[None]:
    """Breaks off what is inside when the client hangs up. Raises ClientLeftError."""
    worker = asyncio.current_task()
    assert worker is not None  # noqa: S101 - there is always one in a coroutine
    watch = asyncio.create_task(inbox.client_left())
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
